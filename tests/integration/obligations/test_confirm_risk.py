"""Confirming the grade of a case: its danger is quiet until the next day of danger, and the word can be taken back."""

import pytest

from tests.worlds.days import day
from tests.worlds.one_case import CASE, OneCase

REPORTED = "Fri 13 Mar 2026"
SATURDAY = "Sat 14 Mar 2026"


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch, database, run_cli) -> OneCase:
    """A breach was reported on a Friday; Saturday's round told of it."""
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    one = OneCase(database, run_cli, risk_assessed_on="2026-03-03", risk="standard")
    breach(one, "I1", REPORTED)
    one.round(SATURDAY)
    return one


def breach(book, ref, on, **more):
    reported = day(on).isoformat()
    book.belongs("incidents", incident_ref=ref, occurred_on=reported, reported_on=reported, breach=True, **more)


def confirm(book, *more, by="S1", on=SATURDAY, case=CASE):
    return book.cli("confirm-risk", case, "--by", by, "--as-of", day(on).isoformat(), *more)


def owed(book):
    return book.ask("select due_on, last_step from obligations where rule = 'danger' and ended_on is null")


def acts(book):
    return book.ask("select by_ref, door, undoes from acts order by id")


@pytest.mark.parametrize("by", ["S1", "SP1", "L1"])
def test_a_grade_is_confirmed_by_the_supervisor_a_spoc_or_a_lead_of_the_force_and_its_danger_ends(book, by):
    assert owed(book) == [(day("Mon 16 Mar 2026"), 1)]
    ran = confirm(book, by=by)
    assert ran.code == 0, ran.err
    assert ran.out == (
        f"The grade of {CASE}, standard, is recorded as confirmed on {SATURDAY}. Nothing more is said of its danger "
        "until something new happens.\n"
    )
    assert owed(book) == []
    assert acts(book) == [(by, "command", False)]
    book.rounds("Sun 15 Mar 2026", "Fri 20 Mar 2026")
    assert owed(book) == []


def test_its_explanation_names_the_supervisor_whose_it_is_to_do(book):
    said = book.cli("explain", CASE, "--as-of", day(SATURDAY).isoformat()).out.partition("* Signs of danger")[2]
    assert said.partition("  Due:")[0].splitlines()[1:] == [
        "  Owed:      a look at the grade of the risk after what happened, by the supervisor (police)",
        "  Today:     S1",
    ]


@pytest.mark.parametrize("by", ["P1", "CS1", "M1"])
def test_nobody_else_may_confirm_it(book, by):
    ran = confirm(book, by=by)
    assert ran.code == 2
    assert f"{by} is not one of those who may confirm it: the supervisor, or a SPOC or lead of the force." in ran.err
    assert len(owed(book)) == 1
    assert acts(book) == []


def test_the_next_day_of_danger_is_said_again(book):
    confirm(book)
    breach(book, "I2", "Sun 15 Mar 2026")
    book.round("Mon 16 Mar 2026")
    assert owed(book) == [(day("Mon 16 Mar 2026"), 1)]


def test_a_row_of_its_source_that_changes_otherwise_takes_nothing_back(book):
    confirm(book)
    book.say("update cases set victim_contacted_on = '2026-03-15', as_sent = null, projection = 'changed'")
    book.round("Mon 16 Mar 2026")
    assert owed(book) == []


def test_the_same_word_again_changes_nothing(book):
    confirm(book)
    ran = confirm(book, by="SP1")
    assert ran.code == 0
    already = f"is recorded as confirmed on {SATURDAY} already. Nothing was changed."
    assert ran.out == f"The grade of {CASE}, standard, {already}\n"
    assert acts(book) == [("S1", "command", False)]


def test_a_word_that_is_taken_back_leaves_what_was_owed_where_it_was(book):
    before = owed(book)
    confirm(book)
    ran = confirm(book, "--undo", by="SP1")
    assert ran.code == 0, ran.err
    assert ran.out == f"The confirmation of {SATURDAY} of the grade of {CASE} is taken back.\n"
    assert owed(book) == before
    assert acts(book) == [("S1", "command", False), ("SP1", "command", True)]
    assert confirm(book, "--undo").out.endswith("is taken back already. Nothing was changed.\n")


def test_what_nobody_confirmed_cannot_be_taken_back(book):
    ran = confirm(book, "--undo")
    assert ran.code == 2
    assert ran.err == f"casebeat: Nobody has confirmed the grade of {CASE} here. Nothing was done.\n"


def test_of_a_case_that_is_over_no_grade_is_confirmed(book):
    book.say("update cases set finalised_on = '2026-03-14', finalised_reason = 'nfa_police'")
    ran = confirm(book)
    assert ran.code == 2
    assert "It was finalised on Sat 14 Mar 2026" in ran.err


def test_explain_says_who_confirmed_it_and_what_happened(book):
    explained = book.explain(SATURDAY)
    assert explained.code == 0, explained.err
    said = explained.out
    assert "A breach was reported on Fri 13 Mar. Graded standard, assessed Tue 3 Mar, confirmed by nobody." in said
    assert "No order is recorded. Where the suspect is, nobody has recorded." in said
    confirm(book)
    told = book.explain(SATURDAY).out
    assert "the grade of its risk was confirmed on Sat 14 Mar 2026, in the name of S1, by a command" in told


def test_no_order_stands_only_where_one_was_made_and_has_ended(book):
    order = {"order_ref": "O1", "kind": "spo", "sought_on": "2026-02-02"}
    book.belongs("orders", **order)
    assert "  Guarded:   No order is recorded. " in book.explain(SATURDAY).out  # it was sought alone
    book.say("update orders set made_on = '2026-02-03', expires_on = '2026-03-13'")
    assert "  Guarded:   No order stands. " in book.explain(SATURDAY).out
    book.say("update orders set expires_on = '2026-03-14'")
    assert "  Guarded:   Stalking protection order stands. " in book.explain(SATURDAY).out


def test_what_no_source_sends_is_said_to_be_unseen_and_never_to_be_none(book):
    book.say("delete from source_columns where file in ('orders.csv', 'suspects.csv')")
    book.say("delete from source_columns where name in ('risk_assessed_on', 'suspect_status', 'victim_contacted_on')")
    book.say("update cases set risk_assessed_on = null")
    said = book.explain(SATURDAY).out
    assert "Graded standard, when it was assessed cannot be seen, confirmed by nobody." in said
    assert "Whether an order stands cannot be seen. Where the suspect is cannot be seen." in said
    assert "Contact with the victim cannot be seen." in said
