"""A joint review that fails twice running: the failures that count, the readers, and the message."""

from email import message_from_bytes, policy

import pytest

from config.days.london import at_london
from config.doors import Door
from config.settings import settings
from config.sittings import ReviewDecision
from flows.configured import configured
from models.rules.people.act import Act
from models.rules.references import CaseReference, SittingCaseReference
from models.rules.reviews.record_review import ReviewReport
from tasks.outbox.delivery import deliver
from tasks.reviews.extract_outcomes import record_from_extracts
from tasks.reviews.record_review import record_review
from tests.worlds.days import day, row
from tests.worlds.one_case import OneCase
from tests.worlds.sittings import convene, sitting

pytestmark = pytest.mark.usefixtures("each_by_itself")

FIRST, SECOND, THIRD = "Tue 17 Mar 2026", "Tue 24 Mar 2026", "Tue 31 Mar 2026"
CONTINUE = frozenset({ReviewDecision.CONTINUE})


class Failing(OneCase):
    """The case, and the outcomes of its sittings, without rounds between them."""

    def sat(self, on: str, *came: bool, said_on: str | None = None) -> None:
        """Record the outcome of a sitting: not held without arguments; otherwise whether police and CPS attended."""
        ref = sitting(self, on)
        convene(self, ref)
        self.say_of(ref, *came, on=said_on or on)

    def say_of(self, ref: str, *came: bool, on: str) -> None:
        held = (True, *came, CONTINUE) if came else (False,)
        named, act = SittingCaseReference(ref, CaseReference("45", "45/1234")), Act("SP1", Door.MAIL, "")
        record_review(configured(), named, ReviewReport("SP1", *held), act, day(on), at_london(day(on)))
        assert self.cli("obligations", "--as-of", day(on).isoformat()).code == 0

    def written(self) -> list:
        return self.ask("""select m.key from messages m where m.kind = 'failed_review' order by m.id""")

    def says(self, on: str) -> dict[str, str]:
        """The messages about it of that day, after delivery, by address."""
        made = deliver(configured(), at_london(day(on)))
        assert not made.dead, made.dead
        sent = (each.read_bytes() for each in (settings().home / "mail").glob("new/*"))
        found = [message_from_bytes(each, policy=policy.default) for each in sent]
        return {str(one["To"].addresses[0].addr_spec): one.get_body(("plain",)).get_content() for one in found}

    def states(self) -> list:
        return self.ask("select state, reason from messages where kind = 'failed_review' order by id")


@pytest.fixture
def book(database, run_cli, monkeypatch) -> Failing:
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    one = Failing(database, run_cli)
    one.say("update contacts set email = lower(contact_ref) || '@surrey.police.uk'")
    one.say(
        """insert into contacts (contact_ref, source_id, agency, name, email, roles, force_codes, cps_areas,
             first_seen_on) select 'CL1', id, 'cps', 'Sam Example', 'cl1@cps.gov.uk', '{lead}', '{}', '{South East}',
             '2026-03-02' from sources where agency is not null"""
    )
    assert one.cli("obligations", "--as-of", "2026-03-16").code == 0
    return one


def leads(number):
    return [f"failed_review:{number}:{ref}:email" for ref in ("L1", "CL1")]


@pytest.mark.parametrize("came", [(), (True, False), (False, True)])
def test_one_failure_is_nobodys_news_and_the_second_is_told_to_both_leads(book, came):
    book.sat(FIRST, *came)
    assert book.written() == []
    book.sat(SECOND)
    assert book.written() == leads(2)


def test_each_further_failure_is_told_too_once(book):
    book.sat(FIRST)
    book.sat(SECOND)
    book.sat(THIRD, True, False)
    book.say_of("45-south-east-2026-03-31", False, True, on="Wed 1 Apr 2026")
    assert book.written() == [*leads(2), *leads(3)]


def test_a_review_that_counts_between_two_that_failed_restarts_the_count(book):
    book.sat(FIRST)
    book.sat(SECOND, True, True)
    book.sat(THIRD)
    assert book.written() == []


def test_a_quorate_review_that_only_the_extract_has_restarts_it_too(book):
    book.sat(FIRST)
    book.belongs("reviews", review_ref="R1", kind="joint", held_on=day("Thu 19 Mar 2026"), police_attended=True,
                 cps_attended=True)  # fmt: skip
    book.sat(SECOND)
    assert book.written() == []


def test_one_of_which_nobody_said_anything_neither_counts_nor_breaks_the_count(book):
    book.sat(FIRST)
    convene(book, sitting(book, SECOND))
    book.say("update convenings set ended_on = '2026-03-26', \"end\" = 'unrecorded' where ended_on is null")
    book.sat(THIRD)
    assert book.written() == leads(3)
    book.say_of("45-south-east-2026-03-24", True, True, on="Wed 1 Apr 2026")
    assert book.says("Wed 1 Apr 2026") == {}


def test_one_review_by_one_side_of_two_meetings_before_it_failed_once(book):
    convene(book, sitting(book, FIRST))
    book.say("update convenings set ended_on = '2026-03-19', \"end\" = 'unrecorded'")
    convene(book, sitting(book, SECOND))
    book.belongs("reviews", review_ref="R1", kind="joint", held_on=day(SECOND), police_attended=True,
                 cps_attended=False)  # fmt: skip
    record_from_extracts(configured(), "45", day("Wed 25 Mar 2026"), at_london(day("Wed 25 Mar 2026")))
    assert book.ask("select review_ref from outcomes where stands") == ["R1", "R1"]
    assert book.written() == []
    book.sat(THIRD, True, False)
    told = book.says(THIRD)["l1@surrey.police.uk"]
    assert ("Tue 31 Mar" in told, "Tue 24 Mar" in told, "Tue 17 Mar" in told) == (True, True, False)


def test_a_correction_that_makes_a_failure_of_the_first_makes_the_second_the_second(book):
    book.sat(FIRST, True, True)
    book.sat(SECOND)
    book.say_of("45-south-east-2026-03-17", True, False, on="Wed 25 Mar 2026")
    assert book.written() == leads(2)


def test_what_was_held_after_all_before_it_is_sent_is_not_said(book):
    book.sat(FIRST)
    book.sat(SECOND)
    book.say_of("45-south-east-2026-03-24", True, True, on="Wed 25 Mar 2026")
    assert book.says("Wed 25 Mar 2026") == {}
    assert book.states() == [("silent", "it fails no more: a review was held, or none is owed")] * 2


@pytest.mark.parametrize(
    ("change", "told"),
    [
        row("no lead of CPS", "update contacts set roles = '{spoc}' where contact_ref = 'CL1'",
            {"l1@surrey.police.uk", "casebeat@casebeat.invalid"}),
        row("the lead is away, and has a deputy", "update contacts set deputy_ref = 'SP1' where contact_ref = 'L1'",
            {"sp1@surrey.police.uk", "cl1@cps.gov.uk"}),
    ],
)  # fmt: skip
def test_a_side_without_a_lead_falls_back_as_every_step_does(book, change, told):
    book.say(change)
    if "deputy_ref" in change:
        book.say(
            """insert into absences (contact_ref, from_on, to_on, source_id)
               select 'L1', '2026-03-20', '2026-03-27', id from sources where agency is not null"""
        )
    book.sat(FIRST)
    book.sat(SECOND)
    assert set(book.says("Wed 25 Mar 2026")) == told


def test_a_lead_without_access_reads_of_a_restricted_case_only_that_there_is_one(book):
    book.sat(FIRST)
    book.sat(SECOND)
    book.say("update cases set restricted = true")
    book.say("update contacts set restricted_access = true where contact_ref = 'CL1'")
    read = book.says("Wed 25 Mar 2026")
    assert "45/45/1234: the joint review failed twice running" in read["cl1@cps.gov.uk"]
    assert read["l1@surrey.police.uk"].startswith(
        "1 restricted case: ask a SPOC of your force who may read it.\nIts joint review failed again."
    )
    assert "1234" not in read["l1@surrey.police.uk"]
    assert "Tue" not in read["l1@surrey.police.uk"].partition("-- ")[0]


def test_a_case_that_never_had_a_review_is_said_to_have_none_and_to_have_no_sitting(book):
    book.sat(FIRST)
    book.sat(SECOND)
    read = book.says("Wed 25 Mar 2026")["l1@surrey.police.uk"]
    assert "No review that police and CPS both attended has been held since the case was opened on Mon 2 Mar" in read
    assert "It is listed for no meeting now: have one found, or the review held between meetings" in read


def test_who_has_left_since_is_not_written_to(book):
    book.sat(FIRST)
    book.sat(SECOND)
    book.say("update contacts set active_to = '2026-03-24' where contact_ref = 'L1'")
    assert set(book.says("Wed 25 Mar 2026")) == {"cl1@cps.gov.uk"}
    assert min(book.states())[0] == "shown"


def test_the_sitting_that_is_named_is_the_one_to_which_the_case_is_convened(book):
    sitting(book, "Thu 2 Apr 2026")
    book.sat(FIRST)
    book.sat(SECOND)
    convene(book, sitting(book, THIRD))
    words = book.says("Wed 25 Mar 2026")["l1@surrey.police.uk"]
    assert f"at the meeting on {THIRD}, for which the case is listed" in words
