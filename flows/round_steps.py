"""The steps of a round in order, for both callers: called plainly, or each duty as a Prefect task."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Protocol, TypeVar

from config.settings import settings
from models.errors import Skip, opaque
from tasks.intake.drop import DropCounts, load_dropped
from tasks.messages.agenda import send_agendas
from tasks.messages.capacity import send_capacity
from tasks.messages.invitation import send_invitations
from tasks.obligations import chasing, escalation, organisation, projection, transfers
from tasks.obligations.climbing import ClimbCounts
from tasks.obligations.projection import ProjectionAccount
from tasks.outbox import delivery, digests
from tasks.outbox.delivery import DeliveryCounts
from tasks.platform import configuration, round_lock
from tasks.reviews import convening, extract_outcomes, plan_sittings
from tasks.reviews.convening import ConveningCounts
from tasks.rounds import clock_checks, cover_gaps, summary

T = TypeVar("T")


class Call(Protocol):
    """The way to call a duty: plainly, or as a task of a Prefect run."""

    def __call__(self, name: str, duty: Callable[..., T], *args: Any) -> T:
        """Run `duty(*args)` under `name`. Only ids, days and frozen values go in and come out."""


def plainly(name: str, duty: Callable[..., T], *args: Any) -> T:
    """Call a duty directly."""
    del name
    return duty(*args)


@dataclass
class ForceRound:
    """One force's result: its account and steps, or the opaque reason why it failed."""

    force_code: str
    account: ProjectionAccount | None = None
    chased: int = 0
    escalated: int = 0
    notifications: int = 0
    convened: ConveningCounts | None = None
    failure: str | None = None

    @property
    def degraded(self) -> bool:
        """Report whether a person should look at it."""
        return self.failure is not None or self.account is None or self.account.failed > 0 or not self.account.balances


@dataclass
class RoundResult:
    """A whole round: every force's, the book-wide unit's, and what was delivered."""

    day: date
    forces: list[ForceRound] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)  # for the units that belong to no force
    intake: DropCounts | None = None
    delivered: DeliveryCounts | None = None
    agendas: tuple[str, ...] = ()  # the sittings whose agenda was written
    asked: str = ""  # what operations are asked about the clock

    @property
    def content(self) -> summary.SummaryContent:
        """Return the frozen summary of it."""
        return summary.SummaryContent(
            tuple(
                summary.ForceLine(
                    one.force_code, one.account, one.chased, one.escalated, one.notifications, one.failure
                )
                for one in self.forces
            ),
            tuple(sorted(self.failures.items())),
        )

    @property
    def trouble(self) -> list[str]:
        """List what a person should look at, worst first: counts, force codes and opaque reasons."""
        accounts = [force.account for force in self.forces if force.account]
        failed = sum(account.failed for account in accounts)
        return [
            *(self.asked for _ in range(bool(self.asked))),
            *(f"force {force.force_code} failed ({force.failure})" for force in self.forces if force.failure),
            *(f"{unit} failed ({failure})" for unit, failure in sorted(self.failures.items())),
            *(f"{failed} case{'' if failed == 1 else 's'} could not be evaluated" for _ in range(failed > 0)),
            *(f"the account of force {one.force_code} does not balance" for one in accounts if not one.balances),
            *(f"delivery: {done.sentence[:-1]}" for done in (self.delivered,) if done and done.degraded),
        ]

    @property
    def degraded(self) -> bool:
        """Report whether any part of it failed."""
        return bool(self.trouble)


def whole_round(today: date, at: datetime, call: Call = plainly, only: str | None = None) -> RoundResult:
    """Run the drop folder, every force in turn, the book as a whole, letters and delivery. No force stops another."""
    made = RoundResult(today)
    call("numbers", configuration.read_files)  # a faulty file refuses the round before anything is done
    call("forces", round_lock.forces, only)  # an unknown force too
    made.asked = call("the gap since the last round", clock_checks.hold_after_gap, today, at)
    if only is None:
        _apart(made, "intake", lambda: _intake(made, at, call))
    forces = call("forces", round_lock.forces, only)  # the drop folder may have added one
    made.forces.extend(force_round(force_code, today, at, call) for force_code in forces)
    if only is None:
        _apart(made, "the book as a whole", lambda: _whole_book(today, at, call))
        if not any(force.failure for force in made.forces):
            _apart(made, "people", lambda: call("people", round_lock.people_looked_at))
        _apart(made, "next week's gaps", lambda: call("next week's gaps", cover_gaps.report, today, at))
    _apart(
        made, "word to operations", lambda: call("word to operations", summary.report, made.content, today, at, only)
    )
    _apart(made, "transfers", lambda: call("transfers", transfers.notify, today, at))
    _apart(made, "invitations", lambda: call("invitations", send_invitations.invite, today, at))
    _apart(made, "places", lambda: call("places", send_capacity.notify_spocs, today, at))
    _apart(made, "agendas", lambda: _agendas(made, today, at, call))
    _apart(made, "letters", lambda: call("letters", digests.group, today, at))
    _apart(made, "delivery", lambda: _delivery(made, at, call))
    return made


def _intake(made: RoundResult, at: datetime, call: Call) -> None:
    """Load the drop folder. A refusal is reported to operations once, and degrades no later round."""
    made.intake = call("intake", load_dropped, at)


def _agendas(made: RoundResult, today: date, at: datetime, call: Call) -> None:
    """Send the agendas of the sittings that are near."""
    sent = call("agendas", send_agendas.send, today, at)
    made.agendas = sent.refs
    if sent.failed:
        raise Skip(f"sittings whose agenda could not be made, all others were: {', '.join(sent.failed)}")


def _delivery(made: RoundResult, at: datetime, call: Call) -> None:
    """Send what is due."""
    made.delivered = call("delivery", delivery.deliver, at)


def _whole_book(today: date, at: datetime, call: Call) -> None:
    """Work on what belongs to no case, as a unit of its own."""
    with round_lock.force_lock(round_lock.ORGANISATION):
        worked = call("project the book", organisation.project, today, at)
        chased = call("chase the book", chasing.chase, None, today)
        escalated = call("escalate the book", escalation.escalate, None, today)
    if worked.failed:
        raise Skip(f"subjects that could not be evaluated, all others were: {', '.join(worked.failed)}")
    _count_passed_over(chased, escalated)


def _count_passed_over(chased: ClimbCounts, escalated: ClimbCounts) -> None:
    """Report obligations that could not be climbed; they stop no others. Raises Skip if there is one."""
    found = sorted({*chased.passed_over, *escalated.passed_over})
    if found:
        raise Skip(f"obligations that could not be climbed, all others were: {', '.join(map(str, found))}")


def _apart(made: RoundResult, name: str, unit: Callable[[], object]) -> None:
    """Run a unit. Its failure is counted and reported, and stops nothing else."""
    try:
        unit()
    except Exception as error:  # noqa: BLE001  the forces' work is kept
        made.failures[name] = opaque(error)


def force_round(force_code: str, today: date, at: datetime, call: Call = plainly) -> ForceRound:
    """Run one force under its lock: projection, joint reviews, chasing, escalation.

    A failure becomes an opaque reason.
    """
    made = ForceRound(force_code)
    try:
        with round_lock.force_lock(force_code):
            round_id = call(f"begin {force_code}", round_lock.begin, force_code, today, at)
            own = at + timedelta(microseconds=round_id)  # unique: cases evaluated at it belong to this round
            made.account, made.convened = joint_reviews(force_code, today, own, call)
            chased = call(f"chase {force_code}", chasing.chase, force_code, today)
            escalated = call(f"escalate {force_code}", escalation.escalate, force_code, today)
            made.chased, made.escalated = chased.taken, escalated.taken
            made.notifications = chased.said + escalated.said
            call(f"finish {force_code}", summary.keep_account, round_id, made.account, today, at)
            _count_passed_over(chased, escalated)
    except Exception as error:  # noqa: BLE001  counted and reported; the other forces continue
        made.failure = opaque(error)
    return made


def joint_reviews(
    force_code: str, today: date, at: datetime, call: Call = plainly
) -> tuple[ProjectionAccount, ConveningCounts]:
    """Run one force's joint reviews: due reviews, outcomes, sittings, and what follows. The caller holds its lock.

    `at` belongs to this call, so that the account of its two projections counts each case once.
    """
    account = call(f"project {force_code}", projection.project, force_code, today, at)
    outcomes = call(f"outcomes {force_code}", extract_outcomes.record_from_extracts, force_code, today, at)
    planned = call(f"plan sittings {force_code}", plan_sittings.plan_sittings, force_code, today)
    convened = call(f"convene {force_code}", convening.convene_force, force_code, today)
    if outcomes.changed or planned.cases or convened.changed:
        name = f"project what was convened {force_code}"
        account = call(name, projection.project_again, force_code, today, at, account)
    return account, convened


def joint_reviews_now(force_code: str, today: date, at: datetime, call: Call = plainly) -> ConveningCounts:
    """Run one force's joint reviews under its lock outside a round, and send the invitations that follow."""
    with round_lock.force_lock(force_code):
        _, convened = joint_reviews(force_code, today, at, call)
    call("invitations", send_invitations.invite, today, at)
    return convened


def nobody_was_mailed() -> bool:
    """Report whether messages were only shown, because no mail server is set."""
    return settings().mail.host is None
