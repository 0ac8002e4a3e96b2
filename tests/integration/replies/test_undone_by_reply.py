"""A recorded review and a move are taken back by a reply: the letter's link, whoever else writes, twice, too late."""

from collections.abc import Callable
from datetime import date
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from config.replies import Answered
from tasks.platform import tokens
from tasks.platform.tokens import Purpose
from tasks.platform.written_keys import WRITTEN
from tasks.replies.outcomes import MailOutcome
from tests.worlds.days import day, row
from tests.worlds.one_case import CASE, OneCase
from tests.worlds.panels import TUESDAYS, PanelWorld
from tests.worlds.replies import Answerers, have_maildir, switch_on
from tests.worlds.sittings import ALONE, HELD, record, sits

TUESDAY, WEDNESDAY = "Tue 17 Mar 2026", "Wed 18 Mar 2026"
REF = "45-south-east-2026-03-"
STATES = "select by_ref, door, undoes from acts order by id"


def words(mail: EmailMessage) -> str:
    body: Any = mail.get_body(("plain",))
    return " ".join(body.get_content().split())


def letter(people: Answerers, ref: str = "SP1") -> EmailMessage:
    """The last letter of a person that tells of an act."""
    return [mail for mail in people.mails(ref) if "DONE IN YOUR NAME" in words(mail)][-1]


def undo_link(people: Answerers, ref: str = "SP1", said: str = "Joint review") -> tuple[str, str]:
    return people.links(ref, said, letter(people, ref))["Undo it"]


@pytest.fixture
def people(monkeypatch, database, run_cli, tmp_path) -> Answerers:
    """SP1's name is on the outcome of Tuesday's meeting, by a command; the letter of Wednesday has left."""
    switch_on(monkeypatch)
    book = OneCase(database, run_cli)
    sits(book, TUESDAY)
    made = Answerers(book, tmp_path / "home").on(TUESDAY)
    assert record(book, f"{REF}17", *HELD, as_of=TUESDAY).code == 0
    return made.on(WEDNESDAY)


def test_a_recorded_review_is_taken_back_and_twice_changes_nothing(people):
    assert (
        "45/45/1234: Joint review by police and CPS: the outcome was recorded, of the meeting on Tue 17 Mar, by a "
        "command on Tue 17 Mar. Undo it: mailto:"
    ) in words(letter(people))
    subject, body = undo_link(people)
    assert people.replies("SP1", body, subject) is Answered.TAKEN_BACK
    assert people.book.ask("select stands from outcomes") == [False]
    assert people.book.ask(STATES) == [("SP1", "command", False), ("SP1", "mail", True)]
    about = (
        f"The joint review of {CASE} on {TUESDAY}: what SP1 recorded of it (held, with police and CPS) is taken back"
    )
    answer = words(people.answer("SP1"))
    assert answer.startswith(f"{about}. Nothing is recorded of it now, and its outcome is owed.")
    assert people.replies("SP1", f"{body}.", subject) is Answered.TAKEN_BACK
    assert words(people.answer("SP1")).startswith(f"{about} already. Nothing was changed.")
    assert len(people.book.ask(STATES)) == 2


def test_the_answer_names_nothing_of_a_case_that_became_restricted(people):
    subject, body = undo_link(people)
    people.book.restrict(by_link=False)
    assert people.replies("SP1", body, subject) is Answered.REFUSED
    answer = words(people.answer("SP1"))
    assert answer.startswith("What it answers is not known here. Nothing was done.")
    assert "45/45/1234" not in answer


@pytest.mark.parametrize(
    ("ref", "outcome"),
    [row("another contact with the letter", "P1", Answered.REFUSED), row("a stranger", "X9", MailOutcome.STRANGER)],
)
def test_nobody_else_takes_it_back_with_the_link(people, ref, outcome):
    subject, body = undo_link(people)
    assert people.replies(ref, body, subject) is outcome
    assert people.book.ask("select stands from outcomes") == [True]
    if outcome is Answered.REFUSED:
        answer = words(people.answer(ref))
        assert answer.startswith("The message it answers was written to somebody else, and only they can answer it.")


def _recorded_anew(people: Answerers) -> None:
    assert record(people.book, f"{REF}17", *ALONE, by="CS1", as_of=WEDNESDAY).code == 0


def _barred(people: Answerers) -> None:
    people.book.say("update cases set barred_refs = array['SP1']")


def _gone(people: Answerers) -> None:
    people.book.say("update contacts set roles = '{}', force_codes = '{}' where contact_ref = 'SP1'")
    people.book.say("update sittings set chair_ref = 'L1'")
    people.book.say("update acts set by_ref = 'S1'")
    people.book.say("update outcomes set by_ref = 'S1'")


def _nothing(people: Answerers) -> None:
    del people


@pytest.mark.parametrize(
    ("meanwhile", "says", "because"),
    [
        row("recorded again", _recorded_anew, "undo", "Another outcome was recorded since, and counts. Nothing was"),
        row("barred since", _barred, "undo", "What it answers is not known here. Nothing was done."),
        row("out of the role", _gone, "undo", "What it answers is not known here. Nothing was done."),
        row("something else", _nothing, "done", "Its link undoes what was done in your name, and nothing else"),
        row("no sense", _nothing, "until later perhaps", "Your mail was not understood"),
    ],
)
def test_what_cannot_be_taken_back_is_answered_in_one_sentence(people, meanwhile, says, because):
    subject, _ = undo_link(people)
    meanwhile(people)
    before = people.book.ask(STATES), people.book.ask("select stands from outcomes order by id")
    assert people.replies("SP1", says, subject) in {Answered.REFUSED, Answered.UNCLEAR}
    assert (people.book.ask(STATES), people.book.ask("select stands from outcomes order by id")) == before
    if meanwhile is not _barred:
        assert words(people.answer("SP1")).startswith(because)


def test_a_key_of_an_act_is_no_key_of_an_obligation_and_expires(people):
    subject, body = undo_link(people)
    act = tokens.read(WRITTEN.findall(subject)[0], Purpose.ACT, people.today)
    assert act.person_ref == "SP1"
    forged = tokens.sign("SP1", act.row_id, Purpose.REPLY, act.expires_on)
    assert people.replies("SP1", body, f"Casebeat [{forged}]") is Answered.REFUSED
    no_act = tokens.sign("SP1", 4711, Purpose.ACT, act.expires_on)
    assert people.replies("SP1", body, f"Casebeat [{no_act}]") is Answered.REFUSED
    old = tokens.sign("SP1", act.row_id, Purpose.ACT, date(2026, 3, 17))
    assert people.replies("SP1", body, f"Casebeat [{old}]") is Answered.REFUSED
    assert words(people.answer("SP1")).startswith("Its key has expired: answer a newer message. Nothing was done.")
    assert people.book.ask("select stands from outcomes") == [True]


class Panel:
    """A pair that meets every Tuesday, with a reply mailbox; SP1's name is on a move, by a command."""

    def __init__(
        self, engine: Engine, run_cli: Callable[..., Any], folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.mailbox = have_maildir(monkeypatch, folder / "replies")
        self.book = PanelWorld(engine, run_cli, folder, monkeypatch)
        self.book.panels(TUESDAYS)
        self.people = Answerers(self.book, folder / "home").on("Wed 4 Mar 2026")
        ran = self.book.cli("convene", CASE, "--sitting", f"{REF}17", "--by", "SP1", "--as-of", "2026-03-04")
        assert ran.code == 0, ran.err
        self.people.on("Thu 5 Mar 2026")

    def writes(self, text: str, subject: str, on: str) -> str:
        """Let SP1's mail arrive, and the mailbox be read by the command; return the command's counts."""
        self.people.today = day(on)
        self.mailbox.drop(self.people.letter("SP1", text, subject), self.people.at)
        ran = self.book.cli("replies", "--as-of", day(on).isoformat())
        assert ran.code == 0, ran.err
        return str(ran.out)


@pytest.fixture
def panel(database, run_cli, tmp_path, monkeypatch) -> Panel:
    return Panel(database, run_cli, tmp_path, monkeypatch)


def test_a_move_is_taken_back_by_a_mail_in_the_mailbox_and_calendars_follow(panel):
    subject, _ = undo_link(panel.people)
    assert "moved to the meeting on Tue 17 Mar, by a command on Wed 4 Mar. Undo it: mailto:" in words(
        letter(panel.people)
    )
    assert panel.book.where() == {"45/1234": "03-17"}
    invited = panel.book.ask("select count(*) from messages where kind = 'invitation'")
    assert panel.writes("undo", subject, "Thu 5 Mar 2026") == "1 mails read: 1 taken back.\n"
    assert panel.book.where() == {"45/1234": "03-10"}
    assert panel.book.ask("select count(*) from messages where kind = 'invitation'") > invited
    gone = f"The move of {CASE} to {REF}17 is taken back"
    assert words(panel.people.answer("SP1")).startswith(f"{gone}: it is at {REF}10 again, on Tue 10 Mar 2026.")
    assert panel.writes("undo it", subject, "Thu 5 Mar 2026") == "1 mails read: 1 taken back.\n"
    assert words(panel.people.answer("SP1")).startswith(f"{gone} already. Nothing was changed.")


def test_a_move_to_a_meeting_that_was_held_is_past_taking_back(panel):
    subject, _ = undo_link(panel.people)
    panel.people.on("Wed 18 Mar 2026")
    assert panel.writes("undo", subject, "Wed 18 Mar 2026") == "1 mails read: 1 refused.\n"
    assert words(panel.people.answer("SP1")).startswith(f"It sat at {REF}17, and its outcome")
