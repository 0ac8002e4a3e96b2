"""The wheels of a release, by the list in packaging/wheels.txt: each supported Python finds all that the lock names.

Their tags tell the oldest C library that each runs with: Red Hat 8 has glibc 2.28, Red Hat 9 has 2.34. After a change
of the lock, `make wheels` writes the list again.
"""

import re
import runpy

import pytest
from packaging.tags import compatible_tags, cpython_tags
from packaging.utils import canonicalize_name, parse_wheel_filename
from packaging.version import Version

from tests.house.locks import text
from tests.house.source import ROOT

RELEASE = runpy.run_path(str(ROOT / "packaging" / "release.py"))
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==(\S+)", re.MULTILINE)
LISTED = {
    name: digest
    for digest, name in (line.split("  ") for line in (ROOT / "packaging" / "wheels.txt").read_text().splitlines())
}


def fitting(python):
    """The packages that have a wheel for a Python on Red Hat 8."""
    version, platforms = tuple(map(int, python.split("."))), RELEASE["PLATFORMS"]
    tags = {*cpython_tags(version, platforms=platforms), *compatible_tags(version, "cp", platforms)}
    wheels = [parse_wheel_filename(name) for name in LISTED]
    return {(name, version) for name, version, _, its in wheels if its & tags}


@pytest.mark.parametrize("python", RELEASE["PYTHONS"])
def test_each_python_of_red_hat_8_and_9_finds_a_wheel_for_each_package_of_the_lock(python):
    entries = "\n".join(RELEASE["wanted_by"](text("requirements.txt"), python))
    wanted = {(canonicalize_name(name), Version(version)) for name, version in PIN.findall(entries)}
    assert len(wanted) > 100
    assert wanted - fitting(python) == set()


def test_no_wheel_needs_a_newer_c_library_than_red_hat_8_has():
    needed = {name: [int(minor) for minor in re.findall(r"manylinux_2_(\d+)_", name)] for name in LISTED}
    assert {name for name, minors in needed.items() if minors and min(minors) > RELEASE["GLIBC"]} == set()
    assert RELEASE["GLIBC"] == 28


def test_every_wheel_is_one_that_the_lock_takes_by_its_hash():
    hashes = set(re.findall(r"--hash=sha256:([0-9a-f]{64})", text("requirements.txt")))
    assert {name for name, digest in LISTED.items() if digest not in hashes} == set()
