"""The examination itself: its output, its exit codes, and checks that break or take too long."""

import json
import time

import pytest

from tasks.rounds.doctor import examination
from tasks.rounds.doctor.check import Inspection, fail, ok, warn


def only(monkeypatch, *checks):
    monkeypatch.setattr(examination, "GROUPS", {"Some": checks[:1], "Others": checks[1:]})


def breaks(configuration, at):
    raise ZeroDivisionError("a name in a fault's text")


@pytest.mark.parametrize(("verdicts", "code"), [([], 0), ([ok("Fine.")], 0), ([warn("Look.")], 1), ([fail("No.")], 1)])
def test_the_exit_code_tells_whether_something_wants_a_look(at, run_cli, monkeypatch, verdicts, code):
    only(monkeypatch, Inspection("one", "All is well.", lambda *_: verdicts))
    assert run_cli("doctor").code == code


def test_a_person_reads_marks_in_groups_and_a_summary(at, run_cli, monkeypatch):
    only(
        monkeypatch,
        Inspection("one", "All is well.", lambda *_: []),
        Inspection("two", "", lambda *_: [warn("Look."), fail("Mend it.")]),
        Inspection("three", "", lambda *_: [], needs=("two",)),
    )
    assert run_cli("doctor").out == (
        "Some\n  ok    one: All is well.\n\nOthers\n  warn  two: Look.\n  fail  two: Mend it.\n"
        "  skip  three: Not looked at: put two right first.\n\n1 ok, 1 to look at, 1 wrong, 1 not looked at.\n"
    )


def test_a_check_that_breaks_ends_no_other_and_shows_no_value(at, run_cli, monkeypatch):
    only(monkeypatch, Inspection("one", "", breaks), Inspection("two", "All is well.", lambda *_: []))
    ran = run_cli("doctor")
    assert "  fail  one: It could not be looked at: ZeroDivisionError.\n" in ran.out
    assert "  ok    two: All is well.\n" in ran.out


def test_a_check_that_takes_too_long_is_left(at, run_cli, monkeypatch):
    monkeypatch.setattr(examination, "SECONDS", 0.2)
    slow = Inspection("one", "", lambda *_: time.sleep(3) or [])
    only(monkeypatch, slow, Inspection("two", "All is well.", lambda *_: []))
    began = time.monotonic()
    ran = run_cli("doctor")
    assert time.monotonic() - began < 2
    assert "fail  one: No answer within 0 seconds" in ran.out
    assert "ok    two: All is well." in ran.out


def test_every_check_has_a_name_of_its_own_and_needs_only_checks_before_it():
    names = [check.name for checks in examination.GROUPS.values() for check in checks]
    assert len(set(names)) == len(names)
    for group in examination.GROUPS.values():
        for check in group:
            assert set(check.needs) <= set(names[: names.index(check.name)])
            assert check.fine.endswith(".")


def test_before_the_first_extract_nothing_is_called_well_of_a_book_that_is_not_there(database, run_cli):
    del database
    found = [json.loads(line) for line in run_cli("doctor", "--json").out.splitlines()]
    groups = {"Extracts", "People and panels"}
    well = {one["check"] for one in found if one["group"] in groups and one["mark"] == "ok"}
    assert well == {"profiles", "left-over"}, "which are no part of the book"
    (spocs,) = [one for one in found if one["check"] == "spocs"]
    assert (spocs["mark"], spocs["sentence"]) == ("skip", "Not looked at: no extract was loaded yet.")
    (outbox,) = [one for one in found if one["check"] == "outbox"]
    assert outbox["mark"] == "ok"
