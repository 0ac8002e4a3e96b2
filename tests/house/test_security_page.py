"""docs/security.md names tests that exist, and each threat has one."""

import ast
import re

import pytest

from tests.house.source import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text("utf-8")
THREATS = PAGE.partition("## Threats")[2].partition("## What is not defended")[0]
ROWS = re.findall(r"^\| (?!threat|---)(.+)$", THREATS, re.MULTILINE)
NAMED = sorted(set(re.findall(r"`(tests/[a-z_/]+\.py)::(test_[a-z0-9_]+)`", PAGE)))


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_a_test_that_the_page_names_is_there(path, name):
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("row", ROWS)
def test_each_threat_has_a_control_and_a_test(row):
    threat, control, tests = (cell.strip() for cell in row.strip("| ").split(" | "))
    assert len(threat) > 10
    assert len(control) > 10
    assert re.search(r"`tests/[a-z_/]+\.py::test_[a-z0-9_]+`", tests)
