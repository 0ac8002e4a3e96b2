"""Each process of an installation killed at a random moment of a day's round, and all at once: the day makes itself up.

The worker takes each day's round as its schedule would begin it. A process, or the whole machine, is killed while it
runs; `serve` starts processes again, and the auditor under its own timer begins the round again. Then the deliveries of
the day follow, and everything is checked as after any other fault.
"""

import shutil
import time
from collections import Counter
from datetime import datetime, timedelta
from datetime import time as clock

import pytest

from config.london import LONDON
from tests.faults import book
from tests.faults.checker import check
from tests.faults.ground import own_server
from tests.faults.installation import Installation, installation
from tests.faults.loop import and_the_next, of_cases
from tests.faults.size import DAYS_STRUCK, LONGEST, chance

pytestmark = [pytest.mark.prefect, pytest.mark.timeout(LONGEST)]
VICTIMS = ("server", "worker", "flow", "postgres", "machine")
A_ROUND = 8.0  # seconds: about as long as a worker takes for a run of this book


def test_a_process_or_the_machine_killed_on_each_day_and_the_days_letters_leave_that_day(undisturbed, open_folder):
    days = and_the_next(DAYS_STRUCK)
    told, by = of_cases(undisturbed(days).story), chance("days struck")
    victims = by.sample(VICTIMS * -(-DAYS_STRUCK // len(VICTIMS)), DAYS_STRUCK)
    counts: Counter[str] = Counter()
    with own_server(open_folder, open_folder / "home") as ground, installation(ground) as running:
        for number in range(days):
            victim = victims[number] if number < DAYS_STRUCK else None
            _day(running, number, victim, by.uniform(0, A_ROUND), counts)
        check(ground, told, at=_eight(days - 1))
    print(f"installation struck: {dict(counts)}")  # noqa: T201


def _eight(number: int) -> datetime:
    return datetime.combine(book.MONDAY + timedelta(days=number), clock(8), LONDON)


def _day(running: Installation, number: int, victim: str | None, moment: float, counts: Counter[str]) -> None:
    """Begin a day's round, kill a process after so many seconds, and let the day make itself up."""
    at, ground = _eight(number), running.ground
    if number:
        for old in ground.drop.iterdir():
            shutil.rmtree(old)
        book.extracts(ground.drop, at.date())
    running.wait_for(lambda: running.state(running.run("daily-round", at)) != "")
    time.sleep(moment)
    if victim:
        counts[victim] += running.kill(victim)
    begun = time.monotonic()
    _audit_until_well(running, at)
    running.wait_for(running.has_no_round)  # a run of this day that begins late would load the next day's extracts
    counts["seconds until the round was done, at most"] = max(
        counts["seconds until the round was done, at most"], round(time.monotonic() - begun)
    )
    for hours in (1, 3):
        ground.time_passes()
        ground.begin(deliver=at + timedelta(hours=hours), watched=False).join()
    if at.weekday() < 5:
        waits = "select key, state from messages where day = %s and state in ('queued', 'retry', 'claimed', 'sending')"
        assert ground.ask(waits, (at.date(),)) == []


def _audit_until_well(running: Installation, at: datetime) -> None:
    """Look every few seconds, which are five minutes of the day, until all holds."""
    end, minutes = time.monotonic() + 240, 0
    while True:
        running.tend()
        process = running.ground.begin(assure_at=at + timedelta(minutes=minutes), watched=False)
        while process.alive:
            running.tend()
            time.sleep(0.2)
        if process.join() == 0:
            return
        assert time.monotonic() < end, f"{process.said}\n{running.log}"
        minutes += 5
        time.sleep(2)
