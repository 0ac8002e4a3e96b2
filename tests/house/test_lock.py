"""The locks: every dependency is there, with hashes, and no file names an index or its host."""

import re
import subprocess

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.house.locks import LOCKS, text
from tests.house.source import ROOT

INDEXES = ("pypi org", "pythonhosted org", "deb debian org", "security debian org", "archive ubuntu com", "npmjs org")
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", re.MULTILINE)


def pins(lock):
    return {canonicalize_name(name): Version(version) for name, version in PIN.findall(text(lock))}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_dependency_of_the_project_is_locked_at_a_version_it_allows(lock):
    pinned = pins(lock)
    wanted = [Requirement(line) for line in LOCKS[lock]]
    missing = [
        str(requirement)
        for requirement in wanted
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
