"""Reads of the places of a force's sittings and of the due reviews that need one, and writes of convenings."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection

from config.sittings import ConveningReason
from config.terms import Verb
from models.queries.driver import execute, fetch_as, mapping, scalars
from models.queries.people.barring import BARRED
from models.queries.reviews.due_reviews import READS, REVIEW, ConvenableReview
from models.rules.people.act import Act
from models.rules.reviews.convening import DueCase, HeldPlace


class PairHorizon(NamedTuple):
    """A force's pair with one CPS Area: how far ahead its reviews are convened, and the next day on which it sits."""

    force_code: str
    cps_area: str
    until_on: date
    next_on: date | None


class DueReview(NamedTuple):
    """A due review: what decides its place, and the place that it has already."""

    case_id: int
    force_code: str
    cps_area: str
    due: DueCase
    convening_id: int | None
    sitting_id: int | None
    barred: frozenset[str]  # the contacts who must hear nothing of its case, so that it sits under none of them


class NewConvening(NamedTuple):
    """A case that gets a place."""

    case_id: int
    sitting_id: int
    slot: int
    due_on: date
    deadline_on: date
    because: ConveningReason
    chosen_by: str | None = None


class KeptConvening(NamedTuple):
    """A case that keeps its place, with another due day or deadline."""

    convening_id: int
    due_on: date
    deadline_on: date


class _Row(NamedTuple):
    case_id: int
    force_code: str
    cps_area: str
    review: ConvenableReview
    convening_id: int | None
    sitting_id: int | None
    barred: frozenset[str]
    held: HeldPlace | None


# The joint reviews `o` of cases `c` that are due within their pair's horizon `p`.
OWED = """
from unnest(%(codes)s::text[], %(areas)s::text[], %(untils)s::date[], %(nexts)s::date[])
     p(force_code, cps_area, until_on, next_on)
join obligations o on o.force_code = p.force_code and o.due_on <= p.until_on
     and o.rule = 'joint-review' and o.ended_on is null
join cases c on c.id = o.case_id and c.cps_area = p.cps_area"""
_DUE = f"""
select c.id as case_id, o.force_code, c.cps_area, {REVIEW}, v.id as convening_id, v.sitting_id,
       {BARRED} as barred, s.ref as "held.sitting",
       v.due_on as "held.due_on", v.deadline_on as "held.deadline_on",
       case when v.id is not null then v.chosen_by is not null end as "held.chosen"
{OWED}
left join (convenings v join sittings s on s.id = v.sitting_id) on v.case_id = o.case_id and v.ended_on is null
where {{which}}"""
_ASTRAY = """
(v.id is null or s.day > %(today)s and (
  s.cps_area <> c.cps_area or v.due_on <> o.due_on or s.id = any(%(overfull)s)
  or greatest(o.due_on, p.next_on) < least(s.day, v.deadline_on)))"""
_ALL = "(v.id is null or s.day > %(today)s)"


def misplaced(
    connection: Connection, pairs: Sequence[PairHorizon], overfull: Collection[int], today: date
) -> list[DueReview]:
    """Return the due reviews that have no sitting, or whose sitting may have to change."""
    return _found(connection, _ASTRAY, {**of_pairs(pairs, today), "overfull": list(overfull)}, today)


def all_due(connection: Connection, pair: PairHorizon, today: date) -> list[DueReview]:
    """Return all due reviews of a pair, without those whose sitting has begun."""
    return _found(connection, _ALL, of_pairs([pair], today), today)


def of_pairs(pairs: Sequence[PairHorizon], today: date) -> dict[str, Any]:
    """Return the parameters of `OWED` and of today."""
    return {
        "today": today, "codes": [pair.force_code for pair in pairs], "areas": [pair.cps_area for pair in pairs],
        "untils": [pair.until_on for pair in pairs], "nexts": [pair.next_on for pair in pairs],
    }  # fmt: skip


def _found(connection: Connection, which: str, given: dict[str, Any], today: date) -> list[DueReview]:
    rows = fetch_as(connection, _Row, _DUE.format(which=which), given, READS)
    return [
        DueReview(
            row.case_id,
            row.force_code,
            row.cps_area,
            row.review.due(today, row.held),
            row.convening_id,
            row.sitting_id,
            row.barred,
        )
        for row in rows
    ]


def slots(connection: Connection, sitting_ids: Collection[int]) -> dict[int, list[int]]:
    """Return the taken slots of sittings."""
    taken = mapping(
        connection,
        "sitting_id",
        "slots",
        """select sitting_id, array_agg(slot) as slots from convenings
           where ended_on is null and sitting_id = any(%s) group by sitting_id""",
        (list(sitting_ids),),
    )
    return {sitting_id: taken.get(sitting_id, []) for sitting_id in sitting_ids}


def begin(connection: Connection, begun: Sequence[NewConvening], today: date, act: Act | None = None) -> None:
    """Write the convenings of cases, with audit rows. A case that another run convened meanwhile keeps its place."""
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
                  jsonb_strip_nulls(jsonb_build_object('sitting', s.ref, 'door', %s::text, 'through', %s::text))
           from made m join case_keys k on k.id = m.case_id join sittings s on s.id = m.sitting_id""",
        [today, *map(list, columns), Verb.ALTERATION.value, *((act.door.value, act.through) if act else (None, None))],
    )


def reschedule(connection: Connection, standing: Sequence[KeptConvening]) -> None:
    """Write the new due days and deadlines of cases that keep their place."""
    columns = zip(*standing, strict=True)
    execute(
        connection,
        """update convenings v set due_on = n.due_on, deadline_on = n.deadline_on
           from unnest(%s::bigint[], %s::date[], %s::date[]) n(id, due_on, deadline_on) where v.id = n.id""",
        [list(column) for column in columns],
    )


def look_again(connection: Connection, case_ids: Collection[int], today: date) -> None:
    """Let the next projection look at cases whose sitting has changed, and today's climb at their joint reviews."""
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
    """Return the ids of the cases that are convened to these sittings."""
    return scalars(
        connection,
        "select case_id from convenings where ended_on is null and sitting_id = any(%s)",
        (list(sitting_ids),),
    )
