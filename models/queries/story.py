"""What the demo reads of a round: what was said, what has stalled, how many messages went to whom."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, and_, func, or_, select

from config.terms import Channel, Happening, State
from models.cases import Case
from models.obligations import Obligation
from models.outbox import Message, Notification
from models.people import Contact


class StalledCase(NamedTuple):
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


def stalled_on(connection: Connection, day: date) -> list[StalledCase]:
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
    return [StalledCase(*row) for row in connection.execute(statement)]


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
