"""The way back from rounds of days that had not come: one transaction, under every force's lock, with its account."""

from contextlib import ExitStack
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.doors import ActKind
from config.terms import OwedBy, Verb
from models.errors import Refuse
from models.queries import audit
from models.queries.audit import AuditEntry
from models.queries.outbox import digests
from models.queries.people import contacts
from models.queries.people.acts import Done
from models.queries.report import kept_figures
from models.queries.reviews import invitations
from models.queries.rounds import undoing, undone_ladders, undone_messages, undone_sittings
from models.queries.rounds.rounds import RoundOf
from models.rules.access import ENTITLED
from models.rules.arithmetic import format_day
from models.rules.obligations.ladder_before import place_before
from models.rules.outbox.message_states import LEFT
from models.rules.people.act import Act
from models.rules.people.parties import Parties
from tasks.messages.capacity import send_capacity
from tasks.obligations.acting import keep
from tasks.outbox.reconciling import free_abandoned
from tasks.platform import faults
from tasks.platform.configuration import Configuration
from tasks.reviews.horizons import planned_until
from tasks.rounds import cover_gaps
from tasks.servers import round_lock
from tasks.servers.database import transaction


class UndoRequest(NamedTuple):
    """A person's wish: the last day whose rounds stay, and who asks."""

    after: date
    by: str


class UndoneAccount(NamedTuple):
    """The counts of what was undone."""

    rounds: int  # of a force and day, and of the book as a whole
    steps: int
    obligations: int  # versions that began then
    revived: int  # versions that ended then
    promises: int  # that stand again
    messages: int
    sent: int  # of these, those that reached a person, or may have
    notifications: int
    corrections: int
    places: int  # at sittings, given back
    sittings: int  # planned too early
    agendas: int


class Undone(NamedTuple):
    """The days whose rounds were undone; none where they had been undone before, on `before_on`."""

    days: tuple[date, ...]
    account: UndoneAccount | None
    before_on: date | None = None


class _Undoing(NamedTuple):
    """One undoing: its id, its moment and day, the last day that stays, and the words for what is void."""

    id: int
    at: datetime
    today: date
    after: date
    why: str


def undo(configuration: Configuration, wish: UndoRequest, act: Act, today: date, at: datetime) -> Undone:
    """Undo the rounds after a day, all of which must be of days that have not come.

    Facts, promises and outcomes stay. A second call undoes nothing. Raises Refuse, and then nothing is changed.
    """
    with ExitStack() as locks:
        for force_code in (*round_lock.forces(), round_lock.ORGANISATION):
            locks.enter_context(round_lock.force_lock(force_code))
        with transaction() as connection:
            invitations.lock(connection)
            found = undoing.rounds_after(connection, wish.after)
            _refuse_other_days(connection, found, today)
            _refuse_stranger(connection, wish.by, today)
            if not found:
                return _before(connection, wish)
            return _undo(configuration, connection, wish, act, found, today, at)


def _before(connection: Connection, wish: UndoRequest) -> Undone:
    """Return when the rounds were undone before. Raises Refuse where no round ran after that day at all."""
    on = undoing.last_undone_on(connection, wish.after)
    if on is None:
        raise Refuse(f"No round ran after {format_day(wish.after)}: there is nothing to undo. Nothing was done.")
    return Undone((), None, on)


def _refuse_other_days(connection: Connection, found: list[RoundOf], today: date) -> None:
    """Raise Refuse unless the rounds after the day are exactly those of days that have not come."""
    if found == undoing.rounds_after(connection, today):
        return
    last = undoing.last_day_until(connection, today) or today
    raise Refuse(
        "Only rounds of days that have not come can be undone, and all of them together. "
        f"Name the last day that has: --after {last.isoformat()}. Nothing was done."
    )


def _refuse_stranger(connection: Connection, by: str, today: date) -> None:
    asked = [Parties(OwedBy.POLICE, (), oic_ref=by)]
    person = next((one for one in contacts.on_duty(connection, today, asked) if one.ref == by), None)
    if person is None or not person.active:
        raise Refuse(f"{by} is not a known contact who is active on {format_day(today)}. Nothing was done.")
    if not set(ENTITLED[ActKind.UNDOING].roles) & set(person.roles):
        raise Refuse(f"{by} is neither a lead nor a SPOC: one of them has to ask for it. Nothing was done.")


def _undo(
    configuration: Configuration,
    connection: Connection,
    wish: UndoRequest,
    act: Act,
    found: list[RoundOf],
    today: date,
    at: datetime,
) -> Undone:
    free_abandoned(connection, at)
    if sending := undone_messages.being_sent(connection, today):
        raise Refuse(
            f"Messages of these rounds are being sent at this moment ({sending}): stop what sends them, "
            "casebeat outbox --hold, and try again in a minute. Nothing was done."
        )
    days = tuple(sorted({of.day for of in found}))
    id_ = undoing.begin(connection, wish.after, wish.by, today, at)
    one = _Undoing(id_, at, today, wish.after, f"undone on {format_day(today)}")
    counts = {"rounds": undoing.discount_rounds(connection, id_, wish.after)}
    undoing.project_again(connection, today, at)
    counts |= _messages(connection, one, days)
    counts |= _ladders(connection, one)
    counts |= _sittings(configuration, connection, one)
    kept_figures.forget_after(connection, wish.after)
    undoing.restore_switches(connection, today, at)
    undoing.bring_back_days(connection, today, at)
    undoing.climb_again(connection, today)
    cover_gaps.restore(configuration, connection, wish.after, at)
    send_capacity.restore(configuration, connection, wish.after, at)
    account = UndoneAccount(**counts)
    _record(configuration, connection, one, act, days, account)
    return Undone(days, account)


def _messages(connection: Connection, one: _Undoing, days: tuple[date, ...]) -> dict[str, int]:
    """Take back the messages, and queue the corrections. What waits of earlier days goes into the next letter."""
    said = undone_messages.said(connection, one.today)
    undone_messages.void(connection, said, one.id, one.why, one.at)
    notifications = undone_messages.void_notifications(connection, said, one.today, one.why)
    undone_messages.keep_the_rest_going(connection, one.today, one.at)
    joined = [digests.joined(day) for day in days]
    undone_messages.write_again(connection, one.id, joined, one.today, one.at)
    return {
        "messages": len(said),
        "sent": sum(message.state in LEFT for message in said),
        "notifications": notifications,
        "corrections": undone_messages.correct(connection, said, one.id, one.today, one.at),
    }


def _ladders(connection: Connection, one: _Undoing) -> dict[str, int]:
    """Take back steps and versions, and put each obligation back where its remaining steps leave it."""
    begun = undone_ladders.end_begun(connection, one.today)
    revived = undone_ladders.revive_ended(connection, one.today)
    promises = undone_ladders.restore_promises(connection, one.today, one.at)
    climbed = undone_ladders.climbed_after(connection, one.today)
    places = [(version.id, place_before(version.place, steps, one.today)) for version, steps in climbed]
    steps = undone_ladders.void_steps(connection, one.today, one.why)
    undone_ladders.write_places(connection, places)
    return {"steps": steps, "obligations": begun, "revived": revived, "promises": promises}


def _sittings(configuration: Configuration, connection: Connection, one: _Undoing) -> dict[str, int]:
    """Give back the places at sittings, and withdraw the sittings that were planned too early."""
    places = undone_sittings.restore_places(connection, one.today)
    early = undone_sittings.withdraw_early(connection, one.id, planned_until(configuration, one.today), one.today)
    undone_sittings.unsettle(connection, one.today)
    undone_sittings.let_invitations_change(connection, one.today)
    agendas = undone_sittings.discount_agendas(connection, one.id, one.today)
    return {"places": places, "sittings": early, "agendas": agendas}


def _record(
    configuration: Configuration,
    connection: Connection,
    one: _Undoing,
    act: Act,
    days: tuple[date, ...],
    account: UndoneAccount,
) -> None:
    """Store the account and whose act it was, audit it, and report it to operations."""
    keep(configuration, connection, act, Done(ActKind.UNDOING, one.id), one.today, one.at)
    undoing.keep_account(connection, one.id, account._asdict())
    detail = {
        "after": one.after.isoformat(),
        "days": [day.isoformat() for day in days],
        **account._asdict(),
        **act.trail,
    }
    entry = AuditEntry(Verb.ALTERATION, "rounds", str(one.id), "undo-rounds", by=act.by, detail=detail)
    audit.record(connection, entry)
    words = faults.note(configuration.settings, "undone", {"days": days, "by": act.by, **account._asdict()})
    digests.operations(connection, f"undone:{one.id}", one.today, words, one.at, [configuration.settings.main])
