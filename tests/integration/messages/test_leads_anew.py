"""The first letter of a SPOC who has come to lead on cases opens with how these stand."""

from email import message_from_bytes, policy
from typing import Any

import pytest

from config.days.london import at_london
from config.settings import settings
from flows.configured import configured
from flows.round_steps import whole_round
from tasks.carriers.mail.maildir import file_name
from tests.support.verdicts import faults
from tests.worlds.days import day
from tests.worlds.one_case import OneCase, contact

OPENS = "WHAT YOU LEAD ON NOW"


@pytest.fixture
def book(database: Any, run_cli: Any) -> OneCase:
    made = OneCase(database, run_cli)
    contact(made, "SP2", "spoc")
    lead(made, "SP1")
    for on in ("Mon 16 Mar 2026", "Tue 17 Mar 2026", "Wed 18 Mar 2026", "Thu 19 Mar 2026"):
        live(on)
    return made


def lead(book: OneCase, ref: str) -> None:
    book.say("update cases set spoc_ref = :ref where case_ref = '45/1234'", ref=ref)
    book.changed()


def live(on: str) -> None:
    made = whole_round(configured(), day(on), at_london(day(on)))
    assert not faults(made)


def letter(ref: str, on: str) -> str:
    found = settings().home / "mail" / "new" / file_name(f"letter:{ref}:email:{day(on).isoformat()}")
    mail = message_from_bytes(found.read_bytes(), policy=policy.default).get_body(("plain",))
    assert mail is not None
    return str(mail.get_content())


def test_whoever_comes_to_lead_reads_first_how_what_they_lead_on_stands(book: OneCase) -> None:
    lead(book, "SP2")
    live("Fri 20 Mar 2026")
    text = letter("SP2", "Fri 20 Mar 2026")
    headings = [line for line in text.splitlines() if line.isupper()]
    assert headings[0] == OPENS
    live("Mon 23 Mar 2026")
    assert OPENS not in letter("SP2", "Mon 23 Mar 2026")


def test_a_deputy_in_an_absence_leads_on_nothing(book: OneCase) -> None:
    book.say("update contacts set deputy_ref = 'SP2' where contact_ref = 'SP1'")
    book.say(
        """insert into absences (contact_ref, from_on, to_on, source_id)
           select 'SP1', '2026-03-20', '2026-03-27', id from sources"""
    )
    live("Fri 20 Mar 2026")
    assert OPENS not in letter("SP2", "Fri 20 Mar 2026")
