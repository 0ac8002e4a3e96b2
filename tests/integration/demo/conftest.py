"""The demo's three weeks without Prefect, lived once for all tests that read what came of them."""

import os
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest
from sqlalchemy import Engine, create_engine, text

from config.days.london import at_london, london_day
from flows import demo
from flows.command_line.demo import THREE_WEEKS
from flows.configured import configured
from flows.demo import carry_out as reported
from flows.demo import live
from flows.round_steps import whole_round
from tasks.demo.diary import ForceBook
from tasks.demo.mail_sink import mail_sink, replies_beside
from tasks.demo.reports import DemoReport
from tasks.rounds.assurance.auditor import audit
from tasks.rounds.assurance.kept_audit import KeptAudit
from tasks.rounds.health import metrics, readiness
from tasks.servers import database, postgres
from tests.whole.reading.days import working
from tests.whole.truth.links import Answered, answer_some
from tests.worlds.attendances import Tomorrow, tomorrow
from tests.worlds.demo_weeks import days, furnish, read_replies, surroundings

FIVE_MINUTES = timedelta(minutes=5)
SEED = os.environ.get("LETTERS_SEED", f"{datetime.now(UTC):%Y-%m-%d}")
ANSWERED = 2  # days whose links are answered, in part: make letters answers all


class Weeks(NamedTuple):
    """What came of the three weeks: each round, the answers of each day, the book at the end, and where it is kept.

    After each round the auditor looked, and monitoring: `found` is what was found, `looks` are minutes and figures.
    """

    rounds: list
    found: list
    looks: list[tuple[int, bytes]]
    replies: dict[date, list[bytes]]  # mails
    answered: list[Answered]  # links of a few days, on these days
    mornings: list[tuple[int, Tomorrow]]  # of each working day: the mails by then, and who meets on the next
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


def kept(replies, folder, at):
    """Read the replies of a moment, and keep them."""
    replies[london_day(at)] += [path.read_bytes() for path in sorted((folder / "new").iterdir())]
    read_replies(at)


@pytest.fixture(scope="package")
def weeks(server, copies, tmp_path_factory):
    home = tmp_path_factory.mktemp("weeks")
    url = postgres.url(server, database="demo_weeks")
    copies.give("demo_weeks")
    with pytest.MonkeyPatch.context() as patch, mail_sink(home / "mail") as port:
        furnish(home)
        for name, value in surroundings(home, url, port).items():
            patch.setenv(name, value)
        rounds, found, looks, replies, answered, mornings = [], [], [], defaultdict(list), [], []
        reports = defaultdict(list)
        answering = Random(SEED).sample([day for day in days() if working(day)], ANSWERED)  # noqa: S311

        def a_round(day):
            rounds.append(whole_round(configured(), day, at_london(day)))
            look(day, found, looks)
            if working(day):
                mornings.append((len(list((home / "mail" / "new").iterdir())), tomorrow(day)))
            if day in answering:
                answered.extend(answer_some(server, "demo_weeks", home, day, SEED))

        def report(configuration, outcome, day):
            reports[day].append(outcome)
            reported(configuration, outcome, day)

        patch.setattr(demo, "carry_out", report)
        _, book = live(home, THREE_WEEKS, 7, a_round, lambda at: kept(replies, replies_beside(home / "mail"), at))
        database.close()
    engine = create_engine(url)
    yield Weeks(rounds, found, looks, replies, answered, mornings, reports, book, home, url, engine)
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
