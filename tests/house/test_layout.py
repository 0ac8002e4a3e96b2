"""The shape of the house: its sizes, its names, its one clock, its docstrings."""

import ast
import re
from collections import Counter

import pytest

from tests.house.source import ROOT, SOURCE, code_lines_of, is_flow, lines_of, modules

CLOCKS = {"now", "today", "utcnow", "localtime", "gmtime"}
SQL_CLOCK = re.compile(
    r"\bnow\(\)|\bcurrent_date\b|\bcurrent_timestamp\b|\bclock_timestamp\(|\bstatement_timestamp\(", re.IGNORECASE
)
MAY_READ_THE_CLOCK = {"flows/clock.py"}
MAY_READ_THE_DATABASES_CLOCK = {
    "models/queries/outbox/outbox.py",  # leases and backoff
    "models/queries/outbox/workers.py",  # leases that have ended
    "models/queries/outbox/standstill.py",  # leases that last
    "models/queries/rounds/assurance.py",  # leases that have ended
    "models/queries/outbox/unconfirmed.py",  # when a post becomes visible in Slack
    "models/queries/intake/clocks.py",  # to compare it with the machine's
    "models/queries/audit_log/seals.py",  # the real moment of a seal
    "models/audit.py",  # the real moment of a write, whichever day is simulated
}
TABLES_OF_CONTENTS = {"models/rules/catalogue", "tests/unit/catalogue"}  # one file for each rule


def test_no_module_is_over_250_lines():
    assert {module.name: module.length for module in SOURCE if module.length > 250} == {}


def test_fewer_than_one_function_in_ten_is_over_25_lines():
    functions = [(module.name, function) for module in SOURCE for function in module.functions]
    long = [f"{name}:{function.name} {lines_of(function)}" for name, function in functions if lines_of(function) > 25]
    assert len(long) * 10 < len(functions), "\n".join(long)


def test_a_flow_is_a_table_of_contents_of_20_lines():
    flows = [(module.name, function) for module in modules("flows") for function in module.functions]
    long = [f"{name}:{f.name} {code_lines_of(f)}" for name, f in flows if is_flow(f) and code_lines_of(f) > 20]
    assert long == []


def test_no_folder_holds_more_than_40_modules():
    folders = [m.path.parent for m in modules("flows", "tasks", "models", "config", "tests", "benchmarks")]
    counts = Counter(str(folder.relative_to(ROOT)) for folder in folders)
    assert {name: count for name, count in counts.items() if count > 40 and name not in TABLES_OF_CONTENTS} == {}


def test_no_folder_holds_one_module_alone():
    inside = Counter(m.path.parent for m in SOURCE if m.path.name != "__init__.py")
    inside.update(m.path.parents[1] for m in SOURCE if m.path.name == "__init__.py")
    assert [str(folder) for folder, count in inside.items() if count == 1] == []


def test_no_folder_inside_a_subject_of_the_tests_holds_one_module_alone():
    inside = Counter(m.path.parent.relative_to(ROOT) for m in modules("tests"))
    assert [str(folder) for folder, count in inside.items() if count == 1 and len(folder.parts) > 3] == []


@pytest.mark.parametrize("word", ["utils", "util", "helpers", "helper", "common", "misc"])
def test_no_module_has_a_name_that_says_nothing(word):
    named = [m.name for m in modules("flows", "tasks", "models", "config", "tests", "benchmarks")]
    assert [name for name in named if word in re.split(r"[/._]", name)] == []


def _clock_calls(module):
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in CLOCKS:
                yield f"{module.name}:{node.lineno} {ast.unparse(node.func)}("


def _docstrings(tree):
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    first = [node.body[0] for node in ast.walk(tree) if isinstance(node, holders) and ast.get_docstring(node)]
    return {id(statement.value) for statement in first if isinstance(statement, ast.Expr)}


def _sql_clocks(module):
    spoken = _docstrings(module.tree)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in spoken:
            found = SQL_CLOCK.search(node.value)
            if found:
                yield f"{module.name}:{node.lineno} {found[0]}"


def test_only_one_module_reads_the_clock():
    exempt = MAY_READ_THE_CLOCK | MAY_READ_THE_DATABASES_CLOCK
    assert [told for module in SOURCE if module.name not in exempt for told in _clock_calls(module)] == []


def test_only_outbox_and_audit_read_the_databases_clock():
    asked = [m for m in SOURCE if m.name not in MAY_READ_THE_DATABASES_CLOCK]
    assert [told for module in asked for told in _sql_clocks(module)] == []


@pytest.mark.parametrize("folder", ["models/rules", "models/queries", "tasks", "flows"])
def test_every_public_function_says_why_it_exists(folder):
    silent = [f"{m.name}:{f.name}" for m in modules(folder) for f in m.public_functions if not ast.get_docstring(f)]
    assert silent == []


def test_every_test_is_named_as_a_sentence():
    named = [f"{m.name}:{f.name}" for m in modules("tests") for f in m.functions if f.name.startswith("test_")]
    assert [name for name in named if len(name.split(":")[1].split("_")) < 4] == []


def test_no_test_imports_another_test():
    """What several tests share is a builder of tests/worlds, or stands in for a server in tests/support."""
    taken = [
        f"{module.name}: {node.module}"
        for module in modules("tests")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and node.module and re.search(r"\.(test_\w+|conftest)$", node.module)
    ]
    assert taken == []
