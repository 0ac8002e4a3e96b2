"""Run in a network namespace of its own: `python -m tests.support.two_machines FOLDER` shares a round, kills a machine.

This namespace has PostgreSQL and Prefect's server at 10.98.0.1. Each machine is a further one, with a name, a cable, a
data directory and a worker of its own. The line of JSON is what became of the round, and of its twin in one process.
"""

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from email import message_from_bytes
from pathlib import Path
from typing import Any

import psycopg2

from config.days.london import at_london
from flows.configured import configured
from tasks.servers import database, migrate, postgres, prefect_server, work_pool
from tasks.servers.prefect_api import Api
from tests.worlds.extracts import a_case, a_contact, an_action, write

DAY = date(2026, 3, 18)
FORCES = ("44", "45", "46", "47")
SERVER, PORT = "10.98.0.1", 4200
API = Api(f"http://{SERVER}:{PORT}/api")
PYTHON = sys.executable
CREATE = ["work-pool", "create", "casebeat", "--type", "process", "--base-job-template", work_pool.TEMPLATE]
ROWS = {
    "rounds": "select force_code, day, began_at, ended_at, account, failure from rounds where force_code <> '--'",
    "obligations": "select force_code, rule, subject, due_on, last_step, taken_on from obligations",
    "notifications": "select happening, step, contact_ref, day, state from notifications",
    "messages": "select kind, contact_ref, day, state, attempts from messages",
}
HOLD = """
create table held (force_code text);
create function hold() returns trigger language plpgsql security definer as $$ begin
    while exists (select from held where force_code = new.force_code) loop perform pg_sleep(0.5); end loop;
    return new;
end $$;
create trigger hold before insert on obligations for each row execute function hold();
insert into held values ('44'), ('47');
"""


def run(*command: object) -> None:
    subprocess.run([str(one) for one in command], check=True, stdout=subprocess.DEVNULL)


def wait_for(condition: Callable[[], Any], within: float = 600) -> Any:
    begun = time.monotonic()
    while not (found := condition()):
        waited = time.monotonic() - begun
        assert waited < within, condition
        time.sleep(min(0.1 + waited / 20, 1))  # asking a server costs it a core's time, which others need
    return found


@dataclass
class Ground:
    """The book on the shared server, and Prefect's server."""

    folder: Path
    database: str = "casebeat"
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def home(self) -> Path:
        return self.folder / "server"

    def ask(self, statement: str, name: str = "casebeat") -> Any:
        where = postgres.url(self.home).partition("?host=")[2]
        with closing(psycopg2.connect(host=where, user="postgres", dbname=name)) as opened, opened.cursor() as cursor:
            opened.autocommit = True
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else None

    def begin(self, name: str, command: list[str], **variables: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("ab") as log:
            made = subprocess.Popen(
                command, cwd=self.folder, env={**os.environ, **variables}, stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, start_new_session=True,
            )  # fmt: skip
        self.processes.append(made)
        return made

    def start_database(self) -> None:
        postgres.start(self.home)
        self.ask(f"alter system set listen_addresses = '{SERVER}'")
        with (self.home / "postgres" / "pg_hba.conf").open("a", encoding="ascii") as rules:
            rules.write("host all all 10.98.0.0/16 trust\n")
        postgres.stop(self.home)
        postgres.start(self.home)
        migrate.migrate(postgres.url(self.home, role="casebeat_owner"))

    def start_server(self) -> None:
        own = prefect_server.server_environment(self.home, PORT) | {
            "PREFECT_SERVER_API_HOST": SERVER, "PREFECT_API_URL": API.url,
        }  # fmt: skip
        prefect_server.PATIENCE = 600.0  # whoever calls has a limit of their own
        server = self.begin("prefect", [PYTHON, "-m", *prefect_server.SERVER], **own)
        prefect_server.wait_for_health(server, self.home, API.url)
        told = {**os.environ, **prefect_server.environment(self.home, PORT), "PREFECT_API_URL": API.url}
        for command in (CREATE, ["deploy", "--all"], ["deployment", "schedule", "pause", "--all"]):
            root = Path(__file__).parents[2]
            subprocess.run(
                [PYTHON, "-m", "prefect", "--no-prompt", *command], cwd=root, env=told, check=True, capture_output=True
            )

    def variables(self, name: str) -> dict[str, str]:
        """Return the environment of a machine's programs."""
        home = self.folder / name
        return prefect_server.environment(home, PORT) | {
            "PREFECT_API_URL": API.url, "PREFECT_WORKER_QUERY_SECONDS": "1", "CASEBEAT_HOME": str(home),
            "CASEBEAT_DATABASE_URL": f"postgresql+psycopg2://casebeat_app@{SERVER}/{self.database}",
            "CASEBEAT_SERVER__SHARES": "4",
        }  # fmt: skip

    def machine(self, number: int, limit: int) -> subprocess.Popen[bytes]:
        """Start a machine with a worker that takes so many runs at once; its process is the machine's first one."""
        name, there = f"machine-{number}", f"10.98.{number}"
        worker = shlex.join([str(PYTHON), "-m", *prefect_server.WORKER, "--name", name, "--limit", str(limit)])
        lines = f"hostname {name}; until ip addr show dev cable; do sleep 0.05; done; sleep 0.3; {worker}"
        made = self.begin(
            name,
            ["unshare", "--net", "--uts", "--pid", "--fork", "--kill-child", "sh", "-c", lines],
            **self.variables(name),
        )
        inside = ["nsenter", "-t", made.pid, "--net", "ip"]
        theirs, ours = Path(f"/proc/{made.pid}/ns/net"), Path("/proc/self/ns/net").readlink()
        wait_for(lambda: theirs.readlink() != ours)
        run("ip", "link", "add", f"to{number}", "type", "veth", "peer", "name", "cable", "netns", made.pid)
        run("ip", "addr", "add", f"{there}.1/30", "dev", f"to{number}")
        run("ip", "link", "set", f"to{number}", "up")
        run(*inside, "link", "set", "lo", "up")
        run(*inside, "addr", "add", f"{there}.2/30", "dev", "cable")
        run(*inside, "link", "set", "cable", "up")
        run(*inside, "route", "add", "default", "via", f"{there}.1")
        return made

    def end(self) -> None:
        for process in reversed(self.processes):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        database.close()
        postgres.stop(self.home)


def load(ground: Ground) -> None:
    people = [a_contact(f"P{code}", force_code=code) for code in FORCES]
    cases = [
        a_case(f"C{code}-{n}", force_code=code, opened_on="2026-03-02", oic_ref=f"P{code}")
        for code in FORCES
        for n in range(3)
    ]
    actions = [
        an_action(f"A{one['case_ref']}", one["case_ref"], force_code=one["force_code"], owner_ref=one["oic_ref"],
                  raised_on="2026-03-02", due_on="2026-03-16")
        for one in cases
    ]  # fmt: skip
    files = {"contacts.csv": people, "cases.csv": cases, "actions.csv": actions}
    folder = write(ground.folder / "extract", files, covers=FORCES, extracted_at="2026-03-18T05:10:00+00:00")
    os.environ["CASEBEAT_DATABASE_URL"] = postgres.url(ground.home)
    subprocess.run([PYTHON, "-m", "flows.command_line.main", "intake", folder], check=True, stdout=sys.stderr)


def runs() -> list[dict[str, Any]]:
    return list(API.ask("POST", "flow_runs/filter", {"sort": "START_TIME_ASC"}))


def of_force(code: str) -> list[dict[str, Any]]:
    return [one for one in runs() if code in one["parameters"].get("force_codes", ())]


def share_a_round(ground: Ground) -> None:
    """Share it: the first machine has one force in hand; the second ends two, and dies in the middle of the third."""
    ground.ask(HOLD)
    ground.machine(1, limit=2)
    wait_for(lambda: API.ask("POST", "work_pools/casebeat/workers/filter", {}))
    found = API.ask("GET", "deployments/name/daily-round/daily-round")
    body = {"parameters": {"as_of": at_london(DAY).isoformat()}, "state": {"type": "SCHEDULED"}}
    whole = API.ask("POST", f"deployments/{found['id']}/create_flow_run", body)["id"]
    wait_for(lambda: ground.ask("select 1 from rounds where force_code = '44'"))
    second = ground.machine(2, limit=1)
    wait_for(lambda: ground.ask("select 1 from rounds where force_code = '47' and ended_at is null"))
    os.killpg(second.pid, signal.SIGKILL)
    ground.ask("delete from held")
    wait_for(lambda: API.ask("GET", f"flow_runs/{whole}")["state_type"] in {"COMPLETED", "FAILED"})


def page_of_twin() -> str:
    """Run the same round in this process on a copy of the book from before it, and return its page."""
    from flows.round_steps import whole_round  # noqa: PLC0415  after the settings
    from tasks.rounds import summary  # noqa: PLC0415

    return summary.page(configured(), whole_round(configured(), DAY, at_london(DAY)).content, DAY)


def main() -> None:
    folder = Path(sys.argv[1])
    run("ip", "link", "set", "lo", "up")
    run("ip", "addr", "add", f"{SERVER}/32", "dev", "lo")
    ground = Ground(folder)
    os.environ.update(CASEBEAT_HOME=str(ground.home), CASEBEAT_CLOCK="virtual", CASEBEAT_SIGNING_SECRET="s" * 40)
    try:
        ground.start_database()
        load(ground)
        ground.ask("create database twin template casebeat owner casebeat_owner", "postgres")
        ground.start_server()
        share_a_round(ground)
        os.environ["CASEBEAT_DATABASE_URL"] = postgres.url(ground.home, database="twin")
        os.environ["CASEBEAT_HOME"] = str(folder / "twin")
        page = page_of_twin()
        print(json.dumps(what_became(ground, page), default=str))  # noqa: T201
    finally:
        ground.end()


def what_became(ground: Ground, page: str) -> dict[str, Any]:
    shown = API.ask("POST", "artifacts/filter", {"artifacts": {"key": {"any_": ["daily-round"]}}})[0]["data"]
    mails = [path.read_bytes() for path in ground.folder.glob("machine-*/mail/new/*")]
    letters = Counter(str(message_from_bytes(one)["Message-ID"]) for one in mails)
    logs = {path.stem: path.read_text("utf-8") for path in sorted(ground.folder.glob("machine-*.log"))}
    ran = {
        code: [[name for name, log in logs.items() if f"Beginning flow run 'force-round force {code}'" in log],
               [one["state_name"] for one in of_force(code)]]
        for code in FORCES
    }  # fmt: skip
    both = {
        name: [sorted(map(str, ground.ask(statement, one))) for one in ("casebeat", "twin")]
        for name, statement in ROWS.items()
    }
    both["rounds"][0] = [one for one in both["rounds"][0] if "None, {}" not in one]  # of the process that was killed
    return {
        "ran": ran,
        "same": {name: one[0] == one[1] and bool(one[0]) for name, one in both.items()},
        "page": sorted(shown[: len(page)].splitlines()) == sorted(page.splitlines()),  # cases of one day: in any order
        "whole": [
            one["state_name"]
            for one in runs()
            if one["name"].startswith("daily-round") and one["state_type"] != "SCHEDULED"
        ],
        "letters": {
            "left": letters.total(),
            "different": len(letters),
            "twin": len(list(ground.folder.glob("twin/mail/new/*"))),
        },
    }


if __name__ == "__main__":
    main()
