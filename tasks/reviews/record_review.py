"""Record-review: what came of a case at its sitting, by a person's word, and what follows from it, as one commit."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.sittings import Pattern, ReviewDecision
from config.terms import Verb
from models.errors import Refuse
from models.queries import audit
from models.queries.intake import sources
from models.queries.obligations import acknowledgements, completions
from models.queries.people import contacts
from models.queries.reviews import recorded_outcomes
from models.queries.reviews.recorded_outcomes import AddedAction, NewOutcome, ReviewableCase
from models.rules.arithmetic import format_day
from models.rules.people.addressing import Directory
from models.rules.references import SittingCaseReference
from models.rules.refusal import Refusal
from models.rules.reviews.record_review import REFERRAL, ReviewOutcome, ReviewReport, decide
from tasks.obligations.unknown_case import unknown_case
from tasks.platform import configuration
from tasks.platform.database import transaction
from tasks.reviews.failed_reviews import tell_leads


class ReviewResult(NamedTuple):
    """What is recorded now; `new` is false where it was recorded already. `actions` are those that it raised."""

    named: SittingCaseReference
    day: date
    came: ReviewOutcome
    actions: tuple[str, ...]
    new: bool

    @property
    def sentence(self) -> str:
        """It, for the person who reported it."""
        about = f"The joint review of {self.named.case} on {format_day(self.day)} is recorded as {self.came.how}"
        if not self.new:
            return f"{about} already. Nothing was changed."
        counts = "" if self.came.quorate else " It does not count: the review is still owed."
        raised = f" Raised: {', '.join(self.actions)}." if self.actions else ""
        return f"{about}.{counts}{raised}"


def record_review(named: SittingCaseReference, word: ReviewReport, today: date, at: datetime) -> ReviewResult:
    """Record what came of a case at a sitting; the same word again changes nothing, another takes its place.

    The review, actions, the case's day of a rationale, the end of its convening and word to the leads are of one
    commit. Raises Refuse, before it writes, with every reason why it may not be recorded.
    """
    with transaction() as connection:
        found = _found(connection, named)
        directory = Directory(contacts.on_duty(connection, today))
        decided = decide(word, found.standing, found.matter, directory, today)
        if isinstance(decided, Refusal):
            raise Refuse(" ".join((*decided.faults, "Nothing was done.")))
        if decided.new:
            _write(connection, named, found, decided.came, word.by, today, at)
        raised = recorded_outcomes.actions(connection, recorded_outcomes.prefix(named.sitting_ref, named.case.case_ref))
    refs = tuple(one.ref for one in raised if not one.withdrawn)
    return ReviewResult(named, found.standing.day, decided.came, refs, decided.new)


def _found(connection: Connection, named: SittingCaseReference) -> ReviewableCase:
    found = recorded_outcomes.find(connection, named.sitting_ref, *named.case)
    if found is not None:
        return found
    if acknowledgements.case_id(connection, *named.case) is None:
        raise unknown_case(connection, named.case)
    sittings = recorded_outcomes.sittings_of(connection, *named.case)
    has = f"It was convened to {', '.join(sittings)}." if sittings else "It was convened to no sitting."
    raise Refuse(f"{named.case} is not before the sitting {named.sitting_ref}. {has} Nothing was done.")


def _write(
    connection: Connection,
    named: SittingCaseReference,
    found: ReviewableCase,
    came: ReviewOutcome,
    by: str,
    today: date,
    at: datetime,
) -> None:
    standing, review_ref = found.standing, recorded_outcomes.prefix(named.sitting_ref, named.case.case_ref)
    own = sources.own(connection, at)
    counted = standing.sourced.review_ref if standing.sourced else review_ref if came.held else None
    made = recorded_outcomes.write(connection, NewOutcome(found.convening_id, came, by, counted, today, at))
    if counted == review_ref:
        recorded_outcomes.write_review(connection, review_ref, own, found.case_id, standing.day, came)
    else:
        recorded_outcomes.withdraw_review(connection, review_ref, own, today)
    harassment = came.pattern is Pattern.HARASSMENT_WITH_RATIONALE
    recorded_outcomes.assess(connection, found.case_id, standing.day, harassment=harassment)
    _act(connection, found, came, review_ref, own, today)
    completions.mark_changed(connection, found.case_id)
    audit.record(connection, [_entry(named, came, by, made)])
    tell_leads(connection, [found.case_id], today, at)


def _act(
    connection: Connection, found: ReviewableCase, came: ReviewOutcome, review_ref: str, own: int, today: date
) -> None:
    """Raise what the review asks for and had not, withdraw what it had and does not ask for; the rest is as it is."""
    before = recorded_outcomes.actions(connection, review_ref)
    live = {one[1:4]: one.ref for one in before if not one.withdrawn}
    wanted = list(_asked(came, found.standing.day))
    gone = [ref for what, ref in live.items() if what not in wanted]
    number = max((int(one.ref.rpartition("-")[2]) for one in before), default=0)
    new = [what for what in wanted if what not in live]
    added = [AddedAction(f"{review_ref}-{number + n}", *what) for n, what in enumerate(new, start=1)]
    recorded_outcomes.withdraw_actions(connection, gone, today)
    recorded_outcomes.add_actions(connection, added, own, found.case_id, found.standing.day)


def _asked(came: ReviewOutcome, day: date) -> Iterator[tuple[str, str | None, date]]:
    for one in sorted(came.actions, key=lambda asked: (asked.due_on, asked.kind, asked.owner_ref)):
        yield one.kind, one.owner_ref, one.due_on
    if ReviewDecision.SUBMIT_TO_CPS in came.decisions:
        yield REFERRAL, None, configuration.calendar().plus(day, configuration.policy().joint_reviews.refer_within)


def _entry(named: SittingCaseReference, came: ReviewOutcome, by: str, made: int) -> audit.AuditEntry:
    return audit.AuditEntry(
        verb=Verb.ALTERATION, by=by, about="outcome",
        ref=f"{named.sitting_ref}/{named.case.case_ref}:{made}", to_ref=None,
        reason="record-review",
        detail={
            "held": came.held, "police": came.police_attended, "cps": came.cps_attended,
            "decisions": sorted(came.decisions), "pattern": came.pattern, "actions": len(came.actions),
        },
    )  # fmt: skip
