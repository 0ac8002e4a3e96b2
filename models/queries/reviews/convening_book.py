"""Reads of the book on which forces' convenings are decided: sittings to come, places that are over, due reviews."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection

from models.queries.driver import fetch_as
from models.queries.kept_plans import Kept
from models.queries.reviews import sittings
from models.queries.reviews.due_reviews import READS, REVIEW, ConvenableReview
from models.rules.arithmetic import from_json
from models.rules.catalogue.contents import CONVENED
from models.rules.reviews.convening import HeldPlace
from models.rules.reviews.convening_book import (
    ConveningBook,
    DueReview,
    EndedPlace,
    PairHorizon,
    SittingAhead,
    first_free,
)
from models.rules.reviews.convening_reason import ConveningGrounds


class _Row(NamedTuple):
    case_id: int
    force_code: str
    cps_area: str
    review: ConvenableReview
    sitting_id: int | None
    slot: int | None
    barred: frozenset[str]
    grounds: ConveningGrounds
    held: HeldPlace | None


# The joint reviews `o` of cases `c` that are due within their pair's horizon `p`.
_OWED = f"""
from unnest(%(codes)s::text[], %(areas)s::text[], %(untils)s::date[], %(nexts)s::date[], %(rooms)s::date[])
     p(force_code, cps_area, until_on, next_on, room_on)
join live_obligations o on o.rule in {CONVENED} and o.force_code = p.force_code and o.due_on <= p.until_on
join disclosed c on c.id = o.case_id and c.cps_area = p.cps_area"""
# How the last convening of a case without a place ended, since its last review, and what moved the day of one that has
# a place to an earlier one.
_GROUNDS = """o.due_on as "grounds.due_on",
       case when o.due_on < v.due_on then o.because else '[]' end as "grounds.because",
       array(select i.reported_on from incidents i
             where o.due_on < v.due_on and i.breach and i.withdrawn_on is null and i.key_id in (
                 select id from cases where id = c.id union select id from cases where urn_key_id = c.urn_key_id
                 union select c.urn_key_id)) as "grounds.breaches",
       (select w."end" from convenings w
        where v.id is null and w.case_id = o.case_id and w.ended_on >= coalesce(o.done_on, w.ended_on)
          and w."end" <> 'void' order by w.id desc limit 1) as "grounds.end\""""
_DUE = f"""
select c.id as case_id, o.force_code, c.cps_area, {REVIEW}, v.sitting_id, v.slot, c.barred, {_GROUNDS},
       s.ref as "held.sitting", v.due_on as "held.due_on", v.deadline_on as "held.deadline_on",
       case when v.id is not null then v.chosen_by is not null end as "held.chosen"
{_OWED}
left join (convenings v join sittings s on s.id = v.sitting_id)
       on v.case_id = o.case_id and v.ended_on is null and v.case_id <> all(%(over)s::bigint[])
where (v.id is null or s.day > %(today)s"""
_ALL = f"{_DUE})"
_MISPLACED = f"""{_DUE} and (
  s.cps_area <> c.cps_area or v.due_on <> o.due_on or s.id = any(%(overfull)s)
  or greatest(o.due_on, p.next_on) < v.deadline_on
  or s.day > v.deadline_on and (s.day > p.room_on or c.bars_any) and v.chosen_by is null))"""
_OVER = f"""
with unrecorded as (
  select v.case_id, 'unrecorded' as "end" from convenings v join sittings s on s.id = v.sitting_id
  where v.ended_on is null and s.force_code = any(%(forces)s) and s.day < (
    select b.day from unnest(%(forces)s::text[], %(firsts)s::date[]) b(force_code, day)
    where b.force_code = s.force_code) for no key update of v),
barred as (
  select v.case_id, 'barred' as "end" from convenings v join sittings s on s.id = v.sitting_id
  where v.ended_on is null and s.force_code = any(%(forces)s) and s.day >= %(today)s and v.case_id = any(array(
      select case_id from cases_apart where bars_any))
    and exists (select from disclosed c where c.id = v.case_id and s.chair_ref = any(c.barred))
  for no key update of v),
not_owed as (
  select v.case_id, 'not_owed' as "end" from convenings v join sittings s on s.id = v.sitting_id
  where v.ended_on is null and s.force_code = any(%(forces)s) and s.day > %(today)s
    and not exists (select {_OWED} where o.case_id = v.case_id)
  for no key update of v)
select * from unrecorded union all select * from barred
union all select * from not_owed where case_id not in (select case_id from barred)"""


def read(
    connection: Connection, pairs: Sequence[PairHorizon], outcomes_due: Mapping[str, date], today: date
) -> ConveningBook:
    """Return the book of forces that have these pairs, and lock their sittings to come until commit.

    `outcomes_due` has every force, with its first day whose sittings may still wait for their outcome. Without changes,
    only the due cases that have no place are read.
    """
    forces = list(outcomes_due)
    sittings.lock_ahead(connection, forces, today)
    over = _over(connection, pairs, outcomes_due, today)
    ahead = sittings.ahead(connection, forces, today, [place.case_id for place in over])
    pairs = _with_sittings(pairs, ahead)
    due = _due(connection, _MISPLACED, ConveningBook(today, pairs, ahead, (), over)) if pairs else ()
    return ConveningBook(today, pairs, ahead, due, over)


def read_whole(connection: Connection, book: ConveningBook, force_codes: Collection[str]) -> ConveningBook:
    """Return the book with every due review of some of its forces."""
    others = [review for review in book.due if review.force_code not in force_codes]
    theirs = [pair for pair in book.pairs if pair.force_code in force_codes]
    return book._replace(due=others + _due(connection, _ALL, book._replace(pairs=theirs)))


def all_due(connection: Connection, pair: PairHorizon, today: date) -> list[DueReview]:
    """Return all due reviews of a pair, without those whose sitting has begun."""
    return _due(connection, _ALL, ConveningBook(today, [pair], (), (), ()))


def _over(
    connection: Connection, pairs: Sequence[PairHorizon], outcomes_due: Mapping[str, date], today: date
) -> list[EndedPlace]:
    """Return the places that end, locked until commit.

    Nobody has recorded the outcome of the sitting before its day; or its chair, today's included, is barred from the
    case; or it is to come, and the case owes no review within its pair's horizon.
    """
    forces = {"forces": list(outcomes_due), "firsts": list(outcomes_due.values())}
    return fetch_as(connection, EndedPlace, Kept(_OVER), {**_of_pairs(pairs), **forces, "today": today})


def _with_sittings(pairs: Sequence[PairHorizon], ahead: Sequence[SittingAhead]) -> list[PairHorizon]:
    """Return the pairs with the next day on which each sits, and the first on which it has a free place."""
    next_on = {sitting.pair: sitting.day for sitting in reversed(ahead)}
    room_on = first_free(ahead)
    return [pair._replace(next_on=next_on.get(pair.key), room_on=room_on.get(pair.key, pair.room_on)) for pair in pairs]


def _due(connection: Connection, statement: str, book: ConveningBook) -> list[DueReview]:
    given = {
        **_of_pairs(book.pairs),
        "today": book.today,
        "over": [place.case_id for place in book.over],
        "overfull": [sitting.id for sitting in book.sittings if sitting.overfull],
    }
    reads = {**READS, "grounds.because": from_json}
    return [_review(row, book.today) for row in fetch_as(connection, _Row, Kept(statement), given, reads)]


def _review(row: _Row, today: date) -> DueReview:
    due = row.review.due(today, row.held)
    return DueReview(
        row.case_id, row.force_code, row.cps_area, due, row.sitting_id, row.slot, row.barred, row.grounds
    )  # fmt: skip


def _of_pairs(pairs: Sequence[PairHorizon]) -> dict[str, Any]:
    return {
        "codes": [pair.force_code for pair in pairs], "areas": [pair.cps_area for pair in pairs],
        "untils": [pair.until_on for pair in pairs], "nexts": [pair.next_on for pair in pairs],
        "rooms": [pair.room_on for pair in pairs],
    }  # fmt: skip
