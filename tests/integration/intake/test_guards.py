"""The two marks that guard a case: in whatever form a list is written, and from rows that are rejected too."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from config.days.london import at_london
from flows.configured import configured
from models.queries.people import disclosure
from tasks.intake.results import Fate
from tasks.rounds import daily_report
from tasks.rounds.verdict import RoundContent
from tests.worlds.days import day
from tests.worlds.extracts import a_case, a_contact
from tests.worlds.intake import Intake

URN = "45AB1234526"
TUESDAY = day("Tue 1 Dec 2026")
BARRED = "select barred from disclosed where case_ref = 'C1'"
MARKS = "select restricted, barred_refs from cases where case_ref = 'C1'"


@pytest.fixture
def intake(database: Engine, tmp_path: Path) -> Intake:
    return Intake(database, tmp_path)


def contacts(*refs: str) -> list[dict[str, str]]:
    return [a_contact(ref, email=f"{number}@surrey.police.uk") for number, ref in enumerate(refs)]


@pytest.mark.parametrize(
    "written",
    ["P1;SP1", "P1,SP1", "P1, SP1", "P1|SP1", "P1 SP1", "p1 sp1", "P1\nSP1", " ;P1 ,; SP1;", "P1;SP1;P1,SP1"],
)
def test_a_list_bars_everyone_in_it_however_it_is_written(intake: Intake, written: str) -> None:
    result = intake.sends({"contacts.csv": contacts("P1", "SP1", "P2"), "cases.csv": [a_case(barred_refs=written)]})
    assert (result.rejected, [file.warned for file in result.files]) == (0, [0, 0])
    ((barred),) = intake.rows(BARRED)
    assert {"P1", "SP1"} <= set(barred)
    assert "P2" not in barred
    with intake.engine.connect() as connection:
        assert set(disclosure.hidden_cases(connection, ["P1", "SP1", "P2"])) == {"P1", "SP1"}


def test_a_reference_of_several_words_bars_whoever_has_it(intake: Intake) -> None:
    refs = ("PC 1234", "A,B", "P1")
    sent = {"contacts.csv": contacts(*refs), "cases.csv": [a_case(barred_refs="PC 1234, A,B P1")]}
    result = intake.sends(sent)
    assert [file.warned for file in result.files] == [0, 0], "no part of them is a reference of nobody"
    ((barred),) = intake.rows(BARRED)
    assert set(refs) <= set(barred)


def test_a_reference_in_other_letters_bars_who_arrives_under_it_and_their_second_contact(intake: Intake) -> None:
    intake.sends({"cases.csv": [a_case(barred_refs="sp1")]})
    both = [a_contact("SP1"), a_contact("X1", email="SP1@SURREY.police.uk"), a_contact("P2")]
    intake.sends({"contacts.csv": both, "cases.csv": [a_case(barred_refs="sp1")]})
    ((barred),) = intake.rows(BARRED)
    assert {"SP1", "X1"} <= set(barred)
    assert "P2" not in barred


@pytest.mark.parametrize(
    ("bad", "marks"),
    [
        ({"restricted": "yes"}, (True, [])),
        ({"barred_refs": "SP1"}, (False, ["SP1"])),
        ({"restricted": "y", "barred_refs": "P1;SP1"}, (True, ["P1", "SP1"])),
        ({"risk": "high", "restricted": "yes", "barred_refs": "SP1;Müller"}, (True, ["SP1"])),
    ],
)
def test_a_mark_takes_effect_though_its_row_is_rejected_for_another_cell(
    intake: Intake, bad: dict[str, str], marks: tuple[bool, list[str]]
) -> None:
    intake.sends({"contacts.csv": contacts("P1", "SP1"), "cases.csv": [a_case(urn=URN), a_case("C2", urn=URN)]})
    intake.settle()
    rejected = [a_case(urn=URN, **{"risk": "V.High", **bad}), a_case("C2", urn=URN)]
    result = intake.sends({"cases.csv": rejected})
    assert result.rejected == 1
    assert result.files[0].notes == ["1 row was rejected whose restricted or barred_refs took effect all the same"]
    assert intake.rows(MARKS) == [marks]
    assert intake.changed == ["C1", "C2"], "of linked cases, all are looked at again"
    intake.settle()
    assert intake.sends({"cases.csv": rejected}).files[0].notes == []
    assert intake.changed == [], "the same row again changes nothing"


def test_a_rejected_row_lifts_no_mark_and_a_good_one_does(intake: Intake) -> None:
    marked = a_case(restricted="yes", barred_refs="SP1")
    intake.sends({"cases.csv": [marked]})
    intake.sends({"cases.csv": [a_case(risk="V.High", barred_refs="P2")]})
    assert intake.rows(MARKS) == [(True, ["P2", "SP1"])]
    intake.sends({"cases.csv": [a_case()]})
    assert intake.rows(MARKS) == [(False, [])]


def test_of_two_rows_of_one_case_the_marks_of_the_rejected_one_count_too(intake: Intake) -> None:
    twice = [a_case(), a_case(restricted="yes", barred_refs="SP1"), a_case("C2")]
    for changed in (["C1", "C2"], []):
        assert intake.sends({"cases.csv": twice}).rejected == 1
        assert intake.rows(MARKS) == [(True, ["SP1"])]
        assert intake.changed == changed
        intake.settle()


def test_a_rejected_row_of_another_source_marks_nothing(intake: Intake) -> None:
    intake.sends({"cases.csv": [a_case()]})
    intake.sends({"cases.csv": [a_case(restricted="yes", barred_refs="SP1"), a_case("C2")]}, source="other-45")
    assert intake.rows(MARKS) == [(False, [])]


def test_a_good_row_of_the_same_reference_in_another_force_takes_no_mark(intake: Intake) -> None:
    both = {"source": "niche-both", "covers": ["45", "46"]}
    intake.sends({"cases.csv": [a_case(), a_case(force_code="46")]}, **both)
    intake.sends({"cases.csv": [a_case(risk="V.High", barred_refs="SP1"), a_case(force_code="46")]}, **both)
    marks = intake.rows("select force_code, barred_refs from cases order by force_code")
    assert marks == [("45", ["SP1"]), ("46", [])]


UNKNOWN = {"urn": URN, "risk": "V.High"}
HEARS = "select is_restricted, bars_any, kept_apart, 'SP1' = any(barred) from disclosed where case_ref = 'C1'"
NOTE = "1 row was rejected whose restricted or barred_refs guard the cases linked with it"


def guarded(intake: Intake, *, restricted: bool = False, bars: bool = False) -> bool:
    """Whether C1 is so, by every way of asking."""
    with intake.engine.connect() as connection:
        hidden = disclosure.hidden_cases(connection, ["P1", "SP1"])
        barring = disclosure.barring_cases(connection)
    apart = intake.rows("select distinct bars_any from cases_apart a join cases c on c.id = a.case_id order by 1")
    return (
        intake.rows(HEARS) == [(restricted, bars, restricted or bars, bars)]
        and (set(hidden), bool(barring)) == ({"SP1"} if bars else set(), bars)
        and apart == [False] * restricted + [True] * bars
    )


@pytest.mark.parametrize("marks", [{"restricted": "yes"}, {"barred_refs": "sp1"}, {}])
def test_a_rejected_row_of_a_new_case_guards_the_case_that_its_urn_links(intake: Intake, marks: dict[str, str]) -> None:
    intake.sends({"contacts.csv": contacts("P1", "SP1"), "cases.csv": [a_case(urn=URN)]})
    intake.settle()
    sent = {"cases.csv": [a_case(urn=URN), a_case("C2", **UNKNOWN, **marks)]}
    assert intake.sends(sent).files[0].notes == ([NOTE] if marks else [])
    assert guarded(intake, restricted="restricted" in marks, bars="barred_refs" in marks)
    assert intake.changed == (["C1"] if marks else [])
    intake.settle()
    assert intake.sends(sent).files[0].notes == []
    assert intake.changed == [], "the same row again changes nothing"
    intake.sends({"cases.csv": [a_case(urn=URN)]})
    assert guarded(intake), "a snapshot without the row says that there is no such case"
    assert intake.changed == (["C1"] if marks else [])


def test_a_case_that_comes_later_is_guarded_by_a_rejected_row_that_shares_its_urn(intake: Intake) -> None:
    both = {"restricted": "yes", "barred_refs": "SP1"}
    intake.sends({"contacts.csv": contacts("P1", "SP1"), "cases.csv": [a_case("C2", **UNKNOWN, **both)]})
    intake.sends({"cases.csv": [a_case(force_code="46", case_ref="C1", urn=URN)]}, source="niche-46", covers=["46"])
    assert guarded(intake, restricted=True, bars=True)


def test_a_new_case_that_comes_later_has_the_marks_of_its_rejected_row_unless_its_good_row_says_other(
    intake: Intake,
) -> None:
    both = {"restricted": "yes", "barred_refs": "SP1"}
    intake.sends({"contacts.csv": contacts("P1", "SP1"), "cases.csv": [a_case("C2", **both)]})
    intake.sends({"cases.csv": [a_case(risk="V.High", **both)]}, mode="delta")
    intake.sends({"cases.csv": [a_case()]}, mode="delta", lacking={"cases.csv": ["restricted", "barred_refs"]})
    assert intake.rows(MARKS) == [(True, ["SP1"])], "the delta has no column for them"
    assert intake.rows("select count(*) from rejected_marks") == [0]
    intake.sends({"cases.csv": [a_case("C3", risk="V.High", **both)]}, mode="delta")
    intake.sends({"cases.csv": [a_case("C3", restricted="no", barred_refs="")]}, mode="delta")
    assert intake.rows("select restricted, barred_refs from cases where case_ref = 'C3'") == [(False, [])]


def test_no_rejected_row_lifts_a_mark_of_a_case_that_is_not_known(intake: Intake) -> None:
    intake.sends({"contacts.csv": contacts("P1", "SP1"), "cases.csv": [a_case(urn=URN)]})
    for marks in ({"barred_refs": "SP1"}, {"restricted": "yes"}, {}):
        intake.sends({"cases.csv": [a_case(urn=URN), a_case("C2", **UNKNOWN, **marks)]})
    assert guarded(intake, restricted=True, bars=True)
    intake.sends({"cases.csv": [a_case(urn=URN), a_case("C2", urn=URN)]})
    assert guarded(intake)


def test_a_rejected_row_that_links_a_known_case_anew_guards_what_it_links(intake: Intake) -> None:
    intake.sends({"contacts.csv": contacts("P1", "SP1"), "cases.csv": [a_case(urn=URN), a_case("C2")]})
    intake.sends({"cases.csv": [a_case(urn=URN), a_case("C2", **UNKNOWN, barred_refs="SP1")]})
    assert guarded(intake, bars=True)


def test_a_refused_extract_marks_nothing(intake: Intake) -> None:
    intake.sends({"contacts.csv": contacts("P1", "SP1"), "cases.csv": [a_case(urn=URN)]})
    marked = [a_case(restricted="yes", barred_refs="SP1"), a_case("C2", **UNKNOWN, barred_refs="SP1")]
    assert intake.sends({"cases.csv": marked}, rows={"cases.csv": 9}).fate is Fate.REFUSED
    assert guarded(intake)


def test_a_reference_that_no_contact_has_is_told_every_day_until_one_has_it(
    intake: Intake, run_cli: Callable[..., Any]
) -> None:
    barred = {"C1": "SP1, SP9", "C2": "sp9", "C3": "X7", "C4": "SP9"}
    cases = [a_case(case, barred_refs=refs) for case, refs in barred.items()]
    result = intake.sends({"contacts.csv": contacts("P1", "SP1"), "cases.csv": cases})
    assert result.files[1].warned == 4
    for number in range(2):
        said = told(intake, number)
        assert "Force 45: 3 references under barred_refs in cases.csv of niche-45 are no contact's" in said
        assert "SP9" not in said.upper()
    assert run_cli("doctor").out.count("SP9 (force 45, niche-45)") == 1
    intake.sends({"contacts.csv": contacts("P1", "SP1", "Sp9"), "cases.csv": [*cases[:2], a_case("C3"), cases[3]]})
    assert "barred_refs" not in told(intake, 2)


def told(intake: Intake, number: int) -> str:
    """What the daily report of a day says."""
    on = TUESDAY.replace(day=1 + number)
    daily_report.send(configured(), RoundContent(), on, at_london(on))
    (said,) = intake.rows(f"select text from messages where key = 'daily:{on}'")
    return str(said)
