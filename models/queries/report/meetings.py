"""Reads of the joint reviews and the actions of a month."""

from collections.abc import Collection

from sqlalchemy import Connection

from models.queries.intake.source_columns import SEEN
from models.queries.report.places import CASES, EVERY_PLACE, PLACE, Counts, Period, counted, counted_by, median

_DAYS = ("action_ref", "x.closed_on - x.raised_on")
_DONE = """x.withdrawn_on is null and x.status = 'done' and x.closed_on between %(from)s and %(to)s"""


def reviews(connection: Connection, period: Period) -> Counts:
    """Count the joint reviews that were recorded as held in a month, by the sources that send who attended."""
    statement = f"""
        select {PLACE}, count(distinct x.review_ref) filter (where x.quorate)::int as reviews_held,
               count(distinct x.review_ref) filter (where not x.quorate)::int as reviews_one_sided
        from reviews x {CASES}
        where x.kind = 'joint' and x.withdrawn_on is null and x.held_on between %(from)s and %(to)s
          and x.source_id not in (select source_id from source_columns
                                  where file = 'reviews.csv' and name in ('police_attended', 'cps_attended')
                                    and state not in {SEEN})
        group by {EVERY_PLACE}"""
    return counted(connection, statement, period)


def actions(connection: Connection, period: Period) -> Counts:
    """Count each side's actions that were done in a month."""
    statement = f"""
        select {PLACE}, {", ".join(_of_agency(agency) for agency in ("police", "cps"))}
        from actions x {CASES} where {_DONE} group by {EVERY_PLACE}"""
    return counted(connection, statement, period)


def actions_by_kind(connection: Connection, period: Period, kinds: Collection[str]) -> Counts:
    """Count the same by kind of action; what is none of these kinds counts as `OTHER`: a code may hold anything."""
    statement = f"""
        select {PLACE}, case when x.kind = any(%(kinds)s) then x.kind else 'OTHER' end as kind,
               count(distinct x.action_ref)::int as done, {median(*_DAYS)} as days
        from actions x {CASES} where {_DONE} group by 3, {EVERY_PLACE}"""
    return counted_by(connection, "kind", statement, period, kinds=sorted(kinds))


def _of_agency(agency: str) -> str:
    theirs = f"x.owner_agency = '{agency}'"
    return f"""count(distinct x.action_ref) filter (where {theirs})::int as {agency}_actions_done,
               {median(*_DAYS, theirs)} as {agency}_action_days"""
