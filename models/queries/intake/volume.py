"""Reads of what an extract that is being loaded does to its source's open cases and cells, and of its source's past."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ARRAY, Boolean, Connection

from config.terms import Risk
from models.queries.driver import fetch_as, mapping, one_as, scalar
from models.queries.intake.comparing import sent_value
from models.queries.intake.staged import RowEffect, Staged, wanted
from models.rules.volume import CaseVolume

_RISKS = ["high", "medium", "standard"]  # what is unknown counts as high, and is emptied rather than downgraded


def of_open_cases(connection: Connection, cases: Staged, *, stalking: bool) -> CaseVolume:
    """Count the open cases (the stalking ones alone) that the compared file would close, reclassify or downgrade.

    A case that is missing from its source is open, and is worked on.
    """
    # Not by disclosed: counts
    statement = f"""
        with seen as (
            select w.finalised_on is not null as closed, w.classification <> t.classification as reclassified,
                   coalesce(array_position(%(risks)s, w.risk) > array_position(%(risks)s, t.risk), false) as downgraded
            from {wanted(cases).name} w join cases t on t.id = w.key_id
            where w.what = '{RowEffect.CHANGED}' and t.finalised_on is null
              and (not %(stalking)s or t.classification = 'stalking'))
        select count(*) filter (where closed) as closed, count(*) filter (where reclassified) as reclassified,
               count(*) filter (where downgraded) as downgraded,
               count(*) filter (where closed or reclassified or downgraded) as changed
        from seen"""
    return one_as(connection, CaseVolume, statement, {"risks": _RISKS, "stalking": stalking})


def open_cases(connection: Connection, source_id: int, *, stalking: bool) -> int:
    """Count a source's open cases, or the stalking cases among them."""
    # Not by disclosed: counts
    statement = """
        select count(*) from cases where source_id = %(source)s and finalised_on is null
          and (not %(stalking)s or classification = 'stalking')"""
    return int(scalar(connection, statement, {"source": source_id, "stalking": stalking}))


def emptied(connection: Connection, file: Staged, columns: Iterable[str]) -> Mapping[str, int]:
    """Count, by stored column, the cells that the compared file would empty: the source sent them filled before.

    A column of which none would be emptied is left out.
    """
    same_key = [(file.by_key_id, "key_id")] if file.by_key_id else [(key, key) for key in file.key]
    same = " and ".join(f"t.{stored} = w.{said}" for stored, said in same_key)
    counted = {
        name: f"""{_is_filled(file, name, f"({sent_value(file, name)})")}
                  and not coalesce({_is_filled(file, name, f'w."{name}"')}, false)"""
        for name in columns
    }
    changed = f"""from {wanted(file).name} w join {file.target.name} t on {same}
                  where w.what = '{RowEffect.CHANGED}' and t.withdrawn_on is null"""
    return _counted(connection, counted, changed, {})


def filled(connection: Connection, file: Staged, source_id: int, columns: Iterable[str]) -> Mapping[str, int]:
    """Count, by stored column, the filled cells of a source's rows."""
    counted = {name: _is_filled(file, name, f't."{name}"') for name in columns}
    rows = f"from {file.target.name} t where t.source_id = %(source)s and t.withdrawn_on is null"
    return _counted(connection, counted, rows, {"source": source_id})


def _counted(
    connection: Connection, conditions: Mapping[str, str], rows: str, given: Mapping[str, int]
) -> Mapping[str, int]:
    if not conditions:
        return {}
    counts = ", ".join(f'count(*) filter (where {condition}) as "{name}"' for name, condition in conditions.items())
    pairs = ", ".join(f"('{name}', counts.\"{name}\")" for name in conditions)
    statement = f"""
        select v.name, v.cells from (select {counts} {rows}) counts
        cross join lateral (values {pairs}) v(name, cells) where v.cells > 0"""
    return mapping(connection, "name", "cells", statement, given)


def _is_filled(file: Staged, name: str, value: str) -> str:
    column = file.target.c[name]
    if isinstance(column.type, ARRAY):
        return f"cardinality({value}) > 0"
    if isinstance(column.type, Boolean) and not column.nullable:  # an empty cell is stored as no
        return value
    return f"{value} <> '{Risk.UNKNOWN}'" if name == "risk" else f"{value} is not null"


class UsualVolume(NamedTuple):
    """The volumes of one file in a source's loaded extracts of some days: the least and the most of one extract."""

    file: str
    extracts: int
    rows_least: int
    rows_most: int
    added_most: int
    closed_most: int
    reclassified_most: int
    downgraded_most: int
    emptied_most: int  # cells of all columns together


def usual(connection: Connection, source: str, since: datetime) -> dict[str, UsualVolume]:
    """Return, by file, the volumes of a source's extracts since a moment, without those that a person decided on."""
    statement = """
        select f.key as file, count(*) as extracts,
               min((f.value ->> 'rows')::int) as rows_least, max((f.value ->> 'rows')::int) as rows_most,
               max((f.value ->> 'added')::int) as added_most,
               coalesce(max((f.value ->> 'closed')::int), 0) as closed_most,
               coalesce(max((f.value ->> 'reclassified')::int), 0) as reclassified_most,
               coalesce(max((f.value ->> 'downgraded')::int), 0) as downgraded_most,
               coalesce(max((select sum(cells.value::int) from jsonb_each_text(f.value -> 'emptied') cells)), 0)::int
                   as emptied_most
        from extracts e cross join jsonb_each(e.counts) f
        where e.source_name = %s and e.state = 'loaded' and e.extracted_at >= %s
          and not exists (select from acts a where a.extract_id = e.id)
        group by f.key"""
    return {volume.file: volume for volume in fetch_as(connection, UsualVolume, statement, (source, since))}
