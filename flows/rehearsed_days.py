"""The days of a rehearsal: the duties of a round in their order, on the copied book."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from config.days.london import at_london
from flows.round_steps import joint_reviews
from models.queries.rehearsal import shadows
from tasks.messages.agenda import send_agendas
from tasks.messages.capacity import send_capacity
from tasks.messages.invitation import send_invitations
from tasks.obligations import chasing, escalation, organisation, transfers
from tasks.outbox import digests
from tasks.platform import round_lock
from tasks.rehearsal import virtual_delivery
from tasks.rehearsal.copied_book import nothing_else_written
from tasks.rounds import summary
from tasks.rounds.verdict import ForceLine

OnDay = Callable[[date], object]


def nothing(day: date) -> None:
    """Let a day pass on which nobody answers and no extract comes."""
    del day


class WhatHappens(NamedTuple):
    """What happens outside on each day, before its round and after it: extracts, answers, or nothing."""

    before: OnDay = nothing
    after: OnDay = nothing


NOBODY_ANSWERS = WhatHappens()


def run_days(connection: Connection, first: date, days: int, happens: WhatHappens, shown: OnDay) -> None:
    """Run the round of each day on the copies, deliver in name, and let happen what happens."""
    for day in (first + timedelta(days=number) for number in range(days)):
        happens.before(day)
        with nothing_else_written(connection):
            _run_round(day, at_london(day))
        if (day - first).days % 7 == 0:
            shadows.estimate_again(connection)
        happens.after(day)
        shown(day)


def _run_round(day: date, at: datetime) -> None:
    for force_code in round_lock.forces():
        _run_force(force_code, day, at)
    organisation.project(day, at)
    chasing.chase(None, day)
    escalation.escalate(None, day)
    round_lock.people_looked_at()
    transfers.notify(day, at)
    send_invitations.invite(day, at)
    send_capacity.notify_spocs(day, at)
    send_agendas.send(day, at)
    digests.group(day, at)
    virtual_delivery.deliver(at, at_london(day + timedelta(days=1)))


def _run_force(force_code: str, day: date, at: datetime) -> None:
    number = round_lock.begin(force_code, day, at)
    account, _ = joint_reviews(force_code, day, at + timedelta(microseconds=number))
    chased, escalated = chasing.chase(force_code, day), escalation.escalate(force_code, day)
    line = ForceLine(force_code, account, chased.taken, escalated.taken, chased.said + escalated.said, None)
    summary.keep_force(number, line, day, at)
