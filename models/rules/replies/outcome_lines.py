"""The lines of a reply that records what came of a meeting: a case, a colon, and words between commas."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from config.sittings import Enquiries, Pattern, ReviewDecision
from models.rules.replies.quoted_text import own_text

USUAL = "held, continue"  # what a prepared line says, to be changed where it was otherwise
_LINE = re.compile(r"(?P<case>\d\d/[^\s:]+)\s*:\s*(?P<words>.+)")
_HELD: dict[str, tuple[bool, bool | None, bool | None]] = {
    "held": (True, True, True),
    "police only": (True, True, False),
    "cps only": (True, False, True),
    "not held": (False, None, None),
    "not reached": (False, None, None),
}


def _words(values: Iterator[str]) -> dict[str, str]:
    return {value.replace("_", " "): value for value in values}


_DECIDED = _words(iter(ReviewDecision)) | {"no further action proposed": ReviewDecision.NFA_PROPOSED}
_PATTERNS, _ENQUIRIES = _words(iter(Pattern)), _words(iter(Enquiries))


class SaidOutcome(NamedTuple):
    """Whether a review was held, who attended (None: unknown), and its decisions."""

    held: bool
    police: bool | None = None
    cps: bool | None = None
    decisions: frozenset[ReviewDecision] = frozenset()
    pattern: Pattern | None = None
    enquiries: Enquiries | None = None


class OutcomeLine(NamedTuple):
    """A line about a case, named in lower case; without an outcome where its words are not all known."""

    case: str
    said: SaidOutcome | None


def outcome_lines(text: str) -> list[OutcomeLine]:
    """Return what the lines of a reply's own text say of cases, the first of each case. Other lines are skipped."""
    found: dict[str, OutcomeLine] = {}
    for line in (line for paragraph in own_text(text) for line in paragraph):
        if named := _LINE.fullmatch(line.strip(" *-.")):
            found.setdefault(named["case"], OutcomeLine(named["case"], _said(named["words"])))
    return list(found.values())


def _said(words: str) -> SaidOutcome | None:
    how, *others = (word.strip(" .") for word in words.split(","))
    if how not in _HELD or not all(word in {**_DECIDED, **_PATTERNS, **_ENQUIRIES} for word in others):
        return None
    held, police, cps = _HELD[how]
    decided = {ReviewDecision(_DECIDED[word]) for word in others if word in _DECIDED}
    return SaidOutcome(
        held=held,
        police=police,
        cps=cps,
        decisions=frozenset(decided | ({ReviewDecision.NOT_REACHED} if how == "not reached" else set())),
        pattern=next((Pattern(_PATTERNS[word]) for word in others if word in _PATTERNS), None),
        enquiries=next((Enquiries(_ENQUIRIES[word]) for word in others if word in _ENQUIRIES), None),
    )
