"""Every door asks first whether a person may know of a case: if not, it reads as one that is not in the book."""

from datetime import date
from typing import Any

import pytest

from config.doors import Door
from flows.configured import configured
from models.errors import Refuse
from models.rules.obligations.acknowledgement import AcknowledgementRequest
from models.rules.obligations.completion import CompletionReport
from models.rules.people.act import Act
from models.rules.references import ActionReference, CaseReference, ObligationReference, SittingCaseReference
from models.rules.reviews.move_case import MoveRequest
from models.rules.reviews.record_review import ReviewReport
from tasks.obligations import acknowledge, complete_action, ticked_checklist
from tasks.reviews import move_back, move_case, record_review, undo_review
from tests.worlds.days import day, row
from tests.worlds.one_case import CASE, OneCase, contact, left
from tests.worlds.rows import AT_NINE
from tests.worlds.sittings import sits, sitting

ON = "Mon 16 Mar 2026"
SAT, AHEAD = "45-south-east-2026-03-10", "45-south-east-2026-03-24"
NOWHERE = "45/45/7777"
COMMANDS = (
    ("acknowledge", CASE, "plea", "--until", "2026-03-20", "--reason", "mine"),
    ("acknowledge", CASE, "action", "--until", "2026-03-20", "--reason", "mine"),
    ("acknowledge", CASE, "action", "--withdraw"),
    ("complete-action", CASE, "A1"),
    ("complete-action", CASE, "A1", "--undo"),
    ("complete-action", CASE, "NOPE"),
    ("record-review", SAT, CASE, "--not-held"),
    ("record-review", AHEAD, CASE, "--not-held"),
    ("record-review", SAT, CASE, "--undo"),
    ("convene", CASE, "--sitting", AHEAD),
    ("convene", CASE, "--sitting", "NOPE"),
    ("convene", CASE, "--undo"),
    ("hold", CASE, "--reason", "complaint"),
    ("hold", CASE, "--release"),
)


@pytest.fixture
def book(database, run_cli, monkeypatch) -> OneCase:
    """Its case sat and may sit again; beside its people there are strangers and people without access."""
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    made = OneCase(database, run_cli)
    made.say("update contacts set email = lower(contact_ref) || '@surrey.police.uk'")
    contact(made, "COLLEAGUE", "officer")
    contact(made, "ABROAD", "officer", "spoc", "lead")
    made.say("update contacts set force_codes = '{44}' where contact_ref = 'ABROAD'")
    sits(made, "Tue 10 Mar 2026")
    sitting(made, "Tue 24 Mar 2026")
    made.round(ON)
    return made


def said(book: OneCase, command: tuple[str, ...], by: str, case: str = CASE) -> tuple[int, str]:
    words = [case if word == CASE else word for word in command]
    ran = book.cli(*words, "--by", by, "--as-of", day(ON).isoformat())
    return ran.code, (ran.out + ran.err).replace(case, "THE CASE")


def traces(book: OneCase) -> list[Any]:
    """What an act leaves: acts, promises, completions, outcomes, holds, and places that a person chose."""
    tables = ("acts", "promises", "completions", "holds")
    return [book.ask(f"select count(*) from {table}") for table in tables] + [
        book.ask("select stands from outcomes order by id"), book.ask("select id, chosen_by, ended_on from convenings"),
    ]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(
    ("by", "marked"),
    [
        row("an officer of another case", "COLLEAGUE", ""),
        row("a SPOC of another force", "ABROAD", ""),
        row("a SPOC without access", "SP1", "restricted = true"),
        row("its officer without access", "P1", "restricted = true"),
        row("its officer, who is barred", "P1", "barred_refs = '{P1}'"),
    ],
)
def test_a_case_of_which_they_may_not_know_reads_as_one_that_is_not_there(book, command, by, marked):
    if marked:
        book.say(f"update cases set {marked}")
    before = traces(book)
    refused = said(book, command, by)
    assert refused == said(book, command, by, NOWHERE)
    assert refused[0] == 2
    assert traces(book) == before


def test_no_case_that_they_may_not_know_is_asked_after_as_the_one_that_was_meant(book):
    command = ("convene", CASE, "--undo")
    assert "Did you mean 45/45/1234?" in book.cli(*("convene", "45/1234", "--undo", "--by", "P1")).err
    assert "Did you mean" not in book.cli(*("convene", "45/1234", "--undo", "--by", "COLLEAGUE")).err
    assert "Did you mean" not in said(book, command, "COLLEAGUE")[1]


@pytest.mark.parametrize("command", [COMMANDS[5], COMMANDS[6], COMMANDS[7], COMMANDS[9], COMMANDS[10], COMMANDS[12]])
def test_who_knows_of_it_and_may_not_reads_who_may_and_nothing_of_the_case(book, command):
    """The owner of one action knows of the case, and of nothing else that it has to do."""
    book.action("A2", owner_ref="COLLEAGUE", owner_agency="cps", kind="CCTV")
    book.round(ON)
    code, told = said(book, command, "COLLEAGUE")
    assert code == 2
    assert "THE CASE is" not in told
    for secret in ("A1", "bail", "WITNESS", "2026-03-10, ", "It was convened", "with room", "Mar 2026"):
        assert secret not in told


def test_a_refusal_lists_what_is_theirs_and_nothing_else(book):
    book.action("A2", owner_ref="COLLEAGUE", kind="CCTV")
    book.round(ON)
    _, plea = said(book, COMMANDS[0], "COLLEAGUE")
    assert "It owes something under action. Nothing was done." in plea
    _, none = said(book, COMMANDS[5], "C1")
    assert "There is no case" in none
    book.belongs("cps_cases", prosecutor_ref="C1")
    _, none = said(book, COMMANDS[5], "C1")
    assert "It has no action left that C1 may report." in none


def test_who_has_left_is_nobody_whatever_the_case(book):
    left(book, "SP1", "2026-03-13")
    for command in COMMANDS:
        refused = said(book, command, "SP1")
        assert refused == said(book, command, "SP1", NOWHERE)
        assert "SP1 is not a known contact who is active on Mon 16 Mar 2026. Nothing was done." in refused[1]


def forms(case_ref: str, by: str) -> dict[str, Any]:
    """What each form does, with a case and in somebody's name."""
    case, act = CaseReference("45", case_ref), Act(by, Door.FORM, "run-1")
    action, owed = ActionReference(case, "A1"), ObligationReference(case, "action", "action:A1")
    sat, today, given = SittingCaseReference(SAT, case), day(ON), (day(ON), AT_NINE)
    own = configured()
    wish = AcknowledgementRequest(by, date(2026, 3, 20))
    return {
        "acknowledge": lambda: acknowledge.acknowledge(own, owed, wish, act, "why", *given),
        "acknowledge --withdraw": lambda: acknowledge.withdraw(own, owed, act, *given),
        "complete-action": lambda: complete_action.complete_action(
            own, action, CompletionReport(by, None), act, *given
        ),
        "complete-action --undo": lambda: complete_action.undo(own, action, act, *given),
        "record-review": lambda: record_review.record_review(own, sat, ReviewReport(by, held=False), act, *given),
        "record-review --undo": lambda: undo_review.undo_review(own, sat, act, *given),
        "convene": lambda: move_case.convene(own, case, MoveRequest(by, AHEAD), act, *given),
        "convene --undo": lambda: move_back.undo_move(own, case, act, *given),
        "checklist": lambda: ticked_checklist.look(own, case, frozenset(), act, today),
    }


def answered(fill: Any) -> str:
    try:
        fill()
    except Refuse as refused:
        return str(refused)
    return "done"


@pytest.mark.parametrize("name", forms("45/1234", "P1"))
@pytest.mark.parametrize("marked", ["restricted = true", "barred_refs = '{S1}'"])
def test_a_form_knows_no_case_that_is_kept_apart_and_names_the_command(book, name, marked):
    book.say("update contacts set restricted_access = true")
    book.say(f"update cases set {marked}")
    before = traces(book), book.ask("select count(*) from audit")
    told = answered(forms("45/1234", "P1")[name])
    assert told == answered(forms("45/7777", "P1")[name])
    assert told.startswith("This form knows no such case.")
    assert f"casebeat {name.partition(' ')[0]} does on the command line. Nothing was done." in told
    assert "1234" not in told
    assert (traces(book), book.ask("select count(*) from audit")) == before
