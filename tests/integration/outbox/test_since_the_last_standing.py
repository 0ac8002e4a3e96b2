"""What moved on a stalled case: since the last standing that its reader was sent, by the days of the facts."""

from email import message_from_bytes, policy

import pytest

from config.days.london import at_london
from config.settings import settings
from flows.configured import configured
from flows.round_steps import whole_round
from tests.support.verdicts import faults
from tests.worlds.days import day
from tests.worlds.one_case import OneCase


@pytest.fixture
def book(database, run_cli) -> OneCase:
    return OneCase(database, run_cli)


def whole(on):
    made = whole_round(configured(), day(on), at_london(day(on)))
    assert not faults(made)


def read(on):
    """The letter of the SPOC, who leads alone, as plain text."""
    (found,) = (settings().home / "mail" / "new").glob(f"letter*SP1*{day(on).isoformat()}*")
    return message_from_bytes(found.read_bytes(), policy=policy.default).get_body(("plain",)).get_content()


def done(book, on):
    book.action("A2", status="done", closed_on=day(on).isoformat())


def test_the_first_standing_says_that_it_is_the_first(book):
    whole("Mon 23 Mar 2026")
    assert "This is the first standing that you are sent." in read("Mon 23 Mar 2026")


def test_a_standing_on_a_tuesday_after_a_bank_holiday_goes_back_to_the_last_one(book):
    whole("Mon 23 Mar 2026")
    whole("Mon 30 Mar 2026")
    done(book, "Tue 31 Mar 2026")
    whole("Tue 7 Apr 2026")
    said = read("Tue 7 Apr 2026")
    assert "The last one was of Mon 30 Mar." in said
    assert "Since Mon 30 Mar: action done (witness statement) Tue 31 Mar." in said


def test_what_was_done_before_and_is_recorded_late_did_not_move_since(book):
    whole("Mon 23 Mar 2026")
    whole("Mon 30 Mar 2026")
    done(book, "Fri 27 Mar 2026")
    whole("Tue 7 Apr 2026")
    assert "Nothing was recorded since Mon 30 Mar." in read("Tue 7 Apr 2026")
