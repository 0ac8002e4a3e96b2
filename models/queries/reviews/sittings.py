"""Reads of a force's sittings for planning, and writes of the differences."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from models.queries.driver import execute, fetch_as, scalars
from models.queries.kept_plans import Kept
from models.queries.people.disclosure import APART
from models.rules.reviews.convening_book import SittingAhead
from models.rules.reviews.sitting_plan import PlannedSitting, SittingTerms

# What a change of a sitting writes, from rows `n` of these columns.
_WRITTEN = """day = n.day, starts_at = n.starts_at, places = n.places, minutes_per_case = n.minutes,
              chair_ref = n.chair, place = n.place, rule = n.rule, ruled_on = n.ruled_on"""
_COLUMNS = """%s::date[], %s::timestamptz[], %s::int[], %s::int[], %s::text[], %s::text[], %s::text[], %s::date[]"""
_NAMES = "day, starts_at, places, minutes, chair, place, rule, ruled_on"


class NewSitting(NamedTuple):
    """A sitting to be planned."""

    ref: str
    force_code: str
    cps_area: str
    day: date
    starts_at: datetime
    terms: SittingTerms
    rule: str
    ruled_on: date


def ahead(
    connection: Connection, force_codes: Sequence[str] | None, after: date, without: Collection[int] = ()
) -> list[SittingAhead]:
    """Return the sittings of forces (None: of all) after a day by Area and moment, with their taken slots.

    Those of cases that bar somebody are apart. The slots of the cases `without` which it is asked are not among them.
    """
    taken = "select v.slot from convenings v where v.sitting_id = s.id and v.ended_on is null"
    statement = f"""
        select s.id, s.ref, s.force_code, s.cps_area, s.day, s.starts_at, s.places, s.chair_ref, s.place,
               s.settled_on,
               array({taken} and v.case_id <> all(%(without)s::bigint[]) and v.case_id <> all({APART})) as slots,
               array({taken} and v.case_id <> all(%(without)s::bigint[]) and v.case_id = any({APART})) as apart
        from sittings_ahead s where s.day > %(after)s
          and (%(forces)s::text[] is null or s.force_code = any(%(forces)s))
        order by s.cps_area collate "C", s.starts_at, s.id"""
    given = {"without": list(without), "forces": None if force_codes is None else list(force_codes), "after": after}
    return fetch_as(connection, SittingAhead, Kept(statement), given)


def lock_ahead(connection: Connection, force_codes: Sequence[str], today: date) -> None:
    """Lock the sittings of forces after today until commit: nobody else gives their places meanwhile."""
    statement = """
        select from sittings where force_code = any(%s) and day > %s and cancelled_on is null
        order by cps_area collate "C", starts_at, id for no key update"""
    execute(connection, statement, (list(force_codes), today))


def planned_ahead(connection: Connection, force_code: str, today: date) -> list[PlannedSitting]:
    """Return a force's sittings after today, as they are planned, by Area and moment, locked until commit."""
    statement = """
        select id, ref, cps_area, day, starts_at, places as "terms.places",
               minutes_per_case as "terms.minutes_per_case", chair_ref as "terms.chair_ref", place as "terms.place",
               rule, ruled_on
        from sittings
        where force_code = %s and day > %s and cancelled_on is null
        order by cps_area collate "C", starts_at, id for no key update"""
    return fetch_as(connection, PlannedSitting, statement, (force_code, today))


def refs_from(connection: Connection, force_code: str, first: date) -> set[str]:
    """Return the references of a force's sittings that are, or were first planned, on a day or later.

    A sitting that was planned too early gets its own again.
    """
    statement = r"""
        select ref from sittings
        where force_code = %s and undoing_id is null and substring(ref from '\d{4}-\d\d-\d\d')::date >= %s"""
    return set(scalars(connection, statement, (force_code, first)))


def make(connection: Connection, sittings: Sequence[NewSitting]) -> list[str]:
    """Plan sittings, and return the references of those that no other run planned meanwhile.

    A sitting that was planned too early, and withdrawn for it, is planned again.
    """
    if not sittings:
        return []
    planned = _plan_again(connection, sittings)
    sittings = [each for each in sittings if each.ref not in planned]
    if not sittings:
        return planned
    columns = _columns(
        [each.ref, each.force_code, each.cps_area, each.day, each.starts_at, *each.terms, each.rule, each.ruled_on]
        for each in sittings
    )
    statement = """
        insert into sittings (ref, force_code, cps_area, day, starts_at, places, minutes_per_case, chair_ref, place,
                              rule, ruled_on)
        select * from unnest(%s::text[], %s::text[], %s::text[], %s::date[], %s::timestamptz[], %s::int[], %s::int[],
                             %s::text[], %s::text[], %s::text[], %s::date[])
        on conflict do nothing returning ref"""
    return planned + scalars(connection, statement, columns)


def _plan_again(connection: Connection, sittings: Sequence[NewSitting]) -> list[str]:
    columns = _columns([each.ref, each.day, each.starts_at, *each.terms, each.rule, each.ruled_on] for each in sittings)
    statement = f"""
        update sittings s set cancelled_on = null, undoing_id = null, {_WRITTEN}
        from unnest(%s::text[], {_COLUMNS}) as n(ref, {_NAMES})
        where s.ref = n.ref and s.undoing_id is not null returning s.ref"""
    return scalars(connection, statement, columns)


def amend(connection: Connection, sittings: Sequence[PlannedSitting]) -> None:
    """Write the new days, moments, terms and rules of sittings."""
    statement = f"""
        update sittings s set {_WRITTEN} from unnest(%s::bigint[], {_COLUMNS}) as n(id, {_NAMES})
        where s.id = n.id"""
    given = _columns([each.id, each.day, each.starts_at, *each.terms, each.rule, each.ruled_on] for each in sittings)
    execute(connection, statement, given)


def _columns(sittings: Iterable[list[Any]]) -> list[list[Any]]:
    return [list(column) for column in zip(*sittings, strict=True)]


def cancel(connection: Connection, ids: Iterable[int], today: date) -> None:
    """Cancel sittings. Nothing is deleted."""
    execute(connection, "update sittings set cancelled_on = %s where id = any(%s)", (today, list(ids)))
