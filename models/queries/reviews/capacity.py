"""Reads of the joint reviews that have no place in time and of a pair's demand, by pair of force and CPS Area."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.terms import Risk, State
from models.queries.driver import execute, fetch_as, mapping, scalar
from models.queries.people.jurisdictions import IN_SCOPE, PLACES
from models.queries.reviews.due_reviews import READS, REVIEW, ConvenableReview
from models.rules.catalogue.contents import CONVENED
from models.rules.outbox.message_states import SAID
from models.rules.reviews.convening import risk_of

Pair = tuple[str, str]  # force code, CPS Area


class LateReview(NamedTuple):
    """A due review without a place in time. The columns of its sitting and its deadline are None where it has none."""

    force_code: str
    urn: str | None
    restricted: bool
    deadline_on: date | None
    sitting_ref: str | None
    starts_at: datetime | None
    review: ConvenableReview


class OwedReviews(NamedTuple):
    """The number of a pair's joint reviews with the same values; `sat_on` where a sitting's outcome is awaited."""

    risk: Risk
    due_on: date
    sat_on: date | None
    cases: int


class CapacityMessage(NamedTuple):
    """A message to one person (None: operations), and the pairs that it is about."""

    key: str
    contact_ref: str | None
    about: str


class _Pair(NamedTuple):
    force_code: str
    cps_area: str


_REVIEW = f"o.rule in {CONVENED}"
_AFTER = "s.day > %(today)s and s.day > v.deadline_on"
_OF_PAIR = f"""
from live_obligations o join disclosed c on c.id = o.case_id left join case_keys k on k.id = c.urn_key_id
left join (convenings v join sittings s on s.id = v.sitting_id) on v.case_id = o.case_id and v.ended_on is null
where {_REVIEW} and o.force_code = %(force)s and c.cps_area = %(area)s and o.case_id <> all(%(hidden)s::bigint[])"""


def late_by_pair(
    connection: Connection, untils: Mapping[Pair, date], today: date, hidden: Collection[int] = ()
) -> dict[Pair, int]:
    """Count the due cases without a place in time of each of these pairs; pairs without such a case are left out.

    The `hidden` cases are left out.

    One statement for the whole book: it reads the cases that sit late, and those without a sitting that are due up to
    these days.
    """
    if not untils:
        return {}
    forces, areas = zip(*untils, strict=True)
    statement = f"""
        with pair as materialized (
          select * from unnest(%(forces)s::text[], %(areas)s::text[], %(untils)s::date[])
                        p(force_code, cps_area, until_on)),
        late as (
          select v.case_id, null::date as due_on
          from sittings s join convenings v on v.sitting_id = s.id and v.ended_on is null
          where {_AFTER} and s.cancelled_on is null
            and exists (select from live_obligations o where o.case_id = v.case_id and {_REVIEW})
          union all
          select o.case_id, o.due_on from (select force_code, max(until_on) as until_on from pair group by 1) f
          join live_obligations o on o.force_code = f.force_code and o.due_on <= f.until_on and {_REVIEW}
          where not exists (select from convenings v where v.case_id = o.case_id and v.ended_on is null))
        select p.force_code, p.cps_area, count(*)::int as cases
        from late join cases c on c.id = late.case_id
        join pair p on p.force_code = c.force_code and p.cps_area = c.cps_area
        where (late.due_on is null or late.due_on <= p.until_on) and c.id <> all(%(hidden)s::bigint[])
        group by 1, 2 order by 1, 2"""
    given = {
        "forces": list(forces), "areas": list(areas), "untils": list(untils.values()), "today": today,
        "hidden": list(hidden),
    }  # fmt: skip
    return mapping(connection, ("force_code", "cps_area"), "cases", statement, given)


def late(
    connection: Connection, pair: Pair, until: date, today: date, hidden: Collection[int] = ()
) -> list[LateReview]:
    """Return the cases of a pair whose review is due up to a day and has no place, or that sit after their deadline.

    The `hidden` cases are left out.
    """
    statement = f"""
        select c.force_code, k.urn_root as urn, c.is_restricted as restricted, v.deadline_on,
               s.ref as sitting_ref, s.starts_at, {REVIEW}
        {_OF_PAIR} and (v.id is null and o.due_on <= %(until)s or {_AFTER})"""
    return fetch_as(connection, LateReview, statement, _given(pair, until, today, hidden), READS)


def owed(
    connection: Connection, pair: Pair, until: date, today: date, hidden: Collection[int] = ()
) -> list[OwedReviews]:
    """Count every joint review of a pair that is due up to a day, without those of the `hidden` cases."""
    statement = f"""
        select c.risk, o.due_on, case when s.day <= %(today)s then s.day end as sat_on, count(*)::int as cases
        {_OF_PAIR} and o.due_on <= %(until)s group by 1, 2, 3 order by 2, 1, 3"""
    return fetch_as(connection, OwedReviews, statement, _given(pair, until, today, hidden), {"risk": risk_of})


def in_scope(connection: Connection, harassment_in: Collection[str]) -> Sequence[Pair]:
    """Return the pairs that have cases in scope, found by one index probe each."""
    statement = f"""with {PLACES} select distinct force_code, cps_area from place where {IN_SCOPE} order by 1, 2"""
    return fetch_as(connection, _Pair, statement, {"harassment_in": list(harassment_in)})


def last_told(connection: Connection) -> dict[str, str]:
    """Return the day, as ISO text, of the last message that remains about each late pair, written as 45/South East."""
    statement = f"""
        select about, max(day)::text as last_on from messages
        where kind = 'capacity' and starts_with(key, 'capacity:late:') and state <> '{State.VOID}'
        group by about"""
    return mapping(connection, "about", "last_on", statement)


def write(connection: Connection, words: Sequence[CapacityMessage], channel: str, day: date, due_at: datetime) -> int:
    """Queue these messages, each once, and return how many were written or changed.

    A message that is still queued gets its new pairs.
    """
    if not words:
        return 0
    statement = f"""
        insert into messages (key, kind, contact_ref, channel, day, about, due_at)
        select key, 'capacity', ref, %(channel)s, %(day)s, about, %(due)s
        from unnest(%(keys)s::text[], %(refs)s::text[], %(about)s::text[]) as one(key, ref, about)
        on conflict (key) do update set about = excluded.about
          where messages.state = '{State.QUEUED}' and messages.about <> excluded.about"""
    given = {
        "keys": [word.key for word in words],
        "refs": [word.contact_ref for word in words],
        "about": [word.about for word in words],
        "channel": channel,
        "day": day,
        "due": due_at,
    }
    return execute(connection, statement, given)


def about(connection: Connection, message_ids: Sequence[int]) -> dict[int, str]:
    """Return the pairs that each of these messages is about."""
    if not message_ids:
        return {}
    return mapping(connection, "id", "about", "select id, about from messages where id = any(%s)", (list(message_ids),))


def was_told(connection: Connection, pair: Pair, contact_ref: str) -> bool:
    """Return whether a person was ever sent that reviews of a pair are late."""
    statement = f"""
        select exists (select from messages where kind = 'capacity' and starts_with(key, 'capacity:late:')
                      and contact_ref = %s and about = %s and state in {SAID})"""
    return bool(scalar(connection, statement, (contact_ref, "/".join(pair))))


def _given(pair: Pair, until: date, today: date, hidden: Collection[int] = ()) -> dict[str, object]:
    force_code, cps_area = pair
    return {"force": force_code, "area": cps_area, "until": until, "today": today, "hidden": list(hidden)}
