"""Attempts: every command that takes a name, about a hidden case, about others, and about none."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from tests.worlds.twin_books import NEXT, SITTING
from tests.worlds.twin_people import EVERYBODY

Words = tuple[str, ...]
ABOUT_A_CASE: dict[str, Words] = {  # the words of a command, where `{case}` and `{action}` stand for the case's own
    "take on": ("acknowledge", "{case}", "action", "--until", "2026-03-19", "--reason", "mine"),
    "take one on": ("acknowledge", "{case}", "action/action:{action}", "--until", "2026-03-19", "--reason", "mine"),
    "take a time limit on": ("acknowledge", "{case}", "bail-end", "--until", "2026-03-18", "--reason", "mine"),
    "take on what nobody owes": ("acknowledge", "{case}", "pin-issued", "--until", "2026-03-19", "--reason", "mine"),
    "take on until a day that was": ("acknowledge", "{case}", "joint-review", "--until", "2026-03-02", "--reason", "x"),
    "withdraw": ("acknowledge", "{case}", "action/action:{action}", "--withdraw"),
    "report": ("complete-action", "{case}", "{action}", "--on", "2026-03-16"),
    "report what is not there": ("complete-action", "{case}", "NOPE"),
    "report of a day to come": ("complete-action", "{case}", "{action}", "--on", "2026-03-30"),
    "take a report back": ("complete-action", "{case}", "{action}", "--undo"),
    "record": ("record-review", SITTING, "{case}", "--held", "--police", "--cps", "--decision", "continue"),
    "record what cannot be": ("record-review", SITTING, "{case}", "--not-held", "--decision", "close"),
    "record of no sitting": ("record-review", "45-south-east-2026-03-18", "{case}", "--not-held"),
    "take a record back": ("record-review", SITTING, "{case}", "--undo"),
    "move": ("convene", "{case}", "--sitting", NEXT),
    "move nowhere": ("convene", "{case}", "--sitting", "NOPE"),
    "take a move back": ("convene", "{case}", "--undo"),
    "confirm a grade": ("confirm-risk", "{case}"),
    "take a confirmation back": ("confirm-risk", "{case}", "--undo"),
    "hold": ("hold", "{case}", "--reason", "complaint"),
    "release": ("hold", "{case}", "--release"),
}  # fmt: skip
OF_NO_CASE: dict[str, Words] = {"undo rounds": ("undo-rounds", "--after", "2026-03-13")}
NEAR = ("take on", "report", "hold", "record")  # tried with names that a hidden case nearly has


class Tried(NamedTuple):
    """One attempt: its name, what it is about, who makes it, and the words of the command."""

    act: str
    about: str
    by: str
    words: Words


def attempts(hidden: str, own: str, unknowing: Collection[str], known: str, share: int) -> list[Tried]:
    """A third of everything about the hidden case, and a ninth of everything else; seeds share them out.

    Whoever may know of the case uses the name that it has in their own book.
    """
    about = [
        one._replace(words=tuple(word.replace(hidden, own) for word in one.words)) if one.by not in unknowing else one
        for one in about_a_case(hidden, f"A{hidden}1", EVERYBODY)
    ]
    elsewhere = [one for number, one in enumerate(_elsewhere(hidden, known)) if number % 9 == share % 9]
    return [*elsewhere, *(one for number, one in enumerate(about) if number % 3 == share % 3)]


def about_a_case(case_ref: str, action: str, people: Sequence[str]) -> list[Tried]:
    """Every act about a case and an action, as each of these people."""
    return [_tried(act, words, case_ref, action, by) for act, words in ABOUT_A_CASE.items() for by in people]


def _elsewhere(hidden: str, known: str) -> Iterator[Tried]:
    for by in EVERYBODY:
        for act, words in ABOUT_A_CASE.items():
            yield _tried(act, words, known, f"A{known}1", by)
        for act in ("take one on", "report", "take a report back"):  # an action of the hidden case, under another
            yield _tried(act, ABOUT_A_CASE[act], known, f"A{hidden}1", by)
        for near in (hidden.lower(), hidden[:-1], f"45/{hidden}", f"{hidden[1:]}"):
            for act in NEAR:
                yield _tried(act, ABOUT_A_CASE[act], near, f"A{hidden}1", by)
        for act, words in OF_NO_CASE.items():
            yield Tried(act, "", by, (*words, "--by", by))


def _tried(act: str, words: Words, case_ref: str, action: str, by: str) -> Tried:
    filled = (word.replace("{case}", f"45/{case_ref}").replace("{action}", action) for word in words)
    return Tried(act, f"{case_ref} {action}", by, (*filled, "--by", by))
