"""Releases as people make and install them: `packaging/release.py` on a tag, then `install` where no network is."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.support import way_out
from tests.support.ran import ROOT, Ran

NO_INDEX = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple"}  # what a machine may be configured with: nobody answers there


def ran(*command: str | Path, folder: Path, told: dict[str, str] | None = None) -> Ran:
    """Run a program, with variables in place of those of Casebeat and Python."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CASEBEAT_", "PYTHON"))}
    done = subprocess.run(
        command, cwd=folder, env=kept | (told or {}), capture_output=True, text=True, timeout=900, check=False
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def git(*command: str | Path, folder: Path) -> str:
    """Run a command of git that has to end well, as somebody."""
    somebody = ("-c", "user.name=A maintainer", "-c", "user.email=maintainer@example.org")
    done = ran("git", *somebody, *command, folder=folder)
    assert done.code == 0, done.err
    return done.out.strip()


def made(repository: Path, tag: str, to: Path) -> Ran:
    """Make the release of a tag: what it printed is its path."""
    return ran(sys.executable, ROOT / "packaging" / "release.py", tag, "--to", to, folder=repository)


def release_of(commit: str, folder: Path, version: str = "") -> Path:
    """Tag a commit of this checkout in a clone, with another version if one is named, and make its release."""
    clone = folder / f"clone-{len(list(folder.glob('clone-*')))}"
    git("clone", "--quiet", "--shared", "--no-checkout", ROOT, clone, folder=folder)
    git("checkout", "--quiet", git("rev-parse", commit, folder=ROOT), folder=clone)
    project = clone / "pyproject.toml"
    if version:
        text = project.read_text("utf-8")
        project.write_text(re.sub(r'(?m)^version = ".*"', f'version = "{version}"', text), "utf-8")
        git("commit", "--quiet", "--all", "--message", f"Release {version}", folder=clone)
    (tag,) = re.findall(r'^version = "(.*)"', project.read_text("utf-8"), re.MULTILINE)
    git("tag", f"v{tag}", folder=clone)
    done = made(clone, f"v{tag}", folder)
    assert done.code == 0, done.err
    return folder / f"casebeat-{tag}.tar.gz"


def unpack(archive: Path, into: Path) -> Path:
    """Unpack a release, and return its folder."""
    into.mkdir(exist_ok=True)
    assert ran("tar", "--extract", "--file", archive, folder=into).code == 0
    return into / archive.name.removesuffix(".tar.gz")


def install(release: Path, python: str = sys.executable) -> Ran:
    """Install an unpacked release, in a namespace without a network where this machine has such."""
    apart = ["unshare", "--net"] if way_out.is_here() else []
    return ran(*apart, python, release / "install", folder=release.parent, told=NO_INDEX)
