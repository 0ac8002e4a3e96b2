"""The locks: every dependency is there, with hashes, and no file names an index or its host."""

import re
import subprocess
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.house.locks import LOCKS, text
from tests.house.source import ROOT

INDEXES = ("pypi org", "pythonhosted org", "deb debian org", "security debian org", "archive ubuntu com", "npmjs org")
SUPPORTED = ("3.11", "3.12", "3.13")
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", re.MULTILINE)


def needs(name: str, extras: set[str]) -> Iterator[Requirement]:
    """What an installed package declares to need on a supported Python; nothing of one that this machine leaves out."""
    try:
        declared = [Requirement(line) for line in requires(name) or []]
    except PackageNotFoundError:
        return
    environments = [{"python_version": version, "extra": extra} for version in SUPPORTED for extra in {"", *extras}]
    for need in declared:
        if need.marker is None or any(need.marker.evaluate(environment) for environment in environments):
            yield need


def whole(wanted: list[Requirement]) -> dict[str, Requirement]:
    """These requirements, and all that they need in turn, by the name of the package and its extras."""
    reached: dict[str, Requirement] = {}
    while wanted:
        need = wanted.pop()
        key = f"{canonicalize_name(need.name)}{sorted(need.extras)}"
        if key not in reached:
            reached[key] = need
            wanted.extend(needs(need.name, need.extras))
    return reached


def pins(lock):
    return {canonicalize_name(name): Version(version) for name, version in PIN.findall(text(lock))}


@pytest.mark.parametrize("lock", LOCKS)
def test_all_that_the_project_needs_is_locked_at_a_version_that_is_allowed(lock):
    pinned = pins(lock)
    wanted = whole([Requirement(line) for line in LOCKS[lock]])
    assert len(wanted) > len(LOCKS[lock])
    missing = [
        str(requirement)
        for requirement in wanted.values()
        if pinned.get(canonicalize_name(requirement.name)) is None
        or pinned[canonicalize_name(requirement.name)] not in requirement.specifier
    ]
    assert missing == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_version_has_its_hashes(lock):
    entries = re.split(r"\n(?=[A-Za-z0-9])", "\n" + text(lock))[1:]
    assert entries
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_an_index_or_a_host(lock):
    named = re.findall(r"^.*(?:://|--(?:extra-)?index|--find-links|--trusted-host|@ ).*$", text(lock), re.MULTILINE)
    assert named == []


def test_the_two_locks_agree():
    runtime, everything = pins("requirements.txt"), pins("requirements-dev.txt")
    assert {name: version for name, version in runtime.items() if everything.get(name) != version} == {}


def test_no_file_names_the_host_of_a_package_index():
    hosts = "|".join(host.replace(" ", "[.]") for host in INDEXES)
    search = ["git", "grep", "--no-index", "--exclude-standard", "-IlE", hosts]
    searched = subprocess.run(search, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (searched.returncode, searched.stdout, searched.stderr) == (1, "", "")  # 1: nothing was found
