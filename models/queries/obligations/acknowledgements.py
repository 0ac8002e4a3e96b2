"""What acknowledging reads of an obligation and of the promises about it, and how a promise is written."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from config.acknowledgement import PromiseType
from config.terms import OwedBy, Risk
from models.queries.driver import execute, fetch
from models.rules.obligations.acknowledgement import EarlierPromise
from models.rules.people.addressing import Parties


class LivePromise(NamedTuple):
    """A promise that stands."""

    id: int
    by_ref: str
    until_on: date
    type: PromiseType | None
    renewals: int


class LiveObligation(NamedTuple):
    """A live obligation of a case, with what decides who may take it on."""

    id: int
    rule: str
    subject: str
    due_on: date
    hard: bool
    risk: Risk
    matter: Parties
    standing: LivePromise | None
    earlier: EarlierPromise | None


_LIVE = """
select o.id, o.rule, o.subject, o.due_on, o.hard, c.risk, o.owed_by, c.force_code, c.cps_area, c.oic_ref,
       c.supervisor_ref, coalesce(own.prosecutor_ref, shared.prosecutor_ref), a.owner_ref
from obligations o
join cases c on c.id = o.case_id
left join cps_cases own on own.key_id = c.id and own.withdrawn_on is null
left join cps_cases shared on shared.key_id = c.urn_key_id and shared.withdrawn_on is null
left join actions a on o.subject like 'action:%%' and a.action_ref = substr(o.subject, 8)
where o.ended_on is null and {which}
order by o.subject collate "C" for no key update of o"""
_EARLIER = """
select distinct on (o.id) o.id, p.id, p.renewals, p."end", p.ended_on, p.by_ref, p.until_on, p.type
from obligations o
join obligations v on v.case_id = o.case_id and v.rule = o.rule and v.subject = o.subject
                  and v.version between o.chain_from and o.version
join promises p on p.obligation_id = v.id
where o.id = any(%s) order by o.id, p.ended_on is null desc, p.id desc"""


def case_id(connection: Connection, force_code: str, case_ref: str) -> int | None:
    """The id of a case by its references; None where it is not known."""
    found = fetch(
        connection,
        """select c.id from case_keys k join cases c on c.id = k.id where k.force_code = %s and k.case_ref = %s""",
        (force_code, case_ref),
    )
    return found[0][0] if found else None


def live(connection: Connection, case: int, rule: str) -> list[LiveObligation]:
    """A case's live obligations under a rule, locked until commit, by subject, each with its latest promise."""
    return _found(connection, "o.case_id = %s and o.rule = %s", (case, rule))


def live_version(connection: Connection, obligation_id: int) -> LiveObligation | None:
    """One version of a case's obligation, locked until commit, with its latest promise; None where it is not live."""
    found = _found(connection, "o.id = %s and o.case_id is not null", (obligation_id,))
    return found[0] if found else None


def _found(connection: Connection, which: str, values: Sequence[object]) -> list[LiveObligation]:
    rows = fetch(connection, _LIVE.format(which=which), values)
    earlier = {row[0]: row[1:] for row in fetch(connection, _EARLIER, ([row[0] for row in rows],))}
    return [_live(row, earlier.get(row[0])) for row in rows]


def _live(row: Sequence[Any], earlier: Sequence[Any] | None) -> LiveObligation:
    matter = Parties(OwedBy(row[6]), (row[7],), (row[8],), *row[9:13])
    standing, before = None, None
    if earlier:
        id_, renewals, end, ended_on, by_ref, until_on, kind = earlier
        before = EarlierPromise(renewals, end)
        if ended_on is None:
            standing = LivePromise(id_, by_ref, until_on, PromiseType(kind) if kind else None, renewals)
    return LiveObligation(row[0], row[1], row[2], row[3], row[4], Risk(row[5]), matter, standing, before)


def rules_owed(connection: Connection, case: int) -> list[str]:
    """The rules under which a case has something live."""
    found = fetch(
        connection,
        "select distinct rule from obligations where case_id = %s and ended_on is null order by 1",
        (case,),
    )
    return [row[0] for row in found]


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
    """End a standing promise that another takes the place of."""
    execute(connection, "update promises set ended_on = %s, \"end\" = 'renewed' where id = %s", (today, promise_id))


def make(connection: Connection, promise: NewPromise) -> int:
    """Write a promise, and let climbing look at its obligation on the day after it; the promise's id."""
    found = fetch(
        connection,
        """insert into promises (obligation_id, by_ref, made_at, made_on, until_on, renewals, type, reason)
           values (%s, %s, %s, %s, %s, %s, %s, %s) returning id""",
        promise,
    )
    execute(
        connection,
        "update obligations set next_step_on = least(next_step_on, %s::date + 1) where id = %s",
        (promise.until_on, promise.obligation_id),
    )
    return int(found[0][0])
