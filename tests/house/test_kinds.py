"""Each kind of message is one value: its module, its templates, its samples and its line in the documents."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module

import pytest

from config.message_kinds import MessageKind, Reach
from models.queries.outbox.naming import messages_naming
from tasks.messages.kind import Kind
from tasks.messages.kinds import KINDS
from tasks.platform.templates import TEMPLATES
from tests.house.source import ROOT, SOURCE, Module

MAIL = frozenset({"subject.txt", "body.txt", "body.html"})
WRITTEN = {
    Reach.MAIL: MAIL,
    Reach.PERSONS: MAIL | {"slack.txt"},
    Reach.PLACES: frozenset({"slack.txt", "teams.txt"}),
}
MAY_LIST_KINDS = {"config/message_kinds.py"}
CASES_FOUND_OTHERWISE = {
    MessageKind.ANSWER: "by its reply",
    MessageKind.LETTER: "by its notifications, and the patterns that it lists",
    MessageKind.AT_ONCE: "by its notifications",
    MessageKind.OPERATIONS: "of the installation: a case that it names has no row of it",
    MessageKind.CAPACITY: "names many cases and keeps none",
    MessageKind.CORRECTION: "names many cases and keeps none",
    MessageKind.HELD_EXTRACT: "of an extract",
    MessageKind.THREAD: "by its thread",
    MessageKind.POST: "by its notification's post",
}


def _of(kind: MessageKind) -> set[str]:
    return {path.name for path in (TEMPLATES / kind).iterdir()}


@pytest.mark.parametrize("kind", MessageKind)
def test_a_kind_has_one_name_for_its_module_and_its_templates(kind: MessageKind) -> None:
    assert import_module(f"tasks.messages.{kind}").KIND.name is kind
    assert _of(kind) >= WRITTEN[kind.reach]
    assert ("line.txt" in _of(kind)) is (kind.block is not None), "what a letter says of it"


@pytest.mark.parametrize("kind", MessageKind)
def test_a_kind_has_samples_and_a_line_in_the_documents(kind: MessageKind) -> None:
    known = KINDS[kind]
    samples = known.sampled()
    assert samples
    assert {type(context) for context in samples.values()} == {known.context}
    assert len(known.about) > 20
    assert not known.about.endswith(".")


def test_the_messages_of_a_case_are_found_by_every_kind_that_is_about_one() -> None:
    statement = messages_naming("select 1")
    named = {kind for kind in MessageKind if re.search(rf"'{kind}[':]", statement)}
    assert named == set(MessageKind) - set(CASES_FOUND_OTHERWISE), "see models/queries/outbox/naming.py"


def test_what_composes_no_kind_of_its_own_is_composed_by_the_channels_that_places_share() -> None:
    assert {kind for kind, known in KINDS.items() if known.composing is None} == {
        kind for kind in MessageKind if kind.reach is Reach.PLACES
    }


def test_every_module_of_messages_with_a_kind_is_one_of_the_kinds() -> None:
    with_kind = {
        module.path.stem if module.path.stem != "__init__" else module.path.parent.name
        for module in SOURCE
        if module.name.startswith("tasks/messages/")
        and any(isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "KIND" for node in module.tree.body)
    }
    assert with_kind == set(MessageKind)
    assert all(isinstance(kind, Kind) for kind in KINDS.values())


def _named(node: ast.expr) -> str:
    return ast.unparse(node) if ast.unparse(node).startswith("MessageKind.") else ""


def _lists(module: Module) -> Iterator[str]:
    """The collections of two kinds or more that a module spells out."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Set | ast.List | ast.Tuple | ast.Dict):
            parts = node.keys if isinstance(node, ast.Dict) else node.elts
            if len({_named(part) for part in parts if part is not None} - {""}) > 1:
                yield f"{module.name}:{node.lineno}"


def _asked(module: Module) -> set[str]:
    """The contexts of messages of which a module asks whether something is one."""
    contexts = {kind.context.__name__ for kind in KINDS.values()}
    asks = (
        node for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "isinstance"
    )  # fmt: skip
    return {name.id for ask in asks for name in ast.walk(ask.args[1]) if isinstance(name, ast.Name)} & contexts


def test_no_module_but_the_registry_lists_kinds() -> None:
    assert [found for module in SOURCE if module.name not in MAY_LIST_KINDS for found in _lists(module)] == []
    assert {module.name: _asked(module) for module in SOURCE if _asked(module)} == {}


def test_what_a_new_kind_needs_is_what_the_recipe_says() -> None:
    recipe = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("## Add a message\n")[2].partition("\n## ")[0]
    for file in ("config/message_kinds.py", "tasks/messages/", "KIND", *MAIL, "line.txt"):
        assert file in recipe
