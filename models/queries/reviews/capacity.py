"""Which joint reviews have no place in time, by pair of force and CPS Area; and what a pair's reviews will need."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from config.terms import Risk
from models.queries.driver import execute, fetch
from models.queries.people.jurisdictions import PLACES
from models.rules.obligations.severity import severity
from models.rules.reviews.convening import DueCase, risk_of

Pair = tuple[str, str]  # force code, CPS Area


class LateReview(NamedTuple):
    """A due review without a place in time. What its sitting is, and when it should sit, is None where it has none."""

    force_code: str
    urn: str | None
    restricted: bool
    deadline_on: date | None
    sitting_ref: str | None
    starts_at: datetime | None
    due: DueCase


class OwedReviews(NamedTuple):
    """Joint reviews of a pair that are alike, and how many; `sat_on` where what came of their sitting is awaited."""

    risk: Risk
    due_on: date
    sat_on: date | None
    cases: int


class CapacityMessage(NamedTuple):
    """A message to one person (None: operations), and the pairs that it is about."""

    key: str
    contact_ref: str | None
    about: str


_LIVE = "o.rule = 'joint-review' and o.ended_on is null"
_AFTER = "s.day > %(today)s and s.day > v.deadline_on"
_OF_PAIR = f"""
from obligations o join cases c on c.id = o.case_id left join case_keys k on k.id = c.urn_key_id
left join (convenings v join sittings s on s.id = v.sitting_id) on v.case_id = o.case_id and v.ended_on is null
where {_LIVE} and o.force_code = %(force)s and c.cps_area = %(area)s"""


def late_by_pair(connection: Connection, untils: Mapping[Pair, date], today: date) -> dict[Pair, int]:
    """Of how many due cases each of these pairs has no place in time; those that have none are left out.

    One statement for the whole book: it reads who sits late, and of what is due up to these days whatever sits nowhere.
    """
    if not untils:
        return {}
    forces, areas = zip(*untils, strict=True)
    rows = fetch(
        connection,
        f"""with pair as materialized (
              select * from unnest(%(forces)s::text[], %(areas)s::text[], %(untils)s::date[])
                            p(force_code, cps_area, until_on)),
            late as (
              select v.case_id from sittings s join convenings v on v.sitting_id = s.id and v.ended_on is null
              where {_AFTER} and s.cancelled_on is null
              union all
              select o.case_id from (select force_code, max(until_on) as until_on from pair group by 1) f
              join obligations o on o.force_code = f.force_code and o.due_on <= f.until_on and {_LIVE}
              where not exists (select from convenings v where v.case_id = o.case_id and v.ended_on is null))
            select p.force_code, p.cps_area, count(*)::int
            from late join cases c on c.id = late.case_id
            join obligations o on o.case_id = c.id and {_LIVE}
            join pair p on p.force_code = c.force_code and p.cps_area = c.cps_area
            where o.due_on <= p.until_on or exists (select from convenings v
                                                    where v.case_id = c.id and v.ended_on is null)
            group by 1, 2 order by 1, 2""",
        {"forces": list(forces), "areas": list(areas), "untils": list(untils.values()), "today": today},
    )
    return {(force_code, area): count for force_code, area, count in rows}


def late(connection: Connection, pair: Pair, until: date, today: date) -> list[LateReview]:
    """The cases of a pair whose review is due up to a day and has no place, or that sit after their deadline."""
    rows = fetch(
        connection,
        f"""select c.force_code, k.urn_root, c.restricted, v.deadline_on, s.ref, s.starts_at, c.case_ref, c.risk,
                   o.due_on, o.remind_on, o.escalate_on, coalesce(o.done_on, c.opened_on)
            {_OF_PAIR} and (v.id is null and o.due_on <= %(until)s or {_AFTER})""",
        _given(pair, until, today),
    )
    return [LateReview._make((*row[:6], _due(row[6:], today))) for row in rows]


def _due(row: Any, today: date) -> DueCase:
    case_ref, risk, due_on, remind_on, escalate_on, last_on = row
    return DueCase(case_ref, risk_of(risk), severity(due_on, remind_on, escalate_on, today), due_on, last_on)


def owed(connection: Connection, pair: Pair, until: date, today: date) -> list[OwedReviews]:
    """Every joint review of a pair that is due up to a day, counted."""
    rows = fetch(
        connection,
        f"""select c.risk, o.due_on, case when s.day <= %(today)s then s.day end, count(*)::int
            {_OF_PAIR} and o.due_on <= %(until)s group by 1, 2, 3 order by 2, 1, 3""",
        _given(pair, until, today),
    )
    return [OwedReviews(risk_of(risk), *each) for risk, *each in rows]


def places(connection: Connection, pair: Pair, until: date, today: date) -> list[tuple[date, int]]:
    """The days after today, up to a day, on which a pair sits, in order, and how many cases each takes."""
    return [
        (day, number)
        for day, number in fetch(
            connection,
            """select day, sum(places)::int from sittings
               where force_code = %(force)s and cps_area = %(area)s and day > %(today)s and day <= %(until)s
                 and cancelled_on is null group by day order by day""",
            _given(pair, until, today),
        )
    ]


def stalking(connection: Connection) -> list[Pair]:
    """The pairs that have open stalking cases: one probe of an index each."""
    rows = fetch(
        connection,
        f"""with {PLACES} select distinct force_code, cps_area from place where classification = 'stalking'
            order by 1, 2""",
    )
    return [(force_code, cps_area) for force_code, cps_area in rows]


def write(connection: Connection, words: Sequence[CapacityMessage], channel: str, day: date, due_at: datetime) -> int:
    """Queue these messages, each once; one that has not left is about what it now is about. How many were written."""
    if not words:
        return 0
    keys, refs, about = zip(*words, strict=True)
    return execute(
        connection,
        """insert into messages (key, kind, contact_ref, channel, day, about, due_at)
           select key, 'convening', ref, %(channel)s, %(day)s, about, %(due)s
           from unnest(%(keys)s::text[], %(refs)s::text[], %(about)s::text[]) as one(key, ref, about)
           on conflict (key) do update set about = excluded.about
             where messages.state = 'queued' and messages.about <> excluded.about""",
        {
            "keys": list(keys),
            "refs": list(refs),
            "about": list(about),
            "channel": channel,
            "day": day,
            "due": due_at,
        },
    )


def about(connection: Connection, message_ids: Sequence[int]) -> list[tuple[int, str]]:
    """What these messages are about."""
    if not message_ids:
        return []
    rows = fetch(connection, "select id, about from messages where id = any(%s)", (list(message_ids),))
    return [(message_id, pairs) for message_id, pairs in rows]


def _given(pair: Pair, until: date, today: date) -> dict[str, object]:
    return {"force": pair[0], "area": pair[1], "until": until, "today": today}
