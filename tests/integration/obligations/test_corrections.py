"""What was said in error is taken back: who hears of it, of what, and once."""

from email import message_from_bytes, policy

import pytest

from config.days.london import at_london
from config.settings import settings
from flows.configured import configured
from flows.round_steps import whole_round
from models.queries.obligations import corrections
from models.queries.obligations.corrections import CorrectedStep
from tests.support.verdicts import faults
from tests.worlds.days import day
from tests.worlds.one_case import OneCase

MONDAY, TUESDAY, FRIDAY = day("Mon 16 Mar 2026"), day("Tue 17 Mar 2026"), day("Fri 20 Mar 2026")
DONE = "update actions set status = 'done', closed_on = :on"


@pytest.fixture
def book(database, run_cli) -> OneCase:
    """The action's overdue notice reached P1 and S1 on Tue 17 Mar 2026, the day after its due day."""
    made = OneCase(database, run_cli)
    whole("Tue 17 Mar 2026")
    return made


def whole(on):
    made = whole_round(configured(), day(on), at_london(day(on)))
    assert not faults(made)


def changed(book, statement, then="Wed 18 Mar 2026", **values):
    book.say(statement, **values)
    book.changed()
    whole(then)


def corrected(book):
    return book.ask(
        """select n.day, n.contact_ref from notifications n join obligations o on o.id = n.obligation_id
           where n.occasion = 'corrected' and o.rule = 'action' order by n.id"""
    )


def what(book):
    ids = book.ask("select id from notifications where occasion = 'corrected' order by id")
    with book.engine.connect() as connection:
        return {one._replace(notification_id=0) for one in corrections.corrected(connection, ids).values()}


WEDNESDAY = day("Wed 18 Mar 2026")
BOTH = [(WEDNESDAY, "P1"), (WEDNESDAY, "S1")]


def test_what_had_been_done_before_it_was_said_to_be_owed_is_taken_back(book):
    changed(book, DONE, on=MONDAY)
    assert corrected(book) == BOTH
    assert what(book) == {CorrectedStep(0, "overdue", TUESDAY, MONDAY, None)}


def test_what_was_done_on_the_day_on_which_it_was_said_was_rightly_said(book):
    changed(book, DONE, on=TUESDAY)
    assert corrected(book) == []


def test_what_was_said_to_be_overdue_and_was_not_is_taken_back_with_the_right_day(book):
    changed(book, "update actions set due_on = :on", on=FRIDAY)
    assert corrected(book) == BOTH
    assert what(book) == {CorrectedStep(0, "overdue", TUESDAY, MONDAY, FRIDAY)}


def test_a_day_that_moves_and_had_passed_all_the_same_says_nothing(book):
    changed(book, "update actions set due_on = '2026-03-13'")
    assert corrected(book) == []


def test_what_its_source_withdrew_altogether_is_taken_back(book):
    changed(book, "update actions set withdrawn_on = '2026-03-18'")
    assert corrected(book) == BOTH


def test_one_mistake_is_taken_back_once(book):
    changed(book, "update actions set due_on = :on", on=FRIDAY)
    changed(book, DONE, "Thu 19 Mar 2026", on=MONDAY)
    assert corrected(book) == BOTH


def test_who_has_left_hears_of_no_mistake(book):
    book.say("update contacts set active_to = '2026-03-17' where contact_ref = 'S1'")
    changed(book, DONE, on=MONDAY)
    assert corrected(book) == BOTH[:1]


def test_what_was_never_said_is_not_taken_back(book):
    book.say("update notifications set state = 'silent'")
    changed(book, DONE, on=MONDAY)
    assert corrected(book) == []


def test_explain_tells_of_it(book):
    changed(book, DONE, on=MONDAY)
    assert "that what was said of it was wrong, to P1" in book.explain("Wed 18 Mar 2026").out


def test_the_next_letter_takes_it_back_in_one_line_and_tells_its_end_no_second_time(book):
    whole("Thu 19 Mar 2026")  # SP1 hears of it too, so that its end would be told
    changed(book, DONE, "Fri 20 Mar 2026", on=MONDAY)
    whole("Mon 23 Mar 2026")
    said = "\n".join(each.get_body(("plain",)).get_content() for each in letters())
    lines = [line for line in said.splitlines() if "45/45/1234: Outstanding action" in line]
    wrong = "on Thu 19 Mar you read that it was overdue. That was wrong: the action was done (Mon 16 Mar)."
    assert set(lines) == {f"* 45/45/1234: Outstanding action, witness statement (A1): {wrong}"}
    assert len(lines) == 3  # P1, S1 and SP1


def letters():
    found = sorted((settings().home / "mail" / "new").iterdir())
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in found]
