"""What is done to an installation fires its alert within its time, by Prometheus's own tool; a quiet day fires none."""

import json
from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from config.days.london import at_london
from flows.configured import configured
from tasks.rounds.assurance import kept_audit
from tasks.rounds.assurance.kept_audit import KeptAudit
from tasks.rounds.health import metrics, readiness
from tasks.servers.database import transaction
from tests.support import promtool
from tests.support.promtool import moment, needs_promtool
from tests.worlds.days import day
from tests.worlds.one_case import OneCase

PACKAGING = Path(__file__).parents[4] / "packaging"
RULES = PACKAGING / "alerts.yaml"
MONDAY = day("Mon 16 Mar 2026")
NINE = at_london(MONDAY) + timedelta(hours=1)
MESSAGE = """insert into messages (key, kind, contact_ref, channel, day, state, due_at, sending_at)
             values ('a', :kind, :ref, 'email', '2026-03-16', :state, :due, :sending)"""
CAME = """insert into extracts (extract_id, content, source_name, state, extracted_at, judged_at, counts)
          values ('n', 'a', 'niche-45', 'loaded', '2026-03-16T05:00Z', :judged, :counts)"""
PAUSED = {
    "why": "HTTP 550",
    "since": "2026-03-16T08:00:00+00:00",
    "until": "2026-03-16T09:15:00+00:00",
    "tries": 3,
}


def came(book, judged, **counts):
    book.say(CAME, judged=judged, counts=json.dumps({"cases.csv": {"rows": 40, "rejected": 0, **counts}}))


def late(book):
    came(book, "2026-03-16T08:10Z", added=1, changed=0, withdrawn=0)
    book.say("update cases set projection = 'changed'")


def rejected(book):
    came(book, "2026-03-16T05:30Z", rejected=2)


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

    done: str | Callable[[OneCase], None]
    within: int
    alert: str


ROWS = {
    "cases arrive after the round": Row(late, 10, "CasebeatCasesUnseen"),
    "rows are rejected": Row(rejected, 10, "CasebeatRowsRejected"),
    "the relay refuses a letter for good": Row(dead, 15, "CasebeatDeadLetters"),
    "the mail server is down": Row(paused, 20, "CasebeatCarrierDown"),
    "letters do not leave": Row(waiting, 10, "CasebeatLettersWait"),
    "an extract does not come": Row("update sources set last_extracted_at = '2026-03-12T05:00Z'", 10, "CasebeatFeed"),
    "a round dies in its first seconds": Row(
        "update rounds set ended_at = null where day = '2026-03-16' and force_code = '45'", 5, "CasebeatRoundDied"
    ),
    "nobody begins the round": Row(
        "update rounds set day = '2025-03-16' where day = '2026-03-16'", 15, "CasebeatRoundMissed"
    ),
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
    "delete from switches where name in ('paused:email', 'backup')",
    """insert into switches (name, value, set_at, set_by)
       values ('backup', '{"file": "a.zip", "file_bytes": 1, "rows": 1, "machine": "m"}', '2026-03-16T01:00Z',
               'casebeat')""",
)


@pytest.fixture
def book(database, run_cli, monkeypatch):
    """A book at nine of a Monday: rounds, feed, audit, heartbeat and backup are as they should be."""
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    made = OneCase(database, run_cli)
    made.rounds("Sat 14 Mar 2026", "Mon 16 Mar 2026")
    made.say("""insert into rounds (force_code, day, began_at, ended_at, account)
                select '--', day, began_at, ended_at, '{}' from rounds""")
    mend(made)
    with transaction() as connection:
        kept_audit.keep(connection, KeptAudit(NINE - timedelta(minutes=4), heartbeat_at=NINE - timedelta(minutes=4)))
    return made


def mend(book):
    for statement in MENDED:
        book.say(statement)


def shown(at=NINE):
    seen = readiness.look(configured, at)
    assert seen.ready, seen.parts
    return metrics.text(seen.parts, seen.figures)


@needs_promtool
def test_each_thing_that_is_done_to_it_fires_its_alert_in_time_and_a_quiet_day_fires_none(book, tmp_path):
    moments = [moment(shown(), 180)]
    for what, row in ROWS.items():
        row.done(book) if callable(row.done) else book.say(row.done)
        moments.append({"name": what, **moment(shown(), row.within, row.alert)})
        mend(book)
    moments.append({"name": "all is taken back", **moment(shown(), 180)})
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
