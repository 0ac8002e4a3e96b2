"""The chair records what came of a meeting by a reply to the letter of its day: one line a case."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from config.replies import Answered
from tests.worlds.days import day, row
from tests.worlds.one_case import OneCase
from tests.worlds.replies import Answerers, switch_on
from tests.worlds.sittings import sits

TUESDAY = "Tue 17 Mar 2026"
OUTCOMES = "select held, police_attended, cps_attended, by_ref from outcomes where stands"


def words(mail) -> str:
    return " ".join(mail.get_body(("plain",)).get_content().split())


@pytest.fixture
def chair(monkeypatch, database, run_cli, tmp_path) -> Answerers:
    """SP1 chairs Tuesday's meeting, at which 45/1234 is reviewed; its letter has left."""
    switch_on(monkeypatch)
    book = OneCase(database, run_cli)
    sits(book, TUESDAY)
    return Answerers(book, tmp_path / "home").on(TUESDAY)


def link(people: Answerers, ref: str = "SP1") -> tuple[str, str]:
    """The subject and the text of the link with which a letter lets its reader record the outcome."""
    found = re.search(r"Record the outcome: (mailto:\S+)", words(people.mails(ref)[-1]))
    assert found, words(people.mails(ref)[-1])
    asked = parse_qs(urlsplit(found[1]).query)
    return asked["subject"][0], asked["body"][0]


def filled(body: str, said: str) -> str:
    """The text of a link with what its writer says after its case."""
    assert body.endswith("45/45/1234: ")
    return f"{body}{said}"


def test_a_link_sent_as_it_is_records_nothing_and_the_answer_says_which_case_wants_an_outcome(chair):
    subject, body = link(chair)
    assert chair.replies("SP1", body, subject) is Answered.REFUSED
    assert chair.book.ask(OUTCOMES) == []
    said = words(chair.answer("SP1"))
    assert "No line of it says what came of a case." in said
    assert "Still without an outcome: 45/45/1234." in said


def test_a_line_that_is_filled_in_records_a_review_that_both_attended(chair):
    subject, body = link(chair)
    assert chair.replies("SP1", filled(body, "held, continue"), subject) is Answered.RECORDED
    assert chair.book.ask(OUTCOMES) == [(True, True, True, "SP1")]
    said = words(chair.answer("SP1"))
    assert "The joint review of 45/45/1234 on Tue 17 Mar 2026 is recorded as held, with police and CPS." in said
    assert "Still without" not in said
    assert chair.replies("SP1", "45/45/1234: not held", subject) is Answered.RECORDED, "a later word corrects it"
    assert chair.book.ask("select held from outcomes where stands") == [False]


def test_a_new_action_below_its_case_is_raised_whatever_the_case_of_its_owners_reference(chair):
    subject, body = link(chair)
    text = filled(body, "held, further actions\nnew action: CCTV, p1, 24/03/2026")
    assert chair.replies("SP1", text, subject) is Answered.RECORDED
    raised = "select kind, owner_ref, due_on::text from actions where source = 'joint_review'"
    assert chair.book.ask(raised) == [("CCTV", "P1", "2026-03-24")]
    assert "Raised: JR-45-south-east-2026-03-17-45/1234-1." in words(chair.answer("SP1"))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        row("no day", "held, further actions\nnew action: CCTV, P1", "a new action below it could not be read"),
        row("no action", "held, further actions", "further actions need at least one"),
        row("nobody known", "held\nnew action: CCTV, Jane Roe, 24/03/2026", "is nobody that is known here"),
        row("a day that has passed", "held\nnew action: CCTV, P1, 16/03/2026", "the day of CCTV, has passed"),
        row("no code", "held\nnew action: ask Jane Roe, P1, 24/03/2026", "An action needs its kind as a code"),
        row("not held", "not held\nnew action: CCTV, P1, 24/03/2026", "was not held decides nothing"),
    ],
)
def test_where_an_action_cannot_be_taken_nothing_of_its_case_is_recorded_or_repeated(chair, text, why):
    subject, body = link(chair)
    assert chair.replies("SP1", filled(body, text), subject) is Answered.REFUSED
    said = words(chair.answer("SP1"))
    assert why in said
    assert "jane roe" not in said.lower()
    assert chair.book.ask(OUTCOMES) == []
    assert chair.book.ask("select count(*) from actions where source = 'joint_review'") == [0]


def test_an_outcome_that_is_owed_has_the_link_beside_it(chair):
    chair.on("Thu 19 Mar 2026")
    subject, body = link(chair)
    assert chair.replies("SP1", filled(body, "not reached"), subject) is Answered.RECORDED
    assert chair.book.ask("select held from outcomes where stands") == [False]


def test_a_refused_line_is_answered_by_its_reason_and_the_others_are_recorded(chair):
    subject, _ = link(chair)
    text = "45/9999: held, continue\n45/45/1234: CPS only, continue"
    assert chair.replies("SP1", text, subject) is Answered.RECORDED
    said = words(chair.answer("SP1"))
    assert "45/9999: it is not before this meeting." in said
    assert "It does not count: the review is still owed." in said
    assert chair.book.ask(OUTCOMES) == [(True, False, True, "SP1")]


@pytest.mark.parametrize("text", ["45/45/1234: went well", "It went well.", "45/45/1234: held"])
def test_nothing_is_recorded_of_what_is_not_understood_or_not_whole(chair, text):
    subject, _ = link(chair)
    assert chair.replies("SP1", text, subject) is Answered.REFUSED
    assert chair.book.ask(OUTCOMES) == []


def test_only_the_chair_is_offered_it_and_its_key_is_theirs_alone(chair):
    subject, body = link(chair)
    others = [words(mail) for ref in ("P1", "S1", "C1") for mail in chair.mails(ref)]
    assert not any("Record the outcome" in said for said in others)
    assert chair.replies("P1", body, subject) is Answered.REFUSED
    assert chair.book.ask(OUTCOMES) == []
    assert day(TUESDAY) == chair.today
