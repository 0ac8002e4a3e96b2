"""Which case sits when, and which due review has no place, as a list for people and programs."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from models.queries.driver import fetch
from models.rules.obligations.severity import severity
from models.rules.reviews.convening import DueCase, risk_of


class SittingListLine(NamedTuple):
    """A case that is convened, or whose joint review is due. The sitting's columns are None where it has none."""

    sitting_ref: str | None
    day: date | None
    starts_at: datetime | None
    slot: int | None
    force_code: str
    cps_area: str  # of the sitting, or of the case where it has none
    due_on: date
    deadline_on: date | None  # None where it has no sitting
    due: DueCase


class ListedSitting(NamedTuple):
    """A sitting that is to come, and how many of its places are taken."""

    ref: str
    force_code: str
    cps_area: str
    day: date
    starts_at: datetime
    places: int
    taken: int
    chair_ref: str
    place: str


_LINES = """
select s.ref, s.day, s.starts_at, v.slot, c.force_code, coalesce(s.cps_area, c.cps_area), coalesce(o.due_on, v.due_on),
       v.deadline_on, c.case_ref, c.risk, o.due_on, o.remind_on, o.escalate_on, coalesce(o.done_on, c.opened_on)
from (select o.id, o.case_id from obligations o
      where o.rule = 'joint-review' and o.ended_on is null and (%(force)s::text is null or o.force_code = %(force)s)
        and o.due_on <= %(until)s
      union
      select o.id, v.case_id from convenings v
      left join obligations o on o.case_id = v.case_id and o.rule = 'joint-review' and o.ended_on is null
      where v.ended_on is null) found
join cases c on c.id = found.case_id and (%(force)s::text is null or c.force_code = %(force)s)
left join obligations o on o.id = found.id
left join (convenings v join sittings s on s.id = v.sitting_id) on v.case_id = found.case_id and v.ended_on is null"""


def lines(connection: Connection, force_code: str | None, until: date, today: date) -> list[SittingListLine]:
    """Every convened case, and every joint review that falls due by a day."""
    rows = fetch(connection, _LINES, {"force": force_code, "until": until})
    return [SittingListLine._make((*row[:8], _due(row, today))) for row in rows]


def _due(row: Sequence[Any], today: date) -> DueCase:
    """What decides a case's worth. One that owes no review any more, and was convened, is as late as that was."""
    due_on, remind_on, escalate_on = row[10:13] if row[10] else (row[6], row[6], row[6])
    return DueCase(row[8], risk_of(row[9]), severity(due_on, remind_on, escalate_on, today), due_on, row[13])


def to_come(connection: Connection, force_code: str | None, today: date) -> list[ListedSitting]:
    """The sittings of a day and after it, in their order."""
    rows = fetch(
        connection,
        """select s.ref, s.force_code, s.cps_area, s.day, s.starts_at, s.places,
                  (select count(*) from convenings v where v.sitting_id = s.id and v.ended_on is null), s.chair_ref,
                  s.place
           from sittings s where s.day >= %(today)s and s.cancelled_on is null
             and (%(force)s::text is null or s.force_code = %(force)s)
           order by s.starts_at, s.ref collate "C" """,
        {"force": force_code, "today": today},
    )
    return [ListedSitting(*row) for row in rows]
