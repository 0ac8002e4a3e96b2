"""Recording the outcome of a case at its sitting: who may report it, what fits together, what may not be overridden."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from config.sittings import Pattern, ReviewDecision
from config.terms import Addressee
from models.rules.arithmetic import format_day
from models.rules.obligations.acknowledgement import entitled
from models.rules.people.addressing import Directory, Parties
from models.rules.refusal import Refusal

EITHER_SIDE = (Addressee.OWNER, Addressee.SUPERVISOR, Addressee.SPOC, Addressee.LEAD)
FARTHEST = timedelta(days=366)  # a later day for an action is a mistyped year
_KIND = re.compile("[A-Z0-9_-]{1,64}")  # excludes free text
REFERRAL = "REFERRAL"  # the kind of the action that submit_to_cps adds


class NewAction(NamedTuple):
    """An action that a review asks for: its kind, owner and due day."""

    kind: str
    owner_ref: str
    due_on: date


class ReviewOutcome(NamedTuple):
    """The outcome of a case at its sitting."""

    held: bool
    police_attended: bool = False
    cps_attended: bool = False
    decisions: frozenset[ReviewDecision] = frozenset()
    pattern: Pattern | None = None
    actions: frozenset[NewAction] = frozenset()

    @property
    def how(self) -> str:
        """Describe whether it was held and who attended."""
        if not self.held:
            return "not reached" if ReviewDecision.NOT_REACHED in self.decisions else "not held"
        who = {(True, True): "police and CPS", (True, False): "police alone", (False, True): "CPS alone"}
        attended = who.get((self.police_attended, self.cps_attended), "nobody that is named")
        return f"held, with {attended}"


class ReviewReport(NamedTuple):
    """A person's report. An attendance of None was not reported."""

    by: str
    held: bool | None
    police: bool | None = None
    cps: bool | None = None
    decisions: frozenset[ReviewDecision] = frozenset()
    pattern: Pattern | None = None
    actions: frozenset[NewAction] = frozenset()


class SourcedReview(NamedTuple):
    """A joint review on the sitting's own day that a source itself records."""

    source: str
    review_ref: str
    police_attended: bool
    cps_attended: bool


class ReviewState(NamedTuple):
    """The sitting, and the outcome recorded for the case there; `came` is None if there is none."""

    day: date
    chair_ref: str
    came: ReviewOutcome | None = None
    sourced: SourcedReview | None = None


class ReviewRecord(NamedTuple):
    """The outcome is to be recorded. `new` is false if exactly that is recorded already."""

    came: ReviewOutcome
    new: bool


def decide(
    word: ReviewReport, standing: ReviewState, matter: Parties, people: Directory, today: date
) -> ReviewRecord | Refusal:
    """Check a person's report of the outcome of a case at a sitting to which it was convened.

    It may come from the chair, and from the people responsible for the case on either side: its officer or prosecutor,
    the supervisor or legal managers, the SPOCs and leads, and anyone who stands in for one of them. It may correct an
    earlier report, but never what a source itself records for that day: the source must correct that.
    """
    came = ReviewOutcome(
        bool(word.held), bool(word.police), bool(word.cps), word.decisions, word.pattern,
        frozenset(one._replace(kind=one.kind.strip().upper()) for one in word.actions),
    )  # fmt: skip
    faults = [*_not_by_them(word, standing, matter, people, today), *_not_so(word)]
    if standing.came == came and word.held is not None:
        return Refusal(tuple(faults)) if faults else ReviewRecord(came, new=False)
    faults += [*_not_yet(standing, today), *_not_what_is_sent(came, standing.sourced)]
    before = standing.came.actions if standing.came else frozenset()
    faults += [fault for one in sorted(came.actions - before) for fault in _not_to_do(one, people, today)]
    return Refusal(tuple(faults)) if faults else ReviewRecord(came, new=True)


def _not_by_them(
    word: ReviewReport, standing: ReviewState, matter: Parties, people: Directory, today: date
) -> Iterator[str]:
    if not people.active(word.by):
        yield f"{word.by} is not a known contact who is active on {format_day(today)}."
    elif word.by not in entitled(matter, people, EITHER_SIDE) | {standing.chair_ref}:
        yield (
            f"{word.by} is not one of those who may say so: the chair, the officer in the case or the prosecutor, the "
            "supervisor or legal manager, or a SPOC or lead of either side. One of them may record it."
        )


def _not_so(word: ReviewReport) -> Iterator[str]:
    """Yield what does not fit together within the report."""
    if word.held is None:
        yield "Say whether it was held or not."
    elif word.held:
        yield from _not_held_so(word)
    else:
        if word.police or word.cps:
            yield "Nobody attended what was not held: leave out who attended, or say that it was held."
        if word.decisions - {ReviewDecision.NOT_REACHED} or word.pattern or word.actions:
            yield (
                "What was not held decided nothing: leave out decisions (but for not_reached), the pattern and actions."
            )


def _not_held_so(word: ReviewReport) -> Iterator[str]:
    if word.police is None or word.cps is None:
        yield "Say of each agency, police and CPS, whether it attended."
    elif not word.police and not word.cps:
        yield "What nobody attended was not held: say so, or say who attended."
    if not word.decisions:
        possible = (one.value for one in ReviewDecision if one is not ReviewDecision.NOT_REACHED)
        yield f"Say what was decided, one or more of {', '.join(possible)}."
    if ReviewDecision.NOT_REACHED in word.decisions:
        yield "A case that was not reached was not held: say that it was not held, with not_reached alone."
    if ReviewDecision.FURTHER_ACTIONS in word.decisions and not word.actions:
        yield "The decision further_actions needs at least one action: its kind, its owner and its day."
    if word.actions and ReviewDecision.FURTHER_ACTIONS not in word.decisions:
        yield "An action needs the decision further_actions: give that too, or leave the action out."


def _not_yet(standing: ReviewState, today: date) -> Iterator[str]:
    if today < standing.day:
        yield f"The sitting is on {format_day(standing.day)}: what comes of it can be recorded from that day on."


def _not_what_is_sent(came: ReviewOutcome, sourced: SourcedReview | None) -> Iterator[str]:
    if sourced is None:
        return
    sent = ReviewOutcome(held=True, police_attended=sourced.police_attended, cps_attended=sourced.cps_attended)
    if sent[:3] != came[:3]:
        yield (
            f"{sourced.source} itself records the joint review of that day ({sourced.review_ref}) as {sent.how}. "
            "If that is wrong, have it corrected there: the next extract brings it."
        )


def _not_to_do(action: NewAction, people: Directory, today: date) -> Iterator[str]:
    kind = action.kind if _KIND.fullmatch(action.kind) else "an action"  # free text is not repeated
    if kind != action.kind:
        yield "An action needs its kind as a code, as CCTV or PHONE_DOWNLOAD_SUSPECT: letters, digits, - and _."
    if not people.active(action.owner_ref):
        yield (
            f"{action.owner_ref}, who is to see to {kind}, is not a known contact who is active on "
            f"{format_day(today)}. Give the contact_ref of somebody who is."
        )
    if action.due_on < today:
        yield f"{format_day(action.due_on)}, the day of {kind}, has passed. Give a day from today on."
    if action.due_on > today + FARTHEST:
        yield f"{format_day(action.due_on)}, the day of {kind}, is more than a year ahead. Give a nearer one."
