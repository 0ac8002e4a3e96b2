"""`make machines`: of two machines one stands by, and the one that holds the day's round is killed, or cut off.

Each machine is a network namespace with its own name, data directory and worker; a further one has PostgreSQL and
Prefect's server. The auditor looks every five seconds here, and every five minutes in service: what it does comes that
much later there.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from email import message_from_bytes
from pathlib import Path

from config.days.london import at_london
from models.queries.rounds import rounds
from tasks.rounds.assurance import automations
from tests.faults.installation import ONCE_A_YEAR, flow_processes
from tests.support.two_machines import API, DAY, HOLD, PYTHON, SERVER, Ground, load, run, wait_for
from tests.support.way_out import WAY_OUT, is_here

BEGAN = time.monotonic()
BOOK = f"select ended_at, account ->> 'state' from rounds where force_code = '{rounds.BOOK}' order by id"
LOCKED = "select 1 from pg_locks where locktype = 'advisory' and granted and mode = 'ShareLock'"
WORKER = 900.0  # seconds for a step on a busy machine


def say(line):
    sys.stdout.write(f"{time.monotonic() - BEGAN:6.1f} s  {line}\n")
    sys.stdout.flush()


class StandBy:
    """A day's round in the hands of one machine, with a second one that has nothing to do."""

    def __init__(self, ground, name, first):
        self.ground, self.name, self.holder, self.other = ground, name, first, first + 1
        ground.ask(f"create database {name} template casebeat owner casebeat_owner", "postgres")
        ground.database = name
        ground.ask(HOLD.replace("('44'), ('47')", "('45')"), name)
        self.machines = {}
        self.struck = 0.0

    def ask(self, statement):
        return self.ground.ask(statement, self.name)

    def begin(self):
        """Let the holder take the round, and stop it in its second force; then start the other machine."""
        self.start(self.holder)
        found = API.ask("GET", "deployments/name/daily-round/daily-round")
        body = {"parameters": {"as_of": at_london(DAY).isoformat()}, "state": {"type": "SCHEDULED"}}
        self.run = API.ask("POST", f"deployments/{found['id']}/create_flow_run", body)["id"]
        wait_for(lambda: self.ask("select 1 from rounds where force_code = '45'"), WORKER)
        self.start(self.other)
        say(f"{self.name}: machine-{self.holder} holds the round, one force is done and one begun")

    def start(self, number):
        self.machines[number] = self.ground.machine(number, limit=2)
        wait_for(lambda: f"machine-{number}" in self.online(), WORKER)

    def online(self):
        return [one["name"] for one in API.ask("POST", "work_pools/casebeat/workers/filter", {})]

    def since(self):
        return f"{time.monotonic() - self.struck:.0f} s"

    def state(self):
        return API.ask("GET", f"flow_runs/{self.run}")["state_name"]

    def watch(self):
        """Tell when the lock is free, the run is ended, the round begun again and done."""
        seen = set()

        def new(what, is_so):
            if what not in seen and is_so:
                seen.add(what)
                say(f"{self.name}: {what} after {self.since()}")

        while len(self.ended()) < 1:
            new("the lock of the round is free", not self.ask(LOCKED))
            new(f"its run is {self.state()}", self.state() != "Running")
            new("the round is begun again", len(self.ask(BOOK)) > 1)
            time.sleep(0.5)
        new(f"the round of the day is done ({self.ended()[0]})", True)

    def ended(self):
        return [state for ended, state in self.ask(BOOK) if ended]

    def letters(self):
        homes = [self.ground.folder / f"machine-{number}" for number in self.machines]
        mails = [path.read_bytes() for home in homes for path in home.glob("mail/new/*")]
        made = [message_from_bytes(one) for one in mails]
        to_people = [one for one in made if "operations" not in str(one["To"]).lower()]
        return Counter(str(one["Message-ID"]) for one in to_people), len(made) - len(to_people)

    def tell(self):
        letters, to_operations = self.letters()
        again = [one for one, number in letters.items() if number > 1]
        say(f"{self.name}: {letters.total()} letters left, {len(again)} of them twice; {to_operations} to operations")
        states = dict(self.ask("select state, count(*) from messages where kind <> 'operations' group by 1"))
        say(f"{self.name}: messages by state {states}; rounds {self.ask(BOOK)}")
        if again or not letters:
            sys.exit("a letter left twice, or none")

    def stop(self):
        for machine in self.machines.values():
            if machine.poll() is None:
                os.killpg(machine.pid, signal.SIGKILL)
                machine.wait()


@contextmanager
def auditor(here):
    """The auditor of the machine that stands by, every five seconds."""
    command = f"while sleep 5; do {PYTHON} -m flows.command_line.main assure --as-of {DAY.isoformat()}; done"
    variables = here.ground.variables(f"machine-{here.other}") | {"PYTHONPATH": str(Path(__file__).parents[2])}
    looking = here.ground.begin(f"auditor-{here.name}", ["sh", "-c", command], **variables)
    try:
        yield
    finally:
        os.killpg(looking.pid, signal.SIGKILL)
        looking.wait()


def killed(ground):
    """Every process of the holder dies at once."""
    here = StandBy(ground, "killed", 1)
    here.begin()
    with auditor(here):
        os.killpg(here.machines[here.holder].pid, signal.SIGKILL)
        here.struck = time.monotonic()
        here.ask("delete from held")
        here.watch()
    here.tell()
    here.stop()


def cut(ground):
    """The holder lives, and its packets are dropped; once the round is done elsewhere, its cable is put back."""
    here = StandBy(ground, "cut", 3)
    here.begin()
    with auditor(here):
        run("ip", "link", "set", f"to{here.holder}", "down")
        here.struck = time.monotonic()
        here.ask("delete from held")
        here.watch()
        here.tell()
        run("ip", "link", "set", f"to{here.holder}", "up")
        say("cut: the cable is back")
        home = ground.folder / f"machine-{here.holder}"
        wait_for(lambda: not flow_processes(home), WORKER)
        say(f"cut: no run is in progress {here.since()} after the cut; its run is {here.state()}")
    here.tell()
    here.stop()


def main():
    if "inside" not in sys.argv:
        if not is_here():
            sys.exit("make machines needs root, unshare and ip")
        inside = [*WAY_OUT, "--uts", PYTHON, "-m", "tests.machines", "inside"]
        sys.exit(subprocess.run(inside, check=False).returncode)
    folder = Path(tempfile.mkdtemp(prefix="casebeat-machines-"))
    folder.chmod(0o711)
    for name in [name for name in os.environ if name.startswith(("PREFECT_", "CASEBEAT_"))]:
        del os.environ[name]
    run("ip", "link", "set", "lo", "up")
    run("ip", "addr", "add", f"{SERVER}/32", "dev", "lo")
    ground = Ground(folder)
    os.environ.update(CASEBEAT_HOME=str(ground.home), CASEBEAT_CLOCK="virtual", CASEBEAT_SIGNING_SECRET="s" * 40)
    try:
        ground.start_database()
        load(ground)
        ground.start_server()
        automations.apply(API)
        for one in API.ask("POST", "deployments/filter", {}):
            for schedule in one["schedules"]:  # not off: the auditor begins nothing that a person paused
                API.ask("PATCH", f"deployments/{one['id']}/schedules/{schedule['id']}", ONCE_A_YEAR)
        say("PostgreSQL and Prefect's server answer")
        killed(ground)
        cut(ground)
        say("Each letter left once.")
    finally:
        ground.end()


if __name__ == "__main__":
    main()
