"""The register of joint reviews: what fell due and whether it was held, what came of sittings, and who sits when."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import fetch
from models.queries.reviews.capacity import Pair


class KeptCounts(NamedTuple):
    """The reviews of a pair that fell due in a period: held by their day, late, or still to be held in time."""

    due: int
    in_time: int
    late: int
    not_yet: int


class FailedCounts(NamedTuple):
    """The sittings of cases of a pair at which a review did not count: not both attended, or not held."""

    unquorate: int
    not_held: int


class SittingUse(NamedTuple):
    """A pair's sitting to come: its places, and how many are taken."""

    day: date
    places: int
    used: int


_PERIOD = "between %(from)s and %(to)s and (%(force)s::text is null or {}.force_code = %(force)s)"


def kept(
    connection: Connection, force_code: str | None, from_on: date, to_on: date, today: date
) -> dict[Pair, KeptCounts]:
    """Each pair's reviews that fell due in a period, but those that moved or left on or before their day.

    A version that was met was held on the day from which the next one counts.
    """
    rows = fetch(
        connection,
        f"""select c.force_code, c.cps_area, count(*)::int, count(*) filter (where held.on_day <= o.due_on)::int,
                   count(*) filter (where held.on_day > o.due_on
                                       or held.on_day is null and o.due_on < %(today)s)::int,
                   count(*) filter (where held.on_day is null and o.due_on >= %(today)s)::int
            from obligations o join cases c on c.id = o.case_id
            left join lateral (
              select coalesce(n.done_on, o.ended_on) as on_day from (select) one
              left join obligations n on n.case_id = o.case_id and n.rule = o.rule and n.subject = o.subject
                                     and n.version = o.version + 1
              where o.end_reason = 'met') held on true
            where o.rule = 'joint-review' and o.due_on {_PERIOD.format("o")}
              and (o.ended_on is null or o.end_reason = 'met' or o.ended_on > o.due_on)
            group by 1, 2""",
        {"force": force_code, "from": from_on, "to": to_on, "today": today},
    )
    return {(code, area): KeptCounts(*each) for code, area, *each in rows}


def failed(connection: Connection, force_code: str | None, from_on: date, to_on: date) -> dict[Pair, FailedCounts]:
    """Of each pair's cases at the sittings of a period, those whose review did not count, as it stands."""
    rows = fetch(
        connection,
        f"""select s.force_code, s.cps_area, count(*) filter (where r.held)::int,
                   count(*) filter (where not r.held)::int
            from sittings s join convenings v on v.sitting_id = s.id
            join outcomes r on r.convening_id = v.id and r.stands
            where s.day {_PERIOD.format("s")} and not r.quorate
            group by 1, 2""",
        {"force": force_code, "from": from_on, "to": to_on},
    )
    return {(code, area): FailedCounts(*each) for code, area, *each in rows}


def to_come(connection: Connection, force_code: str | None, today: date, until: date) -> dict[Pair, list[SittingUse]]:
    """Each pair's planned sittings after today, up to a day, in order."""
    rows = fetch(
        connection,
        """select s.force_code, s.cps_area, s.day, s.places,
                  (select count(*) from convenings v where v.sitting_id = s.id and v.ended_on is null)::int
           from sittings s
           where s.day > %(today)s and s.day <= %(until)s and s.cancelled_on is null
             and (%(force)s::text is null or s.force_code = %(force)s)
           order by s.starts_at, s.id""",
        {"force": force_code, "today": today, "until": until},
    )
    found: dict[Pair, list[SittingUse]] = {}
    for code, area, *each in rows:
        found.setdefault((code, area), []).append(SittingUse(*each))
    return found
