"""The names of types: one name means one type in the whole house, with a short list of reasons for the rest."""

import ast
from collections import defaultdict

from tests.house.source import SOURCE, modules

SHARED = {
    "Carrier": "one protocol, and the class of each carrier's module that keeps it",
}
MOST_SHARED = 10


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
