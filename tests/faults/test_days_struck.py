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
from random import Random
from typing import NamedTuple

import pytest

from config.days.london import LONDON
from tests.faults import book
from tests.faults.checker import check
from tests.faults.ground import Ground, own_server
from tests.faults.installation import BEFORE, VICTIMS, Installation, flow_processes, how_far, installation
from tests.faults.loop import and_the_next, of_cases
from tests.faults.size import DAYS_STRUCK, FIRST_VICTIM, LONGEST, chance

pytestmark = [pytest.mark.prefect, pytest.mark.timeout(LONGEST)]
A_RUN = 8.0  # seconds: about as long as the process of a run lives
FREED = 300.0  # seconds: a run that waited when the machine died is ended after 100 of them, and one more may follow
A_ROUND = 2.0  # seconds: about as long as the round within it takes
WAITS = "select count(*) from messages where day = %s and state in ('queued', 'retry', 'claimed', 'sending')"
SENT = "select count(*) from messages where day = %s and state = 'sent' and letter_id is null"


class Day(NamedTuple):
    """A day that was struck: how far its round was, and how it ended."""

    at: datetime
    victim: str
    where: str
    seconds: int  # from the first audit after the strike until all held
    sent: int  # letters and posts, on their day


def test_a_process_or_the_machine_killed_on_each_day_and_the_days_letters_leave_that_day(undisturbed, open_folder):
    days = and_the_next(DAYS_STRUCK)
    told, by = of_cases(undisturbed(days).story), chance("days struck")
    struck: list[Day] = []
    with own_server(open_folder, open_folder / "home") as ground, installation(ground) as running:
        for number in range(days):
            _night(ground, number)
            if number < DAYS_STRUCK:
                struck.append(_struck(running, number, VICTIMS[(FIRST_VICTIM + number) % len(VICTIMS)], by))
                print(struck[-1])  # noqa: T201
            else:
                _day(running, number)
        check(ground, told, at=_eight(days - 1))
    print(f"installation struck: {dict(Counter((one.victim, one.where) for one in struck))}")  # noqa: T201
    print(f"done within {max(one.seconds for one in struck)} s, {sum(one.sent for one in struck)} sent")  # noqa: T201


def _eight(number: int) -> datetime:
    return datetime.combine(book.MONDAY + timedelta(days=number), clock(8), LONDON)


def _night(ground: Ground, number: int) -> None:
    if number:
        for old in ground.drop.iterdir():
            shutil.rmtree(old)
        book.extracts(ground.drop, _eight(number).date())


def _struck(running: Installation, number: int, victim: str, by: Random) -> Day:
    """Begin a day's round, kill a process at some moment of it, and let the day make itself up."""
    at, ground = _eight(number), running.ground
    hit = False
    while not hit:  # a run may have ended a moment before
        running.run("daily-round", at)
        _until_some_moment(running, at, by, alive=victim == "flow")
        hit = running.kill(victim)
    where, begun = how_far(ground, at), time.monotonic()
    _audit_until_well(running, at)
    seconds = round(time.monotonic() - begun)
    _deliveries(running, at)
    return Day(at, victim, where, seconds, ground.ask(SENT, (at.date(),))[0][0])


def _day(running: Installation, number: int) -> None:
    at = _eight(number)
    running.run("daily-round", at)
    _audit_until_well(running, at)
    _deliveries(running, at)


def _until_some_moment(running: Installation, at: datetime, by: Random, *, alive: bool) -> None:
    """Wait: a third of the strikes come while the run waits or begins, two thirds while its process or round runs."""
    when = by.choice(("process", "round") if alive else ("waiting", "process", "round"))
    if when == "process":
        running.wait_for(lambda: flow_processes(running.ground.home), most=0.05)
    if when == "round":
        running.wait_for(lambda: how_far(running.ground, at) != BEFORE, most=0.05)
    time.sleep(by.uniform(0, A_ROUND if when == "round" else A_RUN / 2 if alive else A_RUN))


def _deliveries(running: Installation, at: datetime) -> None:
    """Deliver as later on the day, and see that nothing of it waits."""
    running.wait_for(
        running.has_no_round, within=FREED
    )  # a run of this day that begins late would load the next day's extracts
    for hours in (1, 3):
        running.ground.time_passes()
        running.ground.begin(deliver=at + timedelta(hours=hours), watched=False).join()
    if at.weekday() < 5:
        assert running.ground.ask(WAITS, (at.date(),)) == [(0,)]


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
