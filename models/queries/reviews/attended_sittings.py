"""Reads of the sittings to come with the parties of their cases, of who attends them, and of the panels' series."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import array, execute, fetch_as, grouped, keyed_as, mapping, scalars
from models.queries.people.parties import BOTH_PARTIES
from models.rules.reviews import sitting_leads
from models.rules.reviews.inviting import ComingSitting, SittingCase

# A convening `v` is live, or ended with an outcome: an outcome removes the event from nobody's calendar.
SITS = """(v.ended_on is null or v."end" in ('held', 'not_held'))"""
TOLD_AFTER = 14  # days after the end of a series in which its people may still be told of it


class _Sitting(NamedTuple):
    id: int
    ref: str
    force_code: str
    cps_area: str
    day: date
    starts_at: datetime
    places: int
    minutes_per_case: int
    place: str
    rule: str | None
    ruled_on: date | None


class _Chaired(NamedTuple):
    sitting: _Sitting
    chair_ref: str


def ahead(connection: Connection, at: datetime) -> list[ComingSitting]:
    """Return every sitting that begins after `at`, with its cases by slot."""
    return _coming(connection, "s.starts_at > %s", (at,))


def between(connection: Connection, first: date, last: date) -> list[ComingSitting]:
    """Return the sittings of these days, today's that have begun among them."""
    return _coming(connection, "s.day between %s and %s", (first, last))


def _coming(connection: Connection, which: str, given: Sequence[object]) -> list[ComingSitting]:
    found = fetch_as(
        connection,
        _Chaired,
        f"""select s.id as "sitting.id", s.ref as "sitting.ref", s.force_code as "sitting.force_code",
                  s.cps_area as "sitting.cps_area", s.day as "sitting.day", s.starts_at as "sitting.starts_at",
                  s.places as "sitting.places", s.minutes_per_case as "sitting.minutes_per_case",
                  s.place as "sitting.place", s.rule as "sitting.rule", s.ruled_on as "sitting.ruled_on", s.chair_ref
           from sittings_ahead s where {which} order by s.id""",
        given,
        {"sitting.starts_at": lambda moment: moment.astimezone(UTC)},
    )
    cases = _cases(connection, [one.sitting.id for one in found]) if found else {}
    return [_sitting(one, cases.get(one.sitting.id, [])) for one in found]


def _cases(connection: Connection, sitting_ids: Sequence[int]) -> dict[int, list[SittingCase]]:
    """Return the cases convened to these sittings, by sitting and slot."""
    statement = f"""
        select v.sitting_id, c.id as case_id, v.slot, c.is_restricted as restricted, {BOTH_PARTIES}
        from convenings v join case_parties c on c.id = v.case_id
        where v.sitting_id = any(%s) and {SITS} order by v.sitting_id, v.slot"""
    return grouped(keyed_as(connection, "sitting_id", SittingCase, statement, (list(sitting_ids),)))


def _sitting(one: _Chaired, cases: Sequence[SittingCase]) -> ComingSitting:
    at = (one.chair_ref, one.sitting.force_code, one.sitting.cps_area)
    chair, spocs = sitting_leads.matters(*at, (each.matter.barred for each in cases))
    return ComingSitting(**one.sitting._asdict(), chair=chair, spocs=spocs, cases=tuple(cases))


# Not by disclosed: of cases that the sitting has told its reader of
def references(connection: Connection, case_ids: Collection[int]) -> dict[int, str]:
    """Return the references of cases, by id."""
    statement = "select id, force_code || '/' || case_ref as reference from cases where id = any(%s)"
    return mapping(connection, "id", "reference", statement, (list(case_ids),))


class KnownSeries(NamedTuple):
    """A series that is open, or ended a short time ago."""

    ref: str
    force_code: str
    cps_area: str
    rule: str
    ended_on: date | None


def series(connection: Connection, today: date) -> list[KnownSeries]:
    """Return the series of which people may have an event, the open ones among them."""
    statement = """
        select ref, force_code, cps_area, rule, ended_on from series
        where ended_on is null or ended_on > %s::date - %s order by ref"""
    return fetch_as(connection, KnownSeries, statement, (today, TOLD_AFTER))


class NewSeries(NamedTuple):
    """A series to begin: its pair, its rule, and the day by the rule of its first sitting."""

    force_code: str
    cps_area: str
    rule: str
    first_on: date


def series_refs(connection: Connection) -> set[str]:
    """Return the references of all series."""
    return set(scalars(connection, "select ref from series"))


def begin_series(connection: Connection, new: Sequence[tuple[str, NewSeries]]) -> None:
    """Write new series, each with its reference."""
    statement = """
        insert into series (ref, force_code, cps_area, rule)
        select * from unnest(%s::text[], %s::text[], %s::text[], %s::text[])"""
    given = [
        [ref for ref, _ in new],
        [one.force_code for _, one in new],
        [one.cps_area for _, one in new],
        [one.rule for _, one in new],
    ]
    execute(connection, statement, given)


def end_series(connection: Connection, refs: Collection[str], today: date) -> None:
    """End the series whose rule no panel has any more."""
    execute(connection, "update series set ended_on = %s where ref = any(%s)", (today, array(refs)))
