"""The cases of which all is over, and what holds others back. Linked cases are over together, or none is."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from config.retention import Back
from models.queries.driver import execute, fetch_as, scalars
from models.rules.outbox.message_states import UNDERWAY

# A group has the id of its URN's key; a case without a URN is a group of its own, by its own id.
_ALL = "select distinct coalesce(urn_key_id, id) as group_id from cases where finalised_on <= %(until)s"
_SOME = "select unnest(%(groups)s::bigint[]) as group_id"
# Not by disclosed: which cases are over: they are counted
_JUDGED = f"""
with asked as ({{asked}}), member as (
    select a.group_id, c.* from asked a join cases c on c.urn_key_id = a.group_id
    union all select a.group_id, c.* from asked a join cases c on c.id = a.group_id and c.urn_key_id is null
), looked as (
    select m.group_id, m.id, m.urn_key_id, m.force_code, m.case_ref, m.finalised_on is null as open,
           m.projection <> 'evaluated' as waits,
           exists (select from holds h where h.case_id = m.id and h.released_at is null) as held,
           exists (select from convenings v where v.case_id = m.id and v.ended_on is null) as placed,
           owed.live, owed.sending, due.endless, greatest(m.finalised_on, owed.ended_on, due.ended_on) as over_on
    from member m
    cross join lateral (
        select coalesce(bool_or(o.ended_on is null), false) as live, max(o.ended_on) as ended_on,
               coalesce(bool_or(exists (
                   select from notifications n join messages s on s.id = n.message_id
                   where n.obligation_id = o.id and s.state in {UNDERWAY})), false)
                   as sending
        from obligations o where o.case_id = m.id
    ) owed
    cross join lateral (
        select coalesce(bool_or(r.withdrawn_on is null and r.made_on is not null and r.expires_on is null), false)
                   as endless, max(r.expires_on) as ended_on
        from orders r where r.key_id in (m.id, m.urn_key_id)
    ) due
), judged as (
    select group_id,
           case when bool_or(held) then '{Back.HOLD}' when bool_or(open) then '{Back.OPEN}'
                when bool_or(endless) then '{Back.ENDLESS}' when bool_or(live) then '{Back.OWED}'
                when bool_or(placed) then '{Back.PLACE}' when bool_or(waits) then '{Back.WAITING}'
                when bool_or(sending) then '{Back.SENDING}' when max(over_on) > %(until)s then '{Back.RECENT}'
           end as back
    from looked group by group_id
)"""


class ForceCount(NamedTuple):
    """How many cases of a force are over (`back` is None), or are held back for one reason."""

    force_code: str
    back: Back | None
    cases: int


class OverCase(NamedTuple):
    """One case of which all is over."""

    id: int
    urn_key_id: int | None
    force_code: str
    case_ref: str
    over_on: date


def counts(connection: Connection, until: date) -> list[ForceCount]:
    """Count the cases finalised up to a day by force: those that are over, and those held back with the reason."""
    statement = f"""
        {_JUDGED.format(asked=_ALL)} select l.force_code, j.back, count(*) as cases
        from looked l join judged j using (group_id)
        group by l.force_code, j.back order by l.force_code, j.back nulls first"""
    return fetch_as(connection, ForceCount, statement, {"until": until})


def groups(connection: Connection, until: date) -> list[int]:
    """Return the groups of which all was over by a day."""
    statement = f"{_JUDGED.format(asked=_ALL)} select group_id from judged where back is null order by group_id"
    return scalars(connection, statement, {"until": until})


def locked(connection: Connection, until: date, some: Sequence[int]) -> list[OverCase]:
    """Lock the cases of some groups until commit, and return those that are still over."""
    execute(
        connection,
        # Not by disclosed: an audit row
        "select from cases where urn_key_id = any(%(some)s) or id = any(%(some)s) order by id for update",
        {"some": list(some)},
    )
    return fetch_as(
        connection,
        OverCase,
        f"""{_JUDGED.format(asked=_SOME)} select l.id, l.urn_key_id, l.force_code, l.case_ref, l.over_on
            from looked l join judged j using (group_id) where j.back is null order by l.id""",
        {"until": until, "groups": list(some)},
    )
