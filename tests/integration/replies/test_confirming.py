"""Danger reaches people on the next morning, whatever day that is, and is confirmed by a link or a button."""

from dataclasses import replace
from email.message import EmailMessage
from typing import Any

import pytest

from config.message_kinds import MessageKind
from config.replies import Answered
from tasks.carriers.slack.api import SlackApi
from tasks.carriers.slack.posts import buttons, post
from tests.support.slack_stand_in import SlackStandIn
from tests.worlds.clicks import Notice
from tests.worlds.days import day
from tests.worlds.one_case import CASE, OneCase
from tests.worlds.replies import Answerers, switch_on
from tests.worlds.samples import SAMPLES
from tests.worlds.slack import buttons as keys_of
from tests.worlds.slack import in_slack, put_slack

SATURDAY, SUNDAY, MONDAY = "Sat 14 Mar 2026", "Sun 15 Mar 2026", "Mon 16 Mar 2026"
LIVE = "select count(*) from obligations where rule = 'danger' and ended_on is null"


def endangered(database: Any, run_cli: Any, reported: str = SATURDAY) -> OneCase:
    """A case of standard risk on bail; a breach was reported."""
    book = OneCase(
        database, run_cli, risk="standard", risk_assessed_on="2026-03-03", victim_contacted_on="2026-03-10",
        suspect_status="bail", status_changed_on="2026-03-05", status_on="2026-03-05", bail_ends_on="2026-06-05",
    )  # fmt: skip
    on = day(reported).isoformat()
    book.belongs("incidents", incident_ref="I1", occurred_on=on, reported_on=on, breach=True)
    return book


@pytest.fixture
def people(monkeypatch, database, run_cli, tmp_path) -> Answerers:
    switch_on(monkeypatch)
    return Answerers(endangered(database, run_cli), tmp_path / "home")


def words(mail: EmailMessage) -> str:
    body: Any = mail.get_body(("plain",))
    return " ".join(body.get_content().split())


def test_on_a_sunday_danger_is_a_mail_of_its_own_to_those_who_can_act(people):
    people.on(SUNDAY)
    for ref in ("P1", "S1", "SP1"):
        (mail,) = people.mails(ref)
        assert mail["Subject"] == "Danger, Sat 14 Mar: 45/45/1234"
        assert (
            "A breach was reported on Sat 14 Mar. Graded standard, assessed Tue 3 Mar, confirmed by nobody. "
            "No order is recorded. Suspect on bail since Thu 5 Mar, to Fri 5 Jun. "
            "The victim was last spoken to Tue 10 Mar."
        ) in words(mail)
    assert people.mails("CS1") == people.mails("L1") == []


def test_while_the_victims_phone_is_examined_it_asks_whether_they_have_another(people):
    people.book.belongs(
        "actions", action_ref="A77", kind="PHONE_DOWNLOAD_VICTIM", source="investigation", owner_agency="police",
        status="pending", raised_on=day(SATURDAY),
    )  # fmt: skip
    people.on(SUNDAY)
    (mail,) = people.mails("SP1")
    assert "last spoken to Tue 10 Mar. Has the victim another phone?" in words(mail)


def test_on_a_working_day_it_stands_in_the_first_block_of_the_letter(people):
    people.on(MONDAY)
    (letter,) = people.mails("SP1")
    said = words(letter)
    assert (
        said.index("CANNOT WAIT") < said.index("A breach was reported on Sat 14 Mar") < said.index("THE VICTIM FIRST")
    )


def test_its_link_confirms_the_grade_and_a_reply_takes_that_back(people):
    people.on(SUNDAY)
    links = people.links("S1", "danger")
    assert {"Confirm the grade", "Show me"} < set(links)
    assert not {words for words in links if words.startswith("I have it")}
    subject, body = links["Confirm the grade"]
    assert people.replies("S1", body, subject) is Answered.CONFIRMED
    answer = words(people.answer("S1"))
    assert "The grade of the risk, graded standard, is recorded here as confirmed on Sun 15 Mar" in answer
    people.book.round(SUNDAY)
    assert people.book.ask(LIVE) == [0]
    assert people.replies("S1", "undo", subject) is Answered.TAKEN_BACK
    assert words(people.answer("S1")).startswith(
        "This is taken back. Unless something else has ended it, it is owed as before, by its old day, and its notices "
        f"go on. * Standard risk: {CASE} Signs of danger against the grade of risk: had ended: the grade of risk was "
        "confirmed (Sun 15 Mar)."
    )
    people.book.round(SUNDAY)
    assert people.book.ask(LIVE) == [1]
    assert people.replies("S1", "undo", subject) is Answered.TAKEN_BACK
    assert words(people.answer("S1")).startswith(
        "This is taken back. It is owed as before, by its old day, and its notices go on. * Standard risk: "
        f"{CASE} Signs of danger against the grade of risk, missing the confirmed grade: "
    )
    assert people.book.ask("select by_ref, door, undoes from acts order by id") == [
        ("S1", "mail", False), ("S1", "mail", True),
    ]  # fmt: skip


def test_the_word_done_confirms_it_too(people):
    people.on(SUNDAY)
    subject, _ = people.links("SP1", "danger")["Confirm the grade"]
    assert people.replies("SP1", "done", subject) is Answered.CONFIRMED


def test_an_officer_is_offered_no_confirmation_and_may_raise_it(people):
    people.on(SUNDAY)
    assert "Confirm the grade" not in people.links("P1", "danger")
    assert "Raise it: mailto:s1@surrey.police.uk?subject=45/45/1234" in words(people.mails("P1")[-1])


def test_an_officer_who_confirms_it_all_the_same_is_told_who_may(people):
    people.on(SUNDAY)
    subject, _ = people.links("P1", "danger")["Show me"]
    assert people.replies("P1", "confirm", subject) is Answered.REFUSED
    assert words(people.answer("P1")).startswith(
        "You are not one of those who may confirm it: the supervisor, or a SPOC or lead of the force. One of them may. "
        "Nothing was done."
    )
    assert people.book.ask(LIVE) == [1]


def test_who_is_named_by_a_command_reads_of_it_in_their_next_letter_and_how_it_is_undone(people):
    people.on(SUNDAY)
    ran = people.book.cli("confirm-risk", CASE, "--by", "S1", "--as-of", day(SUNDAY).isoformat())
    assert ran.code == 0, ran.err
    people.on(MONDAY)
    told = words(people.mails("S1")[-1])
    assert "the grade of its risk was confirmed on Sun 15 Mar, by a command on Sun 15 Mar. Undo it: mailto:" in told


def test_of_two_confirmed_dangers_the_later_is_undone_by_its_link_and_the_answer_tells_of_that_one(people):
    again = {"occurred_on": "2026-03-16", "reported_on": "2026-03-16", "breach": True}
    people.on(SUNDAY)
    assert people.book.cli("confirm-risk", CASE, "--by", "S1", "--as-of", "2026-03-15").code == 0
    people.book.belongs("incidents", incident_ref="I2", **again)
    people.on("Tue 17 Mar 2026")
    assert people.book.cli("confirm-risk", CASE, "--by", "S1", "--as-of", "2026-03-17").code == 0
    people.on("Wed 18 Mar 2026")
    subject, body = people.links("S1", "the grade of its risk was confirmed on Tue 17 Mar")["Undo it"]
    assert people.replies("S1", body, subject) is Answered.TAKEN_BACK
    assert "(Tue 17 Mar)" in words(people.answer("S1"))


class DangerNotice(Notice):
    """A message about danger, as the supervisor sees it in Slack."""

    def __init__(self, case: OneCase, slack: SlackStandIn, chosen: Any) -> None:
        self.case, self.slack, self.chosen, self.user = case, slack, chosen, "U0S1"
        (self.obligation,) = case.ask("select id from obligations where rule = 'danger' and ended_on is null")
        _, sample = SAMPLES["urgent-danger"]
        items = tuple(replace(item, obligation_id=self.obligation) for item in sample.items)
        body = post(MessageKind.AT_ONCE, replace(sample, items=items), buttons(chosen.slack, "S1", day(MONDAY)))
        carrier = SlackApi(chosen.slack, pace=0)
        self.channel = carrier.direct(self.user)
        self.ref = carrier.send(self.channel, body, "S1").remote_ref
        carrier.close()
        (self.post,) = [each for each in slack.posts() if each["ts"] == str(self.ref).partition(":")[2]]
        (self.key,) = keys_of(self.post)
        self.row("S1")


def test_slacks_button_confirms_it_and_says_so_to_who_clicked(monkeypatch, database, run_cli):
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    with SlackStandIn() as slack:
        chosen = put_slack(monkeypatch, slack)
        book = endangered(database, run_cli)
        book.round(MONDAY)
        with in_slack(database, slack, "S1"):
            notice = DangerNotice(book, slack, chosen)
            answer = notice.click(day(MONDAY), click="confirm")
    assert answer.startswith(f"The grade of {CASE}, standard, is recorded as confirmed on {MONDAY}.")
    assert book.ask("select by_ref, door from acts") == [("S1", "slack")]
