"""Reporting an action as done, as tables: each boundary day named. Today is Wed 18 Mar 2026."""

import pytest

from config.terms import ActionStatus, Agency, OwedBy
from models.rules.obligations.completion import ActionState, CompletionRecord, CompletionReport, decide
from models.rules.people.directory import Directory
from models.rules.people.parties import Parties
from models.rules.refusal import Refusal
from tests.worlds.days import day, row
from tests.worlds.directory import PEOPLE, person

TODAY = day("Wed 18 Mar 2026")


def asked(by="OIC", on=None, *, status=ActionStatus.PENDING, closed=None, withdrawn=None, reported=False, cps=False):
    owed_by = OwedBy.CPS if cps else OwedBy.POLICE
    matter = Parties(owed_by, ("45",), ("South East",), "OIC", "SERGEANT", "PROSECUTOR", "ACTION-OWNER")
    action = ActionState(status, day("Mon 2 Mar 2026"), closed, withdrawn, reported, "niche-45")
    return decide(CompletionReport(by, on), action, matter, Directory(PEOPLE), TODAY)


def faults(decided):
    assert isinstance(decided, Refusal)
    return " ".join(decided.faults)


@pytest.mark.parametrize(
    ("on", "recorded"),
    [
        row("no day: today", None, "Wed 18 Mar 2026"),
        row("today", "Wed 18 Mar 2026", "Wed 18 Mar 2026"),
        row("the day it was raised", "Mon 2 Mar 2026", "Mon 2 Mar 2026"),
    ],
)
def test_it_was_done_between_its_raising_and_today(on, recorded):
    assert asked(on=on) == CompletionRecord(recorded, new=True)


@pytest.mark.parametrize("on", [day("Thu 19 Mar 2026"), day("Sun 1 Mar 2026")])
def test_it_was_not_done_before_it_was_raised_or_tomorrow(on):
    assert "Give the day" in faults(asked(on=on))


@pytest.mark.parametrize("by", ["ACTION-OWNER", "OIC", "DEPUTY", "SERGEANT", "P-SPOC", "P-LEAD"])
def test_the_side_that_owes_it_may_report_it(by):
    assert isinstance(asked(by), CompletionRecord)


@pytest.mark.parametrize("by", ["ELSEWHERE", "COLLEAGUE", "PROSECUTOR", "MANAGER", "C-SPOC", "C-LEAD"])
def test_nobody_else_may(by):
    assert f"{by} is not one of those who may say so" in faults(asked(by))


@pytest.mark.parametrize("by", ["PROSECUTOR", "MANAGER", "C-SPOC", "C-LEAD", "ACTION-OWNER"])
def test_cps_report_the_actions_that_they_owe(by):
    assert isinstance(asked(by, cps=True), CompletionRecord)


@pytest.mark.parametrize("by", ["GONE", "NOBODY"])
def test_who_is_not_here_is_told_so(by):
    assert faults(asked(by)) == f"{by} is not a known contact who is active on Wed 18 Mar 2026."


@pytest.mark.parametrize("status", [ActionStatus.CANCELLED, ActionStatus.NOT_POSSIBLE, ActionStatus.DONE])
def test_what_the_source_itself_closed_is_the_sources_to_mend(status):
    on = day("Tue 10 Mar 2026")
    assert "niche-45 itself records it as" in faults(asked(on=on, status=status, closed=day("Mon 9 Mar 2026")))


@pytest.mark.parametrize("reported", [True, False])
def test_the_day_that_is_recorded_already_is_nothing_new(reported):
    done = {"status": ActionStatus.DONE, "closed": day("Mon 9 Mar 2026"), "reported": reported}
    assert (
        asked(**done) == asked(on=day("Mon 9 Mar 2026"), **done) == CompletionRecord(day("Mon 9 Mar 2026"), new=False)
    )
    assert "not one of those" in faults(asked("COLLEAGUE", **done))


def test_an_earlier_record_may_be_corrected():
    mended = asked(on=day("Tue 10 Mar 2026"), status=ActionStatus.DONE, closed=day("Mon 9 Mar 2026"), reported=True)
    assert mended == CompletionRecord(day("Tue 10 Mar 2026"), new=True)


def test_what_is_no_longer_sent_is_owed_no_more():
    assert "niche-45 has not sent it since" in faults(asked(withdrawn=day("Tue 17 Mar 2026")))


def test_every_fault_is_named_at_once():
    assert len(asked("OIC", day("Thu 19 Mar 2026"), withdrawn=day("Tue 17 Mar 2026")).faults) == 2


def test_one_who_is_away_may_still_report():
    away = [person("OIC", Agency.POLICE, "officer", absent=True)]
    matter = Parties(OwedBy.POLICE, ("45",), ("South East",), "OIC")
    action = ActionState(ActionStatus.PENDING, day("Mon 2 Mar 2026"), None, None, False, "niche-45")
    assert isinstance(decide(CompletionReport("OIC", None), action, matter, Directory(away), TODAY), CompletionRecord)
