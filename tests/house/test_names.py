"""One name means one type in the whole house, with a short list of reasons for the rest; no test names a private part.

A test that does breaks at every refactoring, and says nothing of behaviour.
"""

import ast
from collections import defaultdict

from tests.house.source import SOURCE, modules

SHARED = {
    "Carrier": "one protocol, and the class of each carrier's module that keeps it",
}
MOST_SHARED = 10
OWN = ("self", "cls", "super()")
PUBLIC = {  # in spite of their names
    "_asdict", "_exit", "_fields", "_make", "_mapping", "_replace",
    "_opener",  # urllib's, which keeps the proxy of its first request
}  # fmt: skip


def _types(tree):
    """The public classes and type aliases of one module."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign) and len(node.targets) == 1:
            yield from _alias(node.targets[0], node.value)
        elif isinstance(node, ast.AnnAssign) and node.value and ast.unparse(node.annotation).endswith("TypeAlias"):
            yield ast.unparse(node.target)


def _alias(target, value):
    """A name in CamelCase that is given a type: `Pair = tuple[str, str]`, `Change = Begin | End`."""
    camel = isinstance(target, ast.Name) and target.id[:1].isupper() and not target.id.isupper()
    if camel and isinstance(value, ast.Subscript | ast.BinOp | ast.Name | ast.Attribute):
        yield target.id


def _shared(sources):
    places = defaultdict(list)
    for module in sources:
        for name in _types(module.tree):
            if not name.startswith("_"):
                places[name].append(module.name)
    return {name: found for name, found in sorted(places.items()) if len(found) > 1}


def test_no_two_public_types_share_a_name_without_a_reason():
    shared = _shared(SOURCE)
    unexplained = {name: found for name, found in shared.items() if name not in SHARED}
    assert unexplained == {}, "rename one of them, or give the reason in SHARED"


def test_every_reason_for_a_shared_name_is_still_needed():
    assert sorted(SHARED) == sorted(_shared(SOURCE).keys() & SHARED.keys())
    assert len(SHARED) < MOST_SHARED


def test_classes_and_aliases_are_both_found():
    named = [name for module in modules("models/rules", "tasks", "config") for name in _types(module.tree)]
    assert {"CaseFacts", "VersionChange", "Outcome", "Policy", "MessageContext", "DeliveryCounts"} <= set(named)


def _names(tree):
    """Every name that is read of something else, imported, or given to be patched."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) not in OWN:
            yield node.attr
        elif isinstance(node, ast.ImportFrom):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.Call):
            texts = [each.value for each in node.args if isinstance(each, ast.Constant)]
            given = [str(text) for text in texts] if ast.unparse(node.func).endswith(("setattr", "patch")) else []
            yield from (name.rpartition(".")[2] for name in (*given, *(each.arg or "" for each in node.keywords)))


def _private(tree):
    return {name for name in _names(tree) if name.startswith("_") and not name.startswith("__")} - PUBLIC


def test_no_test_names_a_private_part_of_what_it_tests():
    found = {module.name: named for module in modules("tests") if (named := _private(module.tree))}
    assert found == {}, "test by a public name, or make the part one that others may call"


def test_each_way_of_naming_one_is_found():
    ways = "from a import _b\na._c\nmonkeypatch.setattr(a, '_d', 1)\nmonkeypatch.setattr('a._e', 1)\nfound(_f=1)"
    assert _private(ast.parse(ways)) == {"_b", "_c", "_d", "_e", "_f"}
    assert _private(ast.parse("self._a\nrow._replace(b=1)\na.__class__")) == set()
