"""Recording the outcome of a case at its sitting: who may report it, what fits together, what may not be overridden."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from config.doors import ActKind
from config.sittings import Enquiries, Pattern, ReviewDecision
from models.rules.access import refusal
from models.rules.arithmetic import format_day
from models.rules.people.directory import Directory
from models.rules.people.parties import Parties
from models.rules.refusal import Refusal

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
    enquiries: Enquiries | None = None

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
    enquiries: Enquiries | None = None


class SourcedReview(NamedTuple):
    """A joint review on the sitting's own day that a source itself records."""

    source: str
    review_ref: str
    police_attended: bool
    cps_attended: bool


class ReviewState(NamedTuple):
    """The sitting, and the outcome recorded for the case there; `outcome` is None if there is none."""

    day: date
    chair_ref: str
    outcome: ReviewOutcome | None = None
    sourced: SourcedReview | None = None


class ReviewRecord(NamedTuple):
    """The outcome is to be recorded. `new` is false if exactly that is recorded already."""

    outcome: ReviewOutcome
    new: bool


def decide(
    report: ReviewReport, state: ReviewState, matter: Parties, people: Directory, today: date
) -> ReviewRecord | Refusal:
    """Check a person's report of the outcome of a case at a sitting to which it was convened.

    It may come from the chair, and from the people responsible for the case on either side: its officer or prosecutor,
    the supervisor or legal managers, the SPOCs and leads, and anyone standing in for one of them. It may correct an
    earlier report, but never what a source itself records for that day: the source must correct that.
    """
    if refused := refusal(ActKind.OUTCOME, matter, report.by, people, today, chair_ref=state.chair_ref):
        return refused
    outcome = ReviewOutcome(
        bool(report.held), bool(report.police), bool(report.cps), report.decisions, report.pattern,
        frozenset(action._replace(kind=action.kind.strip().upper()) for action in report.actions), report.enquiries,
    )  # fmt: skip
    faults = list(_not_so(report))
    if state.outcome == outcome and report.held is not None:
        return Refusal(tuple(faults)) if faults else ReviewRecord(outcome, new=False)
    faults += [*_not_yet(state, today), *_not_what_is_sent(outcome, state.sourced)]
    before = state.outcome.actions if state.outcome else frozenset()
    for action in sorted(outcome.actions - before):
        faults += _not_to_do(action, matter, people, today)
    return Refusal(tuple(faults)) if faults else ReviewRecord(outcome, new=True)


def _not_so(report: ReviewReport) -> Iterator[str]:
    """Yield what does not fit together within the report."""
    if report.held is None:
        yield "State whether it was held or not."
    elif report.held:
        yield from _not_held_so(report)
    else:
        if report.police or report.cps:
            yield "Nobody attends a review that is not held: leave out who attended, or record it as held."
        if report.decisions - {ReviewDecision.NOT_REACHED} or report.pattern or report.actions:
            yield (
                "A review that was not held decides nothing: leave out decisions (except not_reached), the pattern and "
                "actions."
            )
        if report.enquiries:
            yield "A review that was not held looked at nothing: leave out the lines of enquiry."


def _not_held_so(report: ReviewReport) -> Iterator[str]:
    if report.police is None or report.cps is None:
        yield "State for each agency, police and CPS, whether it attended."
    elif not report.police and not report.cps:
        yield "A review that nobody attended was not held: record that, or state who attended."
    if not report.decisions:
        possible = (one.value for one in ReviewDecision if one is not ReviewDecision.NOT_REACHED)
        yield f"State what was decided, one or more of {', '.join(possible)}."
    if ReviewDecision.NOT_REACHED in report.decisions:
        yield "A review that was not reached was not held: record it as not held, with not_reached alone."
    if ReviewDecision.FURTHER_ACTIONS in report.decisions and not report.actions:
        yield "The decision further_actions needs at least one action: its kind, its owner and its day."
    if report.actions and ReviewDecision.FURTHER_ACTIONS not in report.decisions:
        yield "An action needs the decision further_actions: give that too, or leave the action out."


def _not_yet(state: ReviewState, today: date) -> Iterator[str]:
    if today < state.day:
        yield f"The sitting is on {format_day(state.day)}: its outcome can be recorded from that day on."


def _not_what_is_sent(outcome: ReviewOutcome, sourced: SourcedReview | None) -> Iterator[str]:
    if sourced is None:
        return
    sent = ReviewOutcome(held=True, police_attended=sourced.police_attended, cps_attended=sourced.cps_attended)
    if sent[:3] != outcome[:3]:
        yield (
            f"{sourced.source} itself records the joint review of that day ({sourced.review_ref}) as {sent.how}. "
            "If that is wrong, have it corrected there: the next extract brings it."
        )


def _not_to_do(action: NewAction, matter: Parties, people: Directory, today: date) -> Iterator[str]:
    kind = action.kind if _KIND.fullmatch(action.kind) else "an action"  # free text is not repeated
    if kind != action.kind:
        yield "An action needs its kind as a code, as CCTV or PHONE_DOWNLOAD_SUSPECT: letters, digits, - and _."
    if not people.active(action.owner_ref) or action.owner_ref in matter.barred:
        yield (
            f"{action.owner_ref}, the owner of {kind}, is not a known contact who is active on "
            f"{format_day(today)}. Give the contact_ref of someone who is."
        )
    if action.due_on < today:
        yield f"{format_day(action.due_on)}, the day of {kind}, has passed. Give a day from today on."
    if action.due_on > today + FARTHEST:
        yield f"{format_day(action.due_on)}, the day of {kind}, is more than a year ahead. Give a nearer one."
