"""The checklist as an officer ticks it in a form: what it lacks, whom to ask, and who may read that."""

import pytest

from config.checklist import ITEMS, SAFETY
from config.doors import Door
from flows.configured import configured
from models.errors import Refuse
from models.rules.people.act import Act
from models.rules.references import CaseReference
from tasks.obligations.ticked_checklist import codes, look
from tests.worlds.days import day
from tests.worlds.one_case import CASE, OneCase

TODAY = day("Tue 10 Mar 2026")
NAMED = CaseReference("45", "45/1234")
ALL = [f"{item.code} {item.asks}" for item in ITEMS]


@pytest.fixture
def book(database, run_cli) -> OneCase:
    return OneCase(database, run_cli)


def looked(ticked=(), by="P1"):
    return look(configured(), NAMED, codes(ticked), Act(by, Door.FORM, "run-1"), TODAY)


def test_what_is_not_ticked_is_missing_with_the_victims_safety_first_and_whom_to_ask(book):
    made = looked([one for one in ALL if not one.startswith(("C01", "C02", "C13"))])
    assert made.sentence == (
        f"As ticked, the referral of {CASE} still lacks 3 items of 15, and incomplete is never complete. "
        "Nothing was recorded."
    )
    rows = [line.split(" | ")[0].strip("| ") for line in made.page.splitlines() if line.startswith("| C")]
    assert rows == ["C02", "C13", "C01"]
    assert "| the victim's advocate, and witness care |" in made.page
    assert {"C02", "C13"} < SAFETY


def test_with_every_item_ticked_nothing_is_missing(book):
    made = looked(ALL)
    assert f"the referral of {CASE} has every item" in made.sentence
    assert "missing" not in made.page


def test_asking_is_a_consultation_with_its_door_and_nothing_else_is_written(book):
    looked(ALL[:3])
    assert book.ask("select verb, by, ref, reason, detail ->> 'through' from audit") == [
        ("consultation", "P1", CASE, "checklist", "run-1")
    ]
    assert book.ask("select count(*) from acts") == book.ask("select count(*) from messages") == [0]


def test_cases_of_the_same_suspect_are_named_by_reference_and_that_is_audited(book):
    book.say("update cases set suspect_key = 'd4d4d4d4d4d4d4d4'")
    book.case("45/2001", suspect_key="d4" * 8)
    book.case("45/2002", suspect_key="d4" * 8, restricted=True)
    page = looked(ALL).page
    assert "same suspect as 45/45/2001." in page
    assert "2002" not in page
    assert "d4d4" not in page
    assert book.ask("select by, ref, reason, detail -> 'cases' from audit where verb = 'combination'") == [
        ("P1", CASE, "same_suspect", ["45/45/2001"])
    ]


@pytest.mark.parametrize("by_link", [False, True])
def test_a_restricted_case_is_not_there_for_a_page_that_several_read(book, by_link):
    book.restrict(by_link=by_link)
    book.say("update contacts set restricted_access = true")
    with pytest.raises(Refuse, match=r"This form knows no such case\..*casebeat checklist does on the command line"):
        looked()
    assert book.ask("select count(*) from audit") == [0]


@pytest.mark.parametrize("by", ["P1", "S1"])
def test_a_case_that_bars_anybody_is_not_there_for_anybody(book, by):
    book.say("update cases set barred_refs = '{P1}'")
    with pytest.raises(Refuse, match="This form knows no such case"):
        looked(by=by)


def test_only_who_answers_for_the_case_may_ask(book):
    book.say("""insert into contacts (contact_ref, source_id, agency, name, email, roles, force_codes, cps_areas,
                first_seen_on) select 'P2', source_id, 'police', 'x', 'y@surrey.police.uk', '{officer}', '{45}', '{}',
                first_seen_on from contacts where contact_ref = 'P1'""")
    with pytest.raises(Refuse, match="This form knows no such case"):
        looked(by="P2")
    book.say("update actions set owner_ref = 'P2'")
    with pytest.raises(Refuse, match="P2 is not one of those who answer for it on either side"):
        looked(by="P2")
    with pytest.raises(Refuse, match="P9 is not a known contact"):
        looked(by="P9")
