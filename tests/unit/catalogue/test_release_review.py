"""The rule `release-review`: a release without bail is reviewed where the risk is high or unknown."""

import pytest

from config.terms import Classification, EndReason, OwedBy, Risk, SuspectStatus
from models.rules import arithmetic
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, case, nothing, owed

OPENED, RELEASED = day("Mon 2 Mar 2026"), day("Thu 2 Apr 2026")


def released(**given):
    held = {"suspect_status": SuspectStatus.RUI, "status_on": RELEASED, "status_changed_on": RELEASED}
    return case(**{"opened_on": OPENED, **held, **given})


@pytest.mark.parametrize("status", [SuspectStatus.RUI, SuspectStatus.VOLUNTARY])
@pytest.mark.parametrize("risk", [Risk.HIGH, Risk.UNKNOWN])
def test_a_release_without_bail_at_high_or_unknown_risk_is_reviewed_in_two_working_days(status, risk):
    found = owed("release-review", released(suspect_status=status, risk=risk))
    assert (found.subject, found.owed_by, found.due_on) == ("case", OwedBy.POLICE, day("Wed 8 Apr 2026"))
    assert (found.remind_on, found.escalate_on) == (day("Tue 7 Apr 2026"), day("Fri 10 Apr 2026"))
    assert found.arose_on == RELEASED


@pytest.mark.parametrize(
    ("reviewed", "done"),
    [
        row("never", None, False),
        row("the day before, of an earlier release", "Wed 1 Apr 2026", False),
        row("on the day", "Thu 2 Apr 2026", True),
    ],
)
def test_a_review_of_an_earlier_release_does_not_count(reviewed, done):
    if done:
        assert nothing("release-review", released(release_reviewed_on=reviewed)).end is EndReason.MET
    else:
        assert owed("release-review", released(release_reviewed_on=reviewed))


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("medium risk", {"risk": Risk.MEDIUM}, EndReason.OUT_OF_SCOPE),
        row("on bail", {"suspect_status": SuspectStatus.BAIL}, EndReason.OUT_OF_SCOPE),
        row("no status", {"suspect_status": None}, EndReason.OUT_OF_SCOPE),
        row("harassment", {"classification": Classification.HARASSMENT}, EndReason.OUT_OF_SCOPE),
        row("finalised", {"finalised_on": RELEASED}, EndReason.FINALISED),
    ],
)
def test_otherwise_nothing_is_owed(given, end):
    assert nothing("release-review", released(**given)).end is end


def test_it_says_its_arithmetic():
    found = owed("release-review", released(status_on=OPENED))
    assert arithmetic.sentence(found.because, CALENDAR) == (
        "suspect without bail since Mon 2 Mar 2026 + 2 working days = Wed 4 Mar 2026"
    )
