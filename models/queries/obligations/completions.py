"""Reads of actions that somebody completes, and writes of a completion over what the action's source sent."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import execute, fetch_as, first_as, scalar
from models.queries.people.jurisdictions import IN_SCOPE
from models.queries.people.parties import ACTION_PARTIES
from models.rules.obligations.completion import ActionState
from models.rules.people.parties import Parties
from models.rules.references import CaseReference


class CaseAction(NamedTuple):
    """One action of a case, with the case that owes it: an action that was given by URN is owed by the principal."""

    case_id: int
    force_code: str
    case_ref: str
    standing: ActionState
    matter: Parties


_FIND = f"""
select c.id as case_id, c.force_code, c.case_ref, a.status as "standing.status", a.raised_on as "standing.raised_on",
       a.closed_on as "standing.closed_on", a.withdrawn_on as "standing.withdrawn_on",
       a.as_sent is not null as "standing.reported", s.name as "standing.source",
       {ACTION_PARTIES}
from case_keys key join cases named on named.id = key.id
join actions a on a.key_id in (named.id, named.urn_key_id)
join sources s on s.id = a.source_id
join lateral (
    select l.* from case_parties l where l.id = a.key_id or l.urn_key_id = a.key_id
    order by l.finalised_on is not null or not {IN_SCOPE}, l.finalised_on is not null, l.opened_on,
             l.case_ref collate "C", l.force_code collate "C" limit 1) c on true
where key.force_code = %(force)s and key.case_ref = %(case)s and a.action_ref = %(action)s
for no key update of a"""


def find(
    connection: Connection, case: CaseReference, action_ref: str, harassment_in: Collection[str]
) -> CaseAction | None:
    """Return an action of a case or of its URN, locked until commit; None where it has none of that reference."""
    given = {"force": case.force_code, "case": case.case_ref, "action": action_ref}
    return first_as(connection, CaseAction, _FIND, {**given, "harassment_in": list(harassment_in)})


class LiveAction(NamedTuple):
    """An action that is still to be done, with its parties."""

    action_ref: str
    matter: Parties


def live_actions(connection: Connection, case_id: int) -> list[LiveAction]:
    """Return the actions that are still to be done on a case or under its URN, by reference."""
    statement = f"""
        select a.action_ref, {ACTION_PARTIES}
        from case_parties c join actions a on a.key_id in (c.id, c.urn_key_id)
        where c.id = %s and a.withdrawn_on is null and a.status in ('pending', 'waiting_third_party')
        order by a.action_ref collate "C" """
    return fetch_as(connection, LiveAction, statement, (case_id,))


class NewCompletion(NamedTuple):
    """A person's report that an action is done, to be written."""

    action_ref: str
    by_ref: str
    done_on: date
    made_on: date
    made_at: datetime


def write(connection: Connection, completion: NewCompletion) -> int:
    """Write a completion and close the action's row, beside which what its source sent is kept; return its id."""
    made: int = scalar(
        connection,
        """insert into completions (action_ref, by_ref, done_on, made_on, made_at)
           values (%(action_ref)s, %(by_ref)s, %(done_on)s, %(made_on)s, %(made_at)s) returning id""",
        completion._asdict(),
    )
    execute(
        connection,
        """update actions set status = 'done', closed_on = %s,
                  as_sent = coalesce(as_sent, jsonb_build_object('status', status, 'closed_on', closed_on))
           where action_ref = %s""",
        (completion.done_on, completion.action_ref),
    )
    return made


class LatestCompletion(NamedTuple):
    """The latest report that an action was done."""

    id: int
    by_ref: str
    done_on: date
    made_on: date


def latest(connection: Connection, action_ref: str) -> LatestCompletion | None:
    """Return the latest report that an action was done; None where there is none."""
    statement = "select id, by_ref, done_on, made_on from completions where action_ref = %s order by id desc limit 1"
    return first_as(connection, LatestCompletion, statement, (action_ref,))


def take_back(connection: Connection, action_ref: str) -> None:
    """Give an action's row back what its source sent, in place of what was reported."""
    statement = """
        update actions set status = as_sent ->> 'status', closed_on = (as_sent ->> 'closed_on')::date, as_sent = null
        where action_ref = %s and as_sent is not null"""
    execute(connection, statement, (action_ref,))


class ExplainedCompletion(NamedTuple):
    """A report that one of a case's actions is done. It `stands` while the source's own row has not changed."""

    action: str
    by: str
    done_on: date
    made_on: date
    source: str
    stands: bool


def of_case(connection: Connection, keys: Sequence[int]) -> list[ExplainedCompletion]:
    """Return every completion of the actions of these keys, in the order in which they were reported."""
    statement = """
        select r.action_ref as action, r.by_ref as by, r.done_on, r.made_on, s.name as source,
               a.as_sent is not null and r.id = max(r.id) over (partition by r.action_ref) as stands
        from completions r join actions a using (action_ref) join sources s on s.id = a.source_id
        where a.key_id = any(%s) order by r.id"""
    return fetch_as(connection, ExplainedCompletion, statement, (list(keys),))
