"""A purge of staff: of whom a source withdrew long ago the reference stays, and nothing else."""

import json

import pytest

from config.settings import Settings
from models.people import OF_THEM, Contact
from tests.integration.retention.over_book import OverBook

OF_P1 = "select name, email, slack_user_id, deputy_ref, roles from contacts where contact_ref = 'P1'"
GONE = ("", "", None, None, ["officer"])


@pytest.fixture
def book(database, run_cli, monkeypatch):
    """P1 was withdrawn a year before the purge, and SP1 a day later."""
    made = OverBook(database, run_cli, monkeypatch)
    made.say(
        "update contacts set slack_user_id = 'U1', deputy_ref = 'S1', email = lower(contact_ref) || '@example.org'"
    )
    made.say("update contacts set withdrawn_on = '2026-06-01' where contact_ref = 'P1'")
    made.say("update contacts set withdrawn_on = '2026-06-02' where contact_ref = 'SP1'")
    made.say(
        "insert into absences (contact_ref, from_on, to_on, source_id) "
        "select ref, '2026-03-02', '2026-03-09', id from sources, unnest(array['P1', 'SP1']) ref"
    )
    made.trained("P1", "stalking")
    made.settled()
    return made


def test_name_addresses_absences_and_training_go_and_the_reference_stays(book):
    ran = book.purge("staff")
    assert "  staff     1 member of staff, withdrawn by Mon 1 Jun 2026" in ran.out
    assert book.purged("staff", "--apply")["staff"]["count"] == 1
    assert book.ask(OF_P1) == [GONE]
    assert book.ask("select contact_ref from absences") == ["SP1"]
    assert book.ask("select count(*) from training where contact_ref = 'P1'") == [0]
    assert book.ask("select oic_ref from cases") == ["P1"]
    assert book.ask("select about, ref from audit where verb = 'erasure'") == [("contact", "P1")]
    assert book.purged("staff", "--apply")["staff"]["count"] == 0
    assert book.ask("select count(*) from contacts where name = ''") == [1]


@pytest.mark.parametrize("barred", ["P1", "S1"])
def test_whoever_is_barred_from_a_case_keeps_the_address_until_it_goes(book, barred):
    book.say("update contacts set email = 'P1@Example.org' where contact_ref = 'S1'")
    book.say(f"update cases set barred_refs = '{{{barred}}}'")
    assert book.purged("staff", "--apply")["staff"]["count"] == 0
    book.finalise("Wed 1 Apr 2026")
    assert book.purged("facts", "staff", "--apply")["staff"]["count"] == 1
    assert book.ask(OF_P1) == [GONE]


def test_what_is_held_of_a_person_afterwards_has_no_absence_and_says_why_the_reference_stays(book):
    book.purged("staff", "--apply")
    told = json.loads(book.cli("access", "--person", "P1", "--json", "--as-of", "2027-06-01").out)
    assert told["left_on"] == "2026-06-01"
    assert not {"absences", "training"} & {one["table"] for one in told["lines"]}


def test_the_address_of_every_channel_is_erased_of_who_has_left() -> None:
    erased = {column.name for column in Contact.__table__.columns if column.info == OF_THEM}
    assert {route.address for route in Settings().routes if route.address} <= erased
