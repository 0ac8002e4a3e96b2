"""Reads of the cases that no round has looked at since they changed."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import keyed_as
from models.queries.rounds.rounds import BOOK, ENDED_WELL


class WaitingCases(NamedTuple):
    """A force's cases that changed after its last round that ended well began, or that a list has projected since."""

    cases: int
    round_on: date | None  # the day of that round; None: there was none yet
    loaded_at: datetime | None  # when the first extract was loaded since that changed anything; None: people did

    def late_since(self, today: date) -> datetime | None:
        """Return when the first extract came after today's round; None before that round, or without one."""
        return self.loaded_at if self.round_on == today else None


def unseen(connection: Connection) -> dict[str, WaitingCases]:
    """Return what no round has looked at since it changed, by the codes of the forces that have any such case.

    A round's cases are projected at its own moment, to the microsecond; a case that a list projected is later.
    """
    statement = f"""
        with looked as materialized (
            select distinct on (force_code) force_code, day, began_at + id * interval '1 microsecond' as at
            from rounds where {ENDED_WELL} and force_code <> %(book)s order by force_code, id desc),
        waiting as materialized (
            select c.force_code, count(*) as cases, l.day, l.at from cases c left join looked l using (force_code)
            where c.projection = 'changed' or c.projected_at > l.at group by c.force_code, l.day, l.at)
        select w.force_code, w.cases, w.day as round_on,
               (select min(e.judged_at) from extracts e join sources s on s.name = e.source_name
                where w.force_code = any(s.covers) and e.state = 'loaded' and e.judged_at > w.at
                  and exists (select from jsonb_each(e.counts) f
                              where (f.value ->> 'added')::int + (f.value ->> 'changed')::int
                                    + (f.value ->> 'withdrawn')::int > 0)) as loaded_at
        from waiting w order by w.force_code"""
    return dict(keyed_as(connection, "force_code", WaitingCases, statement, {"book": BOOK}))


def number(connection: Connection) -> int:
    """Count the cases of all forces that no round has looked at since they changed."""
    return sum(waiting.cases for waiting in unseen(connection).values())
