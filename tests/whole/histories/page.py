"""The page of the documentation that tells what was found, what Casebeat says, to whom, and how many days before."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import dropwhile, takewhile
from pathlib import Path

from tests.whole.histories.history import FAILURES, FORCE, History, Message
from tests.whole.histories.lived import Lived, Told

PAGE = Path(__file__).parents[3] / "docs" / "histories.md"
NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
           "thirteen", "fourteen")  # fmt: skip
TOP = """\
# Fourteen histories

Each row is a published review of a killing by a stalker in England and Wales, and a made-up case in its likeness.
Nobody is named, the force is any force, every day is another day of 2026, and what police and CPS recorded comes in
nightly extracts. The failures are those that the review found; the days between reports and the death are the review's
where it gives them.

`make histories` lives the nights, reads the letters and writes this page, and a test compares them: the last three
columns were measured. *Days before* runs from the morning of the letter to the death.
"""
OF_THE_DUTY = (
    "Owed by",
    "Recorded as",
    "Tried:",
    "Ends with",
    "Confirm",
    "Raise",
    "Show",
)  # sentences of an item that are not of the case
HEADER = """\
| review | what was found | what Casebeat says | to whom | days before |
|---|---|---|---|---|
"""


def page(lived: Lived) -> str:
    """Return the page, as the histories were lived."""
    rows = "".join(f"{_row(one, lived)}\n" for one in lived.histories)
    return f"{TOP}\n{_sum(lived)}\n\n{HEADER}{rows}\n{_failures(lived.histories)}\n{_sources(lived.histories)}"


def in_time(history: History, lived: Lived) -> bool:
    """Return whether the SPOC who leads was told something by the day after the report."""
    told = (found for message, found in _told(history, lived) if message.role == "SPOC" and found)
    return any(one.on <= history.reported_on + timedelta(days=1) for one in told)


def _told(history: History, lived: Lived) -> Iterator[tuple[Message, Told | None]]:
    return ((message, lived.first(history, message)) for message in history.messages)


def _sum(lived: Lived) -> str:
    known = [one for one in lived.histories if not one.unknown]
    early = sum(in_time(one, lived) for one in known)
    unknown = len(lived.histories) - len(known)
    return (
        f"{NUMBERS[early].capitalize()} of {NUMBERS[len(lived.histories)]} are before the SPOC who leads on the "
        f"morning after the report; of {NUMBERS[unknown]} no extract knows in time."
    )


def _row(history: History, lived: Lived) -> str:
    review = f"{history.number}. {history.publisher}, {history.year}"
    if history.unknown:
        return f"| {review} | {history.found} | Nothing. {history.unknown} | nobody | |"
    found = [(message, told) for message, told in _told(history, lived) if told]
    cells = (
        [_sentence(told.text, message.says) for message, told in found],
        [message.role for message, _ in found],
        [str(history.before(told.on)) for _, told in found],
    )
    return f"| {review} | {history.found} | " + " | ".join("<br>".join(cell) for cell in cells) + " |"


def _sentence(item: str, says: str) -> str:
    """Return what an item says from the sentence with these words on, as far as its sentences are of the case."""
    sentences = re.split(r"(?<=\.) ", re.sub(rf"^\* .*?\b{FORCE}/H\d\d\s+", "", item))
    from_there = dropwhile(lambda one: says not in one, sentences)
    return " ".join(takewhile(lambda one: not one.startswith(OF_THE_DUTY), from_there))


def _failures(histories: list[History]) -> str:
    counts = Counter(failure for one in histories for failure in one.failures)
    rows = "".join(f"| {words} | {counts[failure]} |\n" for failure, words in FAILURES.items())
    return f"What the reviews found, and in how many of them:\n\n| failure | reviews |\n|---|---|\n{rows}"


def _sources(histories: list[History]) -> str:
    read = "; ".join(f"{one.number}: {one.read}" for one in histories)
    return f"Where each was read: {read}.\n"
