"""What convening reads: the places of a force's sittings and the due reviews that want one; and how it is written."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection

from config.sittings import ConveningEnd, ConveningReason
from config.terms import Verb
from models.queries.driver import execute, fetch
from models.rules.obligations.severity import severity
from models.rules.reviews.convening import DueCase, HeldPlace, risk_of


class PairHorizon(NamedTuple):
    """A force's reviews with one CPS Area: how far ahead they are convened, and the next day on which it sits."""

    cps_area: str
    until_on: date
    next_on: date | None


class OpenSitting(NamedTuple):
    """A sitting to come, with the slots that are taken."""

    id: int
    ref: str
    cps_area: str
    day: date
    places: int
    slots: tuple[int, ...]


class DueReview(NamedTuple):
    """A due review: what decides its place, and where it has one already."""

    case_id: int
    cps_area: str
    due: DueCase
    convening_id: int | None
    sitting_id: int | None


class NewConvening(NamedTuple):
    """A case that is given a place."""

    case_id: int
    sitting_id: int
    slot: int
    due_on: date
    deadline_on: date
    because: ConveningReason
    chosen_by: str | None = None


class KeptConvening(NamedTuple):
    """A case that stays where it is, for another due day or deadline."""

    convening_id: int
    due_on: date
    deadline_on: date


_PAIRS = "unnest(%(areas)s::text[], %(untils)s::date[], %(nexts)s::date[]) p(cps_area, until_on, next_on)"
_OWED = """
from obligations o join cases c on c.id = o.case_id
join {pairs} on p.cps_area = c.cps_area and o.due_on <= p.until_on"""
_LIVE = "o.force_code = %(force)s and o.rule = 'joint-review' and o.ended_on is null"
_DUE = f"""
select c.id, c.case_ref, c.cps_area, c.risk, o.due_on, o.remind_on, o.escalate_on, coalesce(o.done_on, c.opened_on),
       v.id, v.sitting_id, s.ref, v.due_on, v.deadline_on, v.chosen_by is not null
{_OWED.format(pairs=_PAIRS)}
left join (convenings v join sittings s on s.id = v.sitting_id) on v.case_id = o.case_id and v.ended_on is null
where {_LIVE} and {{which}}"""
_ASTRAY = """
(v.id is null or s.day > %(today)s and (
  s.cps_area <> c.cps_area or v.due_on <> o.due_on or s.id = any(%(overfull)s)
  or greatest(o.due_on, p.next_on) < least(s.day, v.deadline_on)))"""
_ALL = "c.cps_area = %(area)s and (v.id is null or s.day > %(today)s)"


def open_sittings(connection: Connection, force_code: str, today: date) -> list[OpenSitting]:
    """A force's sittings to come by Area and moment, with who sits where."""
    rows = fetch(
        connection,
        """select s.id, s.ref, s.cps_area, s.day, s.places,
                  array(select v.slot from convenings v where v.sitting_id = s.id and v.ended_on is null)
           from sittings s where s.force_code = %s and s.day > %s and s.cancelled_on is null
           order by s.cps_area collate "C", s.starts_at, s.id""",
        (force_code, today),
    )
    return [OpenSitting._make((*row[:5], tuple(row[5]))) for row in rows]


def astray(
    connection: Connection, force_code: str, pairs: Sequence[PairHorizon], overfull: Collection[int], today: date
) -> list[DueReview]:
    """The due reviews that have no sitting, or whose sitting may not be theirs any more."""
    given = {**_given(force_code, pairs, today), "overfull": list(overfull)}
    return [_found(row, today) for row in fetch(connection, _DUE.format(which=_ASTRAY), given)]


def all_due(connection: Connection, force_code: str, pair: PairHorizon, today: date) -> list[DueReview]:
    """All due reviews of a pair but those whose sitting has begun."""
    given = {**_given(force_code, [pair], today), "area": pair.cps_area}
    return [_found(row, today) for row in fetch(connection, _DUE.format(which=_ALL), given)]


def _given(force_code: str, pairs: Sequence[PairHorizon], today: date) -> dict[str, Any]:
    areas, untils, nexts = zip(*pairs, strict=True) if pairs else ((), (), ())
    return {"force": force_code, "today": today, "areas": list(areas), "untils": list(untils), "nexts": list(nexts)}


def _found(row: Sequence[Any], today: date) -> DueReview:
    held = HeldPlace(*row[10:14]) if row[8] is not None else None
    due = DueCase(row[1], risk_of(row[3]), severity(row[4], row[5], row[6], today), row[4], row[7], held)
    return DueReview(row[0], row[2], due, row[8], row[9])


def end_unrecorded(connection: Connection, force_code: str, before: date, today: date) -> list[int]:
    """End what sat before a day and nobody has said what came of it; the ids of the cases."""
    return _end(
        connection, "s.force_code = %(force)s and s.day < %(before)s",
        {"force": force_code, "before": before}, ConveningEnd.UNRECORDED, today,
    )  # fmt: skip


def end_not_owed(connection: Connection, force_code: str, pairs: Sequence[PairHorizon], today: date) -> list[int]:
    """End what is to come for cases that owe no review inside their pair's horizon any more; the ids of the cases."""
    owed = f"select {_OWED.format(pairs=_PAIRS)} where {_LIVE} and o.case_id = v.case_id"
    return _end(
        connection, f"s.force_code = %(force)s and s.day > %(today)s and not exists ({owed})",
        _given(force_code, pairs, today), ConveningEnd.NOT_OWED, today,
    )  # fmt: skip


def end_at(connection: Connection, sitting_ids: Collection[int], today: date) -> list[int]:
    """End what was convened to sittings that went; the ids of the cases."""
    return _end(connection, "s.id = any(%(ids)s)", {"ids": list(sitting_ids)}, ConveningEnd.CANCELLED, today)


def end_late(connection: Connection, force_code: str, today: date) -> list[int]:
    """End what sits after its deadline where a sooner sitting of its pair has room, but for what a person moved."""
    return _end(
        connection,
        """s.force_code = %(force)s and s.day > %(today)s and s.day > v.deadline_on and v.chosen_by is null
           and (s.cps_area, s.day) in (
               select late.cps_area, late.day
               from (
                   select t.cps_area, min(t.day) as day from sittings t
                   where t.force_code = %(force)s and t.day > %(today)s and t.cancelled_on is null and t.places > (
                       select count(*) from convenings w where w.sitting_id = t.id and w.ended_on is null)
                   group by t.cps_area) room
               join sittings late on late.cps_area = room.cps_area and late.day > room.day
               where late.force_code = %(force)s)""",
        {"force": force_code}, ConveningEnd.MORE_ROOM, today,
    )  # fmt: skip


def end_moved(connection: Connection, convening_ids: Collection[int], today: date, by: str = "casebeat") -> None:
    """End what gives its place up, or moves."""
    _end(connection, "v.id = any(%(ids)s)", {"ids": list(convening_ids)}, ConveningEnd.MOVED, today, by)


def _end(
    connection: Connection, which: str, given: dict[str, Any], end: ConveningEnd, today: date, by: str = "casebeat"
) -> list[int]:
    rows = fetch(
        connection,
        f"""with ended as (
              update convenings v set ended_on = %(today)s, "end" = %(end)s from sittings s, case_keys k
              where s.id = v.sitting_id and k.id = v.case_id and v.ended_on is null and {which}
              returning v.case_id, k.force_code || '/' || k.case_ref as ref, s.ref as sitting),
            logged as (
              insert into audit (verb, by, about, ref, reason, detail)
              select %(verb)s, %(by)s, 'convening', ref, %(end)s, jsonb_build_object('sitting', sitting) from ended)
            select case_id from ended""",
        {**given, "today": today, "end": end.value, "verb": Verb.ALTERATION.value, "by": by},
    )
    return [row[0] for row in rows]


def slots(connection: Connection, sitting_ids: Collection[int]) -> dict[int, list[int]]:
    """The slots that are taken at sittings."""
    found: dict[int, list[int]] = {sitting_id: [] for sitting_id in sitting_ids}
    for sitting_id, slot in fetch(
        connection,
        "select sitting_id, slot from convenings where ended_on is null and sitting_id = any(%s)",
        (list(sitting_ids),),
    ):
        found[sitting_id].append(slot)
    return found


def begin(connection: Connection, begun: Sequence[NewConvening], today: date) -> None:
    """Give cases their places, with their audit rows. A case that another run convened meanwhile keeps what it has."""
    columns = zip(*begun, strict=True)
    execute(
        connection,
        """with made as (
             insert into convenings (case_id, sitting_id, slot, due_on, deadline_on, because, chosen_by, convened_on)
             select n.*, %s from unnest(%s::bigint[], %s::bigint[], %s::int[], %s::date[], %s::date[], %s::text[],
                                        %s::text[]) n
             on conflict do nothing returning case_id, sitting_id, because, chosen_by)
           insert into audit (verb, by, about, ref, reason, detail)
           select %s, coalesce(m.chosen_by, 'casebeat'), 'convening', k.force_code || '/' || k.case_ref, m.because,
                  jsonb_build_object('sitting', s.ref)
           from made m join case_keys k on k.id = m.case_id join sittings s on s.id = m.sitting_id""",
        [today, *map(list, columns), Verb.ALTERATION.value],
    )


def stand(connection: Connection, standing: Sequence[KeptConvening]) -> None:
    """Write another due day and deadline of cases that stay where they are."""
    columns = zip(*standing, strict=True)
    execute(
        connection,
        """update convenings v set due_on = n.due_on, deadline_on = n.deadline_on
           from unnest(%s::bigint[], %s::date[], %s::date[]) n(id, due_on, deadline_on) where v.id = n.id""",
        [list(column) for column in columns],
    )


def look_again(connection: Connection, case_ids: Collection[int], today: date) -> None:
    """Let the next projection look at cases whose sitting is another, and today's climb at their joint reviews."""
    if not case_ids:
        return
    execute(connection, "update cases set projection = 'changed', failure = null where id = any(%s)", (list(case_ids),))
    execute(
        connection,
        """update obligations set next_step_on = %s
           where case_id = any(%s) and rule = 'joint-review' and ended_on is null
             and next_step_on is distinct from least(next_step_on, %s)""",
        (today, list(case_ids), today),
    )


def cases_at(connection: Connection, sitting_ids: Collection[int]) -> list[int]:
    """The cases that are convened to these sittings."""
    rows = fetch(
        connection,
        "select case_id from convenings where ended_on is null and sitting_id = any(%s)",
        (list(sitting_ids),),
    )
    return [row[0] for row in rows]
