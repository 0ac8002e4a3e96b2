"""What is done to an installation fires its alert within its time, by Prometheus's own tool; a quiet day fires none."""

import json
from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path
from shutil import rmtree
from typing import NamedTuple

import pendulum
import pytest
import yaml

from config.days.london import at_london
from config.policy import SHIPPED
from flows.configured import configured
from tasks.intake.load import load_folders
from tasks.intake.results import Fate
from tasks.rounds.assurance import kept_audit
from tasks.rounds.assurance.kept_audit import KeptAudit
from tasks.rounds.health import metrics, readiness
from tasks.servers.database import transaction
from tests.support import promtool
from tests.support.prefect_api import prefect_api
from tests.support.promtool import moment, needs_promtool
from tests.worlds.days import day
from tests.worlds.extracts import a_case, a_contact, write
from tests.worlds.one_case import OneCase

PACKAGING = Path(__file__).parents[4] / "packaging"
RULES = PACKAGING / "alerts.yaml"
MONDAY = day("Mon 16 Mar 2026")
NINE = at_london(MONDAY) + timedelta(hours=1)
MESSAGE = """insert into messages (key, kind, contact_ref, channel, day, state, due_at, sending_at)
             values ('a', :kind, :ref, 'email', '2026-03-16', :state, :due, :sending)"""
NOT_BEGUN = "update rounds set day = '2025-03-16' where day = '2026-03-16'"
PAUSED = {
    "why": "HTTP 550",
    "since": "2026-03-16T08:00:00+00:00",
    "until": "2026-03-16T09:15:00+00:00",
    "tries": 3,
}
PEOPLE = [a_contact("Q1"), a_contact("Q2", roles="lead")]
CASES = [f"C{number}" for number in range(40)]
HARASSMENT = {"classification": "harassment"}
CLOSED = {"finalised_on": "2026-03-13", "finalised_reason": "administrative"}


class Book(OneCase):
    """A case, and a second source of forty, which sends extracts to the folder."""

    def __init__(self, database, run_cli, monkeypatch, folder):
        super().__init__(database, run_cli)
        self.patch, self.folder, self.number = monkeypatch, folder, 0
        assert self.sends("Sat 14 Mar 2026 05:00") == Fate.LOADED

    def sends(self, made="Mon 16 Mar 2026 08:30", *, again=False, of=CASES, wrong=40, **said):
        """Load an extract in which the first `wrong` of its cases are as said; `again` under the id of the last one."""
        on, clock = made.rsplit(" ", 1)
        at = at_london(day(on), time.fromisoformat(clock))
        self.number += not again
        cases = [
            a_case(ref, opened_on="2026-03-02", oic_ref="Q1", **(said if n < wrong else {})) for n, ref in enumerate(of)
        ]
        files = {"contacts.csv": PEOPLE, **({"cases.csv": cases} if of else {})}
        sent = write(self.folder / "sent", files, number=self.number, source="records-45", extracted_at=at.isoformat())
        (result,) = load_folders(configured(), [sent], at + timedelta(minutes=10))
        rmtree(sent)
        return result.fate

    def policy(self, **said):
        """Let the policy say so."""
        path = self.folder / f"{'-'.join(said)}.yaml"
        path.write_text(yaml.safe_dump(yaml.safe_load(SHIPPED.read_text("utf-8")) | said), "utf-8")
        self.patch.setenv("CASEBEAT_POLICY", str(path))


def late(book):
    assert book.sends("Mon 16 Mar 2026 08:00", of=[*CASES, "C40"]) == Fate.LOADED


def contacts_alone(book):
    assert book.sends(of=[]) == Fate.LOADED


def all_closed(book):
    assert book.sends(**CLOSED) == Fate.HELD


def all_harassment(book):
    assert book.sends(**HARASSMENT) == Fate.HELD


def never_came(book):
    book.policy(feeds={"stale_after_hours": 36, "expected": {"South East": ["cms-se"]}})


def corrected_under_the_same_id(book):
    assert book.sends() == Fate.LOADED
    assert book.sends(again=True, risk="high") == Fate.REFUSED


def two_rejected(book):
    assert book.sends(wrong=2, risk="V.High") == Fate.LOADED


def none_on_the_day(book):
    book.policy(feeds={"stale_after_hours": 36, "records-45": {"every": "0d"}})
    book.say("update sources set last_extracted_at = '2026-03-13T05:00Z' where name = 'records-45'")


def starts_in_2062(book):
    book.policy(starts={"45": "2062-03-16"})


def harassment_rejected(book):
    assert book.sends("Mon 16 Mar 2026 07:50", of=["H1", *CASES], wrong=1, risk="V.High", **HARASSMENT) == Fate.LOADED


def dead(book):
    at = "2026-03-16T08:00Z"
    book.say(MESSAGE, kind="letter", ref="P1", state="dead", due=at, sending=at)


def waiting(book):
    book.say(MESSAGE, kind="operations", ref=None, state="queued", due="2026-03-16T05:00Z", sending=None)


def paused(book):
    book.say(
        """insert into switches (name, value, set_at, set_by)
           values ('paused:email', :why, '2026-03-16T08:59Z', 'casebeat')""",
        why=json.dumps(PAUSED),
    )


class Row(NamedTuple):
    """What is done to the installation, and which alerts fire within how many minutes."""

    done: str | Callable[[Book], None]
    within: int
    alert: str


ROWS = {
    "cases arrive after the round": Row(late, 10, "CasebeatCasesUnseen"),
    "a source sends its contacts alone": Row(contacts_alone, 10, "CasebeatFeed"),
    "one extract finalises every case": Row(all_closed, 10, "CasebeatFeed"),
    "one makes all of them harassment": Row(all_harassment, 10, "CasebeatFeed"),
    "an expected source never came": Row(never_came, 10, "CasebeatFeed"),
    "a corrected extract comes under the same id": Row(corrected_under_the_same_id, 10, "CasebeatFeed"),
    "two rows of forty are rejected": Row(two_rejected, 10, "CasebeatRowsRejected"),
    "the relay refuses everybody": Row(paused, 20, "CasebeatCarrierDown"),
    "the relay refuses a letter for good": Row(dead, 15, "CasebeatDeadLetters"),
    "the mail server is down, and letters wait": Row(waiting, 10, "CasebeatLettersWait"),
    "a force begins in 2062": Row(starts_in_2062, 10, "CasebeatPartDown"),
    "no extract comes on the day": Row(none_on_the_day, 10, "CasebeatFeed"),
    "an extract does not come": Row("update sources set last_extracted_at = '2026-03-12T05:00Z'", 10, "CasebeatFeed"),
    "a round dies": Row(
        "update rounds set ended_at = null where day = '2026-03-16' and force_code = '45'", 5, "CasebeatRoundDied"
    ),
    "nobody begins the round": Row(NOT_BEGUN, 15, "CasebeatRoundMissed"),
    "the backup is of two days ago": Row(
        "update switches set set_at = '2026-03-14T01:00Z' where name = 'backup'", 65, "CasebeatBackupOld"
    ),
}
MENDED = (
    "update cases set projection = 'evaluated'",
    "update rounds set day = '2026-03-16' where day = '2025-03-16'",
    "update rounds set ended_at = began_at where ended_at is null",
    "update sources set last_extracted_at = '2026-03-16T05:00Z' where agency is not null",
    "delete from notifications",
    "delete from messages",
    "delete from extracts",
    "update source_files set left_out_at = null",
    "delete from switches where name in ('paused:email', 'backup')",
    """insert into switches (name, value, set_at, set_by)
       values ('backup', '{"file": "a.zip", "file_bytes": 1, "rows": 1, "machine": "m"}', '2026-03-16T01:00Z',
               'casebeat')""",
)


@pytest.fixture
def book(database, run_cli, monkeypatch, tmp_path):
    """A book at nine of a Monday: rounds, feeds, audit, heartbeat and backup are as they should be."""
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    made = Book(database, run_cli, monkeypatch, tmp_path)
    made.rounds("Sat 14 Mar 2026", "Mon 16 Mar 2026")
    made.say("""insert into rounds (force_code, day, began_at, ended_at, account)
                select '--', day, began_at, ended_at, '{}' from rounds""")
    mend(made)
    with transaction() as connection:
        kept_audit.keep(connection, KeptAudit(NINE - timedelta(minutes=4), heartbeat_at=NINE - timedelta(minutes=4)))
    return made


def mend(book):
    book.patch.delenv("CASEBEAT_POLICY", raising=False)
    for statement in MENDED:
        book.say(statement)


def shown(at=NINE):
    seen = readiness.look(configured, at)
    return metrics.text(seen.parts, seen.figures)


def died_at_once(book):
    """Show what the auditor found of a round whose process died before it wrote anything, and that was begun again."""
    book.say(NOT_BEGUN)
    at = at_london(MONDAY, time(6, 1))
    book.patch.setattr("flows.clock.pendulum.now", pendulum.instance(at, tz="UTC").in_timezone)
    with prefect_api() as prefect:
        prefect.rounds = [{"state_type": "CRASHED", "parameters": {}}]
        book.patch.setenv("PREFECT_API_URL", prefect.url)
        assert book.cli("assure").code == 1
        return shown(at)


@needs_promtool
def test_each_thing_that_is_done_to_it_fires_its_alert_in_time_and_a_quiet_day_fires_none(book, tmp_path):
    harassment_rejected(book)
    moments = [moment(shown(), 180)]
    mend(book)
    for what, row in ROWS.items():
        row.done(book) if callable(row.done) else book.say(row.done)
        moments.append({"name": what, **moment(shown(), row.within, row.alert)})
        mend(book)
    moments.append({"name": "all is taken back", **moment(shown(), 180)})
    moments.append({"name": "it dies in its first seconds", **moment(died_at_once(book), 20, "CasebeatFinding")})
    moments.append({"name": "nothing answers", **moment(b"", 10, "CasebeatGone")})
    assert promtool.run(RULES, moments, tmp_path) == ""


@needs_promtool
def test_a_quiet_week_of_rounds_letters_and_backups_fires_none(book, tmp_path):
    looks = []
    for n in range(7):
        on = MONDAY + timedelta(days=n)
        for hour, minute in ((0, 0), (5, 30), (6, 30), (7, 5), (8, 5), (17, 0)):
            at = at_london(on, time(hour, minute))
            if hour == 5:
                book.say("update switches set set_at = :at where name = 'backup'", at=at - timedelta(hours=3))
            if hour == 5 and on.weekday() < 5:
                book.say("update sources set last_extracted_at = :at where agency is not null", at=at)
            if (hour, n > 0) == (6, True):
                assert book.cli("run", "--as-of", on.isoformat()).code == 0
            with transaction() as connection:
                kept_audit.keep(connection, KeptAudit(at, heartbeat_at=at))
            looks.append((n * 1440 + hour * 60 + minute, shown(at)))
    assert promtool.run(RULES, [promtool.silence(looks, 7 * 1440)], tmp_path) == ""


@needs_promtool
def test_prometheus_reads_the_rules():
    code, said = promtool.check(RULES)
    assert code == 0, said


def test_every_figure_of_the_alerts_and_of_the_dashboard_is_one_that_casebeat_shows(book):
    rules = [rule for group in yaml.safe_load(RULES.read_text("utf-8"))["groups"] for rule in group["rules"]]
    board = (PACKAGING / "grafana" / "casebeat.json").read_text("utf-8")
    asked = promtool.named_in(board) | {name for rule in rules for name in promtool.named_in(rule["expr"])}
    assert asked - promtool.names(shown()) == set()


def test_every_alert_has_its_row_in_the_docs():
    page = (PACKAGING.parent / "docs" / "monitoring.md").read_text("utf-8")
    rules = [rule for group in yaml.safe_load(RULES.read_text("utf-8"))["groups"] for rule in group["rules"]]
    assert [rule["alert"] for rule in rules if f"| `{rule['alert']}` |" not in page] == []
