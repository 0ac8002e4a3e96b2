"""Reads of the obligations that somebody acknowledges, and reads and writes of their promises."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.acknowledgement import PromiseType
from config.terms import Risk
from models.queries.driver import execute, fetch_as, keyed_as, scalar
from models.queries.people.parties import LIVE_OF_CASES, PARTIES
from models.rules.obligations.acknowledgement import WITHDRAWN, EarlierPromise
from models.rules.people.parties import Parties


class LivePromise(NamedTuple):
    """A promise that has not ended."""

    id: int
    by_ref: str
    until_on: date
    type: PromiseType | None
    renewals: int


class LiveObligation(NamedTuple):
    """A live obligation of a case, with its parties, its latest promise, and in whose name that was made."""

    id: int
    case_id: int
    rule: str
    subject: str
    due_on: date
    hard: bool
    risk: Risk
    matter: Parties
    standing: LivePromise | None
    earlier: EarlierPromise | None
    promised_by: str | None


class _Owed(NamedTuple):
    id: int
    case_id: int
    rule: str
    subject: str
    due_on: date
    hard: bool
    risk: Risk
    matter: Parties


class _Latest(NamedTuple):
    """The latest promise about an obligation, made about this version or one that it carries on from."""

    id: int
    by_ref: str
    until_on: date
    type: PromiseType | None
    renewals: int
    end: str | None
    ended_on: date | None


_LIVE = f"""
select o.id, o.case_id, o.rule, o.subject, o.due_on, o.hard, c.risk, {PARTIES} {LIVE_OF_CASES}
where {{which}}
order by o.subject collate "C" for no key update of o"""
_LATEST = """
select distinct on (o.id) o.id as obligation_id, p.id, p.by_ref, p.until_on, p.type, p.renewals, p."end", p.ended_on
from obligations o
join obligations v on v.case_id = o.case_id and v.rule = o.rule and v.subject = o.subject
                  and v.version between o.chain_from and o.version and v.end_reason is distinct from 'void'
join promises p on p.obligation_id = v.id
where o.id = any(%s) order by o.id, p.ended_on is null desc, p.id desc"""


def live(connection: Connection, case: int, rule: str) -> list[LiveObligation]:
    """Return a case's live obligations under a rule by subject, each with its latest promise, locked until commit."""
    return _found(connection, "o.case_id = %s and o.rule = %s", (case, rule))


def live_version(connection: Connection, obligation_id: int) -> LiveObligation | None:
    """Return a live version of a case's obligation with its latest promise, locked until commit; None if not live."""
    return next(iter(_found(connection, "o.id = %s", (obligation_id,))), None)


def _found(connection: Connection, which: str, values: Sequence[object]) -> list[LiveObligation]:
    owed = fetch_as(connection, _Owed, _LIVE.format(which=which), values)
    latest = dict(keyed_as(connection, "obligation_id", _Latest, _LATEST, ([one.id for one in owed],)))
    return [_live(one, latest.get(one.id)) for one in owed]


def _live(one: _Owed, latest: _Latest | None) -> LiveObligation:
    standing = None
    if latest and latest.ended_on is None:
        standing = LivePromise(latest.id, latest.by_ref, latest.until_on, latest.type, latest.renewals)
    earlier = EarlierPromise(latest.renewals, latest.end) if latest else None
    return LiveObligation(
        **one._asdict(), standing=standing, earlier=earlier, promised_by=latest.by_ref if latest else None
    )


def earlier(connection: Connection, obligation_ids: Sequence[int]) -> dict[int, EarlierPromise]:
    """Return the latest promise about each of these obligations, their earlier versions included."""
    latest = keyed_as(connection, "obligation_id", _Latest, _LATEST, (list(obligation_ids),))
    return {obligation_id: EarlierPromise(promise.renewals, promise.end) for obligation_id, promise in latest}


class OwedMatter(NamedTuple):
    """Something that a case owes now, with its parties."""

    rule: str
    subject: str
    matter: Parties


def owed(connection: Connection, case: int) -> list[OwedMatter]:
    """Return all that a case owes now, by rule and subject."""
    statement = f"""select o.rule, o.subject, {PARTIES} {LIVE_OF_CASES}
                    where o.case_id = %s order by o.rule collate "C", o.subject collate "C" """
    return fetch_as(connection, OwedMatter, statement, (case,))


class NewPromise(NamedTuple):
    """A promise to be written."""

    obligation_id: int
    by_ref: str
    made_at: datetime
    made_on: date
    until_on: date
    renewals: int
    type: PromiseType | None
    reason: str


def renew(connection: Connection, promise_id: int, today: date) -> None:
    """End a promise that another one replaces."""
    execute(connection, "update promises set ended_on = %s, \"end\" = 'renewed' where id = %s", (today, promise_id))


def withdraw(connection: Connection, promise_id: int, today: date) -> None:
    """End a promise that was taken back, and let the next climb look at its obligation."""
    statement = """
        with gone as (update promises set ended_on = %s, "end" = %s where id = %s returning obligation_id)
        update obligations set next_step_on = %s where id in (select obligation_id from gone)"""
    execute(connection, statement, (today, WITHDRAWN, promise_id, today))


def make(connection: Connection, promise: NewPromise) -> int:
    """Write a promise, let climbing look at its obligation on the day after it, and return the promise's id."""
    made: int = scalar(
        connection,
        """insert into promises (obligation_id, by_ref, made_at, made_on, until_on, renewals, type, reason)
           values (%(obligation_id)s, %(by_ref)s, %(made_at)s, %(made_on)s, %(until_on)s, %(renewals)s, %(type)s,
                   %(reason)s) returning id""",
        promise._asdict(),
    )
    execute(
        connection,
        "update obligations set next_step_on = least(next_step_on, %s::date + 1) where id = %s",
        (promise.until_on, promise.obligation_id),
    )
    return made
