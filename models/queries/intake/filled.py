"""Reads of an extract on trial: how many staged rows fill each column, and the open cases that rules would look at."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, ColumnElement, Connection, Text, func, literal, select, union_all

from config.terms import Risk
from models.queries.driver import fetch_as, mapping, scalars
from models.queries.intake.staged import Staged

_ROWS = "all rows"


class TriedCases(NamedTuple):
    """The ids of a force's open cases."""

    force_code: str
    case_ids: list[int]


def filled(connection: Connection, file: Staged, columns: Mapping[str, str]) -> tuple[int, dict[str, int]]:
    """Return how many of a file's rows load, and how many of them fill each column.

    `columns` gives the columns' names in the staged table.
    """
    counts = [func.count(_unless_empty(file.table.c[stored])) for stored in columns.values()]
    asked = zip((_ROWS, *columns), (func.count(), *counts), strict=True)
    each = (select(literal(name).label("name"), count.label("cells")).select_from(file.table).where(file.good)
            for name, count in asked)  # fmt: skip
    found = mapping(connection, "name", "cells", union_all(*each))
    return found.pop(_ROWS), found


def _unless_empty(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a cell, or null for an empty list and for a risk that is not given, which is stored as unknown."""
    if isinstance(column.type, ARRAY):
        return func.nullif(column, "{}")
    return func.nullif(column.cast(Text), Risk.UNKNOWN)


def open_cases(connection: Connection, forces: Sequence[str]) -> list[TriedCases]:
    """Return the open cases of these forces, by force."""
    statement = """
        select force_code, array_agg(id order by id) as case_ids from cases
        where force_code = any(%(forces)s) and finalised_on is null group by force_code order by force_code"""
    return fetch_as(connection, TriedCases, statement, {"forces": [*forces]})


def decided_to_charge(connection: Connection) -> set[str]:
    """Return the references of the referrals that CPS decided with a charge."""
    return set(
        scalars(connection, "select referral_ref from referrals where decision = 'charge' and withdrawn_on is null")
    )
