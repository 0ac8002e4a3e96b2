"""The lines of a reply that records what came of a meeting: a case and what came of it, and below it new actions."""

import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from config.sittings import Enquiries, Pattern, ReviewDecision
from models.rules.replies.quoted_text import own_text
from models.rules.replies.written_day import written_day

_LINE = re.compile(r"(?P<case>\d\d/[^\s:]+)\s*:\s*(?P<words>.*)")
_ACTION = re.compile(r"(?:new actions?\b\s*:?|actions?\s*:)\s*(?P<words>.*)")
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
_KNOWN = sorted({*_HELD, *_DECIDED, *_PATTERNS, *_ENQUIRIES}, key=len, reverse=True)
_WORD = re.compile(rf"\b(?:{'|'.join(_KNOWN)})\b")
_BETWEEN = re.compile(r"\band\b|[\s,;.]")


class Unread(StrEnum):
    """Why the lines about a case are not understood."""

    WORDS = "words"  # not all of them are known, or they begin with none that says whether it was held
    SEVERAL = "several"  # it has two lines, or one that says two things
    ACTION = "action"  # an action is not its kind, its owner and its day
    NO_OUTCOME = "no outcome"  # actions stand below a line that is blank
    NO_CASE = "no case"  # an action stands above every line


class SaidAction(NamedTuple):
    """An action that a review asks for, its kind and owner in lower case."""

    kind: str
    owner_ref: str
    due_on: date


class SaidOutcome(NamedTuple):
    """Whether a review was held, who attended (None: unknown), its decisions, and the actions that it asks for."""

    held: bool
    police: bool | None = None
    cps: bool | None = None
    decisions: frozenset[ReviewDecision] = frozenset()
    pattern: Pattern | None = None
    enquiries: Enquiries | None = None
    actions: frozenset[SaidAction] = frozenset()


class OutcomeLine(NamedTuple):
    """What a reply says of a case, named in lower case: nothing where its line is left blank."""

    case: str
    said: SaidOutcome | None = None
    actions: tuple[SaidAction, ...] = ()
    unread: Unread | None = None

    @property
    def blank(self) -> bool:
        """Return whether its line is left blank, without actions below it."""
        return not (self.said or self.actions or self.unread)


def outcome_lines(text: str, sent_on: date) -> list[OutcomeLine]:
    """Return what a reply's own text, sent on a day, says of each case. Other lines are skipped."""
    found: dict[str, OutcomeLine] = {}
    about = ""
    for line in (each.strip(" *-.") for paragraph in own_text(text) for each in paragraph):
        if named := _LINE.fullmatch(line):
            about = named["case"]
            found[about] = _said(found.get(about, OutcomeLine(about)), named["words"].replace("_", " "))
        elif asked := _ACTION.fullmatch(line):
            found[about] = _asked(found.get(about, OutcomeLine(about)), asked["words"], sent_on)
    return [_whole(line) for line in found.values()]


def _said(line: OutcomeLine, words: str) -> OutcomeLine:
    """Add the words of a line about a case. A blank one says nothing."""
    if not words:
        return line
    said = _outcome(words)
    if line.said and said != line.said:
        return line._replace(unread=Unread.SEVERAL)
    return line._replace(said=said, unread=line.unread or (None if said else Unread.WORDS))


def _asked(line: OutcomeLine, words: str, sent_on: date) -> OutcomeLine:
    """Add an action: its kind, its owner and its day between commas."""
    kind, _, rest = words.partition(",")
    owner, _, written = (part.strip() for part in rest.partition(","))
    day = written_day(written.strip(" ."), sent_on, ahead=True)
    if not (kind.strip() and owner and isinstance(day, date)):
        return line._replace(unread=Unread.ACTION)
    return line._replace(actions=(*line.actions, SaidAction(kind.strip(), owner, day)))


def _whole(line: OutcomeLine) -> OutcomeLine:
    """Put the actions into what came of the case: further actions are decided by them."""
    if not line.case or (line.actions and not line.said):
        return line._replace(unread=line.unread or (Unread.NO_OUTCOME if line.case else Unread.NO_CASE))
    if not (line.said and line.actions):
        return line
    decisions = line.said.decisions | {ReviewDecision.FURTHER_ACTIONS}
    return line._replace(said=line.said._replace(decisions=decisions, actions=frozenset(line.actions)))


def _outcome(words: str) -> SaidOutcome | None:
    """Return what words of a line say, in any order after the first; None where not all are known."""
    how, *others = _WORD.findall(words) or ("",)
    if how not in _HELD or _BETWEEN.sub("", _WORD.sub("", words)):
        return None
    patterns = {Pattern(_PATTERNS[word]) for word in others if word in _PATTERNS}
    enquiries = {Enquiries(_ENQUIRIES[word]) for word in others if word in _ENQUIRIES}
    if any(word in _HELD and word not in _DECIDED for word in others) or len(patterns) > 1 or len(enquiries) > 1:
        return None
    held, police, cps = _HELD[how]
    decided = {ReviewDecision(_DECIDED[word]) for word in others if word in _DECIDED}
    return SaidOutcome(
        held=held,
        police=police,
        cps=cps,
        decisions=frozenset(decided | ({ReviewDecision.NOT_REACHED} if how == "not reached" else set())),
        pattern=next(iter(patterns), None),
        enquiries=next(iter(enquiries), None),
    )
