"""Readdress messages whose reader has left, is away or has another role to whoever is the right one now."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.duration import Duration, Unit
from config.settings import settings
from config.terms import Addressee, MessageKind
from models.queries.outbox import digests, urgent
from models.queries.outbox import readdressing as queries
from models.queries.outbox.readdressing import InformedContact, PendingStep, Substitute
from models.queries.people import contacts, parties
from models.rules.obligations.rulebook import RULES
from models.rules.outbox.letter_hour import leaves_at
from models.rules.people.addressing import Directory, Parties, Recipient, address, owners
from models.rules.people.readdressing import NOTHING, Readdressing, is_away
from models.rules.people.readdressing import readdress as decide
from tasks.platform import configuration
from tasks.platform.database import transaction


class _ReaddressedStep(NamedTuple):
    """The pending notifications of one obligation's step, and what becomes of them."""

    due: PendingStep
    matter: Parties
    to: tuple[Addressee, ...]
    made: Readdressing


def readdress(as_of: datetime, today: date) -> int:
    """Readdress the pending notifications of each step to its addressees of today; how many notifications are new.

    Each step's addressees are resolved once more. A reader who is no longer one of them is not written to, with the
    reason. A new one is, in the day's digest or at once, unless another notification informs them, so that nobody gets
    it twice.
    """
    with transaction() as connection:
        waiting = queries.due(connection, as_of, today, configuration.policy().delivery.most_per_run)
        if not waiting:
            return 0
        matters = parties.parties(connection, sorted({one.obligation_id for one in waiting}))
        directory = Directory(contacts.on_duty(connection, today, set(matters.values())))
        readdressed = _readdressed(connection, waiting, matters, directory)
        return _write(connection, readdressed, directory, as_of, today) if readdressed else 0


def _readdressed(
    connection: Connection, waiting: list[PendingStep], matters: dict[int, Parties], directory: Directory
) -> list[_ReaddressedStep]:
    """Find the steps with a wrong reader, and readdress them; who else is informed is read for these alone."""
    found: list[tuple[PendingStep, tuple[Addressee, ...], list[Recipient]]] = []
    for one in waiting:
        if one.obligation_id not in matters:
            continue
        to = _addressees(one, matters[one.obligation_id])
        right = address(to, matters[one.obligation_id], directory)
        refs = {each.contact_ref for each in right}
        written_to = [each.contact_ref for each in one.waiting]
        if to and any(ref not in refs or is_away(ref, directory) for ref in written_to):
            found.append((one, to, right))
    heard = queries.informed(connection, [one.obligation_id for one, _, _ in found]) if found else {}
    readdressed = [
        _ReaddressedStep(
            one, matters[one.obligation_id], to, decide(one.waiting, right, _informed_otherwise(one, heard), directory)
        )
        for one, to, right in found
    ]
    return [one for one in readdressed if one.made != NOTHING]


def _addressees(one: PendingStep, matter: Parties) -> tuple[Addressee, ...]:
    """Return the addressees of a step; none where the policy has a shorter ladder now, or knows no such rule."""
    if one.rule not in RULES:
        return ()
    ladder = configuration.policy().ladder_of(one.rule, matter.numbers_of)
    return tuple(ladder[one.step - 1].to) if one.step <= len(ladder) else ()


def _informed_otherwise(one: PendingStep, heard: dict[int, list[InformedContact]]) -> set[str | None]:
    """Find who is informed otherwise. A lapsed promise is news also to whoever was informed of the step before."""
    waiting = {each.id for each in one.waiting}
    since = min(waiting) if one.lapsed else 0
    return {
        each.contact_ref for each in heard.get(one.obligation_id, []) if each.id not in waiting and each.id >= since
    }


def _write(
    connection: Connection, readdressed: list[_ReaddressedStep], directory: Directory, as_of: datetime, today: date
) -> int:
    won = queries.silence(connection, {id_: why for one in readdressed for id_, why in one.made.silent.items()})
    kept = [
        (one, min(won & one.made.silent.keys() or (each.id for each in one.due.waiting)))
        for one in readdressed
        if won & one.made.silent.keys() or not one.made.silent
    ]
    queries.write_notes(connection, {id_: note for one, _ in kept for id_, note in one.made.notes.items()})
    instead = [Substitute(one.due.obligation_id, first, each) for one, first in kept for each in one.made.new]
    new = queries.substitute(connection, instead, settings().routes_of(MessageKind.LETTER))
    for one, _ in kept:
        if Addressee.OWNER in one.to:
            gone = {each.contact_ref or "" for each in one.due.waiting if each.id in one.made.silent}
            owning, direct = owners(one.matter, directory)
            refs = {*one.due.owner_told} - gone | {each.contact_ref or "" for each in owning}
            queries.record_owners(connection, one.due.obligation_id, sorted(refs), direct=direct)
    _group(connection, new, as_of, today)
    return len(new)


def _group(connection: Connection, new: list[int], as_of: datetime, today: date) -> None:
    """Put new notifications into letters or urgent mails; those too late for today's wait for the next."""
    if not new:
        return
    policy, calendar = configuration.policy(), configuration.calendar()
    from_ = leaves_at(today, policy.letter, as_of)
    if calendar.is_working(today):
        digests.letters(connection, today, from_, only=new)
    next_working = calendar.plus(today, Duration(1, Unit.WORKING_DAYS))
    urgent.at_once(connection, today, policy.at_once.most, as_of, from_, next_working, only=new)
