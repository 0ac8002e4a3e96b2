"""Reads and writes of confirmations: people confirm that the grade of a case's risk is right."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import execute, first_as, one_as, scalar
from models.rules.obligations.confirmation import GradedCase

# The day on which the grade of a case `c` was confirmed last, by its source or here.
RATIFIED_ON = """greatest(c.risk_ratified_on, (
    select max(f.confirmed_on) from confirmations f where f.case_id = c.id and f.stands))"""


def graded(connection: Connection, case_id: int) -> GradedCase:
    """Return what a confirmation of a case's grade depends on, locked until commit."""
    statement = f"""
        select c.risk, c.finalised_on, {RATIFIED_ON} as ratified_on from cases c where c.id = %s
        for no key update of c"""
    return one_as(connection, GradedCase, statement, (case_id,))


def write(connection: Connection, case_id: int, by_ref: str, today: date, at: datetime) -> int:
    """Write a confirmation, and return its id."""
    statement = """
        insert into confirmations (case_id, by_ref, confirmed_on, made_at) values (%s, %s, %s, %s) returning id"""
    return int(scalar(connection, statement, (case_id, by_ref, today, at)))


class GivenConfirmation(NamedTuple):
    """One confirmation; `stands` is false if it was taken back."""

    id: int
    by_ref: str
    confirmed_on: date
    stands: bool


def latest(connection: Connection, case_id: int) -> GivenConfirmation | None:
    """Return the latest confirmation of a case's grade, those taken back last; None where there is none."""
    statement = """
        select id, by_ref, confirmed_on, stands from confirmations where case_id = %s
        order by stands desc, id desc limit 1"""
    return first_as(connection, GivenConfirmation, statement, (case_id,))


def take_back(connection: Connection, confirmation_id: int) -> None:
    """Let a confirmation stand no more."""
    execute(connection, "update confirmations set stands = false where id = %s", (confirmation_id,))
