"""One day of `casebeat serve` in which flow, machine, server, worker and database are each killed once.

`casebeat serve` runs as in an installation, with Prefect's own schedules, automations and limits; only the auditor and
the delivery come every `FAULTS_AUDIT_EVERY` seconds, 20 unless set. The book's clock jumps over the hours in which
nothing happens. What operations see is noted as it comes, and printed as a table.
"""

import os
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import psycopg2
import pytest

from config.days.london import LONDON
from tasks.servers import postgres, work_pool
from tasks.servers.postgres_programs import postmaster
from tests.faults import book, loop
from tests.faults.book_clock import ROOT, BookClock
from tests.faults.checker import check
from tests.faults.ground import Ground, own_server
from tests.faults.installation import LOCK_WAITS, a_force_locked, flow_processes
from tests.faults.loop import of_cases
from tests.faults.size import AUDIT_EVERY, LONGEST
from tests.faults.waiting import eventually as soon
from tests.faults.watched_day import DARK, HEARTBEAT, LETTER, MAIL, PAGE, SERVE, STATUS, STRUCK, Watch, parsed
from tests.faults.watched_day import to_operations as goes_to_operations
from tests.support.dead_mans_switch import DeadMansSwitch, dead_mans_switch
from tests.support.processes import processes_that_name
from tests.support.served import Served

pytestmark = [pytest.mark.prefect, pytest.mark.timeout(LONGEST)]
SHOWN = {SERVE, MAIL, STATUS, PAGE}
LETTERS_BEFORE = 3  # the database is killed once so many of the day's letters have left
DARK_FOR = 30.0  # seconds; the book's clock shows 07:20 then
ENDED = "select count(*) from rounds where day = %s and force_code = '--' and ended_at is not null"
WAITING = "select count(*) from messages where state in ('queued', 'retry', 'claimed', 'sending') and due_at < %s"


eventually = partial(soon, within=900)


class Strike(NamedTuple):
    """A process that was killed: what, on which clocks, and when all was well again."""

    victim: str
    where: str
    at: float
    clock: datetime
    well: float = 0.0


@dataclass
class Day:
    """The installation of the day, what is seen of it, and what was struck."""

    ground: Ground
    served: Served
    watch: Watch
    clock: BookClock
    struck: list[Strike] = field(default_factory=list)

    def ask(self, statement: str, *given: object) -> list[tuple[object, ...]]:
        """Ask the database, which only `serve` starts again. Raises psycopg2.OperationalError while it is away."""
        opened = psycopg2.connect(postgres.url(self.ground.home, role="postgres").replace("+psycopg2", ""))
        try:
            with opened, opened.cursor() as cursor:
                cursor.execute(statement, given)
                return cursor.fetchall()
        finally:
            opened.close()

    def round_flows(self) -> list[int]:
        """The processes of the round's runs."""
        begun = {"state": {"type": {"any_": ["PENDING", "RUNNING"]}}}
        asked = {"deployments": {"name": {"any_": ["daily-round"]}}, "flow_runs": begun}
        with suppress(OSError):
            ids = [one["id"] for one in self.served.api.ask("POST", "flow_runs/filter", asked)]
            return [pid for pid in flow_processes(self.ground.home) if _is_of(pid, ids)]
        return []

    def waits_for_a_lock(self) -> bool:
        return self.ask(LOCK_WAITS) != [(0,)]

    def round_has_ended(self) -> bool:
        with suppress(psycopg2.OperationalError):
            return self.ask(ENDED, book.MONDAY) != [(0,)]
        return False

    @contextmanager
    def round_in_the_middle(self) -> Iterator[list[int]]:
        """Wait for the next run of the round, and keep it where one force is done; yield its processes."""
        eventually(lambda: bool(self.round_flows()))
        pids = self.round_flows()
        with a_force_locked(self.ground, "46"):
            eventually(self.waits_for_a_lock)
            yield pids

    def nothing_waits(self) -> bool:
        with suppress(psycopg2.OperationalError):
            return self.ask(WAITING, self.clock.read()) == [(0,)]
        return False

    def is_quiet_after(self, heartbeats: int) -> bool:
        """Return whether nothing waits, and more heartbeats than these have come."""
        return len(self.watch.since(0, HEARTBEAT)) > heartbeats and self.nothing_waits()

    def is_whole(self) -> bool:
        """Return whether the server reaches its database and hears a worker, and every program runs."""
        with suppress(OSError):
            workers = self.served.api.ask("POST", f"work_pools/{work_pool.POOL}/workers/filter", {}) or []
            online = any(one["status"] == "ONLINE" for one in workers)
            return online and all(map(self.served.pid, ("server", "worker"))) and self.served.answers()
        return False

    def no_audit_runs(self) -> bool:
        return not any(b"\0assure" in _command(line) for line in processes_that_name(self.ground.home))

    def strike(self, victim: str, where: str, *pids: int) -> None:
        assert pids, victim
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.struck.append(Strike(victim, where, time.monotonic(), self.clock.read().astimezone(LONDON)))
        self.watch.note(STRUCK, f"kill -9 of the {victim}: {where}")

    def until_well(self, *conditions: Callable[[], bool]) -> None:
        """Wait until all is restored, and for the next heartbeat after that."""
        eventually(lambda: self.is_whole() and all(each() for each in conditions))
        restored = time.monotonic()
        eventually(lambda: bool(self.watch.since(restored, HEARTBEAT)))
        self.struck[-1] = self.struck[-1]._replace(well=self.watch.since(restored, HEARTBEAT)[0].at)


def _is_of(pid: int, run_ids: Sequence[str]) -> bool:
    with suppress(OSError):
        environment = Path(f"/proc/{pid}/environ").read_bytes()
        return any(f"PREFECT__FLOW_RUN_ID={one}".encode() in environment for one in run_ids)
    return False


def _command(line: str) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{line.split(maxsplit=1)[0]}/cmdline").read_bytes()
    return b""


def test_a_day_on_which_each_process_and_the_machine_is_killed_once(field, open_folder):
    letters, told = _undisturbed(field)
    with own_server(open_folder, open_folder / "home") as ground, dead_mans_switch() as switch:
        _weekend(ground)
        day = _begun(ground, switch, open_folder)
        already = len(ground.letters)
        try:
            _flow(day)
            _machine(day)
            _server(day)
            _worker(day)
            _database(day)
            _rest_of_the_day(day)
            assert day.served.end(within=600) == 0
        finally:
            day.watch.end()
            _end_what_runs(day)
        found = check(ground, of_cases(told))
        left = _to_people(ground.letters[already:])
        print(_table(day, left, found.repeated_letters))  # noqa: T201
        assert left == letters
        assert found.repeated_letters == 0


def _end_what_runs(day: Day) -> None:
    """End what a failure of the test has left."""
    for line in processes_that_name(day.ground.home):
        with suppress(ProcessLookupError):
            os.kill(int(line.split()[0]), signal.SIGKILL)
    day.served.process.wait()


def _begun(ground: Ground, switch: DeadMansSwitch, folder: Path) -> Day:
    """Begin `casebeat serve` at two minutes to six, with the round to come at six."""
    shown = BookClock(folder)
    deployed = folder / "deployed"
    deployed.mkdir()
    text = (ROOT / "prefect.yaml").read_text("utf-8")
    delivery = '{slug: every-5-minutes, cron: "*/5 * * * *", timezone: UTC}'
    assert delivery in text
    quick = f"{{slug: every-5-minutes, interval: {AUDIT_EVERY}}}"
    (deployed / "prefect.yaml").write_text(text.replace(delivery, quick), "utf-8")
    shutil.copytree(ROOT / "packaging", deployed / "packaging")
    served = Served(ground.home)
    served.output = folder / "said"
    served.before = (
        "from pathlib import Path; from flows.command_line.installation import serve; "
        f"serve.ROOT, serve.AUDIT_EVERY = Path({str(deployed)!r}), {AUDIT_EVERY}"
    )
    served.more = {
        **ground.env, **shown.variables, "CASEBEAT_CLOCK": "real", "CASEBEAT_HEARTBEAT__URL": switch.url,
        "CASEBEAT_SERVER__PORT": str(served.port),
    }  # fmt: skip
    shown.show(_at(5, 50))
    served.begin()
    made = Day(ground, served, Watch(ground, served, switch, shown), shown)
    made.watch.begin()
    return made


def _at(hour: int, minute: int) -> datetime:
    return datetime.combine(book.MONDAY, clock(hour, minute), LONDON)


def _flow(day: Day) -> None:
    """At six the round begins by its schedule; its process is killed in the middle of it."""
    begins = datetime.now(UTC) + timedelta(seconds=100)
    day.clock.show(_at(6, 0) - timedelta(seconds=100))
    daily = day.served.api.ask("GET", "deployments/name/daily-round/daily-round")
    schedule = {"schedule": {"interval": 86_400.0, "anchor_date": begins.isoformat()}, "active": True}
    day.served.api.ask("PATCH", f"deployments/{daily['id']}/schedules/{daily['schedules'][0]['id']}", schedule)
    with day.round_in_the_middle() as pids:
        day.strike("flow", "in the middle of the round of 06:00", *pids)


def _machine(day: Day) -> None:
    """The round that was begun again is under way when the machine loses its power."""
    eventually(lambda: not day.round_flows())
    with day.round_in_the_middle():
        day.watch.dark.set()
        pids = [int(line.split()[0]) for line in processes_that_name(day.ground.home)]
        database = postmaster(day.ground.home / "postgres")
        day.strike("machine", "in the middle of the round that was begun again", *pids, database)
    day.served.process.wait()
    time.sleep(DARK_FOR)
    day.clock.show(_at(7, 20))
    day.watch.note(DARK, "until now; `casebeat serve` is begun again")
    heard = day.watch.since(day.struck[-1].at + 1, HEARTBEAT)
    day.served.begin()
    day.watch.dark.clear()
    assert heard == []
    day.until_well(day.round_has_ended)


def _server(day: Day) -> None:
    day.clock.show(_at(7, 40))
    eventually(day.no_audit_runs)
    day.strike("server", "between two deliveries", day.served.pid("server"))
    day.until_well()


def _worker(day: Day) -> None:
    day.clock.show(_at(7, 50))
    eventually(lambda: bool(flow_processes(day.ground.home)) and day.no_audit_runs())
    day.strike("worker", "while a flow of its own ran", day.served.pid("worker"))
    day.until_well()


def _database(day: Day) -> None:
    """Kill PostgreSQL once some of the day's letters have left."""
    before = len(day.watch.since(0, LETTER))
    day.clock.show(_at(8, 0))
    begun = len(day.ground.letters)
    until = time.monotonic() + 900
    while len(_to_people(day.ground.letters[begun:])) < LETTERS_BEFORE and time.monotonic() < until:
        time.sleep(0.002)  # the letters leave within a second
    pid = postmaster(day.ground.home / "postgres")
    day.strike("database", f"after {LETTERS_BEFORE} letters had left", pid)
    assert before == 0, "a letter left before eight"
    day.until_well(day.nothing_waits)


def _rest_of_the_day(day: Day) -> None:
    for hour in (9, 11):
        day.clock.show(_at(hour, 10))
        beats = len(day.watch.since(0, HEARTBEAT))
        eventually(partial(day.is_quiet_after, beats + 1))


def _weekend(ground: Ground) -> None:
    """Run the rounds of the weekend, which the auditor looks for in the night, before Monday's extracts come."""
    for old in ground.drop.iterdir():
        shutil.rmtree(old)
    for days in (2, 1):
        held = ground.round(book.MONDAY - timedelta(days=days), watched=False)
        assert held.join() in {0, 1}, held.said
    ground.quiet()
    book.extracts(ground.drop, book.MONDAY)


def _undisturbed(field) -> tuple[Counter[str], dict[str, list[str]]]:
    """The letters to people and the story of a day without a fault."""
    with field.ground() as ground:
        _weekend(ground)
        already = len(ground.letters)
        told = loop.undisturbed(ground, 1).story
        return _to_people(ground.letters[already:]), told


def _to_people(letters: list[bytes]) -> Counter[str]:
    """The letters to anybody but operations: to whom, about what, and their text."""
    found = [one for one in map(parsed, letters) if not goes_to_operations(one)]
    return Counter(f"{one['To']}: {one['Subject']}\n{one.get_body(('plain',)).get_content()}" for one in found)


def _table(day: Day, left: Counter[str], repeated: int) -> str:
    """The day as a table for docs/assurance.md: seconds are those since the strike."""
    rows = [
        "| struck | victim | operations saw, so many seconds later | heartbeat | well after |",
        "|---|---|---|---|--:|",
    ]
    for number, one in enumerate(day.struck):
        until = day.struck[number + 1].at if number + 1 < len(day.struck) else time.monotonic()
        seen = [each for each in day.watch.seen if one.at < each.at <= until]
        told = {(each.what, each.said): each.at - one.at for each in reversed(seen) if each.what in SHOWN}
        lines = [f"{seconds:.0f}: {what}: {said}" for (what, said), seconds in sorted(told.items(), key=lambda e: e[1])]
        beats = [one.at, *(each.at for each in seen if each.what == HEARTBEAT), min(until, one.well or until)]
        silent = max(after - before for before, after in pairwise(beats))
        well = f"{one.well - one.at:.0f} s" if one.well else "with the next"
        rows.append(f"| {one.clock:%H:%M:%S} | {one.victim}, {one.where} | {'<br>'.join(lines)} | "
                    f"silent for {silent:.0f} s | {well} |")  # fmt: skip
    letters = [one for one in day.watch.seen if one.what == LETTER]
    times = Counter(f"{one.clock:%H:%M}" for one in letters)
    rows += ["", f"{left.total()} letters to people, {repeated} of them twice: {dict(times)}"]
    rows += [f"{one.clock:%H:%M:%S} {one.said}" for one in letters]
    return "\n".join(rows)
