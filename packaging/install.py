#!/usr/bin/env python3
"""Install Casebeat in this folder: `python3 install` in a release, which needs no index; `make install` in a checkout.

It needs Python alone, and uses the pip that Python brings. Run it again after an interruption. Exit codes: 0 done; 2
refused, with a sentence.
"""

import sys

if sys.version_info < (3, 11):
    sys.exit("Casebeat needs Python 3.11 or later, and this is an older one. Run this with one, as: python3.11 install")

import hashlib
import json
import os
import platform
import re
import shlex
import shutil
import subprocess
import sysconfig
import tomllib
import venv
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE if (HERE / "pyproject.toml").exists() else HERE.parent
WHEELS = ROOT / "wheels"  # of a release
SUMS = ROOT / "SHA256SUMS"  # of a release
NEWEST = (3, 13)  # of the Pythons that a release has wheels for
GLIBC = (2, 28)  # the oldest of its wheels
_SCRIPT = """\
#!/bin/sh
'''exec' {python} "$0" "$@"
' '''
from {module} import {function}

{function}()
"""


class Refused(Exception):
    """Nothing can be installed: the sentence says why, and what to do."""


def main() -> None:
    """Check, install, and say what is installed."""
    os.umask(0o022)  # the account of the units reads it
    try:
        if WHEELS.exists():
            check_whole()
            check_machine()
        check_venv()
        install()
    except Refused as refused:
        sys.stderr.write(f"{refused}\n")
        sys.exit(2)


def check_whole() -> None:
    """Compare every file of the release with its checksum. Raises Refused."""
    lines = [line.split("  ", 1) for line in SUMS.read_text("utf-8").splitlines()]
    wrong = [name for digest, name in lines if not _is(ROOT / name, digest)]
    if wrong:
        more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        raise Refused(f"Damaged or missing: {', '.join(wrong[:3])}{more}. Unpack the release again; nothing was done.")


def _is(path: Path, digest: str) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == digest


def check_machine() -> None:
    """Refuse a machine that the release's wheels are not for. Raises Refused."""
    library, version = platform.libc_ver()
    numbers = tuple(map(int, re.findall(r"\d+", version)[:2]))
    fits = platform.machine() == "x86_64" and library == "glibc" and numbers >= GLIBC
    if not fits or sys.version_info[:2] > NEWEST:
        python = ".".join(map(str, sys.version_info[:2]))
        raise Refused(
            "A release is for Python 3.11 to 3.13 on Linux, x86_64, with glibc 2.28 or later; this is Python "
            f"{python}, {platform.machine()}, {library or 'no glibc'} {version}. Run it with another Python, or on "
            "another machine; nothing was done."
        )


def check_venv() -> None:
    """Refuse a Python without the modules that make an environment. Raises Refused."""
    if find_spec("ensurepip") is None:
        raise Refused(
            f"{sys.executable} has no venv module with pip. On Debian and Ubuntu: apt-get install python3-venv; on Red "
            "Hat: dnf install python3.12, and run this with it. Nothing was done."
        )


def install() -> None:
    """Make the environment, put the packages of the lock into it, and then the command."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    folder = ROOT / ".venv"
    venv.create(folder, with_pip=True, symlinks=True)
    python = folder / "bin" / "python"
    _pip(python)
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder), "platbase": str(folder)}))
    register(site, project["name"], project["version"])
    for name, place in project["scripts"].items():
        write_command(folder / "bin" / name, python, place)
    if WHEELS.exists():
        layers = [name for name in ("config", "models", "tasks", "flows") if (ROOT / name).is_dir()]
        _run(python, "-m", "compileall", "-q", *layers)
    _run(folder / "bin" / project["name"], "--version")


def _pip(python: Path) -> None:
    """Install the lock: from a release's wheels and nothing else, or from where this machine's pip looks."""
    told = dict(os.environ)
    command = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"]
    if WHEELS.exists():
        told = {name: value for name, value in told.items() if not name.startswith("PIP_")}
        told["PIP_CONFIG_FILE"] = os.devnull
        command += ["--no-index", "--find-links", str(WHEELS)]
    _run(python, *command, "-r", "requirements.txt", told=told)


def register(site: Path, name: str, version: str) -> None:
    """Lead the environment to this folder, and note the version, as an editable install by setuptools does."""
    for old in site.glob(f"{name}-*.dist-info"):
        shutil.rmtree(old)
    for old in site.glob(f"__editable__.{name}-*"):
        old.unlink()
    noted = f"{name}-{version}.dist-info"
    origin = {"url": ROOT.as_uri(), "dir_info": {"editable": True}}
    files = {
        f"{name}.pth": f"{ROOT}\n",
        f"{noted}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{noted}/INSTALLER": "casebeat\n",
        f"{noted}/direct_url.json": json.dumps(origin),
    }
    (site / noted).mkdir()
    for path, text in files.items():
        (site / path).write_text(text, "utf-8")
    (site / noted / "RECORD").write_text("".join(f"{path},,\n" for path in (*files, f"{noted}/RECORD")), "utf-8")


def write_command(path: Path, python: Path, place: str) -> None:
    """Write the command, for a folder of any name: `place` is its module and function."""
    module, _, function = place.partition(":")
    path.write_text(_SCRIPT.format(python=shlex.quote(str(python)), module=module, function=function), "utf-8")
    path.chmod(0o755)


def _run(program: Path, *arguments: str, told: "dict[str, str] | None" = None) -> None:
    ended = subprocess.run([program, *arguments], cwd=ROOT, env=told, check=False)
    if ended.returncode:
        raise Refused(f"{program.name} {' '.join(arguments[:3])} failed; see above. Put it right, and run this again.")


if __name__ == "__main__":
    main()
