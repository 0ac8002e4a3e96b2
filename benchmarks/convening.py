"""The cost of convening: the plain function over values, and a book's rounds of it in the database."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

import yaml

from benchmarks import work
from benchmarks.book import CODES, LONDON, Scale, write_extract
from benchmarks.clock import Figure, timed, worked
from config.forces import FORCES
from config.terms import Risk, Severity
from flows.configured import configured
from models.queries.driver import execute
from models.rules.reviews.convening import DueCase, HeldPlace, PanelSitting, convene
from tasks.reviews.convening import convene_force
from tasks.reviews.plan_sittings import plan_sittings
from tasks.servers import round_lock
from tasks.servers.database import transaction

SITTINGS, A_DAY, PLACES = 700, 20, 140
NEWCOMERS = 1_000
RISKS = tuple(Risk)


def panels(folder: Path, cases: int) -> Path:
    """Write a panel on every Tuesday and Thursday for each force, with a third more places than a force's cases."""
    path = folder / "panels.yaml"
    places = min(100, cases // len(CODES) // 9 + 1)
    path.write_text(yaml.safe_dump({"panels": [
        {
            "force_code": code, "cps_area": LONDON.get(code) or FORCES[code].cps_area, "from": "2026-01-06",
            "rrule": "FREQ=WEEKLY;BYDAY=TU,TH", "starts": "10:00", "cases": places, "minutes_per_case": 5,
            "chair": f"P{code}sp0", "place": "Room 2",
        }
        for code in CODES
    ]}), encoding="utf-8")  # fmt: skip
    return path


def of_values(cases: int) -> Iterator[Figure]:
    """Measure the function alone: all cases of one pair at once, with each in its place, and with urgent newcomers."""
    today, chance = date(2026, 3, 2), Random(1)  # noqa: S311  repeatable, not secret
    sittings = [PanelSitting(f"s{n}", today + timedelta(days=1 + n // A_DAY), PLACES) for n in range(SITTINGS)]
    due = [
        DueCase(f"c{n}", chance.choice(RISKS), Severity.DUE_SOON, today + timedelta(days=chance.randrange(-5, 40)),
            today - timedelta(days=chance.randrange(60)))
        for n in range(cases)
    ]  # fmt: skip
    yield Figure(f"convening all over {SITTINGS} sittings", worked(convene, due, sittings), None, 2)
    at = {place.case_ref: place for place in convene(due, sittings)}
    held = [
        one._replace(held=HeldPlace(place.sitting, one.due_on, place.deadline_on)) if place.sitting else one
        for one, place in ((one, at[one.case_ref]) for one in due)
    ]
    yield Figure("the same when each that fits has its place", worked(convene, held, sittings), None, 2)
    new = [one._replace(case_ref=f"n{one.case_ref}", risk=Risk.HIGH) for one in due[:NEWCOMERS]]
    yield Figure(f"the same with {NEWCOMERS:,} more of high risk", worked(convene, held + new, sittings), None, None)


def of_book(cases: int, home: Path) -> Iterator[Figure]:
    """Measure a book's convening by force: first, again on that day, and with one case in a hundred due earlier."""
    work.intake(write_extract(home / "whole", Scale(cases, work.FIRST)))
    work.project(work.FIRST)
    work.settle()
    yield Figure("planning every sitting", timed(_plan), None, None)
    yield Figure("convening every due review", timed(_convene), None, None)
    work.project(work.FIRST)
    work.settle()
    yield Figure("the same day again: nothing to decide", timed(_convene), None, None)
    with transaction() as connection:
        execute(
            connection,
            """update obligations set due_on = %(day)s::date + 8
               where rule = 'joint-review' and id %% 100 = 0 and due_on > %(day)s::date + 8""",
            {"day": work.FIRST},
        )
    yield Figure("one review in a hundred due earlier", timed(_convene), None, None)


def _plan() -> None:
    for force_code in round_lock.forces():
        plan_sittings(configured(), force_code, work.FIRST)


def _convene() -> None:
    for force_code in round_lock.forces():
        convene_force(configured(), force_code, work.FIRST)
