"""Reads of a case that is moved and of its target sitting, and a write of the choice."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from config.sittings import ConveningReason
from models.queries.driver import execute, first_as, keyed_as, scalar
from models.queries.people.disclosure import APART
from models.queries.people.parties import BOTH_PARTIES
from models.rules.catalogue.contents import CONVENED
from models.rules.people.parties import Parties
from models.rules.reviews.move_case import TargetSitting


class MovableCase(NamedTuple):
    """A case with its joint review's due day (None: it owes none), its sitting and its parties."""

    case_id: int
    cps_area: str
    due_on: date | None
    convening_id: int | None
    sits_at: str | None
    sits_on: date | None
    chosen: bool
    matter: Parties

    @property
    def apart(self) -> bool:
        """Whether it bars somebody, so that it sits behind all others and takes none of their places."""
        return bool(self.matter.barred)


def case(connection: Connection, force_code: str, case_ref: str) -> MovableCase | None:
    """Return a case with its live convening, if it has one; None where there is no such case."""
    statement = f"""
        select c.id as case_id, c.cps_area, o.due_on, v.id as convening_id, s.ref as sits_at, s.day as sits_on,
               v.chosen_by is not null as chosen, {BOTH_PARTIES}
        from case_keys k join case_parties c on c.id = k.id
        left join live_obligations o on o.case_id = c.id and o.rule in {CONVENED}
        left join (convenings v join sittings s on s.id = v.sitting_id) on v.case_id = c.id and v.ended_on is null
        where k.force_code = %s and k.case_ref = %s"""
    return first_as(connection, MovableCase, statement, (force_code, case_ref))


def target(connection: Connection, ref: str, *, apart: bool) -> tuple[int, TargetSitting] | None:
    """Return the sitting of a reference with its id; None where there never was one.

    Its taken places are those of the cases that are, or are not, `apart`: that bar somebody.
    """
    statement = f"""
        select s.id, s.ref, s.force_code || '/' || s.cps_area as pair, s.day, s.chair_ref, s.places,
               (select count(*) from convenings v where v.sitting_id = s.id and v.ended_on is null
                and (v.case_id = any({APART})) = %s) as taken,
               s.cancelled_on
        from sittings s where s.ref = %s"""
    rows = keyed_as(connection, "id", TargetSitting, statement, (apart, ref))
    return next(iter(rows), None)


def record_choice(connection: Connection, convening_id: int, by: str) -> None:
    """Record the person who chose the sitting that a case has already."""
    execute(connection, "update convenings set chosen_by = %s where id = %s", (by, convening_id))


def live_convening(connection: Connection, case_id: int) -> int:
    """Return the id of the convening that a case has."""
    return int(scalar(connection, "select id from convenings where case_id = %s and ended_on is null", (case_id,)))


class LastMove(NamedTuple):
    """The move of a case that a person made or took back last, and the place that the case had before it.

    `before` is None where it had none, or where the person let it keep the place that it had.
    """

    convening_id: int
    sitting_id: int
    sitting: str
    day: date
    slot: int
    because: ConveningReason
    live: bool
    by_ref: str
    taken_back: bool
    before: str | None  # the sitting's reference
    before_because: ConveningReason | None
    before_chosen_by: str | None


def last_move(connection: Connection, case_id: int) -> LastMove | None:
    """Return the last move of a case; None where nobody has moved it since acts are kept."""
    statement = """
        select v.id as convening_id, v.sitting_id, s.ref as sitting, s.day, v.slot, v.because,
               v.ended_on is null as live, coalesce(v.chosen_by, a.by_ref) as by_ref, a.undoes as taken_back,
               b.ref as before, b.because as before_because, b.chosen_by as before_chosen_by
        from acts a join convenings v on v.id = a.convening_id join sittings s on s.id = v.sitting_id
        left join lateral (
            select t.ref, w.because, w.chosen_by from convenings w join sittings t on t.id = w.sitting_id
            where v.because = 'chosen' and w."end" = 'moved' and w.ended_on = v.convened_on and w.id = (
                select max(id) from convenings where case_id = v.case_id and id < v.id)) b on true
        where a.case_id = %s order by a.id desc limit 1"""
    return first_as(connection, LastMove, statement, (case_id,))
