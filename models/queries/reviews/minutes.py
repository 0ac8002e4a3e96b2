"""Reads of the sittings whose cases get their minutes, and writes of the minutes."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from config.terms import Risk
from models.queries.driver import execute, fetch_as, grouped, keyed_as
from models.queries.people.disclosure import APART
from models.queries.reviews import convenings
from models.queries.reviews.failed_reviews import LAST_QUORATE
from models.rules.reviews.convening import risk_of


class ConvenedRow(NamedTuple):
    """A case at a sitting. `failed` means that its review failed since the last one that counts.

    `apart` means that it bars somebody, and sits after all others.
    """

    convening_id: int
    sitting_id: int
    case_id: int
    reference: str
    risk: Risk
    failed: bool
    apart: bool


class OwedDays(NamedTuple):
    """The days of one obligation, with what makes it press."""

    hard: bool
    stalls: bool
    remind_on: date
    due_on: date
    escalate_on: date


def convened(connection: Connection, sitting_ids: Collection[int]) -> list[ConvenedRow]:
    """Return the cases at these sittings, each with whether its review failed since its last quorate one."""
    # Not by disclosed: the order of a sitting's minutes: it is shown to nobody
    statement = f"""
        select v.id as convening_id, v.sitting_id, v.case_id, c.force_code || '/' || c.case_ref as reference,
               c.risk, exists (
                   select from convenings w join sittings t on t.id = w.sitting_id
                   join outcomes o on o.convening_id = w.id and o.stands
                   where w.case_id = c.id and not o.quorate
                     and t.day > coalesce({LAST_QUORATE}, '-infinity')) as failed,
               c.id = any({APART}) as apart
        from convenings v join cases c on c.id = v.case_id
        where v.sitting_id = any(%s) and v.ended_on is null order by v.sitting_id, v.slot"""
    return fetch_as(connection, ConvenedRow, statement, (list(sitting_ids),), {"risk": risk_of})


def owed(connection: Connection, case_ids: Collection[int]) -> dict[int, list[OwedDays]]:
    """Return the days of these cases' live obligations, by case."""
    statement = """
        select case_id, hard, stalls, remind_on, due_on, escalate_on from live_obligations where case_id = any(%s)"""
    return grouped(keyed_as(connection, "case_id", OwedDays, statement, (list(case_ids),)))


def settle(connection: Connection, orders: Mapping[int, Sequence[int]], today: date) -> None:
    """Give the convenings of each sitting the minutes of their order, and mark these sittings as settled today."""
    convenings.give(
        connection, {convening_id: slot for order in orders.values() for slot, convening_id in enumerate(order)}
    )
    execute(connection, "update sittings set settled_on = %s where id = any(%s)", (today, list(orders)))
