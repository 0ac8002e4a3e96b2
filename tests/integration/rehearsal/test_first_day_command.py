"""`casebeat first-day` on a small book: both mornings are those that the rounds would have, and nothing is written."""

import json
from datetime import date
from pathlib import Path

import pytest

from config.days.london import at_london
from flows.configured import configured
from flows.round_steps import whole_round
from tasks.intake.load import load_folders
from tests.support.every_table import every_table
from tests.worlds.days import day
from tests.worlds.extracts import a_case, a_contact, an_action, write
from tests.worlds.starting import force_starts

MONDAY, FIRST = date(2026, 3, 2), day("Mon 16 Mar 2026")
PANELS = """panels:
  - {force_code: "45", cps_area: South East, from: 2026-01-06, rrule: "FREQ=WEEKLY;BYDAY=TU", starts: "10:00", cases: 2,
     minutes_per_case: 10, chair: SP1, place: Room 2, non_working_day: next, horizon: 21d}
"""


READERS = """select contact_ref from messages
             where day = '2026-03-16' and kind in ('letter', 'at_once') and contact_ref is not null"""


@pytest.fixture
def book(database, tmp_path: Path, monkeypatch):
    """Eight cases of 2025 with an action each, after a round in which their force waits."""
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    (tmp_path / "panels.yaml").write_text(PANELS, encoding="utf-8")
    monkeypatch.setenv("CASEBEAT_PANELS", str(tmp_path / "panels.yaml"))
    force_starts(monkeypatch, tmp_path, {"45": FIRST})
    people = [a_contact("OF1"), a_contact("SV1", roles="supervisor"), a_contact("SP1", roles="spoc"),
              a_contact("L1", roles="lead")]  # fmt: skip
    cases = [
        a_case(f"C{n}", opened_on="2025-06-02", oic_ref="OF1", supervisor_ref="SV1", risk="high" if n < 3 else "medium")
        for n in range(8)
    ]
    cases[0]["oic_ref"] = "NO1"
    actions = [an_action(f"A{n}", f"C{n}", raised_on="2025-06-02", due_on="") for n in range(8)]
    rows = {"contacts.csv": people, "cases.csv": cases, "actions.csv": actions}
    load_folders(
        configured(), [write(tmp_path / "x", rows, extracted_at="2026-03-02T05:10:00+00:00")], at_london(MONDAY)
    )
    whole_round(configured(), MONDAY, at_london(MONDAY))
    return database


def test_both_mornings_are_shown_beside_each_other_and_nothing_is_written(book, run_cli, tmp_path):
    before = every_table(book)
    assert before["sittings"] == []  # nothing is arranged for a force that waits
    page = tmp_path / "first.html"
    ran = run_cli("first-day", "--json", "--to", str(page), "--as-of", "2026-03-03")
    assert ran.code == 0, ran.err
    written, shown = ran.out.splitlines()
    made, after = json.loads(shown), every_table(book)
    assert written == f"Written: {page}"
    assert "<h1>The first morning of Surrey (45)</h1>" in page.read_text("utf-8")
    assert {name for name in after if after[name] != before[name]} <= {"audit"}  # who asked
    assert (made["force_code"], made["starts"]) == ("45", "2026-03-16")
    before_day, with_day = (
        {one["contact_ref"]: one["matters"] for one in made[side]["readers"]} for side in ("without", "with")
    )
    assert before_day["SP1"] > 8 > with_day.get("SP1", 0)
    assert before_day["OF1"] == with_day["OF1"]
    assert sum(one["number"] for one in made["inherited"] if one["rule"] == "action") == 8
    assert made["worst"][0]["risk"] == "high"
    assert made["missing"]["no prosecutor is recorded"] == 8
    assert made["missing"]["the officer in the case has no address here"] == 1
    meetings = made["plan"]["meetings"]
    assert [one["overdue"] for one in meetings[:2]] == [{"high": 2}, {"high": 1, "medium": 1}]
    assert (len(meetings), made["plan"]["left"], made["plan"]["weeks_more"]) == (3, 2, 1)


def test_a_page_that_is_there_is_refused_before_anything_is_run(book, run_cli, tmp_path):
    before, page = every_table(book), tmp_path / "first.html"
    page.write_text("kept", "utf-8")
    ran = run_cli("first-day", "--to", str(page), "--as-of", "2026-03-03")
    assert ran.code == 2
    assert f"{page} is there already: name another file. Nothing was done." in ran.err
    assert (every_table(book), page.read_text("utf-8")) == (before, "kept")


def test_the_morning_with_its_day_is_the_one_that_comes(book, run_cli):
    made = json.loads(run_cli("first-day", "--json", "--as-of", "2026-03-15").out)
    whole_round(configured(), FIRST, at_london(FIRST))
    real = """select count(distinct n.obligation_id) from notifications n join obligations o on o.id = n.obligation_id
              where n.contact_ref = 'OF1' and n.day = '2026-03-16' and o.force_code = '45' and n.channel = 'email'"""
    with book.connect() as connection:
        found = connection.exec_driver_sql(real).scalar_one()
        readers = set(connection.exec_driver_sql(READERS).scalars())
    foretold = {one["contact_ref"]: one for one in made["with"]["readers"]}
    assert foretold["OF1"]["matters"] == found
    assert set(foretold) == readers >= {"L1"}
    assert foretold["L1"]["standing"]


def test_it_is_printed(book, run_cli):
    ran = run_cli("first-day", "--force", "45", "--starts", "2026-03-14", "--as-of", "2026-03-03")
    assert "Surrey (45), first day Sat 14 Mar 2026, tried on a copy of the book." in ran.out


def test_what_is_not_known_is_asked_for(book, run_cli, monkeypatch):
    def err(*arguments):
        return run_cli("first-day", *arguments, "--as-of", "2026-03-03").err

    assert "is not to come" in err("--starts", "2026-03-02")
    assert "No source has sent anything for force 46" in err("--force", "46", "--starts", "2026-04-01")
    monkeypatch.delenv("CASEBEAT_POLICY")
    assert "Name the force: --force 45 (waiting: none)" in err()
    assert "The policy has no first day of force 45" in err("--force", "45")


def test_before_any_round_there_is_no_book(database, run_cli):
    ran = run_cli("first-day", "--force", "45", "--starts", "2026-12-01")
    assert "No round was run yet" in ran.err
