"""The picture of docs/slack.md: a case's thread on four days, as the stand-in for Slack draws it (make screenshots)."""

import html
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.house.source import ROOT
from tests.support import slack_page
from tests.support.slack_stand_in import SlackStandIn
from tests.worlds.one_case import OneCase
from tests.worlds.slack import CRITICAL, HERE, Book, in_slack, put_slack

STYLE = """
body { background: #eceff1; margin: 0; padding: 12px; width: 1310px }
body { display: grid; grid-template-columns: 1fr 1fr; gap: 12px }
section { background: #fff; border-radius: 8px; padding: 12px 6px } section > b { color: #1f4e79; padding: 0 20px }
"""


@pytest.fixture
def book(database: Engine, run_cli: Any, slack: SlackStandIn, monkeypatch: pytest.MonkeyPatch) -> Iterator[Book]:
    """A case of which the action A1 alone is owed to Slack."""
    put_slack(monkeypatch, slack)
    case = OneCase(database, run_cli)
    with in_slack(database, slack, "P1", "SP1"):
        made = Book(case, slack)
        made.live("Mon 2 Mar 2026")
        case.say(
            "update cases set risk_assessed_on = '2026-03-03', spo_considered_on = '2026-03-03', "
            "advocate_referred_on = '2026-03-03'"
        )
        case.belongs(
            "reviews", review_ref="R1", kind="joint", held_on="2026-03-16", police_attended=True, cps_attended=True
        )
        made.live("Tue 17 Mar 2026")
        yield made


def test_a_thread_reads_well_on_each_day_of_its_life(book: Book, tmp_path: Path) -> None:
    drawn = []

    def draw(title: str) -> None:
        shown = slack_page.page(book.slack, HERE, title="#stalking-surrey").partition("<main>")[2]
        drawn.append(f"<section><b>{html.escape(title)}</b><main>{shown}</section>")

    book.live(CRITICAL)
    draw("Thu 19 Mar: posted")
    assert book.case.acknowledge(CRITICAL, "Wed 25 Mar 2026").code == 0
    book.deliver(CRITICAL)
    draw("Thu 19 Mar: taken on (the same message, changed)")
    book.case.belongs(
        "reviews", review_ref="R2", kind="joint", held_on="2026-03-24", police_attended=True, cps_attended=True
    )
    book.live("Thu 26 Mar 2026")
    draw("Thu 26 Mar: the promise lapsed, the next notice")
    book.done()
    book.live("Mon 30 Mar 2026")
    draw("Mon 30 Mar: resolved")
    assert ["Taken on until" in each for each in drawn] == [False, True, False, False]
    assert ["Resolved: " in each for each in drawn] == [False, False, False, True]
    picture = tmp_path / "thread.html"
    picture.write_text(
        f"<!doctype html><meta charset=utf-8><style>{slack_page.STYLE}{STYLE}</style>{''.join(drawn)}", "utf-8"
    )
    if os.environ.get("SCREENSHOTS"):
        _photograph(picture, ROOT / "docs" / "slack-thread.png")


def _photograph(page: Path, to: Path) -> None:
    chromium = shutil.which("chromium")
    assert chromium, "a picture needs Chromium"
    quiet = ["--headless=new", "--no-sandbox", "--hide-scrollbars", "--disable-gpu", "--window-size=1334,2170"]
    subprocess.run([chromium, *quiet, f"--screenshot={to}", page.as_uri()], check=True, capture_output=True)
