"""The rule `plea`: a plea to another offence than the stalking charged needs three records."""

import pytest

from config.terms import Classification, EndReason, OwedBy
from models.rules import arithmetic
from models.rules.offences import STALKING
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, answers, case, nothing, owed, plea

OFFERED = day("Thu 2 Apr 2026")
ALL = {"victim_consulted_on": OFFERED, "rationale_recorded_on": OFFERED, "spoc_reviewed_on": OFFERED}


def test_a_plea_to_less_than_the_stalking_charged_is_cps_to_justify_by_the_next_working_day():
    found = owed("plea", case(opened_on=OFFERED, pleas=[plea(offered_on=OFFERED)]))
    assert (found.subject, found.owed_by, found.due_on) == ("plea:L1", OwedBy.CPS, day("Tue 7 Apr 2026"))
    assert (found.remind_on, found.escalate_on) == (OFFERED, day("Thu 9 Apr 2026"))


@pytest.mark.parametrize("missing", ALL)
def test_each_of_the_three_that_is_missing_is_owed(missing):
    facts = case(opened_on=OFFERED, pleas=[plea(offered_on=OFFERED, **{**ALL, missing: None})])
    assert owed("plea", facts).due_on == day("Tue 7 Apr 2026")


@pytest.mark.parametrize("code", sorted(STALKING))
def test_every_stalking_code_charged_counts(code):
    facts = case(opened_on=OFFERED, pleas=[plea(offered_on=OFFERED, charged_code=code)])
    assert owed("plea", facts)


def test_a_section_4a_charge_pleaded_down_to_2a_is_to_be_justified():
    facts = case(opened_on=OFFERED, pleas=[plea(offered_on=OFFERED, charged_code="PH97011", plea_code="PH97006")])
    assert owed("plea", facts).arose_on == OFFERED


@pytest.mark.parametrize(
    ("charged", "pleaded", "counts"),
    [
        row("small letters, and an attempt", "ph97011a", "ph97004b", True),
        row("a lesser stalking offence", "PH97011", "PH97006", True),
        row("the offence that is charged", "PH97011", "ph97011", False),
        row("an attempt at it is the same code", "PH97011", "PH97011A", False),
        row("a harassment charge", "PH97004", "PH97004", False),
        row("a plea to something else", "PH97011", "CJ88116", True),
        row("charged with something else", "CJ88116", "PH97004", False),
        row("the wrong way round", "PH97004", "PH97011", False),
    ],
)
def test_codes_are_compared_by_their_first_seven_characters_in_any_case(charged, pleaded, counts):
    facts = case(opened_on=OFFERED, pleas=[plea(offered_on=OFFERED, charged_code=charged, plea_code=pleaded)])
    if counts:
        assert owed("plea", facts).subject == "plea:L1"
    else:
        found = nothing("plea", facts)
        assert (found.subject, found.end) == ("plea:L1", EndReason.OUT_OF_SCOPE)


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("all three are recorded", ALL, EndReason.MET),
        row("withdrawn", {"supplied": False}, EndReason.WITHDRAWN),
        row("all three, then withdrawn", {**ALL, "supplied": False}, EndReason.WITHDRAWN),
    ],
)
def test_a_plea_that_is_justified_or_withdrawn_owes_nothing(given, end):
    found = nothing("plea", case(opened_on=OFFERED, pleas=[plea(offered_on=OFFERED, **given)]))
    assert (found.subject, found.end) == ("plea:L1", end)


def test_each_plea_is_an_obligation_of_its_own():
    facts = case(opened_on=OFFERED, pleas=[plea(offered_on=OFFERED, ref="L1"), plea(offered_on=OFFERED, ref="L2")])
    assert [found.subject for found in answers("plea", facts)] == ["plea:L1", "plea:L2"]


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("no plea", {"pleas": []}, EndReason.OUT_OF_SCOPE),
        row("other", {"classification": Classification.OTHER}, EndReason.OUT_OF_SCOPE),
        row("finalised", {"finalised_on": OFFERED}, EndReason.FINALISED),
    ],
)
def test_a_case_it_is_not_for_answers_once(given, end):
    found = nothing("plea", case(opened_on=OFFERED, **{"pleas": [plea(offered_on=OFFERED)], **given}))
    assert (found.subject, found.end) == ("case", end)


def test_a_harassment_case_owes_it_too():
    facts = case(opened_on=OFFERED, classification=Classification.HARASSMENT, pleas=[plea(offered_on=OFFERED)])
    assert owed("plea", facts)


def test_it_says_its_arithmetic_and_what_is_missing():
    facts = case(opened_on=OFFERED, pleas=[plea(offered_on=OFFERED, victim_consulted_on=OFFERED)])
    assert arithmetic.sentence(owed("plea", facts).because, CALENDAR) == (
        "plea offered Thu 2 Apr 2026 + 1 working day = Tue 7 Apr 2026 (not counting Good Friday Fri 3 Apr 2026 and "
        "Easter Monday Mon 6 Apr 2026); not recorded yet: the reason, the review by the SPOC"
    )
