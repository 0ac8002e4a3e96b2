"""Bad arguments and settings: each mistake gives one clear sentence, exit code 2, and no effect."""

import os
import subprocess
import sys

import pytest

from tasks.servers import database as way
from tests.worlds.one_case import CASE, OneCase


@pytest.fixture
def book(database, run_cli):
    return OneCase(database, run_cli)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("explain", "nonsense"), '"nonsense" does not name a case. Write FORCE/CASE_REF'),
        (("explain", "45/"), '"45/" does not name a case.'),
        (("explain", "45/NOPE"), "There is no case 45/NOPE in the book."),
        (("explain", "99/1"), "There is no case 99/1 in the book."),
        (
            ("explain", CASE, "--as-of", "1999-12-31"),
            '"1999-12-31" is outside the calendar, which covers 2000 to 2099.',
        ),
        (("explain", CASE, "--as-of", "0001-01-01"), '"0001-01-01" is outside the calendar'),
        (("obligations", "--force", "99"), "No source has sent anything for force 99 yet (known: 45)."),
        (("obligations", "--force", ""), "No source has sent anything for force  yet (known: 45)."),
        (("stalled", "--force", "surrey"), "No source has sent anything for force surrey yet (known: 45)."),
        (("notifications", "--force", "99", "--json"), "No source has sent anything for force 99 yet (known: 45)."),
        (("obligations", "--case", "NOPE"), "There is no case NOPE in the book."),
        (("obligations", "--force", "45", "--case", "NOPE"), "There is no case NOPE of force 45 in the book."),
        (("notifications", "--day", "31/02/2026"), '"31/02/2026" is not a day.'),
        (("stalled", "--as-of", "16-03-2026"), '"16-03-2026" is not a day. Write it as 2026-03-16 or 16/03/2026.'),
        (("run", "--as-of", "2098-01-01"), "Wed 1 Jan 2098 has not come yet: as_of takes today or a day before it."),
        (("run", "--force", "99"), "No source has sent anything for force 99 yet (known: 45)."),
    ],
)
def test_a_slip_of_the_pen_is_told_in_a_sentence(book, typed, said):
    ran = book.cli(*typed)
    assert ran.code == 2
    assert ran.err.startswith(f"casebeat: {said}")
    assert ran.err.endswith("Nothing was done.\n")
    assert ran.err.count("\n") == 1
    assert ran.out == ""


def test_a_case_that_owes_nothing_is_an_empty_list_and_no_slip(book):
    book.say("update cases set finalised_on = '2026-03-10', finalised_reason = 'other'")
    book.changed()
    ran = book.cli("obligations", "--case", "45/1234")
    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_a_round_with_a_fault_in_its_policy_does_nothing(book, monkeypatch, tmp_path):
    (tmp_path / "policy.yaml").write_text("edition: [", "utf-8")
    monkeypatch.setenv("CASEBEAT_POLICY", str(tmp_path / "policy.yaml"))
    ran = book.cli("run")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"casebeat: {tmp_path}/policy.yaml, line 1, edition[1]: ")
    assert book.ask("select count(*) from rounds") == [0]


PANEL = (
    '{force_code: "45", cps_area: South East, from: 2026-01-06, rrule: "FREQ=WEEKLY;BYDAY=TU", starts: "10:00", '
    "cases: 12, minutes_per_case: 10, chair: P1, place: Room 2}"
)
HOURS = ",".join(map(str, range(24)))


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("panels", f"panels: [{PANEL.replace('2026-01-06', '2026-02-30')}]", "panels[1].from "),
        ("panels", f"panels: [{PANEL.replace('2026-01-06', '0001-01-01')}]", "panels[1].from "),
        ("panels", f"panels: [{PANEL.replace('WEEKLY;BYDAY=TU', f'DAILY;BYHOUR={HOURS}')}]", "panels[1].rrule "),
        ("panels", f"panels: [{PANEL.replace('WEEKLY;BYDAY=TU', 'MONTHLY;BYDAY=10TU')}]", "panels[1].rrule "),
        ("panels", f"panels: [{PANEL.replace('45', '99')}]", "panels[1].force_code "),
        ("panels", f"panels: [{PANEL.replace('10, ', '200, ')}]", "panels[1] "),
        (
            "panels",
            f"panels: [{PANEL.replace('Room 2', chr(34) + 'Room' + chr(92) + 'n2' + chr(34))}]",
            "panels[1].place:",
        ),
        ("panels", f"panels: [{PANEL.replace('12,', '9' * 100_000 + ',')}]", "panels[1].cases "),
        ("calendar", "holidays: [2027-02-29]", "holidays[1] "),
        ("calendar", "{{a: b}: 1}", "line 1: "),
        ("policy", "[" * 3_000, "line 1, "),
    ],
)
def test_an_impossible_value_of_a_file_ends_in_exit_2_with_its_place(book, monkeypatch, tmp_path, name, text, place):
    (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
    monkeypatch.setenv(f"CASEBEAT_{name.upper()}", str(tmp_path / f"{name}.yaml"))
    ran = book.cli("run")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"casebeat: {tmp_path}/{name}.yaml")
    assert place in ran.err
    assert len(ran.err) < 1_000
    assert book.ask("select count(*) from rounds") == [0]


def test_a_round_of_an_earlier_day_is_refused_before_the_drop_folder_is_looked_at(book, monkeypatch, tmp_path):
    book.round("Tue 17 Mar 2026")
    (tmp_path / "drop" / "half").mkdir(parents=True)
    (tmp_path / "drop" / "half" / "manifest.json").write_text("{", "utf-8")
    monkeypatch.setenv("CASEBEAT_DROP", str(tmp_path / "drop"))
    ran = book.cli("run", "--as-of", "2026-03-16")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith("is before force 45's last round (Tue 17 Mar 2026): nothing was done.\n")
    assert book.ask("select count(*) from messages") == [0]


@pytest.mark.parametrize("where", ["hunter2:port/x", "hunter2@127.0.0.1:1/x?frob=1"])
@pytest.mark.parametrize("command", ["stalled", "migrate"])
def test_an_address_that_is_none_is_refused_and_not_repeated(monkeypatch, run_cli, command, where):
    monkeypatch.setenv("CASEBEAT_DATABASE_URL", f"postgresql+psycopg2://{where}")
    monkeypatch.delenv("CASEBEAT_DATABASE_OWNER_URL", raising=False)
    ran = run_cli(command)
    way.close()
    assert ran.code == 2
    assert "is not a database URL: write it as postgresql+psycopg2://role:password@host:5432/database." in ran.err
    assert "hunter2" not in ran.err


def test_a_home_that_cannot_be_made_is_refused(monkeypatch, run_cli):
    monkeypatch.setenv("CASEBEAT_HOME", "/proc/nowhere")
    monkeypatch.delenv("CASEBEAT_DATABASE_URL", raising=False)
    ran = run_cli("stalled")
    assert ran.code == 2
    assert ran.err.startswith("casebeat: /proc/nowhere cannot be used (No such file or directory); set CASEBEAT_HOME")


def test_a_prefect_server_that_does_not_answer_is_refused(book):
    ran = subprocess.run(  # of its own: Prefect reads its settings once in a process
        [sys.executable, "-c", "from flows.command_line.main import main; main()", "run"],
        env={**os.environ, "PREFECT_API_URL": "http://127.0.0.1:9/api"},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert ran.returncode == 2
    assert ran.stderr.startswith(
        "casebeat: The Prefect server at PREFECT_API_URL cannot be reached: start it, or unset"
    )
    assert book.ask("select count(*) from rounds") == [0]
