"""A proposed profile of rows that count no longer: what each order is, which stand, and which charges live."""

import re

import pytest

from flows.configured import configured
from tasks.intake.profiles.proposal.composing import propose
from tests.unit.intake.profiles.proposing import CASES, columns, part, proposal, said_of, written

__all__ = ["proposal"]
ORDERS = [
    "ORD_REF,CRIME_NO,ORD_TYPE,APPLIED,GRANTED,SERVED,EXPIRES,ORD_STATUS",
    "O1,45/1001/26,ISPO,01/09/2026,02/09/2026,03/09/2026,02/12/2026,LIVE",
    "O2,45/1001/26,SPO,01/09/2026,20/09/2026,21/09/2026,20/09/2028,LIVE",
    "O3,45/1002/26,Non-molestation order,,05/09/2026,06/09/2026,05/09/2027,LIVE",
    "O4,45/1003/26,Restraining order,,07/09/2026,08/09/2026,07/09/2028,LIVE",
    "O5,45/1004/26,SPO,09/09/2026,,,,{}",
]


def orders(tmp_path, state="REFUSED", change=lambda line: line):
    return written(tmp_path / "rms-45", {"orders.csv": [change(line.format(state)) for line in ORDERS]})


def test_each_order_is_of_the_kind_that_its_word_says_and_none_is_dropped_for_want_of_an_application(
    proposal, tmp_path
):
    _, found = proposal(orders(tmp_path))
    assert columns(found, "orders.csv")["kind"].codes == {
        "ISPO": "interim_spo", "SPO": "spo", "Non-molestation order": "non_molestation",
        "Restraining order": "restraining_order",
    }  # fmt: skip
    assert columns(found, "orders.csv")["order_ref"].from_ == ("ORD_REF",)
    assert [(one.column, one.is_not) for one in part(found, "orders.csv").only] == [("ORD_STATUS", ("REFUSED",))]


def test_a_state_of_an_order_that_is_not_known_is_asked(tmp_path):
    (question,) = propose(configured(), orders(tmp_path, "K")).questions
    assert (question.column, question.doubt) == (
        "made_on", "Of ORD_STATUS some rows are LIVE (4 rows), K (1 row): which of them count?",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("SPO (Interim)", "interim_spo"), ("Interim Stalking Protection Order", "interim_spo"),
        ("RO", "restraining_order"),
        ("DVPN", "dvpn"), ("DVPO", "dvpo"), ("DAPO", "dapo"), ("Occupation order", "occupation_order"),
        ("NMO", "non_molestation"), ("SPO variation", None), ("SPO and RO", None), ("CBO", None),
    ],
)  # fmt: skip
def test_a_word_that_says_more_than_one_kind_of_order_is_not_known(proposal, tmp_path, word, code):
    _, found = proposal(orders(tmp_path, change=lambda line: line.replace("ISPO", word)))
    assert columns(found, "orders.csv")["kind"].codes.get(word) == code


def test_orders_of_which_nothing_says_the_kind_are_none_until_somebody_says_it(proposal, tmp_path):
    text, _ = proposal(orders(tmp_path, change=lambda line: line.replace("ORD_TYPE", "LAYOUT")))
    assert said_of(text, "kind") == "missing: name the column that holds it"


def test_a_case_s_second_order_of_one_day_is_not_given_the_reference_of_its_first(proposal, tmp_path):
    text, _ = proposal(orders(tmp_path, change=lambda line: line.replace("ORD_REF", "LAYOUT")))
    assert said_of(text, "order_ref") == "missing: name the column that holds it"


CHARGES = [
    "Case URN,Charge Code,Date Charged,ChargeStatus", "45AB1001126,PH97010,02/11/2026,{0}",
    "45AB1001126,PH97004,03/11/2026,{1}", "45AB1002126,PH97006,04/11/2026,{2}", "45AB1003126,PH97006,05/11/2026,{0}",
]  # fmt: skip


def charges(tmp_path, *states):
    files = {"cases.csv": CASES, "charges.csv": [line.format(*states) for line in CHARGES]}
    return propose(configured(), written(tmp_path / "cms-se", files))


def test_charges_of_states_that_nobody_knows_are_asked(tmp_path):
    proposed = charges(tmp_path, "L", "W", "F")
    assert {question.column for question in proposed.questions} == {"charged_on", "charged_codes"}
    assert (
        proposed.questions[0].doubt
        == "Of ChargeStatus some rows are L (2 rows), W (1 row), F (1 row): which of them count?"
    )


def test_of_charges_those_that_are_known_to_live_count_and_the_others_are_told(tmp_path):
    proposed = charges(tmp_path, "Live", "Withdrawn", "Finalised")
    assert proposed.questions == []
    assert re.search(
        r"charges, in.*where: {column: ChargeStatus, is: \[Live\]}, oldest_by: Date Charged", proposed.text
    )
    assert "# rows of unknown states are not counted: ChargeStatus: Finalised (1 row)\n" in proposed.text
    assert proposed.unknown == ["cases.csv: ChargeStatus: Finalised (1 row)"]
