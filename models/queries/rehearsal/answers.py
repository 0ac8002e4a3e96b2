"""The answers of a rehearsal: the day of each, what they answer, and the past answers from which it takes its pace."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import cell, copy, execute, fetch_as, one_as
from models.queries.reviews.recorded_outcomes import SAT
from models.rules.catalogue.contents import CONVENED

_COLUMNS = ("case_id", "rule", "subject", "chain_from", "on_day")


class WaitingDuty(NamedTuple):
    """A live obligation without a day yet on which it is answered."""

    id: int
    case_id: int
    force_code: str
    case_ref: str
    rule: str
    subject: str
    chain_from: int
    done_on: date | None
    from_on: date  # its day, or the day on which it began if that is later


class AnsweredDuty(NamedTuple):
    """An obligation, or a listed joint review, that is answered on a day."""

    case_id: int
    rule: str
    subject: str


class CaseThatSits(NamedTuple):
    """A case at a sitting."""

    case_id: int
    force_code: str
    case_ref: str
    sitting_ref: str


def prepare(connection: Connection) -> None:
    """Make the table of answers, for the rest of the session."""
    statement = """
        create temporary table rehearsed_answers (case_id bigint, rule text, subject text, chain_from int,
                                                  on_day date)"""
    execute(connection, statement)
    execute(connection, "create index on rehearsed_answers (on_day)")


def unanswered(
    connection: Connection, after: int, rules: Iterable[str], most: int, *, carried: bool
) -> list[WaitingDuty]:
    """Return the next live obligations by their ids; those that carry an earlier one on only with `carried`."""
    # Not by disclosed: the numbers that draw a rehearsal's answers: they are shown to nobody
    statement = """
        select o.id, o.case_id, c.force_code, c.case_ref, o.rule, o.subject, o.chain_from, o.done_on,
               greatest(o.due_on, o.began_on) as from_on
        from live_obligations o join cases c on c.id = o.case_id
        where o.id > %(after)s and o.rule = any(%(rules)s)
          and (%(carried)s or o.version = o.chain_from)
        order by o.id limit %(most)s"""
    given = {"after": after, "rules": list(rules), "most": most, "carried": carried}
    return fetch_as(connection, WaitingDuty, statement, given)


def keep(connection: Connection, found: Iterable[tuple[WaitingDuty, date]]) -> None:
    """Keep the days on which obligations are answered."""
    lines = (
        "\t".join(map(cell, (one.case_id, one.rule, one.subject, one.chain_from, day))) + "\n" for one, day in found
    )
    copy(connection, "rehearsed_answers", _COLUMNS, lines)


def due(connection: Connection, day: date) -> list[AnsweredDuty]:
    """Return what is answered on a day and is still owed. A review of a force with sittings to come waits for them."""
    statement = f"""
        select a.case_id, a.rule, a.subject from rehearsed_answers a
        join live_obligations o on o.case_id = a.case_id and o.rule = a.rule and o.subject = a.subject
                          and o.chain_from = a.chain_from
        where a.on_day = %(day)s and (o.rule not in {CONVENED} or not exists (
          select from sittings_ahead s where s.force_code = o.force_code and s.day >= %(day)s))
        order by a.rule, a.case_id, a.subject"""
    return fetch_as(connection, AnsweredDuty, statement, {"day": day})


def listed(connection: Connection, day: date) -> list[CaseThatSits]:
    """Return the cases at the sittings of a day."""
    # Not by disclosed: the numbers that draw a rehearsal's answers: they are shown to nobody
    statement = """
        select v.case_id, c.force_code, c.case_ref, s.ref as sitting_ref
        from sittings_ahead s join convenings v on v.sitting_id = s.id and v.ended_on is null
        join cases c on c.id = v.case_id
        where s.day = %s order by v.id"""
    return fetch_as(connection, CaseThatSits, statement, (day,))


class PastAnswer(NamedTuple):
    """So many obligations of a rule with the same days. `ended_on` is None while they are live."""

    rule: str
    from_on: date  # their day, or the day on which they began if that is later
    ended_on: date | None
    met: bool
    number: int


class PastSittings(NamedTuple):
    """The cases listed for the sittings of some weeks, and those of them that were reviewed there by both sides."""

    listed: int
    held: int


def answered(connection: Connection, since: date, until: date) -> list[PastAnswer]:
    """Return what came of the cases' obligations whose day is in a period; what ended otherwise before it is left out.

    What ended otherwise after its day was not answered until then.
    """
    statement = """
        select rule, from_on, ended_on, coalesce(end_reason = 'met', false) as met, count(*)::int as number
        from (select rule, greatest(due_on, began_on) as from_on, ended_on, end_reason from obligations
              where case_id is not null and end_reason is distinct from 'void') o
        where from_on between %s and %s and (ended_on is null or end_reason = 'met' or ended_on > from_on)
        group by 1, 2, 3, 4 order by 1, 2, 3, 4"""
    return fetch_as(connection, PastAnswer, statement, (since, until))


def sittings(connection: Connection, since: date, until: date) -> PastSittings:
    """Count the cases at the sittings of a period; what nobody recorded was not held."""
    statement = f"""
        select count(*)::int as listed, count(*) filter (where v."end" = 'held')::int as held
        from sittings s join convenings v on v.sitting_id = s.id and {SAT}
        where s.day between %s and %s and s.cancelled_on is null"""
    return one_as(connection, PastSittings, statement, (since, until))
