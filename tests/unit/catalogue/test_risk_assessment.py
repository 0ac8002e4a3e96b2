"""The rule `risk-assessment`: at the opening, at intervals, and after an incident."""

import pytest

from config.terms import Classification, EndReason, OwedBy
from models.rules import arithmetic
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, case, incident, nothing, owed

OPENED = day("Mon 2 Mar 2026")


@pytest.mark.parametrize(
    ("assessed", "reported", "due"),
    [
        row("never: two working days from opening", None, None, "Wed 4 Mar 2026"),
        row("never, and an incident: the same", None, "Mon 9 Mar 2026", "Wed 4 Mar 2026"),
        row("assessed: four weeks on, no roll", "Sat 7 Mar 2026", None, "Sat 4 Apr 2026"),
        row("an incident the day before it", "Mon 9 Mar 2026", "Sun 8 Mar 2026", "Mon 6 Apr 2026"),
        row("an incident on its day is covered", "Mon 9 Mar 2026", "Mon 9 Mar 2026", "Mon 6 Apr 2026"),
        row("an incident the day after", "Mon 9 Mar 2026", "Tue 10 Mar 2026", "Thu 12 Mar 2026"),
        row("an incident whose day is the same day", "Mon 9 Mar 2026", "Wed 1 Apr 2026", "Mon 6 Apr 2026"),
        row("a late incident does not postpone it", "Mon 2 Mar 2026", "Mon 30 Mar 2026", "Mon 30 Mar 2026"),
        row("assessed before opening", "Mon 23 Feb 2026", None, "Mon 23 Mar 2026"),
    ],
)
def test_the_risk_is_assessed_at_once_at_intervals_and_after_an_incident(assessed, reported, due):
    incidents = [incident(reported_on=reported)] if reported else []
    found = owed("risk-assessment", case(opened_on=OPENED, risk_assessed_on=assessed, incidents=incidents))
    assert (found.subject, found.owed_by, found.due_on, found.done_on) == ("case", OwedBy.POLICE, due, assessed)


def test_the_first_incident_since_counts_and_only_the_cases_own():
    assessed = day("Mon 9 Mar 2026")
    facts = case(
        opened_on=OPENED,
        risk_assessed_on=assessed,
        incidents=[
            incident(reported_on=day("Mon 16 Mar 2026")),
            incident(reported_on=day("Thu 12 Mar 2026")),
            incident(reported_on=day("Tue 10 Mar 2026"), supplied=False),
        ],
        linked_incidents=[incident(reported_on=day("Tue 10 Mar 2026"))],
    )
    assert owed("risk-assessment", facts).due_on == day("Mon 16 Mar 2026")


def test_it_reminds_a_working_day_before_and_escalates_two_after():
    found = owed("risk-assessment", case(opened_on=OPENED))
    assert (found.remind_on, found.escalate_on) == (day("Tue 3 Mar 2026"), day("Fri 6 Mar 2026"))


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("harassment", {"classification": Classification.HARASSMENT}, EndReason.OUT_OF_SCOPE),
        row("finalised", {"finalised_on": OPENED}, EndReason.FINALISED),
    ],
)
def test_a_case_it_is_not_for_owes_none(given, end):
    assert nothing("risk-assessment", case(opened_on=OPENED, **given)).end is end


@pytest.mark.parametrize(
    ("assessed", "reported", "words"),
    [
        row("never", None, None, "case opened Mon 2 Mar 2026 + 2 working days = Wed 4 Mar 2026; not assessed yet"),
        row(
            "before",
            "Mon 9 Mar 2026",
            None,
            "last assessed Mon 9 Mar 2026 + 28 days = Mon 6 Apr 2026; no incident since",
        ),
        row(
            "and an incident",
            "Mon 9 Mar 2026",
            "Tue 10 Mar 2026",
            "last assessed Mon 9 Mar 2026 + 28 days = Mon 6 Apr 2026; first incident reported since Tue 10 Mar 2026 "
            "+ 2 working days = Thu 12 Mar 2026; the earlier day counts",
        ),
    ],
)
def test_it_says_its_arithmetic(assessed, reported, words):
    incidents = [incident(reported_on=reported)] if reported else []
    found = owed("risk-assessment", case(opened_on=OPENED, risk_assessed_on=assessed, incidents=incidents))
    assert arithmetic.sentence(found.because, CALENDAR) == words
