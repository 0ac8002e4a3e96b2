"""What the demo reads of a round: what was said, what has stalled, how many messages went to whom."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, and_, func, or_, select

from config.routes import Channel
from config.terms import Happening, Risk, State
from models.cases import Case
from models.obligations import Obligation
from models.outbox import Message, Notification
from models.people import Contact
from models.queries.driver import fetch
from models.sittings import Convening, SittingRow


class LongStalledCase(NamedTuple):
    """A case that has stalled, who supervises it, since when, and by how many obligations."""

    force_code: str
    case_ref: str
    supervisor_ref: str | None
    since: date
    obligations: int


def said_on(connection: Connection, day: date) -> Sequence[tuple[str, str, str, int]]:
    """Each step that was told on a day: case, rule, subject and step."""
    statement = (
        select(Case.case_ref, Obligation.rule, Obligation.subject, Notification.step)
        .join(Obligation, Obligation.id == Notification.obligation_id)
        .join(Case, Case.id == Obligation.case_id)
        .where(Notification.day == day, Notification.happening == Happening.STEP)
        .distinct()
    )
    return [(row[0], row[1], row[2], row[3]) for row in connection.execute(statement)]


def stalled_on(connection: Connection, day: date) -> list[LongStalledCase]:
    """The cases that are stalled on a day by the obligations live now, the longest first."""
    statement = (
        select(
            Case.force_code,
            Case.case_ref,
            Case.supervisor_ref,
            func.min(Obligation.escalate_on).label("since"),
            func.count().label("obligations"),
        )
        .join(Case, Case.id == Obligation.case_id)
        .where(
            Obligation.ended_on.is_(None),
            Obligation.stalls,
            Obligation.escalate_on <= day,
            or_(Obligation.escalate_on > Obligation.due_on, Obligation.due_on < day),
        )
        .group_by(Case.force_code, Case.case_ref, Case.supervisor_ref)
        .order_by("since", Case.force_code, Case.case_ref)
    )
    return [LongStalledCase(*row) for row in connection.execute(statement)]


def open_cases(connection: Connection) -> int:
    """How many cases are open."""
    statement = select(func.count()).select_from(Case).where(Case.finalised_on.is_(None))
    return connection.execute(statement).scalar_one()


def messages_per_role(connection: Connection) -> Sequence[tuple[Sequence[str], date, int, int]]:
    """For each person's roles and each day on which they were mailed: how many mails, and how many lines in them."""
    lines = (
        select(Notification.message_id, func.count().label("lines"))
        .where(Notification.message_id.is_not(None))
        .group_by(Notification.message_id)
        .subquery()
    )
    statement = (
        select(Contact.roles, Message.day, func.count(), func.coalesce(func.sum(lines.c.lines), 0))
        .join(Contact, Contact.contact_ref == Message.contact_ref)
        .outerjoin(lines, lines.c.message_id == Message.id)
        .where(and_(Message.channel == Channel.EMAIL, Message.state == State.SENT))
        .group_by(Contact.contact_ref, Contact.roles, Message.day)
    )
    return [(row[0], row[1], row[2], row[3]) for row in connection.execute(statement)]


def before_sittings(connection: Connection, day: date) -> Sequence[tuple[str, str, str]]:
    """The cases before the sittings of a day: sitting, case and chair."""
    statement = (
        select(SittingRow.ref, Case.case_ref, SittingRow.chair_ref)
        .join(Convening, Convening.sitting_id == SittingRow.id)
        .join(Case, Case.id == Convening.case_id)
        .where(SittingRow.day == day, SittingRow.cancelled_on.is_(None), Convening.ended_on.is_(None))
    )
    return [(row[0], row[1], row[2]) for row in connection.execute(statement)]


def with_room_before(connection: Connection, day: date) -> Sequence[tuple[str, str, str]]:
    """Cases of standard risk, each with a sitting after a day and before its own that has room.

    Each as case, sitting and the case's supervisor, the earliest due first.
    """
    rows = fetch(
        connection,
        """select c.case_ref, earlier.ref, c.supervisor_ref
           from convenings v join sittings s on s.id = v.sitting_id join cases c on c.id = v.case_id
           join lateral (
               select t.ref from sittings t
               where t.force_code = s.force_code and t.cps_area = s.cps_area and t.cancelled_on is null
                 and t.day > %s and t.day < s.day
                 and t.places > (select count(*) from convenings w where w.sitting_id = t.id and w.ended_on is null)
               order by t.starts_at limit 1) earlier on true
           where v.ended_on is null and c.risk = %s order by v.due_on, c.case_ref""",
        (day, Risk.STANDARD),
    )
    return [(row[0], row[1], row[2]) for row in rows]


class ReviewTotals(NamedTuple):
    """What came of a stretch of days' sittings, and what was written about them."""

    sittings: int
    cases: int  # that were before them
    quorate: int
    one_side: int  # held, and not quorate
    not_held: int
    unrecorded: int  # nobody has said what came of it, and the day to say so has passed
    brought_forward: int  # by an incident, a breach or another risk
    late: int  # that were given a sitting after their due day
    invitations: int
    agendas: int


def reviews(connection: Connection, until: date) -> ReviewTotals:
    """What became of the sittings up to a day."""
    (row,) = fetch(
        connection,
        """with sat as (
               select v.id, v.ended_on, v."end", s.id as sitting_id, o.id as outcome_id, o.held, o.quorate
               from convenings v join sittings s on s.id = v.sitting_id and s.cancelled_on is null and s.day <= %(day)s
               left join outcomes o on o.convening_id = v.id and o.stands
               where v."end" is null or v."end" in ('held', 'not_held', 'unrecorded'))
           select count(distinct sitting_id), count(*), count(*) filter (where quorate),
                  count(*) filter (where held and not quorate), count(*) filter (where not held),
                  count(*) filter (where outcome_id is null and "end" = 'unrecorded'),
                  (select count(*) from convenings where because in ('new_incident', 'breach', 'risk')),
                  (select count(*) from convenings v join sittings s on s.id = v.sitting_id
                   where v.ended_on is null and s.day > v.due_on),
                  (select count(*) from messages where kind = 'invitation' and state = 'sent'),
                  (select count(*) from messages where kind = 'agenda' and state = 'sent')
           from sat""",
        {"day": until},
    )
    return ReviewTotals(*row)
