"""Readdressing: what is about to be said to someone who left, is away or has another role goes to who is right now."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.duration import Duration, Unit
from config.settings import settings
from config.terms import Addressee, MessageKind
from models.queries.outbox import digests
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


class _Turned(NamedTuple):
    """One obligation's notifications, and what becomes of them."""

    due: PendingStep
    matter: Parties
    to: tuple[Addressee, ...]
    made: Readdressing


def readdress(as_of: datetime, today: date) -> int:
    """Turn what waits to people on a step to those whom the step leads to today; how many notifications are new.

    Each step's addressees are resolved once more. Whoever is no longer one of them is not written to, with the reason;
    whoever would not hear of it otherwise gets it, in the day's digest or at once; nobody hears of it twice.
    """
    with transaction() as connection:
        waiting = queries.due(connection, as_of, today, configuration.policy().delivery.most_per_run)
        if not waiting:
            return 0
        matters = parties.parties(connection, sorted({one.obligation_id for one in waiting}))
        directory = Directory(contacts.on_duty(connection, today, set(matters.values())))
        turned = _turned(connection, waiting, matters, directory)
        return _write(connection, turned, directory, as_of, today) if turned else 0


def _turned(
    connection: Connection, waiting: list[PendingStep], matters: dict[int, Parties], directory: Directory
) -> list[_Turned]:
    """Those of which someone is no longer right; who else hears of them is read for these alone."""
    found: list[tuple[PendingStep, tuple[Addressee, ...], list[Recipient]]] = []
    for one in waiting:
        if one.obligation_id not in matters:
            continue
        to = _to(one, matters[one.obligation_id])
        right = address(to, matters[one.obligation_id], directory)
        refs = {told.contact_ref for told in right}
        told = [each.contact_ref for each in one.waiting]
        if to and any(ref not in refs or is_away(ref, directory) for ref in told):
            found.append((one, to, right))
    heard = queries.informed(connection, [one.obligation_id for one, _, _ in found]) if found else {}
    turned = [
        _Turned(one, matters[one.obligation_id], to, decide(one.waiting, right, _told(one, heard), directory))
        for one, to, right in found
    ]
    return [one for one in turned if one.made != NOTHING]


def _to(one: PendingStep, matter: Parties) -> tuple[Addressee, ...]:
    """Whom the step names; nobody where the policy has a shorter ladder now, or knows no such rule."""
    if one.rule not in RULES:
        return ()
    ladder = configuration.policy().ladder_of(one.rule, matter.numbers_of)
    return tuple(ladder[one.step - 1].to) if one.step <= len(ladder) else ()


def _told(one: PendingStep, heard: dict[int, list[InformedContact]]) -> set[str | None]:
    """Who hears of it otherwise. That a promise lapsed is news also to whoever was told of the step before."""
    waiting = {each.id for each in one.waiting}
    since = min(waiting) if one.lapsed else 0
    return {
        each.contact_ref for each in heard.get(one.obligation_id, []) if each.id not in waiting and each.id >= since
    }


def _write(connection: Connection, turned: list[_Turned], directory: Directory, as_of: datetime, today: date) -> int:
    won = queries.silence(connection, {id_: why for one in turned for id_, why in one.made.silent.items()})
    kept = [
        (one, min(won & one.made.silent.keys() or (each.id for each in one.due.waiting)))
        for one in turned
        if won & one.made.silent.keys() or not one.made.silent
    ]
    queries.write_notes(connection, {id_: note for one, _ in kept for id_, note in one.made.notes.items()})
    instead = [Substitute(one.due.obligation_id, first, told) for one, first in kept for told in one.made.new]
    new = queries.substitute(connection, instead, settings().routes_of(MessageKind.DIGEST))
    for one, _ in kept:
        if Addressee.OWNER in one.to:
            gone = {each.contact_ref or "" for each in one.due.waiting if each.id in one.made.silent}
            standing, direct = owners(one.matter, directory)
            refs = {*one.due.owner_told} - gone | {told.contact_ref or "" for told in standing}
            queries.record_owners(connection, one.due.obligation_id, sorted(refs), direct=direct)
    _group(connection, new, as_of, today)
    return len(new)


def _group(connection: Connection, new: list[int], as_of: datetime, today: date) -> None:
    """What is new joins its readers' messages of the day, or goes at once; what comes too late waits for the next."""
    if not new:
        return
    policy, calendar = configuration.policy(), configuration.calendar()
    from_ = leaves_at(today, policy.digest, as_of)
    next_working = calendar.plus(today, Duration(1, Unit.WORKING_DAYS))
    digests.at_once(connection, today, policy.at_once.most, as_of, from_, next_working, only=new)
    if calendar.is_working(today):
        digests.digests(connection, today, from_, only=new)
