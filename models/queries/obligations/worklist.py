"""Reads and writes of the work list of projection: the cases that wait, are evaluated or have failed."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.numbers import Numbers
from models.queries.driver import execute, fetch_as, scalar, scalars


class WorkList(NamedTuple):
    """A force's account before projection: open cases, those that stay evaluated, and the work list."""

    open_cases: int
    unchanged: int
    work: list[int]


class SecondWorkList(NamedTuple):
    """A force's account before a round's second projection: open cases that wait, and that stay evaluated."""

    waiting: int
    unchanged: int


def book(connection: Connection, force_code: str, *, everything: bool) -> WorkList:
    """Count the force's open cases and list those to evaluate, all in one statement's snapshot.

    The counts are read from an index of open cases, the list from an index of waiting cases: neither reads the book.
    """
    (found,) = fetch_as(
        connection,
        WorkList,
        """select count(*) as open_cases,
                  count(*) filter (where projection = 'evaluated' and not %(all)s) as unchanged,
                  array(select id from cases where force_code = %(force)s
                            and (projection <> 'evaluated' or %(all)s and (finalised_on is null
                                 or classification = 'stalking' and finalised_reason = 'administrative'))
                        order by id) as work
           from cases where force_code = %(force)s and finalised_on is null""",
        {"force": force_code, "all": everything},
    )
    return found


def before_second(connection: Connection, force_code: str, at: datetime, *, everything: bool) -> SecondWorkList:
    """Count the open cases before a round's second projection: those that wait, and those that stay evaluated.

    Cases that the first projection evaluated are in neither; where that was of `everything`, they all are.
    """
    (found,) = fetch_as(
        connection,
        SecondWorkList,
        """select count(*) filter (where projection = 'changed') as waiting,
                  count(*) filter (where projection = 'evaluated') as unchanged
           from cases where force_code = %s and finalised_on is null and projected_at is distinct from %s and not %s""",
        (force_code, at, everything),
    )
    return found


def any_changed(connection: Connection, force_code: str) -> bool:
    """Tell whether any case of the force waits to be projected."""
    found: bool = scalar(
        connection,
        "select exists (select from cases where force_code = %s and projection = 'changed')",
        (force_code,),
    )
    return found


def renumber(connection: Connection, force_code: str | None, rules: Mapping[str, Numbers], today: date) -> None:
    """Set `hard` and `stalls` of live obligations to those of their rule, after a change of policy or calendar.

    The obligations are those of a force, or (None) those of no case. The steps of a ladder and their days may have
    changed too: today's climb works out each next day again.
    """
    execute(
        connection,
        """update obligations o set hard = r.hard, stalls = r.stalls, next_step_on = least(o.next_step_on, %s)
           from unnest(%s::text[], %s::boolean[], %s::boolean[]) r(rule, hard, stalls)
           where (o.force_code = %s or %s and o.force_code is null) and o.ended_on is null and o.rule = r.rule""",
        (
            today,
            list(rules),
            [numbers.hard for numbers in rules.values()],
            [numbers.stalls for numbers in rules.values()],
            force_code,
            force_code is None,
        ),
    )


def projected_with(connection: Connection, force_code: str) -> str | None:
    """Return the edition of the numbers (policy and calendar) with which the force's book was last projected."""
    found: str | None = scalar(connection, "select value from switches where name = %s", (f"projected:{force_code}",))
    return found


def take(connection: Connection, force_code: str, case_ids: Sequence[int], at: datetime) -> set[int]:
    """Mark the waiting cases of a chunk as evaluated before their facts are read, and return their ids.

    They are locked until commit, so that a concurrent change waits and marks them again. A case that does not wait
    needs no lock: a concurrent change marks it.
    """
    found = scalars(
        connection,
        """update cases set projection = 'evaluated', projected_at = %s, failure = null
           where force_code = %s and projection <> 'evaluated' and id = any(%s) returning id""",
        (at, force_code, list(case_ids)),
    )
    return set(found)


def fail(connection: Connection, failed: Sequence[tuple[int, str]], at: datetime) -> int:
    """Record the cases that could not be evaluated, with an opaque reason; return how many of them are open."""
    are_open = scalars(
        connection,
        """update cases c set projection = 'failed', projected_at = %s, failure = f.failure
           from unnest(%s::bigint[], %s::text[]) as f(id, failure) where c.id = f.id
           returning c.finalised_on is null""",
        (at, [case_id for case_id, _ in failed], [failure for _, failure in failed]),
    )
    return sum(are_open)
