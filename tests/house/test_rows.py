"""Rows of the database are read by the names of their columns: no index, no splat, no unpacking."""

import ast

import pytest

from tests.house.source import modules

QUERIES = [module for module in modules("models/queries") if module.path.name not in {"driver.py", "row_values.py"}]
RAW = {"driver_cursor", "_fetch", "_readable"}
ROWS = {"row", "rows", "record", "records", "fetched"}


def _name(node):
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _is_index(node):
    if isinstance(node, ast.UnaryOp):
        return _is_index(node.operand)
    if isinstance(node, ast.Slice):
        return any(_is_index(end) for end in (node.lower, node.upper) if end)
    if isinstance(node, ast.Tuple):
        return any(map(_is_index, node.elts))
    return isinstance(node, ast.Constant) and isinstance(node.value, int)


def _indexes(tree, names=None):
    """Subscripts by a constant number, of any value or of the values of these names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and _is_index(node.slice) and (not names or _name(node.value) in names):
            yield node


def _splats(tree):
    """Values made of a row's columns in their order: `Type(*row)`, `Type(a, *row)`, `Type._make(row)`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = _name(node.func)
            starred = [arg.value for arg in node.args if isinstance(arg, ast.Starred)]
            is_value = called.lstrip("_")[:1].isupper() and called != "Table"
            named = [value for value in starred if isinstance(value, ast.Name | ast.Subscript)]
            if (
                ast.unparse(node.func).endswith("._make")
                or (is_value and named)
                or any(_name(value) in ROWS for value in starred)
            ):
                yield node


def _raw_reads(tree):
    """Rows that are read as tuples: through the driver's own cursor, or from an SQLAlchemy result."""
    of_no_row = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)} | {
        node.value for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in {"rowcount", "scalar"}
    }
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.alias) and node.name in RAW)
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and node not in of_no_row)
    yield from (call for call in calls if ast.unparse(call.func) == "connection.execute")


def _unpacked(tree):
    """Loops that take more than two columns out of each row in their order."""
    for node in ast.walk(tree):
        if isinstance(node, ast.For | ast.comprehension) and isinstance(node.target, ast.Tuple):
            source = _name(node.iter.func) if isinstance(node.iter, ast.Call) else _name(node.iter)
            read = source in ROWS or (isinstance(node.iter, ast.Call) and source not in {"zip", "enumerate"})
            if len(node.target.elts) > 2 and read:
                yield node.target


def _found(module, *searches):
    return [f"{module.name}:{node.lineno} {ast.unparse(node)}" for search in searches for node in search(module.tree)]


@pytest.mark.parametrize("module", QUERIES, ids=lambda module: module.name)
def test_statements_read_no_column_by_its_place(module):
    assert _found(module, _indexes, _splats, _raw_reads, _unpacked) == []


def test_tasks_read_no_column_by_its_place():
    def of_rows(tree):
        return _indexes(tree, ROWS)

    assert [found for module in modules("tasks") for found in _found(module, of_rows, _splats, _raw_reads)] == []


@pytest.mark.parametrize(
    "line",
    [
        "risk = row[7]",
        "facts = row[2:]",
        "last = found[-1]",
        "values = [(row[0], row[1]) for row in connection.execute(statement)]",
        "made = Case(*row)",
        "made = Case(ref, *rest)",
        "made = Case._make((ref, *rest))",
        "from models.queries.driver import driver_cursor",
        "for ref, risk, day in rows: pass",
        "first = connection.execute(statement).first()",
        "for ref, risk, day in keyed_as(connection, statement): pass",
    ],
)
def test_a_column_that_is_read_by_its_place_is_found(line):
    tree = ast.parse(line)
    assert [*_indexes(tree), *_splats(tree), *_raw_reads(tree), *_unpacked(tree)]


@pytest.mark.parametrize(
    "line",
    [
        "made = fetch_as(connection, Case, statement)",
        "connection.execute(statement)",
        "marked = connection.execute(statement).rowcount",
        "known = connection.execute(statement).scalar()",
        "found: dict[int, tuple[int, ...]] = {}",
        "rows = rows_of(*names)",
        "for key, value in rows: pass",
    ],
)
def test_a_column_that_is_read_by_its_name_is_no_finding(line):
    tree = ast.parse(line)
    assert [*_indexes(tree), *_splats(tree), *_raw_reads(tree), *_unpacked(tree)] == []
