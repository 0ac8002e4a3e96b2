"""Readdress messages whose reader has left, is away or has another role to whoever is the right one now."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.days.duration import Duration, Unit
from config.ladders import Step
from config.message_kinds import MessageKind
from models.queries.outbox import digests, urgent
from models.queries.outbox import readdressing as queries
from models.queries.outbox.readdressing import InformedContact, PendingStep, Substitute
from models.queries.people import parties
from models.rules.obligations import first_day
from models.rules.obligations.rulebook import RULES
from models.rules.outbox.letter_hour import leaves_at
from models.rules.people.addressing import Recipient, address, through
from models.rules.people.directory import Directory
from models.rules.people.leading import may_read
from models.rules.people.parties import Parties
from models.rules.people.readdressing import NOTHING, Readdressing
from models.rules.people.readdressing import readdress as decide
from tasks.platform.configuration import Configuration
from tasks.platform.directory import directory_on
from tasks.servers.database import transaction


class _ReaddressedStep(NamedTuple):
    """The pending notifications of one obligation's step, and what becomes of them."""

    due: PendingStep
    matter: Parties
    step: Step
    made: Readdressing


def readdress(configuration: Configuration, as_of: datetime, today: date) -> int:
    """Readdress the pending notifications of each step to its addressees of today; how many notifications are new.

    Each step's addressees are resolved once more. A reader who is no longer one of them is not written to, with the
    reason. A new one is, in the day's digest or at once, unless another notification informs them, so that nobody gets
    it twice.
    """
    with transaction() as connection:
        waiting = queries.due(connection, as_of, today, configuration.policy.delivery.most_per_run)
        if not waiting:
            return 0
        matters = parties.parties(connection, sorted({step.obligation_id for step in waiting}))
        people = directory_on(configuration, connection, today, set(matters.values()))
        readdressed = _readdressed(configuration, connection, waiting, matters, people, today)
        return _write(configuration, connection, readdressed, people, as_of, today) if readdressed else 0


def _readdressed(
    configuration: Configuration,
    connection: Connection,
    waiting: list[PendingStep],
    matters: dict[int, Parties],
    people: Directory,
    today: date,
) -> list[_ReaddressedStep]:
    """Find the steps with a wrong reader, and readdress them; who else is informed is read for these alone."""
    found: list[tuple[PendingStep, Step, Parties, list[Recipient]]] = []
    not_started = first_day.waiting(configuration.policy, today)
    for pending_step in waiting:
        matter = matters.get(pending_step.obligation_id)
        step = _step(configuration, pending_step, matter, today) if matter else None
        if matter is None or step is None:
            continue
        there = first_day.started(matter, not_started)
        right = address(step.to, there, people, all_spocs=step.all_spocs)
        refs = {recipient.contact_ref for recipient in right}
        if any(
            notification.contact_ref not in refs or people.away(notification.contact_ref)
            for notification in pending_step.waiting
        ):
            found.append((pending_step, step, there, right))
    heard = queries.informed(connection, [pending_step.obligation_id for pending_step, *_ in found]) if found else {}
    readdressed = [
        _ReaddressedStep(
            pending_step,
            there,
            step,
            decide(pending_step.waiting, right, _informed_otherwise(pending_step, heard, there, people), people),
        )
        for pending_step, step, there, right in found
    ]
    return [readdressed_step for readdressed_step in readdressed if readdressed_step.made != NOTHING]


def _step(configuration: Configuration, pending_step: PendingStep, matter: Parties, today: date) -> Step | None:
    """Return the step of the ladder; None where the policy has a shorter ladder now, or knows no such rule.

    Before the force's first day it is only for those who hear of it then.
    """
    policy, force_code = configuration.policy, matter.numbers_of
    ladder = policy.ladder_of(pending_step.rule, force_code) if pending_step.rule in RULES else ()
    step = ladder[pending_step.step - 1] if pending_step.step <= len(ladder) else None
    early = (
        step
        and first_day.waits(policy, force_code, today)
        and first_day.heard_before(policy, pending_step.rule, force_code)
    )
    return first_day.only_to(step, early) if step and early else step


def _informed_otherwise(
    step: PendingStep, heard: dict[int, list[InformedContact]], matter: Parties, people: Directory
) -> set[str | None]:
    """Find who is informed otherwise. A lapsed promise is news also to whoever was informed of the step before.

    Whoever may read the case now is not informed by what was withheld from them.
    """
    waiting = {notification.id for notification in step.waiting}
    since = min(waiting) if step.lapsed else 0
    return {
        contact.contact_ref
        for contact in heard.get(step.obligation_id, [])
        if contact.id not in waiting
        and contact.id >= since
        and not (contact.withheld and may_read(contact.contact_ref, matter, people))
    }


def _write(
    configuration: Configuration,
    connection: Connection,
    readdressed: list[_ReaddressedStep],
    people: Directory,
    as_of: datetime,
    today: date,
) -> int:
    won = queries.silence(connection, {id_: why for step in readdressed for id_, why in step.made.silent.items()})
    kept = [
        (step, min(won & step.made.silent.keys() or (notification.id for notification in step.due.waiting)))
        for step in readdressed
        if won & step.made.silent.keys() or not step.made.silent
    ]
    queries.write_notes(connection, {id_: note for step, _ in kept for id_, note in step.made.notes.items()})
    instead = [
        Substitute(step.due.obligation_id, first, recipient) for step, first in kept for recipient in step.made.new
    ]
    new = queries.substitute(connection, instead, configuration.settings.routes_of(MessageKind.LETTER))
    for step, _ in kept:
        to, every = step.step.handed_over, step.step.all_spocs
        gone = {
            notification.contact_ref or "" for notification in step.due.waiting if notification.id in step.made.silent
        }
        right = {recipient.contact_ref or "" for recipient in address(to, step.matter, people, all_spocs=every)}
        by = through(to, step.matter, people, all_spocs=every)
        queries.record_addressed(
            connection, step.due.obligation_id, sorted({*step.due.addressed} - gone | right), sorted(by)
        )
    _group(configuration, connection, new, as_of, today)
    return len(new)


def _group(configuration: Configuration, connection: Connection, new: list[int], as_of: datetime, today: date) -> None:
    """Put new notifications into letters or urgent mails; those too late for today's wait for the next."""
    if not new:
        return
    policy, calendar = configuration.policy, configuration.calendar
    from_ = leaves_at(today, policy.letter, as_of)
    if calendar.is_working(today):
        digests.letters(connection, today, from_, only=new)
    next_working = calendar.plus(today, Duration(1, Unit.WORKING_DAYS))
    urgent.at_once(connection, today, policy.at_once.most, as_of, from_, next_working, only=new)
