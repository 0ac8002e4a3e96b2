"""Settings, policy, calendar and panels are read at a door, and handed down as one value."""

import ast

import pytest

from tests.house.source import ROOT

# what is one for a process, and opened where it is first needed: its database and servers, its secrets, its log
OF_THE_PROCESS = {
    "tasks/platform/diagnosis.py",
    "tasks/platform/logs.py",
    "tasks/platform/sign_in.py",
    "tasks/platform/tokens.py",
    "tasks/servers/database.py",
    "tasks/servers/prefect_pages.py",
    "tasks/servers/prefect_server.py",
}
DOORS = {"tasks/demo/answering.py", "tasks/demo/joining.py"}  # people in a demo, who stand outside
READERS = {
    "config.settings": {"settings", "read"},
    "config.policy": {"load_policy"},
    "config.panels": {"load_panels"},
    "config.days.overrides": {"load_overrides"},
}


def _read(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from ({alias.name for alias in node.names} & READERS.get(node.module or "", set()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Configuration":
            yield "Configuration"


@pytest.mark.parametrize("layer", ["tasks", "models"])
def test_nothing_below_a_door_reads_settings_or_their_files(layer):
    paths = {str(path.relative_to(ROOT)): path for path in (ROOT / layer).rglob("*.py")}
    reading = {name for name, path in paths.items() if list(_read(ast.parse(path.read_text("utf-8"))))}
    assert reading - {"tasks/platform/configuration.py"} == {
        name for name in OF_THE_PROCESS | DOORS if name.startswith(layer)
    }


def test_no_test_clears_what_was_read():
    cleared = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in (ROOT / "tests").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "cache_clear" and _reads(node.value)
    ]
    assert cleared == []


def _reads(cached):
    return ast.unparse(cached).rpartition(".")[2] in {"settings", "configured", *READERS["config.policy"]}
