"""The order of an examination: what is skipped, what is left, and what becomes of a check that breaks."""

import time

import pytest

from flows.configured import configured
from models.errors import Refuse
from tasks.rounds.doctor import examination
from tasks.rounds.doctor.check import Inspection, Mark, fail, ok, warn
from tasks.servers import database
from tests.worlds.days import NOW


@pytest.fixture
def examined(monkeypatch):
    def of(*checks):
        monkeypatch.setattr(examination, "GROUPS", {"Some": checks[:1], "Others": checks[1:]})
        begun = []
        found = list(examination.examine(configured(), NOW, lambda group, name: begun.append((group, name))))
        assert begun == [("Some" if at == 0 else "Others", one.name) for at, one in enumerate(checks)]
        return [(one.group, one.check, one.mark, one.sentence) for one in found]

    return of


def check(name, *verdicts, needs=()):
    return Inspection(name, f"{name} is well.", lambda *_: verdicts, needs)


def test_a_check_without_a_verdict_is_well_and_one_with_several_tells_all(examined):
    assert examined(check("one"), check("two", ok("Fine."), warn("Look."))) == [
        ("Some", "one", Mark.OK, "one is well."), ("Others", "two", Mark.OK, "Fine."),
        ("Others", "two", Mark.WARN, "Look."),
    ]  # fmt: skip


def test_what_needs_a_check_that_failed_or_was_skipped_is_skipped_and_a_warning_stops_nothing(examined):
    found = examined(
        check("a", fail("No.")), check("b", needs=("a",)), check("c", needs=("b", "a", "d")),
        check("d", warn("Look.")), check("e", needs=("d",)),
    )  # fmt: skip
    assert [mark for _, _, mark, _ in found] == [Mark.FAIL, Mark.SKIP, Mark.SKIP, Mark.WARN, Mark.OK]
    assert found[2][3] == "Not looked at: put b and a right first."


def test_a_refusal_is_told_without_what_goes_without_saying(examined):
    def refuses(*_):
        raise Refuse("The table is not there. Nothing was done.")

    def breaks(*_):
        raise ZeroDivisionError("a value")

    assert [sentence for *_, sentence in examined(Inspection("a", "", refuses), Inspection("b", "", breaks))] == [
        "The table is not there.", "It could not be looked at: ZeroDivisionError.",
    ]  # fmt: skip


def test_a_check_that_takes_too_long_is_left_and_its_statements_are_cancelled(examined, monkeypatch):
    cancelled = []
    monkeypatch.setattr(examination, "SECONDS", 0.05)
    monkeypatch.setattr(database, "cancel", lambda: cancelled.append(True))
    (found,) = examined(Inspection("a", "", lambda *_: time.sleep(0.3) or []))
    assert found[2] is Mark.FAIL
    assert cancelled == [True]
