"""Bad arguments and settings: each mistake gives one clear sentence, exit code 2, and no effect."""

import os
import subprocess
import sys

import pytest

from config.settings import settings
from tasks.platform import database as way
from tests.integration.one_case import CASE, OneCase


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
    book.say("update cases set finalised_on = '2026-03-10', finalised_reason = 'nfa_police'")
    book.changed()
    ran = book.cli("obligations", "--case", "45/1234")
    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_a_round_with_a_fault_in_its_policy_does_nothing(book, monkeypatch, tmp_path):
    (tmp_path / "policy.yaml").write_text("edition: [", "utf-8")
    monkeypatch.setenv("CASEBEAT_POLICY", str(tmp_path / "policy.yaml"))
    settings.cache_clear()
    ran = book.cli("run")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"casebeat: {tmp_path}/policy.yaml, line 1: ")
    assert book.ask("select count(*) from rounds") == [0]


def test_a_round_of_an_earlier_day_is_refused_before_the_drop_folder_is_looked_at(book, monkeypatch, tmp_path):
    book.round("Tue 17 Mar 2026")
    (tmp_path / "drop" / "half").mkdir(parents=True)
    (tmp_path / "drop" / "half" / "manifest.json").write_text("{", "utf-8")
    monkeypatch.setenv("CASEBEAT_DROP", str(tmp_path / "drop"))
    settings.cache_clear()
    ran = book.cli("run", "--as-of", "2026-03-16")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith("is before force 45's last round (Tue 17 Mar 2026): nothing was done.\n")
    assert book.ask("select count(*) from messages") == [0]


@pytest.mark.parametrize("where", ["hunter2:port/x", "hunter2@127.0.0.1:1/x?frob=1"])
@pytest.mark.parametrize("command", ["stalled", "migrate"])
def test_an_address_that_is_none_is_refused_and_not_repeated(monkeypatch, run_cli, command, where):
    monkeypatch.setenv("CASEBEAT_DATABASE_URL", f"postgresql+psycopg2://{where}")
    monkeypatch.delenv("CASEBEAT_DATABASE_OWNER_URL", raising=False)
    settings.cache_clear()
    ran = run_cli(command)
    way.close()
    settings.cache_clear()
    assert ran.code == 2
    assert "is not a database URL: write it as postgresql+psycopg2://role:password@host:5432/database." in ran.err
    assert "hunter2" not in ran.err


def test_a_home_that_cannot_be_made_is_refused(monkeypatch, run_cli):
    monkeypatch.setenv("CASEBEAT_HOME", "/proc/nowhere")
    monkeypatch.delenv("CASEBEAT_DATABASE_URL", raising=False)
    settings.cache_clear()
    ran = run_cli("stalled")
    settings.cache_clear()
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
