"""The steps of a round in order, for both callers: called plainly, or each duty as a Prefect task."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol, TypeVar

from config.days.london import london_day
from config.settings import settings
from flows.round_result import RoundResult
from models.errors import Skip
from tasks.audit_log import sealing
from tasks.intake.drop import load_dropped
from tasks.messages.agenda import send_agendas
from tasks.messages.capacity import send_capacity
from tasks.messages.invitation import send_invitations
from tasks.obligations import chasing, escalation, organisation, projection, transfers
from tasks.obligations.climbing import ClimbCounts
from tasks.obligations.projection import ProjectionAccount
from tasks.outbox import delivery, digests
from tasks.platform import diagnosis
from tasks.platform.configuration import Configuration
from tasks.reviews import convening, extract_outcomes, plan_sittings
from tasks.reviews.convening import ConveningCounts
from tasks.rounds import clock_checks, cover_gaps, daily_report, expected, machines, rejected_rows, summary
from tasks.rounds.verdict import ForceLine
from tasks.servers import round_lock

T = TypeVar("T")


class Call(Protocol):
    """The way to call a duty: plainly, or as a task of a Prefect run."""

    def __call__(self, name: str, duty: Callable[..., T], *args: Any) -> T:
        """Run `duty(*args)` under `name`. Only ids, days and frozen values go in and come out."""


def plainly(name: str, duty: Callable[..., T], *args: Any) -> T:
    """Call a duty directly."""
    del name
    return duty(*args)


class Forces(Protocol):
    """The way to run a round's forces: in turn in this process, or handed out."""

    def __call__(
        self, configuration: Configuration, force_codes: Sequence[str], at: datetime, call: Call, round_id: int | None
    ) -> list[ForceLine]:
        """Run each force's round, and return the results in the order of the forces.

        `round_id` is the number of the round as a whole; None for one force alone.
        """


def in_turn(
    configuration: Configuration, force_codes: Sequence[str], at: datetime, call: Call, round_id: int | None
) -> list[ForceLine]:
    """Run the forces one after the other."""
    del round_id
    return [force_round(configuration, force_code, london_day(at), at, call) for force_code in force_codes]


def whole_round(
    configuration: Configuration,
    today: date,
    at: datetime,
    call: Call = plainly,
    only: str | None = None,
    forces: Forces = in_turn,
) -> RoundResult:
    """Run the drop folder, every force, the book as a whole, letters and delivery. No force stops another.

    The round as a whole has a row of its own, whose lack of an end shows that it was killed; one force alone has not.
    """
    call("numbers", configuration.read, today)  # a faulty file refuses the round before anything is done
    call("forces", round_lock.forces, only)  # an unknown force too
    result = RoundResult(today, only, dropped=configuration.settings.drop is not None)
    if only is not None:
        _run(configuration, result, at, call, lambda codes: in_turn(configuration, codes, at, call, None))
        return result
    with round_lock.whole():
        round_id = call("round number of the whole", round_lock.begin_whole, today, at)
        _run(configuration, result, at, call, lambda codes: forces(configuration, codes, at, call, round_id))
        _apart(
            result, "the round's end", lambda: call("end the round", summary.keep_whole, round_id, result.content, at)
        )
    return result


def _run(
    configuration: Configuration,
    result: RoundResult,
    at: datetime,
    call: Call,
    run: Callable[[Sequence[str]], list[ForceLine]],
) -> None:
    """Run the steps of the whole round, or of its one force."""
    today, only = result.day, result.only
    result.asked = call("the gap since the last round", clock_checks.hold_after_gap, configuration, today, at)
    if only is None:
        _apart(result, "intake", lambda: _intake(configuration, result, at, call))
    result.expected = call("expected forces", expected.forces, configuration, only)
    result.feeds = call("feeds", expected.feeds, configuration, at, only)
    result.rejected = call("rejected rows", rejected_rows.of_newest, only)
    result.forces.extend(run(call("forces", round_lock.forces, only)))  # the drop folder may have added one
    if only is None:
        _apart(result, "the book as a whole", lambda: _whole_book(configuration, today, at, call))
        if not any(force.failure or force.passed_over for force in result.forces):
            _apart(result, "people", lambda: call("people", round_lock.people_looked_at))
        _apart(
            result, "next week's gaps", lambda: call("next week's gaps", cover_gaps.report, configuration, today, at)
        )
        _apart(result, "machines", lambda: call("machines", machines.compare, configuration, at))
    _apart(result, "audit log", lambda: call("audit log", sealing.seal))  # its head is in the word to operations
    _apart(
        result,
        "word to operations",
        lambda: call("word to operations", daily_report.send, configuration, result.content, today, at),
    )
    _apart(result, "transfers", lambda: call("transfers", transfers.notify, configuration, today, at))
    _apart(result, "invitations", lambda: call("invitations", send_invitations.invite, configuration, today, at))
    _apart(result, "places", lambda: call("places", send_capacity.notify_spocs, configuration, today, at))
    _apart(result, "agendas", lambda: _agendas(configuration, result, today, at, call))
    _apart(result, "letters", lambda: call("letters", digests.group, configuration, today, at))
    _apart(result, "delivery", lambda: _delivery(configuration, result, at, call))


def _intake(configuration: Configuration, result: RoundResult, at: datetime, call: Call) -> None:
    """Load the drop folder. A refusal is reported to operations once; the feeds tell whether it still matters."""
    result.intake = call("intake", load_dropped, configuration, at)


def _agendas(configuration: Configuration, result: RoundResult, today: date, at: datetime, call: Call) -> None:
    """Send the agendas of the sittings that are near."""
    sent = call("agendas", send_agendas.send, configuration, today, at)
    result.agendas = sent.refs
    if sent.failed:
        raise Skip(f"sittings whose agenda could not be made, all others were: {', '.join(sent.failed)}")


def _delivery(configuration: Configuration, result: RoundResult, at: datetime, call: Call) -> None:
    """Send what is due."""
    result.delivered = call("delivery", delivery.deliver, configuration, at)


def _whole_book(configuration: Configuration, today: date, at: datetime, call: Call) -> None:
    """Work on what belongs to no case, as a unit of its own."""
    with round_lock.force_lock(round_lock.ORGANISATION):
        worked = call("project the book", organisation.project, configuration, today, at)
        chased = call("chase the book", chasing.chase, configuration, None, today)
        escalated = call("escalate the book", escalation.escalate, configuration, None, today)
    if worked.failed:
        raise Skip(f"subjects that could not be evaluated, all others were: {', '.join(worked.failed)}")
    if passed_over := _passed_over(chased, escalated):
        raise Skip(passed_over)


def _passed_over(chased: ClimbCounts, escalated: ClimbCounts) -> str:
    """Return what to report of obligations that could not be climbed; they stop no others."""
    found = sorted({*chased.passed_over, *escalated.passed_over})
    return f"obligations that could not be climbed, all others were: {', '.join(map(str, found))}" if found else ""


def _apart(result: RoundResult, name: str, unit: Callable[[], object]) -> None:
    """Run a unit. Its failure, or what it passed over, is reported, and stops nothing else."""
    try:
        unit()
    except Skip as passed_over:
        result.passed_over[name] = str(passed_over)
    except Exception as error:  # noqa: BLE001  the forces' work is kept
        result.failures[name] = diagnosis.reason(error)


def force_round(
    configuration: Configuration, force_code: str, today: date, at: datetime, call: Call = plainly
) -> ForceLine:
    """Run one force under its lock: projection, joint reviews, chasing, escalation.

    A failure becomes an opaque reason.
    """
    running = _Running(ForceLine(force_code))
    try:
        with round_lock.force_lock(force_code):
            _force_steps(configuration, running, today, at, call)
    except Exception as error:  # noqa: BLE001  counted and reported; the other forces continue
        running.line = running.line._replace(failure=diagnosis.reason(error))
        with suppress(Exception):  # the database may be away: the force's round then has no end, which is seen too
            call(f"end {force_code}", summary.keep_force, running.round_id, running.line, today, at)
    return running.line


@dataclass
class _Running:
    """One force's round while it runs: what is known of its result, and its number once it has begun."""

    line: ForceLine
    round_id: int | None = None


def _force_steps(configuration: Configuration, running: _Running, today: date, at: datetime, call: Call) -> None:
    """Take the steps of one force. The caller holds its lock."""
    force_code = running.line.force_code
    number = call(f"round number of {force_code}", round_lock.begin, configuration, force_code, today, at)
    running.round_id = number
    own = at + timedelta(microseconds=number)  # unique: cases evaluated at it belong to this round
    account, _ = joint_reviews(configuration, force_code, today, own, call)
    running.line = ForceLine(force_code, account)
    chased = call(f"chase {force_code}", chasing.chase, configuration, force_code, today)
    escalated = call(f"escalate {force_code}", escalation.escalate, configuration, force_code, today)
    said, over = chased.said + escalated.said, _passed_over(chased, escalated)
    running.line = ForceLine(force_code, account, chased.taken, escalated.taken, said, passed_over=over)
    call(f"finish {force_code}", summary.keep_force, number, running.line, today, at)


def joint_reviews(
    configuration: Configuration, force_code: str, today: date, at: datetime, call: Call = plainly
) -> tuple[ProjectionAccount, ConveningCounts]:
    """Run one force's joint reviews: due reviews, outcomes, sittings, and what follows. The caller holds its lock.

    `at` belongs to this call, so that the account of its two projections counts each case once.
    """
    account = call(f"project {force_code}", projection.project, configuration, force_code, today, at)
    outcomes = call(
        f"outcomes {force_code}", extract_outcomes.record_from_extracts, configuration, force_code, today, at
    )
    replanned = call(f"plan sittings {force_code}", plan_sittings.plan_sittings, configuration, force_code, today)
    convened = call(f"convene {force_code}", convening.convene_force, configuration, force_code, today)
    if outcomes.changed or replanned or convened.changed:
        name = f"project what was convened {force_code}"
        account = call(name, projection.project_again, configuration, force_code, today, at, account)
    return account, convened


def joint_reviews_now(
    configuration: Configuration, force_code: str, today: date, at: datetime, call: Call = plainly
) -> ConveningCounts:
    """Run one force's joint reviews under its lock outside a round, and send the invitations that follow."""
    with round_lock.force_lock(force_code):
        _, convened = joint_reviews(configuration, force_code, today, at, call)
    call("invitations", send_invitations.invite, configuration, today, at)
    return convened


def nobody_was_mailed() -> bool:
    """Return whether messages were only shown, because no mail server is set."""
    return settings().mail.host is None
