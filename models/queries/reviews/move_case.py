"""What moving a case to a sitting reads of the case, of the sitting that is named, and of those that have room."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from config.terms import OwedBy
from models.queries.driver import execute, fetch
from models.rules.people.addressing import Parties
from models.rules.reviews.move_case import TargetSitting


class MovableCase(NamedTuple):
    """A case with its joint review's due day (None: it owes none), where it sits, and who may speak for it."""

    case_id: int
    cps_area: str
    due_on: date | None
    convening_id: int | None
    sits_at: str | None
    sits_on: date | None
    chosen: bool
    matter: Parties


def case(connection: Connection, force_code: str, case_ref: str) -> MovableCase | None:
    """A case and its live convening, if it has one; None where there is no such case."""
    rows = fetch(
        connection,
        """select c.id, c.cps_area, o.due_on, v.id, s.ref, s.day, v.chosen_by is not null, c.oic_ref, c.supervisor_ref,
                  coalesce(own.prosecutor_ref, shared.prosecutor_ref)
           from case_keys k join cases c on c.id = k.id
           left join obligations o on o.case_id = c.id and o.rule = 'joint-review' and o.ended_on is null
           left join (convenings v join sittings s on s.id = v.sitting_id) on v.case_id = c.id and v.ended_on is null
           left join cps_cases own on own.key_id = c.id and own.withdrawn_on is null
           left join cps_cases shared on shared.key_id = c.urn_key_id and shared.withdrawn_on is null
           where k.force_code = %s and k.case_ref = %s""",
        (force_code, case_ref),
    )
    for row in rows:
        return MovableCase._make((*row[:7], Parties(OwedBy.BOTH, (force_code,), (row[1],), *row[7:])))
    return None


def target(connection: Connection, ref: str) -> tuple[int, TargetSitting] | None:
    """The sitting of that reference, with its id; None where there never was one."""
    rows = fetch(
        connection,
        """select s.id, s.ref, s.force_code || '/' || s.cps_area, s.day, s.places,
                  (select count(*) from convenings v where v.sitting_id = s.id and v.ended_on is null), s.cancelled_on
           from sittings s where s.ref = %s""",
        (ref,),
    )
    return (rows[0][0], TargetSitting(*rows[0][1:])) if rows else None


def with_room(connection: Connection, force_code: str, cps_area: str, today: date) -> list[str]:
    """The sittings of a pair that are to come and have a place left, the next first."""
    rows = fetch(
        connection,
        """select s.ref from sittings s
           where s.force_code = %s and s.cps_area = %s and s.day > %s and s.cancelled_on is null
             and s.places > (select count(*) from convenings v where v.sitting_id = s.id and v.ended_on is null)
           order by s.starts_at, s.id limit 5""",
        (force_code, cps_area, today),
    )
    return [row[0] for row in rows]


def keep(connection: Connection, convening_id: int, by: str) -> None:
    """Let a case that sits there already stay by a person's word."""
    execute(connection, "update convenings set chosen_by = %s where id = %s", (by, convening_id))
