"""After a purge, nothing that Casebeat or its Prefect server keeps names an erased case but what the guide names."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from config.days.duration import Duration, Unit
from models.rules.calendar import WorkingCalendar
from tasks.servers import postgres
from tests.flows.forms import DONE, form
from tests.support.casebeat import casebeat, today
from tests.support.prefect import Prefect
from tests.worlds.extracts import a_case, a_contact, an_action, write

pytestmark = pytest.mark.prefect
GONE = [f"GONE-000{number}" for number in range(1, 4)]
ACTIONS = [f"ACT-{case}" for case in GONE]
NAMES = [*GONE, *ACTIONS]
KEPT = "KEPT-0001"
NAMED = {"audit"}  # the guide says that it keeps the references of erased cases
PURGED_ON = today() + timedelta(days=400)
PURGE = ("purge", "--apply", "--as-of", PURGED_ON.isoformat())
ENDED = (
    """update cases set finalised_on = current_date, finalised_reason = 'nfa_cps', projection = 'evaluated'
       where case_ref like 'GONE%'""",
    """update obligations set ended_on = current_date, end_reason = 'out_of_scope', next_step_on = null
       where ended_on is null and case_id in (select id from cases where case_ref like 'GONE%')""",
    """update convenings set ended_on = current_date, "end" = 'closed' where ended_on is null""",
    "update messages set state = 'silent' where state in ('queued', 'claimed', 'sending', 'retry')",
    f"""insert into rounds (force_code, day, began_at, ended_at, account)
       select '45', '{PURGED_ON}', now(), now(), '{{}}'""",
)


class Book(NamedTuple):
    """A data directory that has a drop folder, and its Prefect server."""

    home: Path
    prefect: Prefect

    def run(self, *words: str) -> Any:
        return casebeat(self.home, *words, CASEBEAT_DROP=str(self.home / "drop"), **self.prefect.told)

    def purge(self) -> Any:
        return self.run(*PURGE)

    def purge_away_from_prefect(self) -> Any:
        """Purge while the server does not answer: in a plain process, for a second set of Prefect's variables."""
        told = {"CASEBEAT_DROP": str(self.home / "drop"), "PREFECT_API_URL": "http://127.0.0.1:9/api"}
        home = {"CASEBEAT_HOME": str(self.home), "CASEBEAT_CLOCK": "virtual"}
        program = [sys.executable, "-m", "flows.command_line.main", *PURGE]
        return subprocess.run(program, env={**os.environ, **home, **told}, capture_output=True, text=True, check=False)

    def where(self) -> dict[str, set[str]]:
        """Return in which files, and in which tables of both databases, which of the names are found."""
        found: dict[str, set[str]] = {}
        for path in sorted(self.home.rglob("*")):
            if path.is_file() and path.relative_to(self.home).parts[0] not in {"postgres", "backups"}:
                _note(found, path.relative_to(self.home).parts[0], path.read_bytes().decode("utf-8", "replace"))
        for database in ("casebeat", "prefect"):
            for table, row in _rows(postgres.url(self.home, database=database, role=_owner(database))):
                _note(found, table if database == "casebeat" else f"prefect.{table}", row)
        return found


def _owner(database: str) -> str:
    return "casebeat_owner" if database == "casebeat" else "prefect"


def _note(found: dict[str, set[str]], place: str, said: str) -> None:
    if names := {name for name in NAMES if name in said}:
        found.setdefault(place, set()).update(names)


def _rows(url: str) -> Iterator[tuple[str, str]]:
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        names = connection.execute(text("select tablename from pg_tables where schemaname = 'public'")).scalars()
        for name in list(names):
            for row in connection.execute(text(f'select t::text from "{name}" t')).scalars():
                yield name, row
    engine.dispose()


@pytest.fixture
def book(prefect: Prefect) -> Book:
    """A book that had a round and a form, and of whose cases all but one are over since."""
    home = prefect.home  # a purge finds the events of Prefect in the data directory of the book
    day = WorkingCalendar().plus(today(), Duration(-1, Unit.WORKING_DAYS))
    early = (day - timedelta(days=9)).isoformat()
    cases = [a_case(ref, opened_on=early, risk="high") for ref in (*GONE, KEPT)]
    due = {"raised_on": early, "due_on": early}
    actions = [an_action(f"ACT-{ref}", ref, **due) for ref in (*GONE, KEPT)]
    wrong = a_case(GONE[0], opened_on=early, risk="V.High")
    people = [a_contact("P1"), a_contact("SP1", roles="spoc")]
    sent = {"contacts.csv": people, "cases.csv": [*cases, wrong], "actions.csv": actions}
    write(home / "drop" / "1", sent, extracted_at=f"{day}T05:00:00+00:00")
    made = Book(home, prefect)
    assert made.run("run", "--as-of", day.isoformat()).returncode in {0, 1}
    given = {"case": f"45/{GONE[0]}", "by": "P1", "action": ACTIONS[0], "done_on": today()}
    assert form(prefect, home, "complete_action", **given)[:2] == DONE
    engine = create_engine(postgres.url(home), poolclass=NullPool)
    with engine.begin() as connection:
        for statement in ENDED:
            connection.execute(text(statement))
    return made


def test_nothing_names_an_erased_case_but_what_the_guide_names(book: Book) -> None:
    assert {"mail", "drop", "rejected", "cases", "prefect.artifact", "prefect.flow_run"} <= book.where().keys()
    away = book.purge_away_from_prefect()
    assert away.returncode == 1, away.stdout + away.stderr
    assert "the Prefect server cannot be used" in away.stdout
    assert {name for name in book.where() if not name.startswith("prefect")} <= NAMED
    assert "prefect.artifact" in book.where()
    again = book.purge()
    assert again.returncode == 0, again.stdout + again.stderr
    assert {*book.where()} <= NAMED
    (kept,) = [one["data"] for one in book.prefect.asked("artifacts/filter") if one["key"] == "status"]
    assert kept
