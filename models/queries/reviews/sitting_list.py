"""Reads of convened cases and due reviews, as lists for people and programs."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import fetch_as
from models.queries.reviews.due_reviews import READS, REVIEW, ConvenableReview
from models.rules.catalogue.contents import CONVENED


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
    barred: frozenset[str]  # the contacts who must hear nothing of it
    review: ConvenableReview

    def barred_to(self, chairs: set[str]) -> bool:
        """Return whether there are chairs, and none of them may hear of the case."""
        return bool(chairs) and chairs <= self.barred


_LINES = f"""
select s.ref as sitting_ref, s.day, s.starts_at, v.slot, c.force_code, coalesce(s.cps_area, c.cps_area) as cps_area,
       coalesce(o.due_on, v.due_on) as due_on, v.deadline_on, c.barred, {REVIEW}
from (select o.id, o.case_id from live_obligations o
      where o.rule in {CONVENED} and (%(force)s::text is null or o.force_code = %(force)s)
        and o.due_on <= %(until)s
      union
      select o.id, v.case_id from convenings v
      left join live_obligations o on o.case_id = v.case_id and o.rule in {CONVENED}
      where v.ended_on is null) found
join disclosed c on c.id = found.case_id and (%(force)s::text is null or c.force_code = %(force)s)
left join obligations o on o.id = found.id
left join (convenings v join sittings s on s.id = v.sitting_id) on v.case_id = found.case_id and v.ended_on is null"""


def lines(connection: Connection, force_code: str | None, until: date) -> list[SittingListLine]:
    """Return every convened case, and every joint review that falls due by a day."""
    return fetch_as(connection, SittingListLine, _LINES, {"force": force_code, "until": until}, READS)
