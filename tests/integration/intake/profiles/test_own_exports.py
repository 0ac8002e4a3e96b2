"""A source's own export, loaded by its profile: the rows that are made, what is rejected, and when it is whole."""

import csv
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.configured import configured
from tasks.intake.drop import load_dropped
from tasks.intake.load import load_folders
from tasks.intake.results import Fate
from tests.integration.intake.profiles.own_export import AT, CRIMES, PROFILE, OwnExport, own
from tests.worlds.extracts import AS_OF

__all__ = ["own"]


def load(own: OwnExport):
    (made,) = load_folders(configured(), [own.folder], AS_OF)
    return made


def test_rows_of_two_files_are_made_from_one_wide_table(own: OwnExport) -> None:
    own.describes().sends({"crimes.csv": CRIMES})
    made = load(own)
    assert (made.fate, made.sentence, made.rejected) == (Fate.LOADED, "", 0)
    assert own.rows("select case_ref, opened_on::text, offence_codes, oic_ref, risk from cases order by 1") == [
        ("C1", "2026-11-01", ["PH97010", "PH97006"], "1234", "high"),
        ("C2", "2026-11-03", ["PH97010"], "99", "medium"),
    ]
    assert [one for (one,) in own.rows("select incident_ref from incidents order by 1")] == [
        "C1/01/11/2026", "C1/05/11/2026", "C2/03/11/2026",
    ]  # fmt: skip
    (key,) = next(iter(own.rows("select suspect_key from cases where case_ref = 'C1'")))
    assert key
    assert len(str(key)) == 32
    assert "smith" not in str(own.rows("select * from cases")).lower()


def test_the_drop_folder_finds_it_and_loads_it_once(own: OwnExport) -> None:
    own.describes().sends({"crimes.csv": CRIMES})
    assert load_dropped(configured(), AS_OF)[:3] == (1, 0, 0)
    assert load_dropped(configured(), AS_OF)[:3] == (0, 1, 0)
    own.sends({"crimes.csv": [*CRIMES, "C4|06/11/2026|PH97010|99|M|Open||"]}, AT + timedelta(days=1))
    assert load_dropped(configured(), AS_OF + timedelta(days=1))[:3] == (1, 0, 0)
    assert [one for (one,) in own.rows("select case_ref from cases order by 1")] == ["C1", "C2", "C4"]


def test_another_profile_loads_the_same_files_again(own: OwnExport) -> None:
    own.describes().sends({"crimes.csv": CRIMES})
    load(own)
    own.describes(PROFILE.replace("M: medium", "M: standard"))
    made = load(own)
    assert (made.fate, {file.name: file.changed for file in made.files}["cases.csv"]) == (Fate.LOADED, 1)
    assert own.rows("select risk from cases where case_ref = 'C2'") == [("standard",)]


def test_rejected_rows_go_back_in_the_sources_own_columns_with_the_line_of_its_file(own: OwnExport) -> None:
    bad = "C5|31.11.2026|PH97010 - Stalking|DC Ray 99|Extreme|Open|JONES Ann|secret"
    folder = own.describes().sends({"crimes.csv": [*CRIMES[:3], bad, CRIMES[3], "short"]})
    made = load(own)
    assert {file.name: file.rejected for file in made.files} == {"cases.csv": 2, "incidents.csv": 2}
    written = folder.parent.parent / "home" / "rejected" / made.extract_id / "cases.csv"
    first, second = csv.DictReader(written.read_text("utf-8").splitlines())
    assert (first["Crime No"], first["Risk"], first["line"]) == ("C5", "Extreme", "4")
    assert first["problems"] == (
        'opened_on "31.11.2026" is not a day written DD/MM/YYYY; risk "Extreme" is not one of high, medium, standard'
    )
    assert "Notes" not in first, "a column that the profile does not name goes nowhere"
    assert (second["line"], second["problems"]) == ("6", "has 1 cells where the header has 8")
    shown = [line for file in made.files for line in file.examples]
    assert not any("Extreme" in line or "JONES" in line for line in shown)


def test_an_export_is_left_alone_until_its_last_file_is_there(own: OwnExport) -> None:
    folder = own.describes().sends({"crimes.csv": CRIMES})
    done = folder / "export.done"
    done.unlink()
    assert load_dropped(configured(), AS_OF)[:3] == (0, 0, 0)
    done.touch()
    os.utime(done, (AT.timestamp() - 60, AT.timestamp() - 60))
    assert load(own).fate is Fate.NOT_READY, "that of the day before"
    os.utime(done, (AT.timestamp() + 60, AT.timestamp() + 60))
    assert load_dropped(configured(), AS_OF).loaded == 1


def test_an_export_without_a_last_file_is_loaded_once_it_was_not_written_for_a_while(own: OwnExport) -> None:
    folder = own.describes(PROFILE.replace("complete_when: export.done", "unchanged_for: 30min")).sends(
        {"crimes.csv": CRIMES}
    )
    changed = datetime.fromtimestamp((folder / "crimes.csv").stat().st_ctime, UTC)
    early, late = (
        load_folders(configured(), [folder], changed + timedelta(minutes=minutes))[0] for minutes in (29, 31)
    )
    assert (early.fate, late.fate) == (Fate.NOT_READY, Fate.LOADED)
    assert "less than 30 minutes ago" in early.sentence


def test_an_export_that_was_written_a_moment_ago_is_loaded_now_where_that_is_asked(own: OwnExport, run_cli) -> None:
    waits = PROFILE.replace("complete_when: export.done", "unchanged_for: 120min")
    folder = own.describes(waits).sends({"crimes.csv": CRIMES}, datetime.now(UTC))
    ran = run_cli("intake", str(folder))
    assert (ran.code, "less than 120 minutes ago" in ran.err, "--now does not wait" in ran.err) == (2, True, True)
    ran = run_cli("intake", "--check", str(folder))
    assert (ran.code, "an intake would leave it alone for now: its files were written less" in ran.out) == (0, True)
    assert run_cli("intake", "--now", str(folder)).code == 0
    assert own.rows("select count(*) from cases") == [(2,)]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("read: crimes.csv", "read: crime.csv", 'There is no file "crime.csv" in it'),
        ("read: crimes.csv", 'read: "c*.csv"', '"c*.csv" is the name of 2 of its files'),
        ("OIC, split", "Officer, split", 'crimes.csv has no column "officer", which its profile names'),
        ("    separator: pipe", "    header: 99", "is at most three lines"),
        ("    separator: pipe", "    header: 9", "crimes.csv ends before line 9"),
        ("agency: police", "agency: cps", "cases.csv comes from police only"),
        ("          oic_ref:", "          oic:", "cases.csv has no such column"),
        ("codes: risk", "codes: risks", 'there is no table "risks" under codes'),
    ],
)
def test_a_profile_that_does_not_fit_refuses_the_export_and_loads_nothing(own: OwnExport, old, new, sentence) -> None:
    assert old in PROFILE
    own.describes(PROFILE.replace(old, new)).sends({"crimes.csv": CRIMES, "c.csv": []})
    made = load(own)
    assert made.fate is Fate.REFUSED
    assert sentence in made.sentence
    assert "\n" not in made.sentence
    assert (made.source, own.rows("select distinct source_name from extracts")) == ("crimes-45", [("crimes-45",)])
    assert own.rows("select 1 from cases") == []
    assert len(own.rows("select 1 from messages")) == 1


def test_the_newest_of_several_days_is_read_and_days_that_differ_are_refused(own: OwnExport) -> None:
    own.describes(PROFILE.replace("crimes.csv", "crimes_{YYYYMMDD}.csv"))
    for name, rows in (("crimes_20261122.csv", CRIMES[:3]), ("crimes_20261123.csv", CRIMES)):
        own.sends({name: rows})
    made = load(own)
    assert made.extract_id.startswith("crimes-45-20261123T000000-"), "not the day of the copy"
    assert own.rows("select count(*) from cases") == [(2,)]


def test_a_corrected_export_of_the_same_day_is_loaded_and_the_one_before_it_again(own: OwnExport) -> None:
    own.describes(PROFILE.replace("crimes.csv", "crimes_{YYYYMMDD}.csv"))
    corrected = [line.replace("|M|", "|V High|") for line in CRIMES]
    made = {}
    for day, rows in enumerate((CRIMES, corrected, CRIMES)):
        own.sends({"crimes_20261124.csv": rows}, AT + timedelta(days=day))
        made[day] = load_folders(configured(), [own.folder], AT + timedelta(days=day, hours=6))[0]
        assert (made[day].fate, made[day].sentence) == (Fate.LOADED, "")
        assert own.rows("select risk from cases where case_ref = 'C2'") == [("medium" if day != 1 else "high",)]
        again = load_folders(configured(), [own.folder], AT + timedelta(days=day, hours=7))[0]
        assert again.fate is Fate.ALREADY
    assert len({one.extract_id for one in made.values()}) == 3
    assert own.rows("select distinct date(last_extracted_at at time zone 'Europe/London')::text from sources") == [
        ("2026-11-24",)
    ]


def test_a_weekly_list_of_staff_is_loaded_with_each_nights_cases(own: OwnExport) -> None:
    staff = """
  - read: "staff_{YYYYMMDD}.csv"
    every: 7d
    makes:
      - rows_of: contacts.csv
        columns: {contact_ref: No, agency: {always: police}, name: Name, email: Mail, roles: {always: officer},
                  force_code: {always: 45}}
"""
    own.describes(PROFILE.replace("crimes.csv", '"crimes_{YYYYMMDD}.csv"') + staff)
    own.sends({"staff_20261118.csv": ["No,Name,Mail", "1234,Ann Lee,ann@example.police.uk"]})
    own.sends({"crimes_20261124.csv": CRIMES})
    made = load(own)
    assert (made.fate, made.sentence) == (Fate.LOADED, "")
    assert own.rows("select contact_ref from contacts") == [("1234",)]
    own.sends({"crimes_20261126.csv": CRIMES}, AT + timedelta(days=2))
    late = load_folders(configured(), [own.folder], AS_OF + timedelta(days=2))[0]
    assert (late.fate, late.sentence[:44]) == (Fate.REFUSED, "staff_20261118.csv is 8 days older than the ")


def test_a_windows_export_and_one_of_sixteen_bits_are_read_alike(own: OwnExport, tmp_path: Path) -> None:
    text = "\r\n".join([*CRIMES[:3], "C9|03/11/2026|PH97010|Zoë 77|M|Open||", ""])
    for number, (encoding, named) in enumerate([("cp1252", ""), ("utf-16", ""), ("utf-16-le", "encoding: utf-16-le")]):
        own.describes(PROFILE.replace("    separator: pipe", f"    separator: pipe\n    {named}".rstrip()))
        own.sends({"crimes.csv": text.encode(encoding)}, AT + timedelta(hours=number))
        made = load(own)
        assert (made.fate, made.rejected) == (Fate.LOADED, 0), made.sentence
        assert own.rows("select oic_ref from cases where case_ref = 'C9'") == [("77",)]
