"""Every template renders and uses exactly the names that it gets; every code has a text."""

import ast
import dataclasses
import inspect
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from config import mail, slack
from config.carriers import teams
from config.message_kinds import MessageKind
from config.policy import load_policy
from config.rules import Rules
from config.terms import Addressee, Agency, Authority, EndReason, OwedBy, Risk, Role
from tasks.messages import contexts
from tasks.messages.kinds import KINDS
from tasks.messages.letter import blocks, listing
from tasks.messages.letter import contexts as letters
from tasks.messages.rendering import render
from tasks.platform.templates import TEMPLATES, names
from tests.worlds.samples import MAILED

MESSAGES = sorted(path.name for path in TEMPLATES.iterdir() if (path / "subject.txt").exists())
FILES = sorted(path for path in TEMPLATES.rglob("*") if path.suffix in {".txt", ".html"})
OURS = {"names"}


def _tree(path: Path) -> nodes.Template:
    return Environment(autoescape=True).parse(path.read_text("utf-8"))


def _own(kind: MessageKind) -> list[Path]:
    names = ("subject.txt", "body.txt", "body.html") if kind in mail.KINDS else ("slack.txt", "teams.txt")
    return [TEMPLATES / kind / name for name in names]


def test_every_kind_of_message_has_its_folder_and_every_folder_is_sent():
    assert sorted(kind for kind in mail.KINDS) == MESSAGES
    folders = set(slack.KINDS)
    assert {path.parent.name for path in TEMPLATES.glob("*/slack.txt")} == {*folders, "parts"}
    assert {path.parent.name for path in TEMPLATES.glob("*/teams.txt")} == set(teams.KINDS)


@pytest.mark.parametrize("kind", sorted(mail.KINDS))
def test_a_message_has_a_subject_and_two_bodies(kind):
    assert {path.name for path in (TEMPLATES / kind).iterdir()} >= {"subject.txt", "body.txt", "body.html"}


@pytest.mark.parametrize("name", MAILED)
def test_every_sample_renders(name):
    rendered = render(*MAILED[name])
    assert rendered.subject
    assert "\n" not in rendered.subject
    assert rendered.text.endswith("\n")
    assert '<html lang="en-GB">' in rendered.html


def test_every_kind_has_a_sample():
    assert {kind for kind, _ in MAILED.values()} == mail.KINDS


@pytest.mark.parametrize("kind", MessageKind)
def test_every_name_given_to_a_message_is_used_and_every_name_used_is_given(kind):
    used = {node.name for path in _own(kind) for node in _tree(path).find_all(nodes.Name) if node.ctx == "load"}
    made = {
        node.name for path in _own(kind) for node in _tree(path).find_all(nodes.Name)
        if node.ctx != "load"
    }  # fmt: skip
    imported = {
        name for path in _own(kind) for each in _tree(path).find_all(nodes.FromImport)
        for name in each.names
    }  # fmt: skip
    given = {field.name for field in dataclasses.fields(KINDS[kind].context)}
    assert used - made - imported - OURS - {"loop"} <= given
    assert given - used <= {"listed", "blocked", "whole"}  # of attached lists and of the calendar file


@pytest.mark.parametrize(
    "part",
    [
        contexts.ObligationItem,
        contexts.Ower,
        contexts.TriedStep,
        contexts.FollowingStep,
        contexts.ItemPromise,
        contexts.ItemSitting,
        contexts.ReplyLinks,
        contexts.SituationCounts,
        contexts.ItemGroup,
        letters.Movement,
        letters.StalledCase,
        letters.Standing,
        letters.LetterSitting,
    ],
)
def test_every_value_within_a_context_is_said_or_decides_where_it_is_said(part):
    said = {node.attr for path in FILES for node in _tree(path).find_all(nodes.Getattr)}
    read = {
        node.attr for module in (blocks, listing) for node in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(node, ast.Attribute)
    }  # fmt: skip
    assert {field.name for field in dataclasses.fields(part)} - said - read == set()


def test_every_count_has_its_words():
    words = names()
    assert set(words["counts"]) == set(blocks.COUNTED)
    assert set(words["brief"]) >= {*blocks.COUNTED} - {"resolved"}, "what ended is never part of the situation"
    assert set(words["ends"]) == set(Rules.names())
    assert set(words["risk"]) == {risk.value for risk in Risk}


def test_every_rule_step_and_role_has_its_words():
    words = names()
    steps = {step.step for ladder in load_policy().ladders.values() for step in ladder}
    assert set(words["owes"]) >= set(Rules.names())
    assert set(words["steps"]) >= steps
    for section, codes in {
        "owed_by": OwedBy, "owner": OwedBy, "duty": Authority, "addressee": Addressee, "why": Addressee,
        "ended": EndReason, "roles": Role,
    }.items():  # fmt: skip
        assert set(words[section]) == {code.value for code in codes}, section
    assert set(words["reader"]) == {*(role.value for role in Role), "operations"}
    assert set(words["ask"]) == {*(agency.value for agency in Agency), "operations"}


@pytest.mark.parametrize(
    "word", ["non-compliant", "stalker", "offender", "escalated", "nuisance", "harassment warning"]
)
def test_no_message_uses_a_term_that_the_field_avoids(word):
    assert [str(path) for path in FILES if word in path.read_text("utf-8").lower() and path.name != "daily.txt"] == []
    for name, sample in MAILED.items():
        assert word not in render(*sample).text.lower(), name


def test_a_page_loads_nothing_from_elsewhere():
    for sample in MAILED.values():
        html = render(*sample).html
        for word in ("<img", "src=", "http", "<script", "@import", "url("):
            assert word not in html


def test_no_template_imports_what_it_does_not_use():
    unread = set()
    for path in FILES:
        tree = _tree(path)
        read = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "load"}
        for one in tree.find_all(nodes.FromImport):
            named = (each if isinstance(each, str) else each[1] for each in one.names)
            unread |= {f"{path.relative_to(TEMPLATES)}: {name}" for name in named if name not in read}
    assert unread == set()
