"""The rule `victim-contact`: contact with the victim as often as agreed."""

import pytest

from config.terms import Classification, EndReason, OwedBy
from models.rules import arithmetic
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, case, nothing, owed

OPENED = day("Mon 2 Mar 2026")


@pytest.mark.parametrize(
    ("contacted", "agreed", "due"),
    [
        row("never: four weeks from opening", None, None, "Mon 30 Mar 2026"),
        row("never, a week agreed", None, 7, "Mon 9 Mar 2026"),
        row("four weeks from the last contact, no roll", "Sat 7 Mar 2026", None, "Sat 4 Apr 2026"),
        row("a week from the last contact, as agreed", "Fri 6 Mar 2026", 7, "Fri 13 Mar 2026"),
        row("agreed longer than the ordinary span", "Fri 6 Mar 2026", 56, "Fri 1 May 2026"),
        row("no days agreed is that day", "Fri 6 Mar 2026", 0, "Fri 6 Mar 2026"),
    ],
)
def test_the_victim_is_contacted_as_often_as_was_agreed(contacted, agreed, due):
    facts = case(opened_on=OPENED, victim_contacted_on=contacted, victim_contact_days=agreed)
    found = owed("victim-contact", facts)
    assert (found.subject, found.owed_by, found.due_on, found.done_on) == ("case", OwedBy.POLICE, due, contacted)


def test_it_reminds_three_days_before_and_escalates_three_working_days_after():
    found = owed("victim-contact", case(opened_on=OPENED))
    assert (found.remind_on, found.escalate_on) == (day("Fri 27 Mar 2026"), day("Thu 2 Apr 2026"))


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("harassment", {"classification": Classification.HARASSMENT}, EndReason.OUT_OF_SCOPE),
        row("finalised", {"finalised_on": OPENED}, EndReason.FINALISED),
    ],
)
def test_a_case_it_is_not_for_owes_none(given, end):
    assert nothing("victim-contact", case(opened_on=OPENED, **given)).end is end


@pytest.mark.parametrize(
    ("contacted", "agreed", "words"),
    [
        row("never", None, None, "case opened Mon 2 Mar 2026 + 28 days = Mon 30 Mar 2026"),
        row(
            "as agreed",
            "Fri 6 Mar 2026",
            7,
            "victim last contacted Fri 6 Mar 2026 + 7 days = Fri 13 Mar 2026; as agreed with the victim",
        ),
    ],
)
def test_it_says_its_arithmetic(contacted, agreed, words):
    facts = case(opened_on=OPENED, victim_contacted_on=contacted, victim_contact_days=agreed)
    assert arithmetic.sentence(owed("victim-contact", facts).because, CALENDAR) == words
