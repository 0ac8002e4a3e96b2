"""The rule `why-not-stalking`: a recorded reason where a case may be stalking."""

import pytest

from config.terms import Classification, EndReason, OwedBy, Relationship
from models.rules import arithmetic
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, case, incident, nothing, owed, referral

OPENED = day("Mon 2 Mar 2026")
HARASSMENT, OTHER = Classification.HARASSMENT, Classification.OTHER
EX, STRANGER = Relationship.EX_PARTNER, Relationship.STRANGER


def asked(classification=HARASSMENT, reported=(), **given):
    incidents = [incident(reported_on=each) for each in reported]
    return case(opened_on=OPENED, classification=classification, incidents=incidents, **given)


@pytest.mark.parametrize(
    ("relationship", "reported", "due"),
    [
        row("a former partner: from opening", EX, [], "Wed 4 Mar 2026"),
        row("a former partner, one incident", EX, ["Mon 9 Mar 2026"], "Wed 4 Mar 2026"),
        row("a second incident", STRANGER, ["Mon 2 Mar 2026", "Mon 9 Mar 2026"], "Wed 11 Mar 2026"),
        row("the second as reported, not as sent", STRANGER, ["Mon 9 Mar 2026", "Mon 2 Mar 2026"], "Wed 11 Mar 2026"),
        row("two reported on one day", STRANGER, ["Mon 9 Mar 2026", "Mon 9 Mar 2026"], "Wed 11 Mar 2026"),
        row("a third changes nothing", None, ["Mon 2 Mar 2026"] * 2 + ["Mon 9 Mar 2026"], "Wed 4 Mar 2026"),
        row("both: opening is earlier", EX, ["Mon 9 Mar 2026", "Mon 9 Mar 2026"], "Wed 4 Mar 2026"),
        row("both: the second report is earlier", EX, ["Thu 26 Feb 2026", "Fri 27 Feb 2026"], "Tue 3 Mar 2026"),
        row("Easter is not worked", STRANGER, ["Mon 2 Mar 2026", "Thu 2 Apr 2026"], "Wed 8 Apr 2026"),
    ],
)
def test_harassment_by_a_former_partner_or_reported_twice_needs_a_reason(relationship, reported, due):
    dated = [day(each) if isinstance(each, str) else each for each in reported]
    found = owed("why-not-stalking", asked(relationship=relationship, reported=dated))
    assert (found.subject, found.owed_by, found.due_on, found.done_on) == ("case", OwedBy.POLICE, due, None)


@pytest.mark.parametrize(
    ("relationship", "reported", "due"),
    [
        row("any referral asks for it", STRANGER, [], "Wed 11 Mar 2026"),
        row("a former partner: the opening is earlier", EX, [], "Wed 4 Mar 2026"),
        row("the second report is earlier", None, ["Mon 2 Mar 2026", "Fri 6 Mar 2026"], "Tue 10 Mar 2026"),
        row("the second report is later", None, ["Mon 2 Mar 2026", "Tue 10 Mar 2026"], "Wed 11 Mar 2026"),
    ],
)
def test_a_case_referred_to_cps_needs_a_reason_from_its_first_referral(relationship, reported, due):
    referrals = [referral(submitted_on=day("Tue 10 Mar 2026")), referral(submitted_on=day("Mon 9 Mar 2026"))]
    referrals.append(referral(submitted_on=OPENED, supplied=False))
    facts = asked(relationship=relationship, reported=[day(each) for each in reported], referrals=referrals)
    found = owed("why-not-stalking", facts)
    assert (found.due_on, found.arose_on) == (due, found.because[0].day)


def test_it_reminds_a_working_day_before_and_escalates_two_after():
    found = owed("why-not-stalking", asked(relationship=EX))
    assert (found.remind_on, found.escalate_on) == (day("Tue 3 Mar 2026"), day("Fri 6 Mar 2026"))


@pytest.mark.parametrize("classification", [HARASSMENT, OTHER])
def test_a_case_that_stops_being_stalking_needs_a_reason_from_that_day_whatever_else_is_known(classification):
    facts = asked(classification, relationship=EX, declassified_on=day("Thu 2 Apr 2026"))
    assert owed("why-not-stalking", facts).due_on == day("Wed 8 Apr 2026")


@pytest.mark.parametrize(
    ("declassified", "reason", "answered"),
    [
        row("a reason, never stalking", None, "Mon 2 Mar 2026", True),
        row("a reason the day before is of an older question", "Wed 11 Mar 2026", "Tue 10 Mar 2026", False),
        row("a reason on the day it changed", "Wed 11 Mar 2026", "Wed 11 Mar 2026", True),
        row("a reason after it changed", "Wed 11 Mar 2026", "Thu 12 Mar 2026", True),
        row("none", "Wed 11 Mar 2026", None, False),
    ],
)
def test_a_reason_answers_what_was_asked_up_to_its_day(declassified, reason, answered):
    facts = asked(relationship=EX, declassified_on=declassified, why_not_stalking_on=reason)
    if answered:
        assert nothing("why-not-stalking", facts).end is EndReason.MET
    else:
        assert owed("why-not-stalking", facts).due_on == day("Fri 13 Mar 2026")


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("a stranger, never reported", {}, EndReason.MET),
        row("one incident", {"reported": [OPENED]}, EndReason.MET),
        row("stalking", {"classification": Classification.STALKING, "relationship": EX}, EndReason.OUT_OF_SCOPE),
        row("other, never stalking", {"classification": OTHER, "relationship": EX}, EndReason.OUT_OF_SCOPE),
        row("finalised", {"relationship": EX, "finalised_on": OPENED}, EndReason.FINALISED),
    ],
)
def test_without_a_trigger_or_out_of_scope_nothing_is_owed(given, end):
    found = nothing("why-not-stalking", asked(**given))
    assert (found.subject, found.end) == ("case", end)


def test_an_incident_that_is_no_longer_supplied_is_no_second_one():
    incidents = [incident(reported_on=OPENED), incident(reported_on=OPENED, supplied=False)]
    facts = case(opened_on=OPENED, classification=HARASSMENT, incidents=incidents)
    assert nothing("why-not-stalking", facts).end is EndReason.MET


@pytest.mark.parametrize(
    ("given", "words"),
    [
        row("opened", {"relationship": EX}, "case against a former partner opened"),
        row("second", {"reported": [OPENED] * 2}, "second incident reported"),
        row("changed", {"declassified_on": OPENED}, "no longer recorded as stalking since"),
    ],
)
def test_it_says_its_arithmetic(given, words):
    found = owed("why-not-stalking", asked(**given))
    assert arithmetic.sentence(found.because, CALENDAR) == f"{words} Mon 2 Mar 2026 + 2 working days = Wed 4 Mar 2026"
