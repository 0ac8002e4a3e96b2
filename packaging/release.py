"""`make release`: an archive of a tag with all that an installation needs but Python.

It holds the checkout, the wheels of its run-time lock, checksums, and `install`. The same tag gives the same bytes.
"""

import argparse
import gzip
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.markers import Marker

HERE = Path(__file__).resolve().parent
PYTHONS = ("3.11", "3.12", "3.13")
GLIBC = 28  # 2.28 is that of Red Hat 8, Debian 10 and all that is newer
PLATFORMS = [
    *(f"manylinux_2_{minor}_x86_64" for minor in range(GLIBC, 4, -1)),
    *(f"manylinux{name}_x86_64" for name in ("2014", "2010", "1")),
]
_ENTRY = re.compile(r"\n(?=[A-Za-z0-9])")


def main() -> None:
    """Make a release, or with --wheels the list of its wheels."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("tag", nargs="?", default="", help="a tag, as v1.1.0; by default the one of what is checked out")
    asked.add_argument("--to", type=Path, default=Path("build/release"), help="the folder for the archive")
    asked.add_argument("--wheels", action="store_true", help="write packaging/wheels.txt for the lock, and no archive")
    chosen = asked.parse_args()
    if chosen.wheels:
        with tempfile.TemporaryDirectory() as folder:
            download(Path("requirements.txt").read_text("utf-8"), Path(folder))
            Path("packaging/wheels.txt").write_text("".join(sums(Path(folder))), "utf-8")
    else:
        tag = chosen.tag or _git("tag", "--points-at", "HEAD").partition("\n")[0]
        sys.stdout.write(f"{release(tag, chosen.to)}\n")


def release(tag: str, to: Path) -> Path:
    """Make the archive of a tag, with its checksum beside it, and return its path."""
    if not tag:
        sys.exit("What is checked out has no tag. Tag it, as git tag v1.1.0, or name a tag: make release TAG=v1.1.0")
    commit = _git("rev-parse", "--verify", "--quiet", f"{tag}^{{commit}}") or sys.exit(f"There is no tag {tag}.")
    version = tomllib.loads(_git("show", f"{commit}:pyproject.toml"))["project"]["version"]
    if tag != f"v{version}":
        sys.exit(f"{tag} is of a tree whose version is {version}: name the tag v{version}, or change pyproject.toml.")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / f"casebeat-{version}"
        root.mkdir()
        tree = subprocess.run(["git", "archive", commit], stdout=subprocess.PIPE, check=True).stdout
        subprocess.run(["tar", "--extract"], cwd=root, input=tree, check=True)
        (root / "RELEASE").write_text(f"{tag} {commit}\n", "utf-8")
        shutil.copy(HERE / "install.py", root / "install")
        (root / "install").chmod(0o755)
        download((root / "requirements.txt").read_text("utf-8"), root / "wheels")
        (root / "SHA256SUMS").write_text("".join(sums(root)), "utf-8")
        to.mkdir(parents=True, exist_ok=True)
        made = to / f"{root.name}.tar.gz"
        pack(root, made, int(_git("show", "--no-patch", "--format=%ct", commit)))
    (to / f"{made.name}.sha256").write_text(f"{_digest(made)}  {made.name}\n", "utf-8")
    return made


def download(lock: str, folder: Path) -> None:
    """Have pip fetch the wheels of a lock for each Python, from where it is configured to, by the lock's hashes."""
    folder.mkdir(exist_ok=True)
    for python in PYTHONS:
        wanted = folder / "wanted.txt"
        wanted.write_text("\n".join(wanted_by(lock, python)), "utf-8")
        told = ["--python-version", python, "--implementation", "cp", "--abi", f"cp{python.replace('.', '')}"]
        told += [word for platform in PLATFORMS for word in ("--platform", platform)]
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
             "--require-hashes", "--only-binary", ":all:", *told, "--dest", folder, "-r", wanted],
            check=True,
        )  # fmt: skip
        wanted.unlink()


def wanted_by(lock: str, python: str) -> Iterator[str]:
    """Yield the entries of a lock that any release of a Python needs on Linux, without their conditions."""
    for entry in _ENTRY.split(lock.strip()):
        first, *hashes = entry.split(" \\\n")
        name, _, condition = first.partition(" ; ")
        held = not condition or any(
            Marker(condition).evaluate(
                {"python_version": python, "python_full_version": f"{python}.{patch}", "sys_platform": "linux",
                 "platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64",
                 "platform_python_implementation": "CPython", "implementation_name": "cpython"}
            )
            for patch in (0, 99)
        )  # fmt: skip
        if held:
            yield " \\\n".join([name, *(each.partition("\n")[0] for each in hashes)])


def sums(folder: Path) -> Iterator[str]:
    """Yield a line for each file in a folder, as `sha256sum --check` reads them."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield f"{_digest(path)}  {path.relative_to(folder)}\n"


def pack(root: Path, to: Path, moment: int) -> None:
    """Write a folder as an archive whose bytes depend on what it holds and on the moment of its commit alone."""

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = "root"
        entry.mtime = moment
        entry.mode = 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
        return entry

    with (
        to.open("wb") as file,
        gzip.GzipFile("", "wb", 6, file, moment) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for path in (root, *sorted(root.rglob("*"))):
            archive.add(path, path.relative_to(root.parent), recursive=False, filter=plain)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _git(*command: str) -> str:
    return subprocess.run(["git", *command], capture_output=True, text=True, check=False).stdout.strip()


if __name__ == "__main__":
    main()
