"""Cases that share the key of a suspect are looked at again when what one of them tells the others has changed."""

import pytest

from tests.worlds.days import row
from tests.worlds.extracts import a_case
from tests.worlds.intake import Intake

KEY, ANOTHER = "a1" * 8, "b2" * 8
OF_KENT = {"source": "athena-46", "covers": ["46"]}


@pytest.fixture
def intake(database, tmp_path) -> Intake:
    made = Intake(database, tmp_path)
    made.sends({"cases.csv": [a_case("C1", suspect_key=KEY), a_case("C2", suspect_key=ANOTHER), a_case("C3")]})
    made.settle()
    return made


def of_kent(case_ref: str = "K1", **said: str) -> dict[str, str]:
    return a_case(case_ref, force_code="46", cps_area="South East", **said)


def a_suspect(suspect_ref: str, case_ref: str, **said: str) -> dict[str, str]:
    return {"force_code": "46", "case_ref": case_ref, "suspect_ref": suspect_ref, **said}


def sends(intake: Intake, files, **said) -> list[str]:
    """Take in an extract of Kent, and return the changed cases."""
    result = intake.sends(files, **OF_KENT, **said)
    assert result.sentence == ""
    return intake.changed


@pytest.mark.parametrize("key", [KEY, KEY.upper()])
def test_a_case_that_comes_changes_those_with_its_key_in_any_case_of_letters(intake, key):
    assert sends(intake, {"cases.csv": [of_kent(suspect_key=key)]}) == ["C1", "K1"]


def test_a_case_without_a_key_changes_no_other(intake):
    assert sends(intake, {"cases.csv": [of_kent()]}) == ["K1"]


@pytest.mark.parametrize(
    ("said", "changed"),
    [
        row("another key", {"suspect_key": ANOTHER}, ["C1", "C2", "K1"]),
        row("no key any more", {"suspect_key": ""}, ["C1", "K1"]),
        row("another victim", {"victim_key": ANOTHER}, ["C1", "K1"]),
        row("another classification", {"classification": "harassment"}, ["C1", "K1"]),
        row("another opening", {"opened_on": "2026-10-01"}, ["C1", "K1"]),
        row("another URN", {"urn": "46AB0001226"}, ["C1", "K1"]),
        row("restricted", {"restricted": "yes"}, ["C1", "K1"]),
        row("what it tells no other", {"risk": "high", "risk_assessed_on": "2026-11-09"}, ["K1"]),
        row("nothing", {}, []),
    ],
)
def test_a_case_that_changes_does_so_where_it_tells_the_others_of_it(intake, said, changed):
    sends(intake, {"cases.csv": [of_kent(suspect_key=KEY)]})
    intake.settle()
    assert sends(intake, {"cases.csv": [of_kent(**{"suspect_key": KEY, **said})]}) == changed


def test_a_suspect_who_comes_changes_and_goes_does_so_too(intake):
    cases = [of_kent(), of_kent("K2")]
    assert sends(intake, {"cases.csv": cases, "suspects.csv": [a_suspect("S0", "K2")]}) == ["K1", "K2"]
    for suspects, changed in (
        ([a_suspect("S1", "K1", suspect_key=KEY)], ["C1", "K1"]),
        ([a_suspect("S1", "K1", suspect_key=KEY, suspect_status="bail")], ["K1"]),
        ([a_suspect("S1", "K1", suspect_key=ANOTHER)], ["C1", "C2", "K1"]),
        ([a_suspect("S1", "K2", suspect_key=ANOTHER)], ["C2", "K1", "K2"]),
        ([], ["C2", "K2"]),
    ):
        intake.settle()
        files = {"cases.csv": cases, "suspects.csv": [a_suspect("S0", "K2"), *suspects]}
        assert sends(intake, files) == changed


def test_the_cases_own_key_gives_way_to_its_suspects(intake):
    sends(intake, {"cases.csv": [of_kent(suspect_key=KEY)]})
    intake.settle()
    assert sends(intake, {"suspects.csv": [a_suspect("S1", "K1", suspect_key=ANOTHER)]}) == ["C1", "C2", "K1"]


def test_a_case_whose_suspect_waited_for_it_changes_those_with_the_key(intake):
    assert sends(intake, {"suspects.csv": [a_suspect("S1", "K1", suspect_key=KEY)]}) == ["C1"]
    intake.settle()
    assert sends(intake, {"cases.csv": [of_kent()]}) == ["C1", "K1"]


URN = "46AB0001226"


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        row("restricted", {"urn": URN}, {"urn": URN, "restricted": "yes"}, ["C1", "K1", "K2"]),
        row("barred", {"urn": URN}, {"urn": URN, "barred_refs": "PC1"}, ["C1", "K1", "K2"]),
        row("of another URN now", {"urn": URN, "restricted": "yes"}, {"restricted": "yes"}, ["C1", "K1", "K2"]),
        row("restricted no more", {"urn": URN, "restricted": "yes"}, {"urn": URN}, ["C1", "K1", "K2"]),
        row("of the URN since now", {}, {"urn": URN, "restricted": "yes"}, ["C1", "K1", "K2"]),
    ],
)
def test_a_case_that_keeps_linked_ones_apart_changes_those_with_their_key(intake, before, after, changed):
    linked = of_kent("K2", urn=URN, suspect_key=KEY)
    sends(intake, {"cases.csv": [of_kent(**before), linked]})
    intake.settle()
    assert sends(intake, {"cases.csv": [of_kent(**after), linked]}) == changed


def test_a_new_restricted_case_changes_those_with_the_key_of_the_linked(intake):
    linked = of_kent("K2", urn=URN, suspect_key=KEY)
    sends(intake, {"cases.csv": [linked]})
    intake.settle()
    assert sends(intake, {"cases.csv": [of_kent(urn=URN, restricted="yes"), linked]}) == ["C1", "K1", "K2"]
    intake.settle()
    assert sends(intake, {"cases.csv": [of_kent(urn=URN, restricted="yes"), linked, of_kent("K3")]}) == ["K3"]


def test_a_rejected_row_that_guards_changes_those_with_the_key_of_the_linked(intake):
    linked = of_kent("K2", urn=URN, suspect_key=KEY)
    sends(intake, {"cases.csv": [linked]})
    intake.settle()
    rejected = of_kent(urn=URN, restricted="yes", opened_on="never")
    assert sends(intake, {"cases.csv": [rejected, linked]}) == ["C1", "K2"]
    intake.settle()
    assert sends(intake, {"cases.csv": [linked]}) == ["C1", "K2"]
