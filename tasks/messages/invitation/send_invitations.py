"""Invitations: each calendar event is held against the sittings to come, and what differs is written to its invitee."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Connection

from config.duration import Duration, Unit
from config.london import LONDON
from config.settings import settings
from config.terms import State, Verb
from models.queries import audit
from models.queries.audit import AuditEntry
from models.queries.outbox import outbox
from models.queries.people import contacts
from models.queries.reviews import invitations
from models.rules.people.addressing import Directory, Parties
from models.rules.reviews.inviting import ComingSitting, InvitationChange, InvitedEvent, changes, invited
from tasks.platform import configuration
from tasks.platform.database import transaction


def invite(today: date, at: datetime) -> int:
    """Write what is new, changed or gone to each invitee of a sitting that begins after `at`; how many messages.

    It works from the whole plan however often it is called: what was written is not written again, what a death left
    undone is made up for. A message that has not left is overtaken by the next, so that nobody hears of both.
    """
    with transaction() as connection:
        invitations.lock(connection)
        unsent = invitations.unsent(connection)
        standing = invitations.standing(connection, at, mailed=settings().mail.host is not None)
        wanted = _wanted(connection, invitations.sittings(connection, at))
        made = [one for one in changes(wanted, standing, at) if one.may_be_told(today)]
        if made:
            _overtake(connection, made, unsent, at)
            invitations.write(connection, made, settings().main.channel, today, _from_eight(today, at))
            audit.record(connection, (_entry(one) for one in made))
    return sum(not one.quiet for one in made)


def _wanted(connection: Connection, sittings: Sequence[ComingSitting]) -> dict[tuple[int, str, str], InvitedEvent]:
    """Who comes to each sitting, a directory for each day."""
    by_day: dict[date, list[ComingSitting]] = {}
    for sitting in sittings:
        by_day.setdefault(sitting.day, []).append(sitting)
    access = invitations.with_access(connection) if sittings else frozenset()
    found: dict[tuple[int, str, str], InvitedEvent] = {}
    for day, held in by_day.items():
        directory = Directory(contacts.on_duty(connection, day, set(_matters(held))))
        for sitting in held:
            for ref, one in invited(sitting, directory, access).items():
                found[sitting.id, sitting.ref, ref] = one
    return found


def _matters(sittings: Iterable[ComingSitting]) -> Iterable[Parties]:
    for sitting in sittings:
        yield from (sitting.chair, sitting.spocs, *(case.matter for case in sitting.cases))


def _overtake(
    connection: Connection, made: Sequence[InvitationChange], unsent: Mapping[str, int], at: datetime
) -> None:
    """Let the messages fall silent that have not left and say what is true no more."""
    keys = (invitations.key(one._replace(sequence=one.before.sequence)) for one in made if one.before)
    ids = [unsent[key] for key in keys if key in unsent]
    if ids:
        outbox.settle(connection, ids, State.SILENT, reason=invitations.OVERTAKEN, as_of=at)


def _from_eight(today: date, at: datetime) -> datetime:
    """When people are written to: on working days, from the hour of the digests."""
    working = configuration.calendar().plus(today, Duration(0, Unit.WORKING_DAYS))
    return max(at, datetime.combine(working, configuration.policy().digest.from_, tzinfo=LONDON))


def _entry(one: InvitationChange) -> AuditEntry:
    return {
        "verb": Verb.ALTERATION,
        "by": "casebeat",
        "about": "invitation",
        "ref": one.sitting_ref,
        "to_ref": one.contact_ref,
        "reason": "cancelled" if one.cancelled else "invited" if one.sequence == 0 else "changed",
        "detail": {"sequence": one.sequence},
    }
