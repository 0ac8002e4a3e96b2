"""The list that is attached to a letter: each column of a matter in words."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest

from config.terms import EndReason, Severity
from models.rules.obligations.ending import Ending
from tasks.messages.contexts import FollowingStep, Ower, TriedStep
from tasks.messages.letter import listing
from tests.worlds.samples import ACTION, LIMIT, RESOLVED

DAY = date(2026, 3, 16)


def cell(column, item=ACTION, **changed):
    (row,) = csv.DictReader(io.StringIO(listing.csv([replace(item, **changed)])))
    return row[column]


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"severity": Severity.NOT_DUE_YET}, "not due yet"), ({"severity": Severity.DUE_SOON}, "due soon"),
        ({"severity": Severity.OVERDUE, "since": DAY}, "overdue since Mon 16 Mar 2026"),
        ({"severity": Severity.CRITICALLY_OVERDUE, "since": DAY}, "critically overdue since Mon 16 Mar 2026"),
        ({"ended": Ending(reason=EndReason.MET, ended_on=DAY)}, "ended"),
    ],
)  # fmt: skip
def test_what_is_late_has_the_day_since_when(changed, text):
    assert cell("State", **changed) == text


@pytest.mark.parametrize(("moved", "text"), [(0, ""), (1, "once"), (2, "2 times")])
def test_how_often_its_day_has_moved(moved, text):
    assert cell("Day moved", moved=moved) == text


def test_what_was_due_before_its_force_began_is_marked():
    assert cell("Inherited") == ""
    assert cell("Inherited", inherited_at=DAY) == "due before Mon 16 Mar 2026"


def test_what_is_owed_names_kind_and_subject_where_there_are_any():
    assert cell("What is owed", title="T", kind="", subject="") == "T"
    assert cell("What is owed", title="T", kind="no such kind", subject="A1") == "T, A1"
    assert cell("What is owed", title="T", kind="CCTV", subject="A1").startswith("T, ")


def test_who_owes_it_or_that_nobody_is_recorded():
    owers = (Ower(role="officer", ref="P1"), Ower(role="prosecutor", ref=""))
    first, second = cell("Owed by", owers=owers).split("; ")
    assert (first[:4], second[:3], second[-11:]) == ("P1 (", "no ", "is recorded")
    named = (Ower(role="officer", ref="P1", name="Jo Smith"),)
    assert cell("Owed by", owers=named) == "Jo Smith, P1 (officer in the case)"
    alone = (Ower(role="officer", ref="P1", unreached="no_address"),)
    assert cell("Owed by", owers=alone) == "P1 (officer in the case); the officer in the case has no address here"
    gone = (replace(named[0], unreached="left"),)
    assert cell("Owed by", owers=gone) == "Jo Smith, P1 (officer in the case); the officer in the case has left"


def test_steps_that_were_tried_and_the_next_one():
    tried = (TriedStep(step="reminder", on=DAY), TriedStep(step="overdue", on=DAY))
    assert cell("Tried", tried=tried).count("Mon 16 Mar 2026") == 2
    assert cell("Tried", tried=()) == cell("Next", following=None) == ""
    assert cell("Next", following=FollowingStep(step="overdue", on=DAY, to=())).endswith(" on Mon 16 Mar 2026")


def test_what_has_ended_has_its_day():
    assert cell("Ended", RESOLVED) == "Thu 12 Mar 2026"
    assert cell("Ended", RESOLVED, ended=Ending(reason=EndReason.POLICY, ended_on=DAY)) == "Mon 16 Mar 2026"
    assert cell("Ended", ACTION) == ""


def test_risk_and_urn_are_empty_where_there_is_none():
    assert (cell("Risk", risk=None), cell("URN", urn=None), cell("URN", urn="45AB1234526")) == ("", "", "45AB1234526")
    assert cell("Risk", LIMIT) != ""
    assert cell("Due", due_on=DAY) == cell("Do by", do_by=DAY) == "Mon 16 Mar 2026"
