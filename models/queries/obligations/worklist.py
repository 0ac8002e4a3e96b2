"""Reads and writes of the work list of projection: the cases that wait, are evaluated or have failed."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.numbers import Numbers
from models.cases import KEPT
from models.queries.driver import array, execute, one_as, scalar, scalars
from models.queries.kept_plans import Kept

_ELSEWHERE = """exists (select from cases t where t.urn_key_id = c.urn_key_id and t.force_code <> c.force_code
    and (t.classification <> 'other' or t.declassified_on is not null)
    and t.finalised_reason is distinct from 'transferred')"""
_COUNTED = f"""finalised_on is null
    or {KEPT} and (finalised_reason is distinct from 'transferred' or not {_ELSEWHERE})"""
_TO_PROJECT = f"""
select {{columns}}, true as open from cases c where force_code = %(force)s and finalised_on is null union all
select {{columns}}, false from cases c
where force_code = %(force)s and {KEPT} and finalised_reason is distinct from 'transferred' union all
select {{columns}}, false from cases c
where force_code = %(force)s and {KEPT} and finalised_reason = 'transferred' and not {_ELSEWHERE}"""


class WorkList(NamedTuple):
    """A force's account before projection: cases to project, the open ones, those that stay evaluated, and the work."""

    to_project: int
    open_cases: int
    unchanged: int
    work: list[int]


class SecondWorkList(NamedTuple):
    """A force's account before a round's second projection: cases that wait, and that stay evaluated."""

    waiting: int
    unchanged: int


def book(connection: Connection, force_code: str, *, everything: bool) -> WorkList:
    """Count the force's cases to project and list those to evaluate, all in one statement's snapshot.

    The counts are read from indexes of open and of kept cases, the list from one of waiting cases: none reads the book.
    """
    statement = f"""
        select count(*) as to_project, count(*) filter (where open) as open_cases,
               count(*) filter (where projection = 'evaluated' and not {everything}) as unchanged,
               array(select id from cases where force_code = %(force)s
                         and (projection <> 'evaluated' or {everything} and (finalised_on is null or {KEPT}))
                     order by id) as work
        from ({_TO_PROJECT.format(columns="projection")}) b"""
    return one_as(connection, WorkList, Kept(statement), {"force": force_code})


def before_second(connection: Connection, force_code: str, at: datetime, *, everything: bool) -> SecondWorkList:
    """Count the cases to project before a round's second time: those that wait, and those that stay evaluated.

    Cases that the first projection evaluated are in neither; where that was of `everything`, they all are.
    """
    statement = f"""
        select count(*) filter (where projection = 'changed') as waiting,
               count(*) filter (where projection = 'evaluated') as unchanged
        from ({_TO_PROJECT.format(columns="projection, projected_at")}) b
        where projected_at is distinct from %(at)s and not %(all)s"""
    return one_as(connection, SecondWorkList, statement, {"force": force_code, "at": at, "all": everything})


def waiting(connection: Connection) -> list[int]:
    """List the cases of all forces that wait to be projected."""
    return scalars(connection, "select id from cases where projection = 'changed' order by force_code, id")


def any_changed(connection: Connection, force_code: str) -> bool:
    """Return whether any case of the force waits to be projected."""
    statement = "select exists (select from cases where force_code = %s and projection = 'changed')"
    return bool(scalar(connection, statement, (force_code,)))


def mark_changed(connection: Connection, case_ids: Sequence[int]) -> None:
    """Let the next projection look at these cases, and at all cases that share a URN with one of them.

    One that is under way does not count.
    """
    statement = """
        update cases set projection = 'changed', failure = null
        where id = any(%(ids)s) or urn_key_id in (select urn_key_id from cases where id = any(%(ids)s))"""
    execute(connection, statement, {"ids": list(case_ids)})


def renumber(connection: Connection, force_code: str | None, rules: Mapping[str, Numbers], today: date) -> None:
    """Set `hard` and `stalls` of live obligations to those of their rule, after a change of policy or calendar.

    The obligations are those of a force, or (None) those of no case. The steps of a ladder and their days may have
    changed too: today's climb works out each next day again.
    """
    statement = """
        update obligations o set hard = r.hard, stalls = r.stalls, next_step_on = least(o.next_step_on, %s)
        from unnest(%s::text[], %s::boolean[], %s::boolean[]) r(rule, hard, stalls)
        where (o.force_code = %s or %s and o.force_code is null) and o.ended_on is null and o.rule = r.rule"""
    given = (
        today,
        list(rules),
        [numbers.hard for numbers in rules.values()],
        [numbers.stalls for numbers in rules.values()],
        force_code,
        force_code is None,
    )
    execute(connection, statement, given)


def take(connection: Connection, force_code: str | None, case_ids: Sequence[int], at: datetime) -> set[int]:
    """Mark the waiting cases of a chunk as evaluated before their facts are read, and return their ids.

    With None they may be of several forces.
    They are locked until commit, so that a concurrent change waits and marks them again. A case that does not wait
    needs no lock: a concurrent change marks it.
    """
    statement = """
        update cases set projection = 'evaluated', projected_at = %(at)s, failure = null
        where force_code = coalesce(%(force)s, force_code) and projection <> 'evaluated' and id = any(%(ids)s)
        returning id"""
    return set(scalars(connection, Kept(statement), {"at": at, "force": force_code, "ids": array(case_ids)}))


def fail(connection: Connection, failed: Sequence[tuple[int, str]], at: datetime) -> int:
    """Record the cases that could not be evaluated, with an opaque reason; return how many count as to be projected."""
    statement = f"""
        update cases c set projection = 'failed', projected_at = %s, failure = f.failure
        from unnest(%s::bigint[], %s::text[]) as f(id, failure) where c.id = f.id
        returning {_COUNTED}"""
    given = (at, [case_id for case_id, _ in failed], [failure for _, failure in failed])
    counted = scalars(connection, statement, given)
    return sum(counted)
