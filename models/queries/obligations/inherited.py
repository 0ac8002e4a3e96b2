"""Counts of what a force inherited: soft matters of its cases that were due before its first day."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import fetch_as

# What the force inherited, of the reader's places and without the cases that they may not know. A rule that the force
# cannot inherit from is not among the `rules`.
_INHERITED = """o.force_code = %(force)s and o.due_on < %(first)s and o.rule = any(%(rules)s)
    and o.end_reason is distinct from 'void' and (%(area)s::text is null or c.cps_area = %(area)s)
    and (%(access)s or not c.is_restricted) and o.case_id <> all(%(hidden)s::bigint[])"""


class Inheritance(NamedTuple):
    """A force whose inheritance is counted, in one CPS Area or all, as a reader may know of it."""

    force_code: str
    first_on: date
    rules: tuple[str, ...]
    cps_area: str | None = None
    access: bool = True
    hidden: Collection[int] = ()

    @property
    def parameters(self) -> dict[str, object]:
        """Return the values of the statements."""
        return {
            "force": self.force_code, "first": self.first_on, "rules": list(self.rules), "area": self.cps_area,
            "access": self.access, "hidden": list(self.hidden),
        }  # fmt: skip


class InheritedGroup(NamedTuple):
    """How many matters of a rule, a risk and an age a force inherited, and the longest overdue one's day."""

    rule: str
    risk: str
    weeks: int  # whole weeks by which they were overdue on the first day: 4, 13 or 52 at least, or 0
    number: int
    oldest_on: date


class InheritedOn(NamedTuple):
    """How many inherited matters were open at the end of a day."""

    day: date
    number: int


def groups(connection: Connection, asked: Inheritance) -> list[InheritedGroup]:
    """Count what is inherited and open now, by rule, risk and age."""
    statement = f"""
        select o.rule, coalesce(c.risk, 'unknown') as risk, a.weeks, count(*)::int as number,
               min(o.due_on) as oldest_on
        from live_obligations o join disclosed c on c.id = o.case_id
        cross join lateral (select max(w) as weeks from unnest(array[0, 4, 13, 52]) w
                            where o.due_on <= %(first)s - 7 * w) a
        where {_INHERITED}
        group by o.rule, coalesce(c.risk, 'unknown'), a.weeks order by o.rule, risk, a.weeks"""
    return fetch_as(connection, InheritedGroup, statement, asked.parameters)


def open_on(connection: Connection, asked: Inheritance, days: Sequence[date]) -> list[InheritedOn]:
    """Count what was inherited and open at the end of each of these days, in their order."""
    statement = f"""
        with theirs as (
          select o.began_on, o.ended_on from obligations o join disclosed c on c.id = o.case_id where {_INHERITED})
        select d.day, count(t.began_on)::int as number from unnest(%(days)s::date[]) d(day)
        left join theirs t on t.began_on <= d.day and (t.ended_on is null or t.ended_on > d.day)
        group by d.day order by d.day"""
    return fetch_as(connection, InheritedOn, statement, {**asked.parameters, "days": list(days)})
