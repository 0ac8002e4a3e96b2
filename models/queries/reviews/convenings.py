"""Writes of convenings: cases that lose, keep and get a place at a sitting, and what is looked at again for it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import Connection

from config.terms import Verb
from models.queries.driver import execute, mapping, scalars
from models.queries.people.disclosure import APART
from models.rules.catalogue.contents import CONVENED
from models.rules.people.act import Act
from models.rules.reviews.convening_book import BEHIND, EndedPlace, GivenPlace, KeptPlace


def slots(connection: Connection, sitting_ids: Collection[int]) -> dict[int, list[int]]:
    """Return the slots of sittings that are taken by cases that bar nobody."""
    statement = f"""
        select sitting_id, array_agg(slot) as slots from convenings
        where ended_on is null and sitting_id = any(%s) and case_id <> all({APART}) group by sitting_id"""
    taken = mapping(connection, "sitting_id", "slots", statement, (list(sitting_ids),))
    return {sitting_id: taken.get(sitting_id, []) for sitting_id in sitting_ids}


def end(connection: Connection, ended: Sequence[EndedPlace], today: date, by: str = "casebeat") -> None:
    """End the live convenings of cases, with audit rows."""
    if not ended:
        return
    case_ids, ends = zip(*ended, strict=True)
    # Not by disclosed: an audit row
    statement = """
        with ended as (
          update convenings v set ended_on = %(today)s, "end" = n."end"
          from unnest(%(case_ids)s::bigint[], %(ends)s::text[]) with ordinality n(case_id, "end", at),
               sittings s, case_keys k
          where v.case_id = n.case_id and v.ended_on is null and s.id = v.sitting_id and k.id = v.case_id
          returning n.at, n."end", k.force_code || '/' || k.case_ref as ref, s.ref as sitting)
        insert into audit (verb, by, about, ref, reason, detail)
        select %(verb)s, %(by)s, 'convening', ref, "end", jsonb_build_object('sitting', sitting)
        from ended order by at"""
    given = {
        "today": today, "case_ids": list(case_ids), "ends": list(ends), "verb": Verb.ALTERATION.value, "by": by,
    }  # fmt: skip
    execute(connection, statement, given)


def begin(connection: Connection, given: Sequence[GivenPlace], today: date, act: Act | None = None) -> None:
    """Write the convenings of cases, with audit rows. A case that another run convened meanwhile keeps its place.

    The cases that bar somebody come behind all others of their sittings.
    """
    if not given:
        return
    sitting_ids = {place.sitting_id for place in given}
    set_aside(connection, sitting_ids)
    columns = zip(*given, strict=True)
    # Not by disclosed: an audit row
    statement = """
        with made as (
          insert into convenings (case_id, sitting_id, slot, due_on, deadline_on, because, chosen_by, convened_on)
          select n.*, %s from unnest(%s::bigint[], %s::bigint[], %s::int[], %s::date[], %s::date[], %s::text[],
                                     %s::text[]) n
          on conflict do nothing returning case_id, sitting_id, because, chosen_by)
        insert into audit (verb, by, about, ref, reason, detail)
        select %s, coalesce(m.chosen_by, 'casebeat'), 'convening', k.force_code || '/' || k.case_ref, m.because,
               jsonb_strip_nulls(jsonb_build_object('sitting', s.ref, 'door', %s::text, 'through', %s::text))
        from made m join case_keys k on k.id = m.case_id join sittings s on s.id = m.sitting_id"""
    values = [
        today,
        *map(list, columns),
        Verb.ALTERATION.value,
        *((act.door.value, act.through) if act else (None, None)),
    ]
    execute(connection, statement, values)
    put_last(connection, sitting_ids)


def set_aside(connection: Connection, sitting_ids: Collection[int]) -> None:
    """Free the slots of the cases that bar somebody for others that come to these sittings, until `put_last`."""
    statement = f"""
        update convenings v set slot = -%s - v.slot
        where v.sitting_id = any(%s) and v.ended_on is null and v.case_id = any({APART})"""
    execute(connection, statement, (BEHIND, list(sitting_ids)))


def put_last(connection: Connection, sitting_ids: Collection[int]) -> None:
    """Give the cases that bar somebody the slots behind all others of their sittings, those set aside first.

    At a settled sitting such a case keeps its slot, unless that is no longer behind the others.
    """
    statement = f"""
        with sits as (
          select v.id, v.sitting_id, v.slot, case when v.slot < 0 then -%(behind)s - v.slot else v.slot end as own,
                 v.case_id = any({APART}) as apart, t.settled_on is not null as settled
          from convenings v join sittings t on t.id = v.sitting_id
          where v.sitting_id = any(%(sittings)s) and v.ended_on is null),
        last as (
          select s.id, s.slot, s.sitting_id,
                 case when s.settled and s.own < %(behind)s then s.own else 0 end as kept,
                 coalesce((select max(o.slot) + 1 from sits o
                           where o.sitting_id = s.sitting_id and not o.apart), 0) as first,
                 row_number() over (partition by s.sitting_id order by s.slot >= 0, abs(s.slot)) - 1 as at
          from sits s where s.apart),
        given as (
          select id, slot, at + max(greatest(kept, first) - at) over (partition by sitting_id order by at) as new
          from last)
        select id, new::int as new from given where new <> slot"""
    given = {"behind": BEHIND, "sittings": list(sitting_ids)}
    slots = mapping(connection, "id", "new", statement, given)
    if slots:
        give(connection, slots)


def give(connection: Connection, slots: Mapping[int, int]) -> None:
    """Give convenings other slots.

    No two live cases may share a slot even for a moment, so that the new slots are written below zero first.
    """
    statement = """
        update convenings v set slot = -1 - n.slot from unnest(%s::bigint[], %s::int[]) n(id, slot)
        where v.id = n.id"""
    execute(connection, statement, (list(slots), list(slots.values())))
    execute(connection, "update convenings set slot = -1 - slot where id = any(%s)", (list(slots),))


def reschedule(connection: Connection, kept: Sequence[KeptPlace]) -> None:
    """Write the new due days and deadlines of cases that keep their place."""
    if not kept:
        return
    columns = zip(*kept, strict=True)
    statement = """
        update convenings v set due_on = n.due_on, deadline_on = n.deadline_on
        from unnest(%s::bigint[], %s::date[], %s::date[]) n(case_id, due_on, deadline_on)
        where v.case_id = n.case_id and v.ended_on is null"""
    execute(connection, statement, [list(column) for column in columns])


def look_again(connection: Connection, case_ids: Collection[int], today: date) -> None:
    """Let the next projection look at cases whose sitting has changed, and today's climb at their joint reviews."""
    if not case_ids:
        return
    execute(connection, "update cases set projection = 'changed', failure = null where id = any(%s)", (list(case_ids),))
    statement = f"""
        update obligations set next_step_on = %s
        where case_id = any(%s) and rule in {CONVENED} and ended_on is null
          and next_step_on is distinct from least(next_step_on, %s)"""
    execute(connection, statement, (today, list(case_ids), today))


def cases_at(connection: Connection, sitting_ids: Collection[int]) -> list[int]:
    """Return the ids of the cases that are convened to these sittings."""
    statement = "select case_id from convenings where ended_on is null and sitting_id = any(%s)"
    return scalars(connection, statement, (list(sitting_ids),))
