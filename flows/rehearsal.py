"""A rehearsal: today's book run forward under another policy, and beside it under today's, on copies."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from config.days.duration import Duration, Unit
from config.rehearsal import Answers, untried
from flows.rehearsed_days import NOBODY_ANSWERS, WhatHappens, nothing, run_days
from tasks.platform.configuration import Configuration
from tasks.platform.gc_pause import gc_paused
from tasks.rehearsal import assumption, danger, first_morning, outcome
from tasks.rehearsal.answering import on_evenings
from tasks.rehearsal.arriving import on_mornings
from tasks.rehearsal.assumption import Assumption
from tasks.rehearsal.comparison import Comparison, compared
from tasks.rehearsal.copied_book import copied, copy_here, one_snapshot
from tasks.rehearsal.first_morning import FirstMorning
from tasks.rehearsal.foreseeing import Foreseeing
from tasks.rehearsal.outcome import RehearsedWeeks
from tasks.servers import child

DaysShown = Callable[[str, int, int], None]  # what is done, how much so far, and in all


class Trial(NamedTuple):
    """Another policy and panels (None: today's) to be tried for some weeks from a day on, and who answers."""

    policy: Path
    panels: Path | None
    first: date
    weeks: int
    answers: Answers = Answers.NOBODY

    @property
    def last(self) -> date:
        """The last day."""
        return self.first + timedelta(weeks=self.weeks, days=-1)

    @property
    def days(self) -> int:
        """How many days are run."""
        return 7 * self.weeks


def rehearse(configuration: Configuration, trial: Trial, shown: DaysShown) -> Comparison:
    """Run the book for some weeks, under today's files in a process beside this one and under others in this one.

    Raises `Faults` for a faulty file, before anything is run.
    """
    tried = configuration.with_files(trial.policy, trial.panels or configuration.settings.panels)
    tried.read(trial.first)
    with TemporaryDirectory(prefix="casebeat-rehearsal-") as folder, child.beside() as beside, ExitStack() as copies:
        todays, others = Path(folder, "today"), Path(folder, "other")
        shown("Copies of the book", 0, 2)
        with one_snapshot() as book:
            people = assumption.made(configuration, book.connection, trial.answers, trial.first)
            there = beside.submit(copy_here, book.id)
            copies.enter_context(copied(book.id))
            there.result()
        shown("Copies of the book", 2, 2)
        shown("Both policies", 0, trial.days)
        running = beside.submit(_run, configuration, trial, people, todays)

        def one_day(done: int) -> None:
            child.raise_failure(running)
            shown("Both policies", done, trial.days)

        other = _run(tried, trial, people, others, one_day)
        made = compared(trial.first, trial.last, people, (running.result(), todays), (other, others))
        return made._replace(untried=untried(configuration.policy, tried.policy))


def _run(
    configuration: Configuration, trial: Trial, people: Assumption, folder: Path, shown: Callable[[int], None] = nothing
) -> RehearsedWeeks:
    """Run the weeks under a policy and panels on this process's copies, and leave what is compared in a folder."""
    happens = WhatHappens(before=_before(configuration, trial, people))
    foreseen = None if people.rules else Foreseeing(configuration, trial.first, trial.last)
    with gc_paused():
        dangers = danger.a_day(configuration, trial.first)
        days = trial.first, trial.days
        run_days(configuration, *days, happens, lambda day: shown((day - trial.first).days + 1), foreseen)
        return outcome.read(trial.first, trial.last, folder, foreseen)._replace(danger=dangers)


def _before(configuration: Configuration, trial: Trial, people: Assumption) -> Callable[[date], None]:
    """Return what happens before each round: people answer on the evening before, and extracts without news arrive."""
    arrive = on_mornings(configuration, trial.first)
    answer = on_evenings(configuration, people, trial.last) if people.rules else nothing

    def happen(day: date) -> None:
        answer(day)
        arrive(day)

    return happen


def first_mornings(configuration: Configuration, force_code: str, on: date) -> FirstMorning:
    """Run the morning of a force's first day on copies of the book: with that day, and without any.

    A first day on which no letter leaves has its morning on the next working day.
    """
    day, panels = configuration.calendar.plus(on, Duration(0, Unit.WORKING_DAYS)), configuration.settings.panels
    with one_snapshot() as book:
        with first_morning.policy_starting(configuration, force_code, None) as policy, copied(book.id) as connection:
            run_days(configuration.with_files(policy, panels), day, 1, NOBODY_ANSWERS, nothing)
            without = first_morning.read_morning(connection, force_code, day)
            missing = first_morning.read_missing(connection, force_code, day)
        with first_morning.policy_starting(configuration, force_code, on) as policy, copied(book.id) as connection:
            tried = configuration.with_files(policy, panels)
            run_days(tried, day, 1, NOBODY_ANSWERS, nothing)
            mornings = first_morning.read_morning(connection, force_code, day), without
            return first_morning.read_book(tried, connection, force_code, on, day, mornings=mornings, missing=missing)
