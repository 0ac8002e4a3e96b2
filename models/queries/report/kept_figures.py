"""The figures of past months as they were reported. They outlast the cases that they count."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from models.queries.driver import execute, mapping, scalar, scalars
from models.queries.report.places import FIRST_ROUNDS, Figures, ReportPlace

PURGED = "purged"  # the switch


def keep(
    connection: Connection,
    month_on: date,
    figures: Mapping[ReportPlace, Figures],
    sight: Mapping[ReportPlace, Mapping[str, Any]],
    at: datetime,
) -> None:
    """Keep a month's figures, and what they are without, in place of those that were kept of it before."""
    execute(connection, "delete from report_figures where month_on = %s", (month_on,))
    statement = """
        insert into report_figures (month_on, force_code, cps_area, figures, sight, made_at)
        select %(month)s, place->>0, place->>1, place->2, place->3, %(at)s
        from jsonb_array_elements(%(rows)s::jsonb) place"""
    given = {
        "month": month_on,
        "at": at,
        "rows": json.dumps([[*place, dict(found), sight.get(place, {})] for place, found in figures.items()]),
    }
    execute(connection, statement, given)


def kept(connection: Connection, month_on: date) -> dict[ReportPlace, Figures]:
    """Return the figures that were kept of a month by place; none where it was never reported."""
    statement = "select force_code, cps_area, figures from report_figures where month_on = %s order by id"
    rows = mapping(connection, ReportPlace._fields, "figures", statement, (month_on,))
    return {ReportPlace(force_code, cps_area): figures for (force_code, cps_area), figures in rows.items()}


def sight(connection: Connection, month_on: date) -> dict[ReportPlace, Mapping[str, Any]]:
    """Return what the kept figures of a month are without, by place."""
    statement = "select force_code, cps_area, sight from report_figures where month_on = %s order by id"
    rows = mapping(connection, ReportPlace._fields, "sight", statement, (month_on,))
    return {ReportPlace(force_code, cps_area): found for (force_code, cps_area), found in rows.items()}


def kept_months(connection: Connection) -> list[date]:
    """Return the first day of each month of which figures were kept."""
    return scalars(connection, "select distinct month_on from report_figures order by 1")


def purged_until(connection: Connection) -> date | None:
    """Return the day by which all was over of the cases that were erased last; None if none ever were.

    Of its month and those before, kept figures alone are whole.
    """
    day: date | None = scalar(connection, "select value::date from switches where name = %s", (PURGED,))
    return day


def record_purge(connection: Connection, until: date, at: datetime, by: str) -> None:
    """Record that cases are erased of which all was over by a day."""
    statement = """
        insert into switches (name, value, set_at, set_by) values (%s, %s::date::text, %s, %s)
        on conflict (name) do update set value = greatest(switches.value, excluded.value),
            set_at = excluded.set_at, set_by = excluded.set_by"""
    execute(connection, statement, (PURGED, until, at, by))


def forget_after(connection: Connection, after: date) -> None:
    """Forget the figures that were kept in days after one: those days had not come, and a month was not over.

    Those of a month whose cases were erased stay: it cannot be counted again.
    """
    statement = """
        delete from report_figures where (made_at at time zone 'Europe/London')::date > %(after)s
          and not exists (select from switches where name = %(purged)s and month_on <= value::date)"""
    execute(connection, statement, {"after": after, "purged": PURGED})


def first_days_of_forces(connection: Connection) -> dict[str, date]:
    """Return the day of each force's first round, and of the first round as a whole, by the code of each."""
    return mapping(connection, "force_code", "first_on", FIRST_ROUNDS)


def first_day_of_book(connection: Connection) -> date | None:
    """Return the day of the first round: no month before it has figures. None before any round."""
    day: date | None = scalar(connection, "select min(day) from rounds where undoing_id is null")
    return day
