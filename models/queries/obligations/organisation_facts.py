"""The facts of the rules without a case, a set each: who has to be trained, and where there has to be a SPOC."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection

from config.duration import Duration
from config.terms import Agency, Course
from models.queries.driver import fetch
from models.queries.intake import sources
from models.queries.people.contacts import LEADING
from models.queries.people.jurisdictions import PLACES
from models.rules.organisation_facts import FeedFact, LearnerFact, PostFact, TrainingFact

_AGENCY = {word.value: word for word in Agency}
_SPOC = f"{LEADING} and 'spoc' = any(c.roles)"  # few, by the index of those who lead
_LEARNER = """c.contact_ref, c.agency, coalesce(c.withdrawn_on <= %(today)s, false) as withdrawn,
       coalesce(c.active_to < %(today)s, false) as gone, c.active_from"""
_HELD = """
left join lateral (
    select coalesce(bool_or(t.expires_on is null), false) as for_good, max(t.expires_on) as expires_on from training t
    where t.contact_ref = c.contact_ref and t.course = %(course)s and t.withdrawn_on is null) held on true"""
# Each prosecutor of a supplied row, stepped through by index: one probe a prosecutor, however many cases each has.
_PROSECUTORS = """
with recursive prosecutor(ref) as (
    (select min(prosecutor_ref) from cps_cases where withdrawn_on is null)
    union all
    select (select min(x.prosecutor_ref) from cps_cases x where x.withdrawn_on is null and x.prosecutor_ref > p.ref)
    from prosecutor p where p.ref is not null)"""
_OPEN_STALKING = "k.finalised_on is null and k.classification = 'stalking'"
# Of the open stalking cases that a row given by URN holds for, those whose own row names no prosecutor before it.
_BY_URN = f"""{_OPEN_STALKING} and not exists (
    select from cps_cases o where o.key_id = k.id and o.withdrawn_on is null and o.prosecutor_ref is not null)"""


def feeds(connection: Connection, stale_after: Duration) -> Iterator[FeedFact]:
    """Each source ever loaded."""
    for source, last in sources.last_extracted(connection):
        yield FeedFact(source, last, stale_after)


def prosecutors(connection: Connection, today: date) -> Iterator[LearnerFact]:
    """The known prosecutors of open stalking cases, and any who left; a row given by URN holds for every linked case.

    Of one whose training or beginning decides, any such case will do, and the newest rows are looked at first. The
    earliest opening of the others' cases is found for all of them at once.
    """
    rows = fetch(
        connection,
        f"""{_PROSECUTORS}, known as (
              select {_LEARNER}, held.for_good, held.expires_on,
                     not held.for_good and coalesce(held.expires_on, c.active_from) is null as by_cases
              from prosecutor p join contacts c on c.contact_ref = p.ref {_HELD})
            select * from known
            where withdrawn or gone or by_cases or (
              select true from cps_cases x cross join lateral (
                select 1 from cases k where k.id = x.key_id and {_OPEN_STALKING} union all
                select 1 from cases k where k.urn_key_id = x.key_id and {_BY_URN}) k
              where x.prosecutor_ref = known.contact_ref and x.withdrawn_on is null order by x.key_id desc limit 1)
            order by contact_ref""",
        {"today": today, "course": Course.STALKING_PROSECUTOR.value},
    )
    earliest = _earliest_cases(connection, [row[0] for row in rows if row[7] and not row[2] and not row[3]])
    return (_learner(row, earliest.get(row[0])) for row in rows)


def _earliest_cases(connection: Connection, contact_refs: Sequence[str]) -> dict[str, date]:
    """The earliest opening of the open stalking cases that these prosecutors have; none for one who has none."""
    if not contact_refs:
        return {}
    theirs = "x.prosecutor_ref = any(%(refs)s) and x.withdrawn_on is null"
    rows = fetch(
        connection,
        f"""select ref, min(opened_on) from (
              select x.prosecutor_ref as ref, k.opened_on from cps_cases x join cases k on k.id = x.key_id
              where {theirs} and {_OPEN_STALKING} union all
              select x.prosecutor_ref, k.opened_on from cps_cases x join cases k on k.urn_key_id = x.key_id
              where {theirs} and {_BY_URN}) had group by ref""",
        {"refs": list(contact_refs)},
    )
    return {row[0]: row[1] for row in rows}


def spocs(connection: Connection, today: date) -> Iterator[LearnerFact]:
    """Every contact with the role of a SPOC, those who left included."""
    rows = fetch(
        connection,
        f"""select {_LEARNER}, held.for_good, held.expires_on, c.first_seen_on
            from contacts c {_HELD} where {_SPOC} order by c.contact_ref""",
        {"today": today, "course": Course.SPOC_ROLE.value},
    )
    return (_learner(row, row[7]) for row in rows)


def _learner(row: Sequence[Any], counts_from: date | None) -> LearnerFact:
    return LearnerFact(row[0], _AGENCY[row[1]], row[2], row[3], row[4], counts_from, TrainingFact(row[5], row[6]))


def posts(connection: Connection, today: date) -> Iterator[PostFact]:
    """The forces and CPS Areas with a case in scope. A SPOC whom their source no longer names was one until then.

    The earliest opening is sought only where there is no SPOC at all: it reads all the open cases of that place.
    """
    rows = fetch(
        connection,
        f"""with {PLACES}, post as (
              select 'police' as agency, force_code as name from place where classification = 'stalking' union
              select 'cps', cps_area from place where classification = 'stalking'),
            spoc as (
              select c.agency, at.name, bool_or(until.last_day is null) as filled, max(until.last_day) as last_day
              from contacts c
              cross join lateral (
                select least(c.active_to, case when c.withdrawn_on <= %(today)s then c.withdrawn_on - 1 end) as last_day
              ) until
              cross join lateral unnest(case c.agency when 'police' then c.force_codes else c.cps_areas end) at(name)
              where {_SPOC} group by c.agency, at.name)
            select post.agency, post.name, coalesce(spoc.filled, false), spoc.last_day,
                   case when spoc.filled is not null then null
                        when post.agency = 'police' then (
                          select min(k.opened_on) from cases k where k.force_code = post.name and {_OPEN_STALKING})
                        else (
                          select min(k.opened_on) from cases k where k.cps_area = post.name and {_OPEN_STALKING}) end
            from post left join spoc on spoc.agency = post.agency and spoc.name = post.name
            order by post.agency, post.name""",
        {"today": today},
    )
    return (PostFact(_AGENCY[row[0]], *row[1:]) for row in rows)
