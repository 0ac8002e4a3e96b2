"""The rule `suspect-wanted`: attempts to arrest a suspect who is at large or wanted."""

import pytest

from config.terms import Classification, EndReason, OwedBy, Risk, SuspectStatus
from models.rules import arithmetic
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, answers, case, nothing, owed, suspect, unseen

OPENED, SINCE = day("Mon 2 Mar 2026"), day("Thu 2 Apr 2026")
WANTED = {"suspect_status": SuspectStatus.WANTED, "status_on": SINCE, "status_changed_on": SINCE}


def wanted(**given):
    return case(**{"opened_on": OPENED, **WANTED, **given})


@pytest.mark.parametrize(
    ("risk", "due", "escalate"),
    [
        row("high", Risk.HIGH, "Tue 7 Apr 2026", "Fri 10 Apr 2026"),
        row("unknown", Risk.UNKNOWN, "Tue 7 Apr 2026", "Fri 10 Apr 2026"),
        row("medium", Risk.MEDIUM, "Wed 8 Apr 2026", "Wed 15 Apr 2026"),
        row("standard", Risk.STANDARD, "Mon 13 Apr 2026", "Mon 27 Apr 2026"),
    ],
)
def test_an_arrest_is_attempted_at_an_interval_by_risk(risk, due, escalate):
    found = owed("suspect-wanted", wanted(risk=risk))
    assert (found.subject, found.owed_by, found.due_on, found.escalate_on) == ("case", OwedBy.POLICE, due, escalate)
    assert (found.done_on, found.arose_on) == (None, SINCE)
    assert found.remind_on == CALENDAR.last_working(found.remind_on) < found.due_on


@pytest.mark.parametrize(
    ("attempted", "due", "done"),
    [
        row("never", None, "Tue 7 Apr 2026", None),
        row("the day before the status, of an earlier time", "Wed 1 Apr 2026", "Tue 7 Apr 2026", None),
        row("on the day of the status", "Thu 2 Apr 2026", "Tue 7 Apr 2026", "Thu 2 Apr 2026"),
        row("after it", "Wed 8 Apr 2026", "Thu 9 Apr 2026", "Wed 8 Apr 2026"),
    ],
)
def test_it_counts_from_the_status_or_the_last_attempt_since(attempted, due, done):
    found = owed("suspect-wanted", wanted(arrest_attempted_on=attempted))
    assert (found.due_on, found.done_on) == (due, done)


def test_of_a_status_known_since_the_first_extract_no_attempt_is_before_it():
    facts = wanted(status_changed_on=None, arrest_attempted_on=day("Wed 1 Apr 2026"))
    found = owed("suspect-wanted", facts)
    assert (found.due_on, found.done_on) == (day("Tue 7 Apr 2026"), day("Wed 1 Apr 2026"))


def test_each_suspect_has_an_obligation():
    rows = [
        suspect(ref="A", status=SuspectStatus.AT_LARGE, status_on=SINCE),
        suspect(ref="B", status=SuspectStatus.CUSTODY, status_on=SINCE),
    ]
    of_case, first, second = answers("suspect-wanted", wanted(suspect_rows=rows))
    assert (of_case.subject, of_case.end) == ("case", EndReason.WITHDRAWN)
    assert (first.subject, first.because[0].fact) == ("suspect:A", "suspect at large since")
    assert (second.subject, second.end, second.on) == ("suspect:B", EndReason.OUT_OF_SCOPE, SINCE)


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("in custody", {"suspect_status": SuspectStatus.CUSTODY}, EndReason.OUT_OF_SCOPE),
        row("no status", {"suspect_status": None}, EndReason.OUT_OF_SCOPE),
        row("harassment", {"classification": Classification.HARASSMENT}, EndReason.OUT_OF_SCOPE),
        row("finalised", {"finalised_on": SINCE}, EndReason.FINALISED),
    ],
)
def test_otherwise_nothing_is_owed(given, end):
    assert nothing("suspect-wanted", wanted(**given)).end is end


def test_a_status_that_is_sent_no_more_cannot_be_seen():
    facts = unseen(wanted(suspect_status=None), "cases.csv: suspect_status")
    (found,) = answers("suspect-wanted", facts)
    assert found.end is EndReason.UNSEEN


def test_it_says_its_arithmetic():
    found = owed("suspect-wanted", wanted(arrest_attempted_on=day("Wed 8 Apr 2026")))
    assert arithmetic.sentence(found.because, CALENDAR) == (
        "last attempt to arrest Wed 8 Apr 2026 + 1 working day = Thu 9 Apr 2026"
    )
