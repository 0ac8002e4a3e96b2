"""Words that do not belong in what people read: those of the house, and "law" for what is no law.

Operations staff look after the house, so their notes, pages and commands may have its words.
"""

import ast
import re
from collections.abc import Iterator

import pytest

from config.terms import Authority
from models.rules.obligations.rulebook import RULES
from tasks.platform.templates import names
from tests.approved.rendered import texts
from tests.house.source import modules

OF_THE_HOUSE = re.compile(r"\b(hard clocks?|sittings?|sits|conven\w+|owners?|steps?)\b", re.IGNORECASE)
TO_OPERATIONS = (
    "operations",
    "marked-operations",
    "note-",
    "page-",
    "printed-no-sitting",
    "printed-register",
    "printed-reviews",
)
COMMAND = re.compile(r"casebeat [a-z-]+|--[a-z-]+")
TAG = re.compile(r"</?[a-z][^>]*>")
RAN_OUT = re.compile(r"(?<!time limit or )\b(bail|order)\b[^.;\n]*\br[au]n out\b", re.IGNORECASE)
NO_LAW = re.compile(
    r"\b(protocol|code|guidance|published|local)\b[^.\n]*\blaw\b|\blaw\b[^.;\n]*\b(published|protocol)\b"
)


def _for_people() -> Iterator[tuple[str, str]]:
    """Everything that a person reads, each with the place of its words."""
    yield from ((name, text) for name, text in texts().items() if not name.startswith(TO_OPERATIONS))
    yield from _values("names.yaml", names())
    for rule in RULES.values():
        yield rule.name, f"{rule.title}. {rule.ends_when} {rule.why_it_protects}"
    for module in modules("models/rules/catalogue"):
        yield from ((f"{module.name}:{line}", text) for line, text in _said(module.tree))


def _values(place: str, words: object) -> Iterator[tuple[str, str]]:
    if isinstance(words, str):
        yield place, words
    elif isinstance(words, dict):
        for key, value in words.items():
            yield from _values(f"{place} {key}", value)
    elif isinstance(words, list):
        for value in words:
            yield from _values(place, value)


def _said(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The sentences in a rule's code: its strings of several words that are not docstrings."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docstrings = {id(node.body[0].value) for node in ast.walk(tree) if isinstance(node, documented)
                  and node.body and isinstance(node.body[0], ast.Expr)}  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value if " " in node.value else ""


PLACES = [(place, COMMAND.sub("", TAG.sub("", text))) for place, text in _for_people()]


def _found(pattern: re.Pattern[str]) -> list[str]:
    return [f"{place}: {found[0]}" for place, text in PLACES for found in pattern.finditer(text)]


def test_much_is_read():
    assert len(PLACES) > 500


@pytest.mark.parametrize("pattern", [OF_THE_HOUSE, RAN_OUT, NO_LAW])
def test_nobody_reads_words_that_are_not_for_them(pattern):
    assert _found(pattern) == []


@pytest.mark.parametrize(
    ("pattern", "old"),
    [
        (OF_THE_HOUSE, "1 hard clock run out"),
        (OF_THE_HOUSE, "it has a sitting on Tue 24 Mar 2026"),
        (OF_THE_HOUSE, "none: no panel of its force and CPS Area sits. Convene it by hand."),
        (OF_THE_HOUSE, "overdue notice on Sun 12 Apr 2026, to the owner and the supervisor"),
        (OF_THE_HOUSE, "this was the last step"),
        (OF_THE_HOUSE, "it was convened to no sitting"),
        (RAN_OUT, "Pre-charge bail ends: ran out on Mon 16 Mar 2026"),
        (RAN_OUT, "Protective order expires: run out"),
        (NO_LAW, "the duty is law or published; the number of days is a local standard"),
        (NO_LAW, "a local standard, not law"),
        (NO_LAW, "the protocol is the law"),
    ],
)
def test_the_old_words_are_recognised(pattern, old):
    assert pattern.search(old)


@pytest.mark.parametrize(
    "words",
    [
        "the duty is set by law; the day is set by law",
        "the case lawyer",
        "stepfather",
        "1 time limit or order that ran out",
    ],
)
def test_other_words_are_left_alone(words):
    assert not any(pattern.search(words) for pattern in (OF_THE_HOUSE, RAN_OUT, NO_LAW))


@pytest.mark.parametrize("authority", Authority)
def test_only_law_is_called_law(authority):
    said = [names()[whose][authority] for whose in ("duty", "number") if authority in names()[whose]]
    assert said
    assert all(("law" in words) == (authority is Authority.LAW) for words in said)


@pytest.mark.parametrize("short", ["STL", "CTL", "OIC", "MG3"])
def test_a_short_term_stands_beside_the_full_words(short):
    full = {"STL": "time limit", "CTL": "custody time limit", "OIC": "officer", "MG3": "referral"}[short]
    said = [text for _, text in _values("names.yaml", names()) if short in text]
    assert said
    assert all(re.search(rf"{full}[a-z ]* \({short}", text, re.IGNORECASE) for text in said)
