"""The days of a rehearsal: the duties of a round in their order, on the copied book."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from config.days.london import at_london
from flows.round_steps import joint_reviews
from tasks.messages.agenda import send_agendas
from tasks.messages.capacity import send_capacity
from tasks.messages.invitation import send_invitations
from tasks.obligations import chasing, escalation, organisation, projection, transfers
from tasks.outbox import digests
from tasks.platform.configuration import Configuration
from tasks.rehearsal import virtual_round
from tasks.rehearsal.copied_book import clean, nothing_else_written
from tasks.rehearsal.day_by_day import BY_SITTINGS
from tasks.rehearsal.foreseeing import Foreseeing
from tasks.reviews import convening, plan_sittings
from tasks.rounds import summary
from tasks.rounds.verdict import ForceLine
from tasks.servers import round_lock

_AT_ONCE = 8  # forces that are convened together: memory stays flat
OnDay = Callable[[date], object]


def nothing(day: object) -> None:
    """Let a day pass on which nobody answers and no extract comes."""
    del day


class WhatHappens(NamedTuple):
    """What happens outside on each day, before its round and after it: extracts, answers, or nothing."""

    before: OnDay = nothing
    after: OnDay = nothing


NOBODY_ANSWERS = WhatHappens()


def run_days(
    configuration: Configuration,
    first: date,
    days: int,
    happens: WhatHappens,
    shown: OnDay,
    foreseen: Foreseeing | None = None,
) -> None:
    """Run the round of each day on the copies, deliver in name, and let happen what happens.

    With `foreseen`, nothing may happen: what can be foreseen is climbed on the first day for all others.
    """
    for day in (first + timedelta(days=number) for number in range(days)):
        happens.before(day)
        with nothing_else_written():
            _run_round(configuration, day, at_london(day), foreseen)
        if (day - first).days % 7 == 0:
            clean()
        happens.after(day)
        shown(day)


def _run_round(configuration: Configuration, day: date, at: datetime, foreseen: Foreseeing | None) -> None:
    if foreseen and day > foreseen.first:
        _convene(configuration, day, at)
    else:
        for force_code in round_lock.forces():
            if foreseen:
                foreseen.project(force_code, day, at)
            _review(configuration, force_code, day, at)
    if foreseen:
        foreseen.climb(day)
    for force_code, only in (foreseen.left() if foreseen else dict.fromkeys(round_lock.forces())).items():
        chasing.chase(configuration, force_code, day, only)
        escalation.escalate(configuration, force_code, day, only)
    organisation.project(configuration, day, at)
    chasing.chase(configuration, None, day)
    escalation.escalate(configuration, None, day)
    round_lock.people_looked_at()
    transfers.notify(configuration, day, at)
    send_capacity.notify_spocs(configuration, day, at)
    until = at_london(day + timedelta(days=1))
    if foreseen:  # invitations are in no figure
        virtual_round.send_agendas(configuration, day, at)
        foreseen.begin_letters(day)
        digests.group(configuration, day, at, foreseen.overdue(day))
        virtual_round.deliver(configuration, at, until, foreseen.letters(day))
    else:
        send_invitations.invite(configuration, day, at)
        send_agendas.send(configuration, day, at)
        digests.group(configuration, day, at)
        virtual_round.deliver(configuration, at, until)


def _review(configuration: Configuration, force_code: str, day: date, at: datetime) -> None:
    number = round_lock.begin(configuration, force_code, day, at)
    account, _ = joint_reviews(configuration, force_code, day, at + timedelta(microseconds=number))
    summary.keep_force(number, ForceLine(force_code, account), day, at)


def _convene(configuration: Configuration, day: date, at: datetime) -> None:
    """Take the steps of all forces' joint reviews that have something to do where no fact changes."""
    virtual_round.begin(day, at)
    projection.project_waiting(configuration, day, at, BY_SITTINGS)
    forces = round_lock.forces()
    for force_code in forces:
        plan_sittings.plan_sittings(configuration, force_code, day)
    for start in range(0, len(forces), _AT_ONCE):
        convening.give_places(configuration, forces[start : start + _AT_ONCE], day)
    projection.project_waiting(configuration, day, at, BY_SITTINGS)
