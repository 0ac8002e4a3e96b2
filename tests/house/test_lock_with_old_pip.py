"""Each lock installs with the oldest pip of each supported Python, whatever has been published since it was written.

In --require-hashes mode an old pip takes `coverage[toml]` for another requirement than a locked `coverage`. It
refuses the lock on the day on which a newer coverage is published. Therefore the locks pin both.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from tests.house import local_index
from tests.house.locks import LOCKS, text

SUPPORTED = ("3.11", "3.12", "3.13")


def version_of(python, what):
    done = subprocess.run([python, "-c", f"import {what}"], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None


def bundled_pip(python):
    """The version of pip that a new environment of this Python begins with, as numbers; nothing if it has none."""
    found = version_of(python, "ensurepip, venv; print(ensurepip.version())")
    return tuple(int(number) for number in re.findall(r"\d+", found)) if found else None


def oldest(minor):
    """Among this machine's Pythons of one minor version, the one whose environments begin with the oldest pip."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = [sys.executable, shutil.which(f"python{minor}"), f"/usr/bin/python{minor}", f"/usr/local/bin/python{minor}"]
    found += [str(path) for path in pyenv.glob(f"{minor}.*/bin/python{minor}")]
    of_this_minor = {
        python: bundled_pip(python)
        for python in found
        if python
        and Path(python).exists()
        and version_of(python, "sys; print('%d.%d' % sys.version_info[:2])") == minor
    }
    return min((pip, python) for python, pip in of_this_minor.items() if pip) if any(of_this_minor.values()) else None


@pytest.fixture(scope="module", params=SUPPORTED)
def environment(request, tmp_path_factory):
    """A new environment with the pip that it begins with, and that pip's version."""
    found = oldest(request.param)
    if found is None:
        pytest.skip(f"this machine has no Python {request.param}")
    pip, python = found
    folder = tmp_path_factory.mktemp(f"python-{request.param}")
    subprocess.run([python, "-m", "venv", folder], check=True, capture_output=True)
    return folder / "bin" / "python", pip


@pytest.fixture(scope="module", params=LOCKS)
def index(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("index")
    return folder, local_index.build(folder, text(request.param), LOCKS[request.param])


def resolve(python, folder, lock_text):
    lock = folder / "lock.txt"
    lock.write_text(lock_text)
    env = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    return subprocess.run(
        [
            python,
            "-m",
            "pip",
            "install",
            "--dry-run",
            "--no-index",
            "--find-links",
            folder,
            "--require-hashes",
            "-r",
            lock,
        ],
        env=env | {"PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_each_lock_resolves_though_newer_releases_are_out(environment, index):
    python, _ = environment
    folder, lock = index
    done = resolve(python, folder, lock)
    assert done.returncode == 0, done.stderr[-2000:]
    assert local_index.NEWER not in done.stdout
    assert "Would install" in done.stdout


@pytest.mark.parametrize("kept", ["extras alone", "no extras"])
def test_a_lock_that_pins_only_one_of_the_two_is_what_an_old_pip_refuses(environment, tmp_path, kept):
    """The check above can fail: pip 23 refuses the same lock once either form of a package with extras is taken out."""
    python, pip = environment
    lock = local_index.build(tmp_path, text("requirements.txt"), LOCKS["requirements.txt"])
    with_extras = set(re.findall(r"(?m)^([\w.-]+)\[", lock))
    lines = [
        line
        for line in lock.splitlines()
        if re.match(r"[\w.-]+", line)[0] not in with_extras or ("[" in line.split("==")[0]) == (kept == "extras alone")
    ]
    done = resolve(python, tmp_path, "\n".join(lines))
    assert ("must have their versions pinned with ==" in done.stderr) == (pip < (24,)), (pip, done.stderr[-2000:])


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_what_is_asked_for_by_an_extra_with_it_and_without(lock):
    found = local_index.entries(text(lock))
    with_extras = {canonicalize_name(entry.name) for entry in found if entry.extras}
    assert {"httpx", "sqlalchemy"} <= with_extras <= local_index.asked_for_by_an_extra(text(lock), LOCKS[lock])
    assert with_extras <= {canonicalize_name(entry.name) for entry in found if not entry.extras}
