"""What completing an action reads of it, and how a person's word is written over what its source sent."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.terms import ActionStatus, OwedBy
from models.queries.driver import execute, fetch
from models.rules.obligations.completion import ActionState
from models.rules.people.addressing import Parties


class CaseAction(NamedTuple):
    """One action of a case, with the case that owes it: an action given by URN is its principal's."""

    case_id: int
    force_code: str
    case_ref: str
    standing: ActionState
    matter: Parties


_FIND = """
select p.id, p.force_code, p.case_ref, a.status, a.raised_on, a.closed_on, a.withdrawn_on, a.as_sent is not null,
       s.name, a.owner_agency, p.cps_area, p.oic_ref, p.supervisor_ref,
       coalesce(own.prosecutor_ref, shared.prosecutor_ref), a.owner_ref
from case_keys key join cases named on named.id = key.id
join actions a on a.key_id in (named.id, named.urn_key_id)
join sources s on s.id = a.source_id
join lateral (
    select c.* from cases c where c.id = a.key_id or c.urn_key_id = a.key_id
    order by c.classification <> 'stalking' or c.finalised_on is not null, c.finalised_on is not null, c.opened_on,
             c.case_ref collate "C", c.force_code collate "C" limit 1) p on true
left join cps_cases own on own.key_id = p.id and own.withdrawn_on is null
left join cps_cases shared on shared.key_id = p.urn_key_id and shared.withdrawn_on is null
where key.force_code = %s and key.case_ref = %s and a.action_ref = %s
for no key update of a"""


def find(connection: Connection, force_code: str, case_ref: str, action_ref: str) -> CaseAction | None:
    """An action of a case or of its URN, locked until commit; None where it has none of that reference."""
    for row in fetch(connection, _FIND, (force_code, case_ref, action_ref)):
        standing = ActionState(ActionStatus(row[3]), *row[4:9])
        matter = Parties(OwedBy(row[9]), (row[1],), (row[10],), *row[11:15])
        return CaseAction(row[0], row[1], row[2], standing, matter)
    return None


def live_actions(connection: Connection, force_code: str, case_ref: str) -> list[str]:
    """The references of the actions that the case still has to do."""
    found = fetch(
        connection,
        """select a.action_ref from case_keys key join cases c on c.id = key.id
           join actions a on a.key_id in (c.id, c.urn_key_id)
           where key.force_code = %s and key.case_ref = %s and a.withdrawn_on is null
             and a.status in ('pending', 'waiting_third_party') order by a.action_ref collate "C" """,
        (force_code, case_ref),
    )
    return [row[0] for row in found]


class NewCompletion(NamedTuple):
    """A person's word, to be written."""

    action_ref: str
    by_ref: str
    done_on: date
    made_on: date
    made_at: datetime


def write(connection: Connection, completion: NewCompletion) -> int:
    """Keep the word, and let the action's row say so: what its source sent is set aside beside it. The word's id."""
    found = fetch(
        connection,
        """insert into completions (action_ref, by_ref, done_on, made_on, made_at) values (%s, %s, %s, %s, %s)
           returning id""",
        completion,
    )
    execute(
        connection,
        """update actions set status = 'done', closed_on = %s,
                  as_sent = coalesce(as_sent, jsonb_build_object('status', status, 'closed_on', closed_on))
           where action_ref = %s""",
        (completion.done_on, completion.action_ref),
    )
    return int(found[0][0])


def mark_changed(connection: Connection, case_id: int) -> None:
    """Let the next projection look at a case and at all that share its URN, one that is under way not counted."""
    execute(
        connection,
        """update cases set projection = 'changed', failure = null
           where id = %(id)s or urn_key_id = (select urn_key_id from cases where id = %(id)s)""",
        {"id": case_id},
    )


class CompletionHistoryRow(NamedTuple):
    """A word that was given about one of a case's actions. It stands while its source's own row has not changed."""

    action_ref: str
    by_ref: str
    done_on: date
    made_on: date
    source: str
    stands: bool


def of_case(connection: Connection, keys: Sequence[int]) -> list[CompletionHistoryRow]:
    """Every word about the actions of these keys, in the order in which they were given."""
    rows = fetch(
        connection,
        """select r.action_ref, r.by_ref, r.done_on, r.made_on, s.name,
                  a.as_sent is not null and r.id = max(r.id) over (partition by r.action_ref)
           from completions r join actions a using (action_ref) join sources s on s.id = a.source_id
           where a.key_id = any(%s) order by r.id""",
        (list(keys),),
    )
    return [CompletionHistoryRow(*row) for row in rows]
