"""Reads of the demo: notified steps, stalled cases, sittings, and counts of messages and reviews."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from config.replies import Answered
from config.terms import EndReason, Risk, State
from models.queries.driver import fetch_as, one_as, scalar


class LongStalledCase(NamedTuple):
    """A stalled case with its supervisor, its first stalled day and the number of obligations that stall it."""

    force_code: str
    case_ref: str
    supervisor_ref: str | None
    since: date
    obligations: int


class NotifiedStep(NamedTuple):
    """A step that was notified on a day."""

    case_ref: str
    rule: str
    subject: str
    step: int


class CaseAtSitting(NamedTuple):
    """A case that is convened to a sitting of a day, with the chair's reference."""

    sitting_ref: str
    case_ref: str
    chair_ref: str


class CaseToMove(NamedTuple):
    """A case with an earlier sitting that has room, and its supervisor."""

    case_ref: str
    sitting_ref: str
    supervisor_ref: str


def notified_on(connection: Connection, day: date) -> list[NotifiedStep]:
    """Return each step that was notified on a day."""
    # Not by disclosed: the made-up force
    statement = """
        select distinct c.case_ref, o.rule, o.subject, n.step
        from notifications n join obligations o on o.id = n.obligation_id join cases c on c.id = o.case_id
        where n.day = %s and n.happening = 'step'"""
    return fetch_as(connection, NotifiedStep, statement, (day,))


def stalled_on(connection: Connection, day: date, force_code: str) -> list[LongStalledCase]:
    """Return a force's cases that are stalled on a day by obligations that are live now, the longest stalled first."""
    # Not by disclosed: the made-up force
    statement = """
        select c.force_code, c.case_ref, c.supervisor_ref, min(o.escalate_on) as since, count(*) as obligations
        from live_obligations o join cases c on c.id = o.case_id
        where o.force_code = %(force)s and o.stalls and o.escalate_on <= %(day)s
          and (o.escalate_on > o.due_on or o.due_on < %(day)s)
        group by c.force_code, c.case_ref, c.supervisor_ref order by since, c.force_code, c.case_ref"""
    return fetch_as(connection, LongStalledCase, statement, {"day": day, "force": force_code})


def open_cases(connection: Connection, force_code: str) -> int:
    """Count the open cases of a force."""
    statement = "select count(*) from cases where finalised_on is null and force_code = %s"
    return int(scalar(connection, statement, (force_code,)))


def cases_at_sittings(connection: Connection, day: date, force_code: str) -> list[CaseAtSitting]:
    """Return the cases of a force that are convened to the sittings of a day."""
    # Not by disclosed: the made-up force
    statement = """
        select s.ref as sitting_ref, c.case_ref, s.chair_ref
        from sittings_ahead s join convenings v on v.sitting_id = s.id join cases c on c.id = v.case_id
        where s.day = %s and s.force_code = %s and v.ended_on is null"""
    return fetch_as(connection, CaseAtSitting, statement, (day, force_code))


def movable_cases(connection: Connection, day: date, force_code: str) -> list[CaseToMove]:
    """Return a force's cases of standard risk that have a sitting with room after a day and before their own sitting.

    The case that is due first comes first.
    """
    # Not by disclosed: the made-up force
    statement = """
        select c.case_ref, earlier.ref as sitting_ref, c.supervisor_ref
        from convenings v join sittings s on s.id = v.sitting_id join cases c on c.id = v.case_id
        join lateral (
            select t.ref from sittings_ahead t
            where t.force_code = s.force_code and t.cps_area = s.cps_area
              and t.day > %s and t.day < s.day and t.free > 0
            order by t.starts_at limit 1) earlier on true
        where v.ended_on is null and c.risk = %s and c.force_code = %s order by v.due_on, c.case_ref"""
    return fetch_as(connection, CaseToMove, statement, (day, Risk.STANDARD, force_code))


class RepliedObligation(NamedTuple):
    """The result of a reply about an obligation of a case."""

    case_ref: str
    rule: str
    subject: str
    answered: Answered
    on: date | None


def replied_on(connection: Connection, day: date) -> list[RepliedObligation]:
    """Return the results of a day's replies about cases."""
    # Not by disclosed: the made-up force
    statement = """
        select c.case_ref, o.rule, o.subject, r.answered, r.on_day as "on"
        from replies r join obligations o on o.id = r.obligation_id join cases c on c.id = o.case_id
        where r.day = %s order by r.id"""
    return fetch_as(connection, RepliedObligation, statement, (day,))


class ReplyEffect(NamedTuple):
    """What became of a reply, and the present state of its obligation, by its latest version."""

    message_id: str  # of the reply
    outcomes: int  # how many outcomes of a meeting it recorded that stand; then it is about no obligation
    rule: str | None
    due_on: date | None
    ended_on: date | None
    end_reason: EndReason | None
    fact: str
    promised_until: date | None
    promise_end: str | None
    passed_to: tuple[str, ...]


def reply_effects(connection: Connection) -> list[ReplyEffect]:
    """Return what became of each reply about an obligation of a case, or about a meeting."""
    statement = """
        select r.in_reply_to as message_id,
               (select count(*) from acts a join outcomes came on came.id = a.outcome_id and came.stands
                where r.answered = 'recorded' and a.door = 'mail' and a.by_ref = r.contact_ref and a.made_on = r.day)
                   as outcomes,
               o.rule, v.due_on, v.ended_on, v.end_reason, v.fact,
               p.until_on as promised_until, p."end" as promise_end,
               array(select distinct coalesce(n.contact_ref, 'operations') from notifications n
                     where n.obligation_id = o.id and n.occasion = 'not mine:' || r.contact_ref
                       and r.answered = 'passed on') as passed_to
        from replies r left join obligations o on o.id = r.obligation_id
        left join lateral (
            select due_on, ended_on, end_reason, fact from obligations v
            where v.case_id = o.case_id and v.rule = o.rule and v.subject = o.subject
            order by v.version desc limit 1) v on true
        left join lateral (
            select until_on, "end" from promises p
            where p.obligation_id = o.id and p.by_ref = r.contact_ref and p.made_on = r.day
              and r.answered = 'promised'
            order by p.id desc limit 1) p on true
        where v.due_on is not null or r.answered = 'recorded' order by r.id"""
    return fetch_as(connection, ReplyEffect, statement)


class ReviewTotals(NamedTuple):
    """Counts of the reviews at the sittings up to a day, and of the messages about them."""

    sittings: int
    cases: int  # that were convened to them
    quorate: int
    one_side: int  # held, and not quorate
    not_held: int
    unrecorded: int  # nobody has recorded the outcome in time
    brought_forward: int  # by an incident, a breach or a new risk
    late: int  # with a sitting after their due day
    invitations: int
    agendas: int


def reviews(connection: Connection, until: date, force_code: str) -> ReviewTotals:
    """Count the outcomes of a force's sittings up to a day, and all invitations and agendas."""
    statement = f"""
        with sat as (
            select v.id, v.ended_on, v."end", s.id as sitting_id, o.id as outcome_id, o.held, o.quorate
            from convenings v join sittings s on s.id = v.sitting_id and s.cancelled_on is null and s.day <= %(day)s
                               and s.force_code = %(force)s
            left join outcomes o on o.convening_id = v.id and o.stands
            where v."end" is null or v."end" in ('held', 'not_held', 'unrecorded'))
        select count(distinct sitting_id) as sittings, count(*) as cases,
               count(*) filter (where sat.quorate) as quorate,
               count(*) filter (where held and not sat.quorate) as one_side,
               count(*) filter (where not held) as not_held,
               count(*) filter (where outcome_id is null and "end" = 'unrecorded') as unrecorded,
               (select count(*) from convenings where because in ('new_incident', 'breach', 'risk'))
                   as brought_forward,
               (select count(*) from convenings v join sittings s on s.id = v.sitting_id
                where v.ended_on is null and s.day > v.due_on and s.force_code = %(force)s) as late,
               (select count(*) from messages where kind = 'invitation' and state = '{State.SENT}') as invitations,
               (select count(*) from messages where kind = 'agenda' and state = '{State.SENT}') as agendas
        from sat"""
    return one_as(connection, ReviewTotals, statement, {"day": until, "force": force_code})
