"""What planning reads of a force's sittings, and how the difference is written."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import execute, fetch
from models.rules.reviews.sitting_plan import PlannedSitting, SittingTerms


class NewSitting(NamedTuple):
    """A sitting to be."""

    ref: str
    force_code: str
    cps_area: str
    day: date
    starts_at: datetime
    terms: SittingTerms


def to_come(connection: Connection, force_code: str, today: date) -> list[PlannedSitting]:
    """A force's planned sittings after today by Area and moment, locked until commit: whoever changes them waits."""
    rows = fetch(
        connection,
        """select id, ref, cps_area, day, starts_at, places, minutes_per_case, chair_ref, place from sittings
           where force_code = %s and day > %s and cancelled_on is null
           order by cps_area collate "C", starts_at, id for no key update""",
        (force_code, today),
    )
    return [PlannedSitting._make((*row[:5], SittingTerms(*row[5:]))) for row in rows]


def refs_from(connection: Connection, force_code: str, first: date) -> set[str]:
    """The references that a force's sittings of a day or later have or had, or were first planned with."""
    rows = fetch(
        connection,
        r"""select ref from sittings
            where force_code = %s and substring(ref from '\d{4}-\d\d-\d\d')::date >= %s""",
        (force_code, first),
    )
    return {row[0] for row in rows}


def make(connection: Connection, sittings: Sequence[NewSitting]) -> list[str]:
    """Plan sittings; the references of those that no other run planned meanwhile."""
    if not sittings:
        return []
    columns = zip(*([*each[:5], *each.terms] for each in sittings), strict=True)
    rows = fetch(
        connection,
        """insert into sittings (ref, force_code, cps_area, day, starts_at, places, minutes_per_case, chair_ref, place)
           select * from unnest(%s::text[], %s::text[], %s::text[], %s::date[], %s::timestamptz[], %s::int[], %s::int[],
                                %s::text[], %s::text[])
           on conflict do nothing returning ref""",
        [list(column) for column in columns],
    )
    return [row[0] for row in rows]


def amend(connection: Connection, sittings: Sequence[PlannedSitting]) -> None:
    """Give sittings their days, moments and terms as they now are."""
    columns = zip(*([each.id, each.day, each.starts_at, *each.terms] for each in sittings), strict=True)
    execute(
        connection,
        """update sittings s set day = n.day, starts_at = n.starts_at, places = n.places,
                  minutes_per_case = n.minutes, chair_ref = n.chair, place = n.place
           from unnest(%s::bigint[], %s::date[], %s::timestamptz[], %s::int[], %s::int[], %s::text[], %s::text[])
                as n(id, day, starts_at, places, minutes, chair, place)
           where s.id = n.id""",
        [list(column) for column in columns],
    )


def cancel(connection: Connection, ids: Iterable[int], today: date) -> None:
    """Let sittings go. Nothing is deleted."""
    execute(connection, "update sittings set cancelled_on = %s where id = any(%s)", (today, list(ids)))
