"""Sending of invitations: compare each person's calendar events with the coming sittings and write the differences."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Connection

from config.days.duration import Duration, Unit
from config.days.london import london_day
from config.terms import State, Verb
from models.queries import audit
from models.queries.audit import AuditEntry
from models.queries.outbox import outbox
from models.queries.reviews import attended_sittings, invitations
from models.rules.outbox.letter_hour import leaves_at
from models.rules.reviews.invitation_changes import InvitationChange, changes, one_a_day
from models.rules.reviews.invitation_plan import plan
from tasks.messages.attending import attending, terms_of
from tasks.messages.invitation import panel_series
from tasks.platform.configuration import Configuration
from tasks.servers.database import transaction

_ONE = Duration(1, Unit.WORKING_DAYS)


def invite(configuration: Configuration, today: date, at: datetime) -> int:
    """Write new, changed and cancelled events to invitees of sittings that begin after `at`, and count the messages.

    Each call compares the whole plan, so it repeats nothing and completes a call that was killed. A later message
    silences an earlier one that is still queued.
    """
    terms = terms_of(configuration, at)
    with transaction() as connection:
        invitations.lock(connection)
        unsent = invitations.unsent(connection)
        coming = attended_sittings.ahead(connection, at)
        series = panel_series.brought_up(configuration, connection, coming, today)
        standing = invitations.standing(connection, today, at, mailed=configuration.settings.mail.host is not None)
        access = invitations.with_access(connection) if coming else frozenset()
        wanted = plan(attending(configuration, connection, coming, access, terms), series, standing, access, terms)
        leaves = _leaves_at(configuration, today, at)
        after = configuration.calendar.plus(london_day(leaves), _ONE)
        made = one_a_day(changes(wanted, standing, at), standing, london_day(leaves), after)
        if made:
            _silence_outdated(connection, made, unsent, at)
            invitations.write(
                connection, made, configuration.settings.main.channel, today, (london_day(leaves), leaves)
            )
            audit.record(connection, *map(_entry, made))
    return sum(not one.quiet for one in made)


def _silence_outdated(
    connection: Connection, made: Sequence[InvitationChange], unsent: Mapping[str, int], at: datetime
) -> None:
    """Silence queued messages that are out of date."""
    keys = (invitations.key(one._replace(sequence=one.before.sequence)) for one in made if one.before)
    ids = [unsent[key] for key in keys if key in unsent]
    if ids:
        outbox.settle(connection, ids, State.SILENT, reason=invitations.OVERTAKEN, as_of=at)


def _leaves_at(configuration: Configuration, today: date, at: datetime) -> datetime:
    """Return when the messages are due: on a working day, from the hour of the digests."""
    working = configuration.calendar.plus(today, Duration(0, Unit.WORKING_DAYS))
    return leaves_at(working, configuration.policy.letter, at)


def _entry(one: InvitationChange) -> AuditEntry:
    return AuditEntry(
        verb=Verb.ALTERATION,
        about="invitation",
        ref=one.ref,
        reason="cancelled" if one.cancelled else "invited" if one.sequence == 0 else "changed",
        to_ref=one.contact_ref,
        detail={"sequence": one.sequence},
    )
