"""A policy rehearsed beside today's, on a small book: nothing is written, and what is compared is true."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from config.days.london import at_london
from config.settings import settings
from config.strict_yaml import Faults
from flows.configured import configured
from flows.rehearsal import Trial, rehearse
from flows.round_steps import whole_round
from tasks.intake.load import load_folders
from tasks.platform import templates
from tasks.rehearsal.comparison import Shift
from tests.support.every_table import every_table
from tests.worlds.extracts import a_case, a_contact, an_action, write

MONDAY = date(2026, 3, 2)


def nothing_shown(name: str, done: int, of: int) -> None:
    del name, done, of


@pytest.fixture
def book(database, tmp_path: Path, monkeypatch):
    """Four cases with 30 actions each, raised on the first day, after one round."""
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    people = [a_contact("OF1"), a_contact("SV1", roles="supervisor"), a_contact("SP1", roles="spoc"),
              a_contact("L1", roles="lead")]  # fmt: skip
    cases = [
        a_case(f"C{n}", opened_on="2026-03-02", oic_ref="OF1", supervisor_ref="SV1", risk="high") for n in range(4)
    ]
    actions = [
        an_action(f"A{case}-{n}", f"C{case}", raised_on="2026-03-02", due_on="") for case in range(4) for n in range(30)
    ]
    rows = {"contacts.csv": people, "cases.csv": cases, "actions.csv": actions}
    extract = write(tmp_path / "x", rows, extracted_at="2026-03-02T05:10:00+00:00")
    (loaded,) = load_folders(configured(), [extract], at_london(MONDAY))
    assert (loaded.sentence, loaded.rejected) == ("", 0)
    whole_round(configured(), MONDAY, at_london(MONDAY))
    return database


def changed(tmp_path: Path, old: str, new: str) -> Path:
    """Today's policy with its action rule changed."""
    before, rule = settings().policy.read_text("utf-8").split("\n  action:", 1)
    assert old in rule
    file = tmp_path / f"tried-{new[-3:]}.yaml"  # a file is read once in a process
    file.write_text(f"{before}\n  action:{rule.replace(old, new, 1)}", "utf-8")
    return file


def tried(file: Path, weeks: int):
    return rehearse(configured(), Trial(file, None, MONDAY + timedelta(days=1), weeks), nothing_shown)


def test_todays_policy_beside_itself_moves_nothing(book, tmp_path):
    before = every_table(book)
    made = tried(changed(tmp_path, "14d", "14d"), weeks=3)
    assert every_table(book) == before
    assert made.today == made.other
    assert made.news == Shift(0, made.today.matters, 0, 0, 0)
    assert made.by_rule == ()
    assert made.today.mails == sum(one.mails for one in made.today.readers) > 0


def test_a_too_eager_policy_is_seen_to_drown_a_spoc_with_the_day(book, tmp_path):
    file = changed(tmp_path, "within: 14d", "within: 3d")
    made = tried(file, weeks=2)
    (news,) = [one.shift for one in made.by_rule if one.rule == "action"]
    assert news.new + news.sooner == 120
    assert news.later == news.never == 0
    assert not [one for one in made.today.flooded if "spoc" in one.roles]
    (spoc,) = [one for one in made.other.flooded if one.contact_ref == "SP1"]
    assert (spoc.most, spoc.roles) == (120, ("spoc",))
    assert spoc.most_on == date(2026, 3, 10)  # due on Thu 5, critical three working days later


def test_a_policy_that_waits_longer_is_seen_to_tell_later_or_not_at_all(book, tmp_path):
    made = tried(changed(tmp_path, "within: 14d", "within: 10wd"), 1)
    later = tried(changed(tmp_path, "within: 14d", "within: 28d"), 3)
    assert not made.by_rule
    (news,) = [one.shift for one in later.by_rule if one.rule == "action"]
    assert news.never + news.later == 120


def test_other_numbers_of_danger_show_how_often_a_spoc_would_have_been_told_of_it(book, tmp_path):
    """C0 to C3 have a report each in the week before; three of C0 are close together, on the first day of the book."""
    reports = [("C0", "2026-02-24"), ("C0", "2026-03-01"), ("C0", "2026-03-02"), ("C1", "2026-03-02")]
    rows = [
        {"force_code": "45", "case_ref": case, "incident_ref": f"I{number}", "occurred_on": on, "reported_on": on}
        for number, (case, on) in enumerate(reports)
    ]
    again = write(tmp_path / "again", {"incidents.csv": rows}, number=2, extracted_at="2026-03-02T05:20:00+00:00")
    (loaded,) = load_folders(configured(), [again], at_london(MONDAY))
    assert (loaded.sentence, loaded.rejected) == ("", 0)
    text = settings().policy.read_text("utf-8")
    assert "rising: {incidents: 2, within: 14d}" in text
    for number, told in ((2, 1), (3, 1), (4, 0)):
        file = tmp_path / f"tried-danger-{number}.yaml"
        file.write_text(text.replace("rising: {incidents: 2,", f"rising: {{incidents: {number},"), "utf-8")
        made = tried(file, 1)
        assert (made.today.danger, made.other.danger) == (pytest.approx(1 / 56), pytest.approx(told / 56)), number


@pytest.mark.parametrize(
    ("began", "mails"), [(1, ["Mon 9"]), (9, ["Wed 11", "Mon 16"])], ids=["sends", "silent since a week"]
)
def test_beside_the_weeks_standing_a_spoc_hears_of_no_source_that_sends_and_of_one_that_is_silent(
    database, tmp_path, monkeypatch, began, mails
):
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    rows = {"contacts.csv": [a_contact("SP1", roles="spoc")], "cases.csv": [a_case("C1", classification="other")]}
    extract = write(tmp_path / "x", rows, extracted_at="2026-03-02T05:10:00+00:00")
    load_folders(configured(), [extract], at_london(MONDAY))
    whole_round(configured(), MONDAY, at_london(MONDAY))
    trial = Trial(changed(tmp_path, "14d", "14d"), None, MONDAY + timedelta(days=began), 1)
    made = rehearse(configured(), trial, nothing_shown)
    assert [f"{day:%a} {day.day}" for day in sorted(made.today.mails_on)] == mails


def test_the_days_are_shown_as_they_pass_under_both_policies(book, tmp_path):
    shown = []
    trial = Trial(changed(tmp_path, "14d", "14d"), None, MONDAY + timedelta(days=1), 1)
    rehearse(configured(), trial, lambda *what: shown.append(what))
    assert shown[:2] == [("Copies of the book", copies, 2) for copies in (0, 2)]
    assert shown[2:] == [("Both policies", day, 7) for day in range(8)]


def test_a_faulty_policy_is_refused_with_every_fault_before_anything_is_run(book, tmp_path):
    with pytest.raises(Faults, match=r"rules\.action\.within"):
        tried(changed(tmp_path, "within: 14d", "within: soon"), 1)
    with pytest.raises(Faults, match=r"nothere\.yaml: cannot be read"):
        tried(Path("nothere.yaml"), 1)


def test_a_page_that_is_there_is_refused_before_the_policy_is_even_read_and_a_refusal_leaves_no_page(
    book, tmp_path, run_cli
):
    folder = tmp_path / "pages"
    folder.mkdir()
    page = folder / "page.html"
    ran = run_cli("rehearse", "nothere.yaml", "--to", str(page), "--as-of", "2026-03-02")
    assert (ran.code, list(folder.iterdir())) == (2, [])
    assert "nothere.yaml: cannot be read" in ran.err
    page.write_text("kept", "utf-8")
    ran = run_cli("rehearse", "nothere.yaml", "--to", str(page), "--as-of", "2026-03-02")
    assert ran.code == 2
    assert f"{page} is there already: name another file. Nothing was done." in ran.err
    assert page.read_text("utf-8") == "kept"


def test_the_page_names_people_by_reference_and_role_and_no_case_and_says_what_the_weeks_do_not_show(book, tmp_path):
    file = changed(tmp_path, "within: 14d", "within: 3d")
    file.write_text(file.read_text("utf-8").replace("victim: 8, yours: 7", "victim: 8, yours: 3"), "utf-8")
    made = tried(file, weeks=2)
    values = {"made": made, "policy": "tried.yaml", "weeks": 2, "many": 20, "before": 8}
    page, printed = templates.page("rehearsal/page.html", **values), templates.command_output("rehearsal", values)
    assert "SP1, SPOC" in page
    assert "120 new matters on Tue 10 Mar 2026" in printed
    assert not {"C0", "A0-1", "45/C"} & set(page.replace("<", " ").split())
    assert "letter.longest.yours: not rehearsed." in page
    assert "letter.longest.yours: not rehearsed." in printed
