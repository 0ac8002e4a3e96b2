"""The words of the rules about a case: clock case, once stalking, kept, and what it is charged with."""

import pytest

from config.terms import Agency, Classification, FinalisedReason
from models.rules.sight import Sight
from tests.worlds.days import day, row
from tests.worlds.facts import case

OPENED = day("Mon 2 Mar 2026")
OTHER = Classification.OTHER
TRANSFERRED = {"finalised_on": OPENED, "finalised_reason": FinalisedReason.TRANSFERRED}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        row("stalking", {"offence_codes": ()}, True),
        row("harassment", {"classification": Classification.HARASSMENT, "offence_codes": ()}, True),
        row("other with PH97006", {"classification": OTHER, "offence_codes": ("PH97006",)}, True),
        row("other with a harassment code", {"classification": OTHER, "offence_codes": ("fl96001a",)}, True),
        row("other by its codes too", {"classification": OTHER, "offence_codes": ("TH68010",)}, False),
        row("finalised", {"finalised_on": OPENED}, False),
    ],
)
def test_a_case_has_clocks_by_its_classification_or_by_its_offence_codes(given, said):
    assert case(opened_on=OPENED, **given).clock_case is said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        row("stalking", {}, True),
        row("finalised", {"finalised_on": OPENED, "finalised_reason": FinalisedReason.NFA_POLICE}, True),
        row("harassment", {"classification": Classification.HARASSMENT}, True),
        row("once stalking", {"classification": OTHER, "declassified_on": OPENED}, True),
        row("never stalking", {"classification": OTHER}, False),
        row("transferred, and nobody has it yet", TRANSFERRED, True),
    ],
)
def test_a_case_is_kept_for_its_orders_open_or_not(given, said):
    facts = case(opened_on=OPENED, **given)
    assert facts.kept is said
    assert facts.once_stalking is ("declassified_on" in given)


def test_a_transferred_case_is_kept_no_more_once_another_force_has_it():
    taken = case(opened_on=OPENED, **TRANSFERRED)._replace(taken_over=True)
    assert not taken.kept
    assert case(opened_on=OPENED)._replace(taken_over=True).kept


@pytest.mark.parametrize(
    ("given", "said"),
    [
        row("a stalking charge", {"charged_on": OPENED, "charged_codes": ("TH68010", "PH97006")}, True),
        row("a harassment charge", {"charged_on": OPENED, "charged_codes": ("ph97004",)}, True),
        row("a breach of a restraining order", {"charged_on": OPENED, "charged_codes": ("PH97012",)}, False),
        row("a breach of an SPO", {"charged_on": OPENED, "charged_codes": ("ST19001",)}, False),
        row("another offence", {"charged_on": OPENED, "charged_codes": ("TH68010",)}, False),
        row("no code", {"charged_on": OPENED}, False),
        row("codes without a day", {"charged_codes": ("PH97006",)}, False),
    ],
)
def test_only_a_charge_with_a_stalking_or_harassment_code_other_than_a_breach_counts_as_one(given, said):
    assert case(opened_on=OPENED, **given).pha_charged is said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        row("charged", {"charged_on": OPENED}, "cannot be seen: cps_cases.csv of cms-se has no column charged_codes"),
        row("the codes are there", {"charged_on": OPENED, "charged_codes": ("PH97006",)}, ""),
        row("not charged", {}, ""),
    ],
)
def test_what_is_charged_cannot_be_seen_where_its_column_is_not_sent(given, said):
    blind = Sight({(2, "cps_cases.csv"): frozenset({"charged_on"})}, {2: "cms-se"}, {Agency.CPS: (2,)})
    assert case(opened_on=OPENED, cps_source_id=2, **given)._replace(sight=blind).charged_codes_unseen == said
    assert case(opened_on=OPENED, cps_source_id=2, **given).charged_codes_unseen == ""


WIDER = (Classification.STALKING, Classification.HARASSMENT)


@pytest.mark.parametrize(
    ("classification", "given", "alone", "wider"),
    [
        row("stalking", Classification.STALKING, {}, True, True),
        row("harassment", Classification.HARASSMENT, {}, False, True),
        row("other", OTHER, {}, False, False),
        row("finalised", Classification.HARASSMENT, {"finalised_on": OPENED}, False, False),
    ],
)
def test_a_force_may_have_harassment_in_scope(classification, given, alone, wider):
    facts = case(opened_on=OPENED, classification=classification, **given)
    assert (facts.in_scope, facts._replace(scope=WIDER).in_scope) == (alone, wider)
