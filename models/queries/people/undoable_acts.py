"""Reads of acts that a reply takes back: the outcome of a review, and the move of a case to another sitting."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.doors import ActKind
from models.queries.driver import first_as, scalars
from models.rules.catalogue.contents import CONVENED


class UndoableAct(NamedTuple):
    """One act by the row that came of it, with its case, its sitting, and the joint review that it is about."""

    deed: ActKind
    row_id: int
    force_code: str
    case_ref: str
    sitting: str
    obligation_id: int | None
    barred: frozenset[str]


def find(connection: Connection, act_id: int) -> UndoableAct | None:
    """Return an act by its id; None where there is no such act, or where it is of another kind."""
    statement = f"""
        select case when a.outcome_id is not null then 'outcome' else 'move' end as deed,
               coalesce(a.outcome_id, a.convening_id) as row_id, c.force_code, c.case_ref, s.ref as sitting,
               (select o.id from obligations o
                where o.case_id = c.id and o.rule in {CONVENED} and o.end_reason is distinct from 'void'
                order by o.version desc limit 1) as obligation_id,
               c.barred
        from acts a left join outcomes u on u.id = a.outcome_id
        join convenings v on v.id = coalesce(a.convening_id, u.convening_id)
        join sittings s on s.id = v.sitting_id join disclosed c on c.id = a.case_id
        where a.id = %s and not a.undoes"""
    return first_as(connection, UndoableAct, statement, (act_id,))


def forces(connection: Connection, at: datetime) -> list[str]:
    """Return the forces in which a reply of a moment took back an outcome or a move."""
    statement = """
        select distinct c.force_code from acts a join cases c on c.id = a.case_id
        where a.door = 'mail' and a.undoes and a.made_at = %s
          and (a.outcome_id is not null or a.convening_id is not null) order by 1"""
    return scalars(connection, statement, (at,))
