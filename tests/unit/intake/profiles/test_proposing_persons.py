"""A proposed profile of several persons a case: none speaks for the case, and no word of a status is guessed."""

import pytest

from config.sources.cells import Take
from flows.configured import configured
from tasks.intake.profiles.proposal.composing import propose
from tests.unit.intake.profiles.proposing import columns, part, proposal, said_of, written

__all__ = ["proposal"]
CASES = [
    "Crime No,Recorded,Offence,OIC,Suspect Status,Bail End",
    *(f"45/100{n}/26,0{n}/11/2026,PH97010,4471,Police bail,1{n}/12/2026" for n in range(1, 6)),
]
SUSPECTS = ["Crime No,Nominal No,Status,Status Date,Bail Until"]
LINES = [
    "45/1001/26,N1,Police bail,02/11/2026,11/12/2026", "45/1001/26,N2,Charged,03/11/2026,",
    "45/1002/26,N3,RUI,04/11/2026,", "45/1003/26,N4,NFA,05/11/2026,", "45/1004/26,N5,Bail to court,06/11/2026,",
    "45/1005/26,N6,In custody,07/11/2026,", "45/1005/26,N7,Gone,07/11/2026,",
]  # fmt: skip
CHARGES = [
    "Charge No,Defendant No,Case URN,Charge Code,Charge Date,Lawyer",
    "1,D1,45AB1001126,PH97010,02/11/2026,L1", "2,D2,45AB1001126,PH97004,03/11/2026,L1",
    "3,D3,45AB1002126,PH97006,04/11/2026,L2", "4,D3,45AB1002126,PH97004,04/11/2026,L2",
]  # fmt: skip
DEFENDANTS = [
    "Defendant No,Case URN,Custody,CTL Expiry", "D1,45AB1001126,In custody,11/05/2027", "D2,45AB1001126,Bail,",
    "D3,45AB1002126,Bail,",
]  # fmt: skip


def test_a_case_takes_nothing_from_its_suspects_where_each_is_a_suspect(proposal, tmp_path):
    text, found = proposal(written(tmp_path / "rms-45", {"crimes.csv": CASES, "suspects.csv": SUSPECTS + LINES}))
    assert not {"suspect_status", "bail_ends_on"} & columns(found, "cases.csv").keys()
    assert (
        "# left out, since suspects.csv has it of each person: suspect_status, status_changed_on, bail_ends_on\n"
        in text
    )
    assert columns(found, "suspects.csv")["bail_ends_on"].from_ == ("Bail Until",)


def test_a_case_of_cps_takes_no_custody_from_its_defendants(proposal, tmp_path):
    text, found = proposal(written(tmp_path / "cms-se", {"charges.csv": CHARGES, "defendants.csv": DEFENDANTS}))
    made = columns(found, "cps_cases.csv")
    assert not {"in_custody", "ctl_expires_on"} & made.keys()
    assert "# left out, since defendants.csv has it of each person: ctl_expires_on, in_custody\n" in text
    assert (made["charged_codes"].list_at, made["charged_codes"].take) == (";", Take.ALL)
    assert (part(found, "cps_cases.csv").in_order_of, made["charged_on"].take) == ("Charge Date", Take.FIRST)


def test_a_custody_that_differs_between_the_lines_of_a_case_is_asked(tmp_path):
    lines = [
        "Case URN,Charge Date,In Custody,Lawyer", "45AB1001126,02/11/2026,Yes,L1", "45AB1001126,03/11/2026,No,L1",
        "45AB1002126,04/11/2026,No,L1",
    ]  # fmt: skip
    proposed = propose(configured(), written(tmp_path / "cms-se", {"charges.csv": lines}))
    (text,) = [question.sentence for question in proposed.questions if question.column == "in_custody"]
    assert text.endswith("In Custody? Lines of one case differ in it: which of them counts?")


def test_one_file_with_a_row_for_each_suspect_makes_cases_and_suspects(proposal, tmp_path):
    lines = ["Crime No,Recorded,Offence,OIC,Suspect ID,Status,Bail End"]
    lines += [
        f"45/100{n}/26,0{n}/11/2026,PH97010,4471,S{n}{m},{'RUI' if m else 'Police bail'},"
        for n in (1, 2)
        for m in (0, 1)
    ]
    _, found = proposal(written(tmp_path / "wide-45", {"crimes.csv": lines}))
    assert columns(found, "suspects.csv")["suspect_status"].codes == {"Police bail": "bail", "RUI": "rui"}
    assert "suspect_status" not in columns(found, "cases.csv")
    assert part(found, "cases.csv").one_row_for == ("Crime No",)


def test_a_status_after_the_charge_is_a_charge_on_its_day_and_no_bail(proposal, tmp_path):
    text, found = proposal(written(tmp_path / "rms-45", {"crimes.csv": CASES, "suspects.csv": SUSPECTS + LINES}))
    made = columns(found, "suspects.csv")
    assert made["suspect_status"].codes == {
        "Police bail": "bail", "Charged": "", "RUI": "rui", "Bail to court": "", "In custody": "custody",
    }  # fmt: skip
    assert (made["charged_on"].from_, made["charged_on"].where[0].is_) == (
        ("Status Date",), ("Charged", "Bail to court"),
    )  # fmt: skip
    assert said_of(text, "charged_on") == "likely (2 of 2 cells)"
    assert "          # left empty: Charged (1 row), Bail to court (1 row)\n" in text


def test_words_that_nothing_is_known_of_are_told_with_their_rows_and_mean_nothing(tmp_path, run_cli):
    shown = run_cli("profile", "--no-check", str(written(tmp_path / "rms-45", {"suspects.csv": SUSPECTS + LINES})))
    assert "          # unknown words: NFA (1 row), Gone (1 row): each is a problem of its row until" in shown.out
    assert "        # only: {column: Status, is_not: [NFA]}      # a suggestion: no further action" in shown.out
    assert "casebeat: unknown words: suspects.csv: suspect_status: NFA (1 row), Gone (1 row)\n" in shown.err


@pytest.mark.parametrize(
    "word",
    ["Bail to court", "Court bail", "Bailed to Court", "Post-charge bail", "Bail - charged", "Bail cancelled",
     "Remanded on bail", "NFA - police bail", "Released NFA", "Warrant executed", "Unknown", "Filed"],
)  # fmt: skip
def test_a_word_with_another_that_makes_it_something_else_is_not_guessed(tmp_path, word):
    rows = [*LINES[:1], f"45/1001/26,N2,{word},,"]
    text = propose(
        configured(),
        written(
            tmp_path / "rms-45",
            {"suspects.csv": ["Crime No,Nominal No,Status", *(line.rsplit(",", 2)[0] for line in rows)]},
        ),
    ).text
    assert "suspect_status: {from: Status, codes: {Police bail: bail}}" in text
    assert f"# unknown words: {word} (1 row)" in text


@pytest.mark.parametrize(("word", "reason"), [("NFA", None), ("Charged", None), ("Charge not authorised", None),
    ("NFA - Evidential (Police)", "nfa_police"), ("Charged/Disposed at court", "charged_and_disposed")])  # fmt: skip
def test_a_reason_for_closing_is_guessed_only_where_it_says_whose_and_that_it_is_over(tmp_path, word, reason):
    reasons = enumerate((word, "Transferred", "Admin"), 1)
    lines = [f"45/{number}/26,01/11/2026,PH97010,02/11/2026,{each}" for number, each in reasons]
    lines.insert(0, "Crime No,Recorded,Offence,Date Closed,Closure Reason")
    text = propose(configured(), written(tmp_path / "rms-45", {"crimes.csv": lines})).text
    assert (f"# unknown words: {word} (1 row)" in text) is (reason is None)
    assert reason is None or f": {reason}, Transferred: transferred" in text
