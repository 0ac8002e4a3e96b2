"""What decides whom an obligation concerns: its case's force, Area and people, its action's owner."""

from collections.abc import Sequence

from sqlalchemy import Connection

from config.terms import OwedBy
from models.queries.rows import fetch
from models.rules.address import Matter

CONCERNED = """c.cps_area, c.oic_ref, c.supervisor_ref,
       coalesce(own.prosecutor_ref, shared.prosecutor_ref), a.owner_ref"""
OF_OBLIGATIONS = """
from obligations o
left join cases c on c.id = o.case_id
left join cps_cases own on own.key_id = c.id and own.withdrawn_on is null
left join cps_cases shared on shared.key_id = c.urn_key_id and shared.withdrawn_on is null
left join actions a on o.subject like 'action:%%' and a.action_ref = substr(o.subject, 8)"""
_OWED_BY = {word.value: word for word in OwedBy}


def covers(connection: Connection) -> dict[str, tuple[str, ...]]:
    """The forces that each source covers."""
    return {row[0]: tuple(row[1]) for row in fetch(connection, "select name, covers from sources")}


def matters(connection: Connection, obligation_ids: Sequence[int]) -> dict[int, Matter]:
    """What decides whom each of these obligations concerns; none for one that a later version of this code wrote."""
    rows = fetch(
        connection,
        f"select o.id, o.owed_by, {CONCERNED}, o.force_code, o.subject {OF_OBLIGATIONS} where o.id = any(%s)",
        (list(obligation_ids),),
    )
    known = covers(connection) if any(row[7] is None for row in rows) else {}
    return {
        row[0]: Matter(_OWED_BY[row[1]], (row[7],) if row[7] else known.get(row[8].partition(":")[2], ()), *row[2:7])
        for row in rows
        if row[1] in _OWED_BY
    }
