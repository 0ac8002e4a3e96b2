"""Which cases wait to be projected, how many stand, and what became of those that were taken."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.numbers import Numbers
from models.queries.driver import execute, fetch


class WorkList(NamedTuple):
    """A force's account before projection: open cases, those that stand evaluated, and the work list."""

    open_cases: int
    unchanged: int
    work: list[int]


def book(connection: Connection, force_code: str, *, everything: bool) -> WorkList:
    """Count the force's open cases and list those to evaluate, in one statement's view of them.

    The counts come from an index of the open cases, the list from one of those that wait: neither reads the book.
    """
    return WorkList(
        *fetch(
            connection,
            """select count(*), count(*) filter (where projection = 'evaluated' and not %(all)s),
                      array(select id from cases where force_code = %(force)s
                                and (projection <> 'evaluated' or %(all)s and (finalised_on is null
                                     or classification = 'stalking' and finalised_reason = 'administrative'))
                            order by id)
               from cases where force_code = %(force)s and finalised_on is null""",
            {"force": force_code, "all": everything},
        )[0]
    )


def looked_at_twice(connection: Connection, force_code: str, at: datetime, *, everything: bool) -> tuple[int, int]:
    """Before a round's second projection: the open cases that will be evaluated for the first time, and that stand.

    Those that its first one evaluated are in neither; where that was `everything`, all of them were.
    """
    found = fetch(
        connection,
        """select count(*) filter (where projection = 'changed'), count(*) filter (where projection = 'evaluated')
           from cases where force_code = %s and finalised_on is null and projected_at is distinct from %s and not %s""",
        (force_code, at, everything),
    )
    return found[0][0], found[0][1]


def any_changed(connection: Connection, force_code: str) -> bool:
    """Whether any case of the force waits to be projected."""
    found = fetch(
        connection,
        "select exists (select from cases where force_code = %s and projection = 'changed')",
        (force_code,),
    )
    return bool(found[0][0])


def renumber(connection: Connection, force_code: str | None, rules: Mapping[str, Numbers], today: date) -> None:
    """After a change of policy or calendar: what is live is as hard as its rule now is, and stalls as it does.

    Of a force, or (None) of what belongs to no case. The steps of a ladder, and the days they fall on, may be others
    too: today's climb works out each next day anew.
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
    """The numbers (policy and calendar) that the force's book was last projected with."""
    rows = fetch(connection, "select value from switches where name = %s", (f"projected:{force_code}",))
    return rows[0][0] if rows else None


def take(connection: Connection, force_code: str, case_ids: Sequence[int], at: datetime) -> set[int]:
    """Mark those of a chunk's cases that wait as evaluated, before their facts are read; the ids of those that waited.

    They are locked until commit, so that a change made meanwhile waits and marks them anew. A case that does not wait
    needs no lock: a change made meanwhile marks it.
    """
    rows = fetch(
        connection,
        """update cases set projection = 'evaluated', projected_at = %s, failure = null
           where force_code = %s and projection <> 'evaluated' and id = any(%s) returning id""",
        (at, force_code, list(case_ids)),
    )
    return {row[0] for row in rows}


def fail(connection: Connection, failed: Sequence[tuple[int, str]], at: datetime) -> int:
    """Record which cases could not be evaluated, with an opaque reason; how many of them are open."""
    rows = fetch(
        connection,
        """update cases c set projection = 'failed', projected_at = %s, failure = f.failure
           from unnest(%s::bigint[], %s::text[]) as f(id, failure) where c.id = f.id
           returning c.finalised_on is null""",
        (at, [case_id for case_id, _ in failed], [failure for _, failure in failed]),
    )
    return sum(row[0] for row in rows)
