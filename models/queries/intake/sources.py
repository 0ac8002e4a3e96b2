"""Reads of the systems that send extracts, and of Casebeat itself as the source of what people record here."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.days.london import LONDON
from models.intake import OWN
from models.queries.driver import execute, fetch_as, mapping, scalar, scalars


class SourceState(NamedTuple):
    """A source: the forces it covers, the London day of its latest loaded extract, and a later one that was not loaded.

    One of which no extract was ever loaded covers none yet, and has no day.
    """

    name: str
    covers: tuple[str, ...]
    extracted_on: date | None
    refused_id: str | None  # refused or held
    refusal: str | None
    held: bool


def last_extracted(connection: Connection) -> dict[str, date]:
    """Return the London day of the latest extract of each source that was ever loaded, by the source's name."""
    statement = f"""
        select name, (last_extracted_at at time zone '{LONDON.key}')::date as extracted_on from sources
        where agency is not null order by name"""
    return mapping(connection, "name", "extracted_on", statement)


def force_codes(connection: Connection, by: date | None = None) -> list[str]:
    """Return the forces that any source covers, in order; with a day, any that was first loaded by then."""
    statement = f"""
        select distinct unnest(covers) as force_code from sources
        where %(by)s::date is null or (first_loaded_at at time zone '{LONDON.key}')::date <= %(by)s order by 1"""
    return scalars(connection, statement, {"by": by})


def states(connection: Connection) -> list[SourceState]:
    """Return every source that sent an extract, by name, with its newest one if that was refused or is held.

    An extract that is not later than the latest loaded one is of no account, nor is one that came before it, nor one
    that waits for another that is held; but for other content under the id of a loaded one, whose facts stay in force.
    """
    statement = f"""
        with newest as (
          select distinct on (e.source_name) e.source_name, e.extract_id, e.state, e.refusal
          from extracts e left join sources s on s.name = e.source_name
          where e.source_name is not null
            and (e.state = 'loaded' or s.id is null or e.extracted_at > s.last_extracted_at
                 or exists (select from extracts l where l.extract_id = e.extract_id and l.state = 'loaded'))
          order by e.source_name, e.state = 'held' and e.marks is null, e.id desc),
        refused as (select source_name, extract_id, refusal, state from newest where state <> 'loaded'),
        sending as (select name, covers, last_extracted_at from sources where agency is not null)
        select coalesce(s.name, r.source_name) as name, coalesce(s.covers, '{{}}') as covers,
               (s.last_extracted_at at time zone '{LONDON.key}')::date as extracted_on,
               r.extract_id as refused_id, r.refusal, coalesce(r.state = 'held', false) as held
        from sending s full join refused r on r.source_name = s.name
        order by 1"""
    return fetch_as(connection, SourceState, statement)


def own(connection: Connection, at: datetime) -> int:
    """Return the id of Casebeat as a source of its own, which is made at the first use: of no agency, for no force."""
    statement = """
        insert into sources (name, covers, first_loaded_at, last_extracted_at) values (%s, '{}', %s, %s)
        on conflict (name) do nothing"""
    execute(connection, statement, (OWN, at, at))
    return int(scalar(connection, "select id from sources where name = %s", (OWN,)))


class FactSource(NamedTuple):
    """A system that sent facts of a case, and its latest extract."""

    source: str
    agency: str
    extracted_at: datetime
    extract_id: str | None


def of_case(connection: Connection, keys: Sequence[int]) -> list[FactSource]:
    """Return the systems that sent any row of a case, each with its latest loaded extract."""
    statement = """
        select s.name as source, s.agency, s.last_extracted_at as extracted_at,
               (select e.extract_id from extracts e where e.source_name = s.name and e.state = 'loaded'
                order by e.extracted_at desc, e.id desc limit 1) as extract_id
        from sources s
        where s.agency is not null and (
              exists (select from cases r where r.source_id = s.id and r.id = any(%(keys)s))
           or exists (select from suspects r where r.source_id = s.id and r.key_id = any(%(keys)s))
           or exists (select from defendants r where r.source_id = s.id and r.key_id = any(%(keys)s))
           or exists (select from cps_cases r where r.source_id = s.id and r.key_id = any(%(keys)s))
           or exists (select from incidents r where r.source_id = s.id and r.key_id = any(%(keys)s))
           or exists (select from actions r where r.source_id = s.id and r.key_id = any(%(keys)s))
           or exists (select from pleas r where r.source_id = s.id and r.key_id = any(%(keys)s))
           or exists (select from reviews r where r.source_id = s.id and r.key_id = any(%(keys)s))
           or exists (select from referrals r where r.source_id = s.id and r.key_id = any(%(keys)s))
           or exists (select from orders r where r.source_id = s.id and r.key_id = any(%(keys)s)))
        order by s.agency desc, s.name"""
    return fetch_as(connection, FactSource, statement, {"keys": list(keys)})
