"""The demo's three weeks without Prefect, lived once for all tests that read what came of them."""

from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import Engine, create_engine, text

from config.days.london import at_london
from flows import demo
from flows.command_line.demo import THREE_WEEKS
from flows.configured import configured
from flows.demo import NOON, live
from flows.demo import _report as reported
from flows.refresh import refresh
from flows.round_steps import whole_round
from tasks.demo.diary import ForceBook
from tasks.demo.joining import PANEL, policy_text
from tasks.demo.mail_sink import REPLIES, mail_sink, replies_beside
from tasks.demo.reports import DemoReport
from tasks.demo.sittings import PANELS
from tasks.outbox.delivery import deliver
from tasks.replies import read_mailbox
from tasks.rounds.assurance.auditor import audit
from tasks.rounds.assurance.kept_audit import KeptAudit
from tasks.rounds.health import metrics, readiness
from tasks.servers import database, postgres

FIVE_MINUTES = timedelta(minutes=5)


class Weeks(NamedTuple):
    """What came of the three weeks: each round, the answers of each day, the book at the end, and where it is kept.

    After each round the auditor looked, and monitoring: `found` is what was found, `looks` are minutes and figures.
    """

    rounds: list
    found: list
    looks: list[tuple[int, bytes]]
    replies: dict[date, list[bytes]]  # mails
    reports: dict[date, list[DemoReport]]
    book: ForceBook
    home: Path
    url: str
    engine: Engine

    def ask(self, statement, **values):
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement), values)]


def look(day, found, looks):
    """Look as the auditor and monitoring do once a day's round is done, and write nothing."""
    at = at_london(day) + FIVE_MINUTES
    found += [(day, finding.key) for finding in audit(configured(), at)]
    seen = readiness.look(configured, at)
    minutes = (day - demo.START).days * 1440 + 485 if looks else 0
    looks.append((minutes, metrics.text(seen.parts, seen.figures._replace(audit=KeptAudit(at)))))


def kept(replies, folder, day):
    """Read a day's replies, and keep them."""
    replies[day] = [path.read_bytes() for path in sorted((folder / "new").iterdir())]
    read_replies(day)


def read_replies(day):
    at = at_london(day, NOON)
    refresh(configured(), day, at)
    assert not read_mailbox.read(configured(), day, at).degraded
    refresh(configured(), day, at)
    deliver(configured(), at)


@pytest.fixture(scope="package")
def weeks(server, copies, tmp_path_factory):
    home = tmp_path_factory.mktemp("weeks")
    url = postgres.url(server, database="demo_weeks")
    copies.give("demo_weeks")
    with pytest.MonkeyPatch.context() as patch, mail_sink(home / "mail") as port:
        (home / "panels.yaml").write_text(PANELS + PANEL, encoding="utf-8")
        (home / "policy.yaml").write_text(policy_text(demo.START), encoding="utf-8")
        for name, value in {
            "HOME": home, "DATABASE_URL": url, "DROP": home / "drop", "CLOCK": "virtual",
            "PANELS": home / "panels.yaml", "POLICY": home / "policy.yaml",
            "MAIL__HOST": "127.0.0.1", "MAIL__PORT": port,
            "MAIL__OPERATIONS": "casebeat-operations@demo.police.uk",
            "REPLIES__MAILDIR": replies_beside(home / "mail"), "REPLIES__ADDRESS": REPLIES, "BACKUP__ELSEWHERE": "true",
        }.items():  # fmt: skip
            patch.setenv(f"CASEBEAT_{name}", str(value))
        (home / "extracts").mkdir()
        rounds, found, looks, replies, reports = [], [], [], {}, defaultdict(list)

        def a_round(day):
            rounds.append(whole_round(configured(), day, at_london(day)))
            look(day, found, looks)

        def report(configuration, outcome, day):
            reports[day].append(outcome)
            reported(configuration, outcome, day)

        patch.setattr(demo, "_report", report)
        _, book = live(home, THREE_WEEKS, 7, a_round, lambda day: kept(replies, replies_beside(home / "mail"), day))
        database.close()
    engine = create_engine(url)
    yield Weeks(rounds, found, looks, replies, reports, book, home, url, engine)
    engine.dispose()
    copies.take_back("demo_weeks")


@pytest.fixture
def at_the_end(weeks, run_cli, monkeypatch):
    """Call the command line on the demo's data, as after its last day. Returns what it prints."""
    monkeypatch.setenv("CASEBEAT_HOME", str(weeks.home))
    monkeypatch.setenv("CASEBEAT_DATABASE_URL", weeks.url)
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    monkeypatch.setenv("CASEBEAT_POLICY", str(weeks.home / "policy.yaml"))
    yield lambda *words: run_cli(*words).out
    database.close()
