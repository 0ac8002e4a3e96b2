"""A rehearsal: today's book run forward under another policy, and beside it under today's, on copies."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection

from config.days.duration import Duration, Unit
from config.rehearsal import Answers
from config.settings import settings
from flows.rehearsed_days import NOBODY_ANSWERS, WhatHappens, nothing, run_days
from tasks.platform import configuration
from tasks.rehearsal import assumption, first_morning, outcome
from tasks.rehearsal.answering import answering
from tasks.rehearsal.assumption import Assumption
from tasks.rehearsal.comparison import Comparison
from tasks.rehearsal.copied_book import copied, one_transaction
from tasks.rehearsal.first_morning import FirstMorning
from tasks.rehearsal.foreseeing import Foreseeing
from tasks.rehearsal.outcome import RehearsedWeeks

DaysShown = Callable[[str, int, int], None]  # what is run, days so far, days in all


class Trial(NamedTuple):
    """What is tried: another policy and panels (None: today's) for some weeks from a day on, and who answers."""

    policy: Path
    panels: Path | None
    first: date
    weeks: int
    answers: Answers = Answers.NOBODY

    @property
    def last(self) -> date:
        """The last day."""
        return self.first + timedelta(weeks=self.weeks, days=-1)


def rehearse(trial: Trial, shown: DaysShown) -> Comparison:
    """Run the book for some weeks, under today's files and under others.

    Raises `Faults` for a faulty file, before anything is run.
    """
    now, days = settings(), 7 * trial.weeks
    panels = trial.panels or now.panels
    with configuration.other_files(trial.policy, panels):
        configuration.read_files()
    with one_transaction() as connection:
        people = assumption.made(connection, trial.answers, trial.first)

        def under(name: str, policy: Path, panels: Path) -> RehearsedWeeks:
            with copied(connection), configuration.other_files(policy, panels):
                return _run(connection, trial, people, lambda done: shown(name, done, days))

        today = under("Policy now", now.policy, now.panels)
        other = under("Policy tried", trial.policy, panels)
    return Comparison(trial.first, trial.last, people, today, other)


def _run(connection: Connection, trial: Trial, people: Assumption, shown: Callable[[int], None]) -> RehearsedWeeks:
    with answering(connection, people, trial.last) as before:
        happens = WhatHappens(before=before) if people.rules else NOBODY_ANSWERS
        foreseen = None if people.rules else Foreseeing(trial.first, trial.last)
        days = 7 * trial.weeks
        run_days(connection, trial.first, days, happens, lambda day: shown((day - trial.first).days + 1), foreseen)
    return outcome.read(connection, trial.first, trial.last, foreseen)


def first_mornings(force_code: str, on: date) -> FirstMorning:
    """Run the morning of a force's first day on copies of the book: with that day, and without any.

    A first day on which no letter leaves has its morning on the next working day.
    """
    day, now = configuration.calendar().plus(on, Duration(0, Unit.WORKING_DAYS)), settings()
    with one_transaction() as connection:
        with first_morning.policy_starting(force_code, None) as policy, copied(connection):
            with configuration.other_files(policy, now.panels):
                run_days(connection, day, 1, NOBODY_ANSWERS, nothing)
            without = first_morning.read_morning(connection, force_code, day)
            missing = first_morning.read_missing(connection, force_code, day)
        tried = first_morning.policy_starting(force_code, on)
        with tried as policy, copied(connection), configuration.other_files(policy, now.panels):
            run_days(connection, day, 1, NOBODY_ANSWERS, nothing)
            mornings = first_morning.read_morning(connection, force_code, day), without
            return first_morning.read_book(connection, force_code, on, day, mornings=mornings, missing=missing)
