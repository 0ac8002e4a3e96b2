"""Writes that end convenings, of cases that give up their place, lose it or owe no review any more."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection

from config.sittings import ConveningEnd
from config.terms import Verb
from models.queries.driver import scalars
from models.queries.people.barring import BARRED, BARRING_IDS
from models.queries.reviews.convenings import OWED, PairHorizon, of_pairs


def end_unrecorded(connection: Connection, befores: Mapping[str, date], today: date) -> list[int]:
    """End each force's convenings before a day whose outcome nobody has recorded; return the ids of the cases."""
    return end(
        connection,
        """s.force_code = any(%(forces)s) and s.day < (
             select b.day from unnest(%(forces)s::text[], %(befores)s::date[]) b(force_code, day)
             where b.force_code = s.force_code)""",
        {"forces": list(befores), "befores": list(befores.values())}, ConveningEnd.UNRECORDED, today,
    )  # fmt: skip


def end_not_owed(
    connection: Connection, force_codes: Sequence[str], pairs: Sequence[PairHorizon], today: date
) -> list[int]:
    """End the convenings to come of cases that owe no review within their pair's horizon; return the cases' ids."""
    owed = f"select {OWED} where o.case_id = v.case_id"
    return end(
        connection, f"s.force_code = any(%(forces)s) and s.day > %(today)s and not exists ({owed})",
        {**of_pairs(pairs, today), "forces": list(force_codes)}, ConveningEnd.NOT_OWED, today,
    )  # fmt: skip


def end_at(connection: Connection, sitting_ids: Collection[int], today: date) -> list[int]:
    """End the convenings of sittings that were cancelled; return the ids of the cases."""
    return end(connection, "s.id = any(%(ids)s)", {"ids": list(sitting_ids)}, ConveningEnd.CANCELLED, today)


def end_late(connection: Connection, force_codes: Sequence[str], today: date) -> list[int]:
    """End the convenings after their deadline where an earlier sitting of the pair has room; return the cases' ids.

    A convening that a person chose stays, and so does one of a case that may not sit under every chair.
    """
    return end(
        connection,
        f"""s.force_code = any(%(forces)s) and s.day > %(today)s and s.day > v.deadline_on and v.chosen_by is null
           and (v.case_id not in ({BARRING_IDS}) or not exists (
               select from cases c join sittings chaired on chaired.force_code = s.force_code
                   and chaired.cps_area = s.cps_area and chaired.day > %(today)s and chaired.cancelled_on is null
               where c.id = v.case_id and chaired.chair_ref = any({BARRED})))
           and s.id in (
               select late.id
               from (
                   select t.force_code, t.cps_area, min(t.day) as day from sittings t
                   where t.force_code = any(%(forces)s) and t.day > %(today)s and t.cancelled_on is null
                     and t.places > (
                       select count(*) from convenings w where w.sitting_id = t.id and w.ended_on is null)
                   group by t.force_code, t.cps_area) room
               join sittings late on late.force_code = room.force_code and late.cps_area = room.cps_area
                   and late.day > room.day)""",
        {"forces": list(force_codes)}, ConveningEnd.MORE_ROOM, today,
    )  # fmt: skip


def end_moved(connection: Connection, convening_ids: Collection[int], today: date, by: str = "casebeat") -> None:
    """End the convenings of cases that give up their place or move."""
    end(connection, "v.id = any(%(ids)s)", {"ids": list(convening_ids)}, ConveningEnd.MOVED, today, by)


def end(
    connection: Connection, which: str, given: dict[str, Any], how: ConveningEnd, today: date, by: str = "casebeat"
) -> list[int]:
    """End the live convenings `v` at sittings `s` for which the condition holds; return the ids of their cases."""
    return scalars(
        connection,
        f"""with ended as (
              update convenings v set ended_on = %(today)s, "end" = %(end)s from sittings s, case_keys k
              where s.id = v.sitting_id and k.id = v.case_id and v.ended_on is null and {which}
              returning v.case_id, k.force_code || '/' || k.case_ref as ref, s.ref as sitting),
            logged as (
              insert into audit (verb, by, about, ref, reason, detail)
              select %(verb)s, %(by)s, 'convening', ref, %(end)s, jsonb_build_object('sitting', sitting) from ended)
            select case_id from ended""",
        {**given, "today": today, "end": how.value, "verb": Verb.ALTERATION.value, "by": by},
    )
