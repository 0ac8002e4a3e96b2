"""Reads of the facts of the rules without a case, as sets: who has to be trained, and where a SPOC has to be."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from sqlalchemy import Connection

from config.days.duration import Duration
from config.training import Course
from models.queries.driver import fetch_as, keyed_as, mapping
from models.queries.intake import source_files, sources
from models.queries.intake.source_columns import SEEN
from models.queries.people.contacts import LEADING
from models.queries.people.jurisdictions import IN_SCOPE, PLACES
from models.rules.organisation_facts import FeedFact, FileFact, LearnerFact, PostFact

_PROSECUTES = "'prosecutor' = any(c.roles)"
_SPOC = f"{LEADING} and 'spoc' = any(c.roles)"  # they are few, and found by the index of those who lead
_LEARNER = """c.contact_ref, c.agency, coalesce(c.withdrawn_on <= %(today)s, false) as withdrawn,
       coalesce(c.active_to < %(today)s, false) as "left", c.active_from,
       coalesce(taught.seen, false) as seen"""
_TRAINING = """held.for_good as "training.for_good", held.expires_on as "training.expires_on",
    held.completed_on as "training.completed_on" """
# A source sends training if it sends the day on which a course was completed. The contact's own source counts, and so
# does any of their agency that covers a force which their own covers.
_HELD = f"""
left join lateral (
    select true as seen from sources s join source_columns n on n.source_id = s.id
    where n.file = 'training.csv' and n.name = 'completed_on' and n.state in {SEEN}
      and (s.id = c.source_id
           or s.agency = c.agency and s.covers && (select covers from sources where id = c.source_id))
    limit 1) taught on true
left join lateral (
    select coalesce(bool_or(t.expires_on is null), false) as for_good, max(t.expires_on) as expires_on,
           min(t.completed_on) filter (where t.expires_on is null) as completed_on from training t
    where t.contact_ref = c.contact_ref and t.course = %(course)s and t.withdrawn_on is null) held on true"""
_OPEN_IN_SCOPE = f"k.finalised_on is null and {IN_SCOPE}"
_OPEN_STALKING = "k.finalised_on is null and k.classification = 'stalking'"
# The open stalking cases to which a row given by URN applies, without those whose own row names a prosecutor.
_BY_URN = f"""{_OPEN_STALKING} and not exists (
    select from cps_cases o where o.key_id = k.id and o.withdrawn_on is null and o.prosecutor_ref is not null)"""


def feeds(connection: Connection, stale_after: Duration) -> Iterator[FeedFact]:
    """Return each source that was ever loaded."""
    for source, last in sources.last_extracted(connection).items():
        yield FeedFact(source, last, stale_after)


def files(connection: Connection) -> Iterator[FileFact]:
    """Return each file that a source sent, or should have."""
    for file in source_files.every(connection):
        yield FileFact(file.source, file.file, file.sent_on, file.left_out_on)


def prosecutors(connection: Connection, today: date, *, holders: bool) -> Iterator[LearnerFact]:
    """Return the contacts with the role of a prosecutor, or (`holders`) those of them who have an open stalking case.

    A row given by URN applies to every linked case. Where a prosecutor's training or first day decides, any such case
    is enough, and the newest rows are read first. The earliest opening of the other prosecutors' cases is read for all
    of them at once.
    """
    statement = f"""
        with known as (
          select {_LEARNER}, null::date as earliest_case_on,
                 case when not %(holders)s then c.first_seen_on end as first_seen_on, {_TRAINING},
                 not held.for_good and coalesce(held.expires_on, c.active_from) is null as by_cases
          from contacts c {_HELD} where {_PROSECUTES})
        select * from known
        where withdrawn or "left" or by_cases or not %(holders)s or (
          select true from cps_cases x cross join lateral (
            select 1 from cases k where k.id = x.key_id and {_OPEN_STALKING} union all
            select 1 from cases k where k.urn_key_id = x.key_id and {_BY_URN}) k
          where x.prosecutor_ref = known.contact_ref and x.withdrawn_on is null order by x.key_id desc limit 1)
        order by contact_ref"""
    given = {"today": today, "course": Course.STALKING_PROSECUTOR.value, "holders": holders}
    rows = keyed_as(connection, "by_cases", LearnerFact, statement, given)
    asked = [
        learner.contact_ref for by_cases, learner in rows if by_cases and not learner.withdrawn and not learner.left
    ]
    earliest = _earliest_cases(connection, asked)
    return (learner._replace(earliest_case_on=earliest.get(learner.contact_ref)) for _, learner in rows)


def _earliest_cases(connection: Connection, contact_refs: Sequence[str]) -> dict[str, date]:
    """Return the earliest opening of each prosecutor's open stalking cases; one without a case is left out."""
    if not contact_refs:
        return {}
    theirs = "x.prosecutor_ref = any(%(refs)s) and x.withdrawn_on is null"
    statement = f"""
        select ref, min(opened_on) as opened_on from (
          select x.prosecutor_ref as ref, k.opened_on from cps_cases x join cases k on k.id = x.key_id
          where {theirs} and {_OPEN_STALKING} union all
          select x.prosecutor_ref, k.opened_on from cps_cases x join cases k on k.urn_key_id = x.key_id
          where {theirs} and {_BY_URN}) had group by ref"""
    return mapping(connection, "ref", "opened_on", statement, {"refs": list(contact_refs)})


def spocs(connection: Connection, today: date) -> list[LearnerFact]:
    """Return every contact with the role of a SPOC, including those who left."""
    statement = f"""
        select {_LEARNER}, null::date as earliest_case_on, c.first_seen_on, {_TRAINING}
        from contacts c {_HELD} where {_SPOC} order by c.contact_ref"""
    return fetch_as(connection, LearnerFact, statement, {"today": today, "course": Course.SPOC_ROLE.value})


def posts(connection: Connection, today: date, harassment_in: Collection[str]) -> list[PostFact]:
    """Return the forces and CPS Areas with a case in scope.

    A SPOC whom their source no longer names was one until then. The earliest opening is read only where there is no
    SPOC at all: it reads all the open cases of that place.
    """
    statement = f"""
        with {PLACES}, post as (
          select 'police' as agency, force_code as name from place where {IN_SCOPE} union
          select 'cps', cps_area from place where {IN_SCOPE}),
        spoc as (
          select c.agency, at.name, bool_or(until.last_day is null) as filled, max(until.last_day) as last_day
          from contacts c
          cross join lateral (
            select least(c.active_to, case when c.withdrawn_on <= %(today)s then c.withdrawn_on - 1 end) as last_day
          ) until
          cross join lateral unnest(case c.agency when 'police' then c.force_codes else c.cps_areas end) at(name)
          where {_SPOC} group by c.agency, at.name)
        select post.agency, post.name as place, coalesce(spoc.filled, false) as filled, spoc.last_day,
               case when spoc.filled is not null then null
                    when post.agency = 'police' then (
                      select min(k.opened_on) from cases k where k.force_code = post.name and {_OPEN_IN_SCOPE})
                    else (
                      select min(k.opened_on) from cases k where k.cps_area = post.name and {_OPEN_IN_SCOPE}) end
                   as earliest_opened_on
        from post left join spoc on spoc.agency = post.agency and spoc.name = post.name
        order by post.agency, post.name"""
    return fetch_as(connection, PostFact, statement, {"today": today, "harassment_in": list(harassment_in)})
