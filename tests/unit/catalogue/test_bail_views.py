"""The rule `bail-views`: the victim's views on the conditions of pre-charge bail."""

import pytest

from config.terms import Classification, EndReason, OwedBy, SuspectStatus
from models.rules import arithmetic
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, case, nothing, owed

OPENED, BAILED = day("Mon 2 Mar 2026"), day("Thu 2 Apr 2026")


def bailed(**given):
    held = {"suspect_status": SuspectStatus.BAIL, "status_on": BAILED, "status_seen_on": day("Fri 3 Apr 2026")}
    return case(**{"opened_on": OPENED, **held, **given})


def test_the_views_are_sought_by_the_next_working_day():
    found = owed("bail-views", bailed())
    assert (found.subject, found.owed_by, found.due_on) == ("case", OwedBy.POLICE, day("Tue 7 Apr 2026"))
    assert (found.remind_on, found.escalate_on, found.arose_on) == (found.due_on, day("Thu 9 Apr 2026"), BAILED)


@pytest.mark.parametrize(
    ("seen_on", "changed_on", "views", "sought"),
    [
        row("the day before, of an earlier bail", "Fri 3 Apr 2026", None, "Wed 1 Apr 2026", False),
        row("on the day of the status", "Fri 3 Apr 2026", None, "Thu 2 Apr 2026", True),
        row("the day before a day that came with it", None, "Thu 2 Apr 2026", "Wed 1 Apr 2026", False),
        row("the day before a day that is sent no more", "Thu 2 Apr 2026", None, "Wed 1 Apr 2026", False),
        row("known since the first extract: none is before", None, None, "Wed 1 Apr 2026", True),
        row("the same, with a stale day", None, "Mon 2 Mar 2026", "Wed 1 Apr 2026", True),
        row("known since the first extract, none", None, None, None, False),
    ],
)
def test_views_on_an_earlier_status_do_not_count(seen_on, changed_on, views, sought):
    facts = bailed(status_seen_on=seen_on, status_changed_on=changed_on, bail_views_on=views)
    if sought:
        assert nothing("bail-views", facts).end is EndReason.MET
    else:
        assert owed("bail-views", facts).due_on == day("Tue 7 Apr 2026")


def test_a_status_without_a_day_counts_from_the_opening():
    facts = bailed(status_on=None, status_seen_on=None)
    assert owed("bail-views", facts).due_on == day("Tue 3 Mar 2026")


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("charged", {"charged_on": BAILED}, EndReason.MET),
        row("released under investigation", {"suspect_status": SuspectStatus.RUI}, EndReason.OUT_OF_SCOPE),
        row("no status", {"suspect_status": None}, EndReason.OUT_OF_SCOPE),
        row("harassment", {"classification": Classification.HARASSMENT}, EndReason.OUT_OF_SCOPE),
        row("finalised", {"finalised_on": BAILED}, EndReason.FINALISED),
    ],
)
def test_otherwise_nothing_is_owed(given, end):
    assert nothing("bail-views", bailed(**given)).end is end


def test_it_says_its_arithmetic():
    found = owed("bail-views", bailed(status_on=OPENED))
    assert arithmetic.sentence(found.because, CALENDAR) == (
        "suspect on bail since Mon 2 Mar 2026 + 1 working day = Tue 3 Mar 2026"
    )
