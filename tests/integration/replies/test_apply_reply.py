"""A reply does the same as the command, once, for the addressee of its mail; the answer uses the same words."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from config.replies import Answered
from flows.configured import configured
from flows.refresh import refresh
from models.rules.people.readdressing import BARRED
from tasks.outbox import handling
from tasks.outbox.delivery import deliver
from tasks.platform import secret_file, tokens
from tasks.platform.tokens import Purpose
from tasks.replies.apply_reply import apply_reply
from tasks.replies.bounces import apply_bounce, bounce_in
from tasks.replies.outcomes import MailOutcome
from tests.worlds.days import day, row
from tests.worlds.one_case import OneCase, away
from tests.worlds.replies import ADDRESS, DOMAIN, OWN, Answerers, switch_on
from tests.worlds.sittings import record, sits


@pytest.fixture
def people(database, run_cli, tmp_path, monkeypatch) -> Answerers:
    """The action's `overdue` notice was mailed on Tue 17 Mar 2026 to its owner P1, and to S1."""
    switch_on(monkeypatch)
    return Answerers(OneCase(database, run_cli), tmp_path / "home").on("Tue 17 Mar 2026")


def words(mail) -> str:
    return mail.get_body(("plain",)).get_content()


def test_a_message_carries_links_for_each_item_and_one_for_everything(people):
    links = people.links("P1")
    assert list(links) == [
        "I have it until Tue 24 Mar", "Done", "Not mine", "Show me", "Ask for all that is still owed",
    ]  # fmt: skip
    assert [body for _, body in links.values()] == ["until Tue 24 Mar 2026", "done", "not mine", "show", "status"]
    subject = people.subject("P1")
    assert subject.startswith("Casebeat 45/45/1234 action [cb1.")
    mail = people.mails("P1")[-1]
    assert str(mail["Reply-To"]) == f"Casebeat <{ADDRESS}>"
    assert subject.split("[")[1].split("]")[0] in words(mail), "the plain text has it too"
    assert "Done" not in people.links("S1"), "only its owner may say so"


def test_no_mail_mentions_replies_until_there_is_a_mailbox(people, monkeypatch):
    monkeypatch.delenv("CASEBEAT_REPLIES__HOST")
    people.on("Thu 19 Mar 2026")
    mail = people.mails("P1")[-1]
    assert mail["Reply-To"] is None
    assert "?subject=" not in mail.as_string()
    assert "casebeat acknowledge" not in words(mail)


def test_the_links_of_bare_subjects_name_the_case_alone_and_are_believed(people, monkeypatch):
    monkeypatch.setenv("CASEBEAT_MAIL__SUBJECTS", "bare")
    people.on("Thu 19 Mar 2026")
    mail = people.mails("P1")[-1]
    assert mail["Subject"] == "Casebeat: what is owed"
    subject, body = people.links("P1")["I have it until Thu 26 Mar"]
    assert subject.startswith("Casebeat 45/45/1234 [cb1.")
    assert people.replies("P1", body, subject) is Answered.PROMISED


def test_until_a_day_is_a_promise_and_the_answer_says_what_was_understood(people):
    assert people.replies("P1", "I have it until Thursday\n\nRobin") is Answered.PROMISED
    assert people.book.promises() == [("P1", day("Thu 19 Mar 2026"), 0, None, None, None)]
    mail = people.answer("P1")
    assert mail["Subject"] == "Tue 17 Mar: taken on: 45/45/1234"
    assert words(mail).startswith("You have taken this on until Thu 19 Mar 2026. Its due day does not move.")
    assert "An officer has taken this on until Thu 19 Mar 2026." in words(mail)
    assert people.book.ask("select reason from promises") == ["by a reply to the mail"]


def test_the_unchanged_link_is_a_promise_until_the_proposed_day(people):
    subject, body = people.links("P1")["I have it until Tue 24 Mar"]
    assert people.replies("P1", body, subject) is Answered.PROMISED
    assert people.book.promises()[0][:2] == ("P1", day("Tue 24 Mar 2026"))


def quoted(said: str) -> str:
    return "".join(f"> {line}\n" for line in said.splitlines())


def test_a_plain_reply_that_quotes_one_item_needs_no_link(people):
    said = words(people.mails("P1")[-1])
    (item,) = [each for each in said.split("\n-- \n")[0].split("* High risk: ") if "Outstanding action" in each]
    foot = said.split("\n-- \n")[1]
    assert people.replies("P1", f"until Thursday\n\n{quoted(item + foot)}", "Re: Casebeat") is Answered.PROMISED
    assert people.book.promises() == [("P1", day("Thu 19 Mar 2026"), 0, None, None, None)]


def test_a_plain_reply_to_a_message_of_several_items_is_asked_which(people):
    people.on("Thu 19 Mar 2026")
    assert (
        people.replies("P1", "until Friday\n\n" + quoted(words(people.mails("P1")[-1])), "Re: Casebeat")
        is Answered.REFUSED
    )
    assert "It does not say which of the items it answers" in " ".join(words(people.answer("P1")).split())
    assert people.replies("P1", "status\n\n" + quoted(words(people.mails("P1")[0])), "Re") is Answered.STANDING


def test_the_same_key_is_good_for_renewals_and_then_the_rules_say_no(people):
    subject = people.subject("P1")
    for on, until in (("Tue 17 Mar 2026", "24 March"), ("Tue 24 Mar 2026", "31 March"), ("Tue 31 Mar 2026", "9 April")):
        people.today = day(on)
        assert people.replies("P1", f"until {until}", subject) is Answered.PROMISED
    people.today = day("Thu 9 Apr 2026")
    assert people.replies("P1", "until 10 April", subject) is Answered.REFUSED
    assert [line[2] for line in people.book.promises()] == [0, 1, 2]
    assert "It has been renewed 2 times already, which is the most. A lead may promise longer" in words(
        people.answer("P1")
    )


def test_a_promise_that_the_rules_refuse_says_why_and_who_may_lift_it(people):
    assert people.replies("P1", "until 30 April") is Answered.REFUSED
    said = " ".join(words(people.answer("P1")).split())
    assert "Thu 30 Apr 2026 is too far ahead: the latest day is Tue 24 Mar 2026" in said
    assert "A lead may promise longer" in said
    assert "until Thursday: you have it until then" in said
    assert people.book.promises() == []


def test_a_weekday_counts_from_the_day_the_mail_was_received(people):
    people.today = day("Fri 20 Mar 2026")
    raw = people.letter("P1", "until Thursday", people.subject("P1"))
    assert people.deal(raw, day("Wed 18 Mar 2026")) is Answered.REFUSED
    assert "Thu 19 Mar 2026 is not after today" in words(people.answer("P1"))


def test_done_by_the_owner_ends_the_action(people):
    assert people.replies("P1", "Done on 16 March") is Answered.COMPLETED
    assert people.book.ask("select status, closed_on from actions") == [("done", day("Mon 16 Mar 2026"))]
    assert words(people.answer("P1")).startswith("This is recorded here as done on Mon 16 Mar 2026. Record it in ")


def test_what_is_done_by_a_reply_is_asked_for_in_no_later_letter(people):
    subject, body = people.links("P1")["Done"]
    assert people.replies("P1", body, subject) is Answered.COMPLETED
    for on in ("Thu 19 Mar 2026", "Fri 20 Mar 2026", "Mon 23 Mar 2026"):
        asked = people.links("P1", mail=mail) if (mail := people.on(on).mails("P1")[-1]) else {}
        assert subject not in {subject for subject, _ in asked.values()}
        assert " action " not in " ".join(subject for subject, _ in asked.values())


def test_what_a_joint_review_raised_ends_by_a_reply_as_any_other_action_does(people):
    ref = sits(people.book, "Tue 17 Mar 2026")
    raising = ("--held", "--police", "--cps", "--decision", "further_actions", "--action", "CCTV,P1,2026-03-19")
    assert record(people.book, ref, *raising, as_of="Tue 17 Mar 2026").code == 0
    people.on("Wed 18 Mar 2026")
    raised = f"JR-{ref}-45/1234-1"
    assert people.replies("P1", "done", people.subject("P1", raised)) is Answered.COMPLETED
    assert people.book.ask(f"select status from actions where action_ref = '{raised}'") == ["done"]
    assert "This is recorded here as done on Wed 18 Mar 2026. It was raised here, at a joint review." in words(
        people.answer("P1")
    )


def test_done_by_another_is_refused_and_nothing_ends(people):
    assert people.replies("S1", "done") is Answered.REFUSED
    assert "Only whoever owes the action may report it done by a reply" in words(people.answer("S1"))
    assert people.book.ask("select status from actions") == ["pending"]


def test_done_of_anything_else_names_the_one_fact_that_would_end_it(people):
    people.on("Thu 19 Mar 2026")
    subject = people.subject("P1", "joint-review")
    assert people.replies("P1", "We did that", subject) is Answered.ENDS_WHEN
    said = " ".join(words(people.answer("P1")).split())
    assert "one fact can: a joint review that both police and CPS attended is recorded. Record it in" in said


def test_status_lists_every_notified_obligation_that_is_still_owed(people):
    people.on("Thu 19 Mar 2026")
    subject, body = people.links("P1")["Ask for all that is still owed"]
    assert people.replies("P1", body, subject) is Answered.STANDING
    said = words(people.answer("P1"))
    for owed in ("witness statement (A1): critically overdue", "Joint review by police and CPS: critically overdue"):
        assert owed in said
    assert people.book.ask("select verb from audit where about = 'reply'") == ["consultation"]
    assert people.replies("P1", "until Friday", subject) is Answered.REFUSED
    assert "It does not say which item it answers" in words(people.answer("P1"))


def test_show_tells_how_the_day_was_reached_what_was_tried_and_what_comes_next(people):
    people.book.acknowledge("Tue 17 Mar 2026", "Wed 18 Mar 2026")
    subject, body = people.links("S1")["Show me"]
    assert people.replies("S1", body, subject) is Answered.SHOWN
    mail = people.answer("S1")
    assert mail["Subject"] == "Tue 17 Mar: how it stands: 45/45/1234"
    said = " ".join(words(mail).split())
    for part in (
        "Owed: an outstanding investigative action. Owed by Robin Example (officer in the case).",
        "Due: Mon 16 Mar 2026",
        "Why then: action raised Mon 2 Mar 2026 + 14 days = Mon 16 Mar 2026", "Basis: the duty is local",
        "Promise: an officer has taken this on until Wed 18 Mar 2026", "Tried: overdue notice Tue 17 Mar 2026.",
        "Next: notice to the SPOC Thu 19 Mar 2026 to whoever owes it", "Ends when: the action is recorded as done.",
    ):  # fmt: skip
        assert part in said, said
    whole = mail.as_string()
    assert "Secret Words" not in whole, "the reason of a promise is not sent"
    assert "casebeat acknowledge" not in whole
    assert people.book.ask("select verb from audit where about = 'reply'") == ["consultation"]
    assert len(people.book.promises()) == 1, "nothing is changed"


def test_show_of_what_has_ended_tells_how_it_ended(people):
    subject, body = people.links("P1")["Show me"]
    assert people.replies("P1", "done") is Answered.COMPLETED
    refresh(configured(), people.today, people.at)
    assert people.replies("P1", body, subject) is Answered.SHOWN
    assert "This is owed no more." in words(people.answer("P1"))


def test_show_of_a_day_that_moved_shows_the_new_one(people):
    subject, body = people.links("P1")["Show me"]
    people.book.say("update actions set due_on = '2026-03-23'")
    people.book.changed()
    assert people.replies("P1", body, subject) is Answered.SHOWN
    assert "Due: Mon 23 Mar 2026" in " ".join(words(people.answer("P1")).split())


def test_show_of_a_case_that_became_restricted_before_the_answer_left_says_only_whom_to_ask(people):
    subject, body = people.links("P1")["Show me"]
    assert people.replies("P1", body, subject) is Answered.SHOWN
    people.book.restrict(by_link=False)
    whole = people.answer("P1").as_string()
    assert "1 restricted case" in whole
    assert "45/1234" not in whole


def test_not_mine_tells_the_next_addressee_the_present_step_and_operations(people):
    assert people.replies("P1", "not mine") is Answered.PASSED_ON
    people.replies("P1", "Sorry, it is not mine")
    handed = people.book.ask(
        "select contact_ref, step_name, addressee, note from notifications where happening = 'handed_over'"
    )
    assert handed == [("S1", "overdue", "owner", "the officer in the case says that it is not theirs")]
    told = people.book.ask("select text from messages where kind = 'operations' and key like 'not mine:%'")
    assert len(told) == 1
    assert told[0].startswith(
        "Somebody says that it is not theirs\n\nP1 says that action/action:A1 of 45/45/1234 is not theirs"
    )
    assert "Operations are told of this. Whoever is next has this matter before them already." in words(
        people.answer("P1")
    )
    people.today = day("Wed 18 Mar 2026")
    people.on("Wed 18 Mar 2026")
    assert "The officer in the case says that it is not theirs." in " ".join(words(people.mails("S1")[-1]).split())


def test_not_mine_on_a_day_off_goes_to_whoever_is_there_on_the_day_of_the_letter(people):
    away(people.book, "S1", "2026-03-18", "2026-03-22")
    subject = people.subject("P1")
    people.today = day("Sat 21 Mar 2026")
    people.on("Sat 21 Mar 2026")
    assert people.replies("P1", "not mine", subject) is Answered.PASSED_ON
    assert people.book.ask("select contact_ref, note from notifications where happening = 'handed_over'") == [
        ("S1", "the officer in the case says that it is not theirs")
    ]


def test_not_mine_is_told_by_slack_too_to_those_who_are_in_it(people, monkeypatch):
    monkeypatch.setenv("CASEBEAT_SLACK__TOKEN", "xoxb-1")
    people.book.say("update contacts set slack_user_id = 'U1' where contact_ref = 'S1'")
    assert people.replies("P1", "not mine") is Answered.PASSED_ON
    handed = "select contact_ref, channel from notifications where happening = 'handed_over' order by 2"
    assert people.book.ask(handed) == [("S1", "email"), ("S1", "slack")]


def test_not_mine_of_a_later_step_is_told_to_operations_again(people):
    people.replies("P1", "not mine")
    people.book.say("update obligations set last_step = last_step + 1 where rule = 'action'")
    people.replies("P1", "not mine")
    assert people.book.ask("select count(*) from messages where key like 'not mine:%'") == [2]


@pytest.mark.parametrize("by_link", [False, True])
def test_not_mine_of_a_restricted_case_names_it_to_nobody_in_operations(people, by_link):
    subject = people.subject("P1")
    people.book.restrict(by_link=by_link)
    people.book.say("update contacts set restricted_access = true")
    assert people.replies("P1", "not mine", subject) is Answered.PASSED_ON
    (told,) = people.book.ask("select text from messages where key like 'not mine:%'")
    assert told.startswith(
        "Somebody says that it is not theirs\n\nP1 says that action of a restricted case is not theirs"
    )
    assert "1234" not in told
    assert "A1" not in told


def test_not_mine_of_a_day_that_moved_before_anything_was_said_passes_on_nothing(people):
    subject = people.subject("P1")
    people.book.say("update actions set due_on = '2026-06-20'")
    people.book.changed()
    people.replies("P1", "not mine", subject)
    answer = people.answer("P1")
    assert people.book.ask("select last_step from obligations where rule = 'action' and ended_on is null") == [0]
    assert people.replies("P1", "not mine", people.subject("P1", mail=answer)) is Answered.REFUSED
    assert "It is not one of those that you were told of." in words(people.answer("P1"))
    assert people.book.ask("select count(*) from notifications where happening = 'handed_over'") == [0]


def test_not_mine_goes_up_to_operations_and_is_never_addressed_to_no_one(people):
    people.book.say("delete from contacts where contact_ref in ('S1', 'SP1', 'L1')")
    assert people.replies("P1", "not mine") is Answered.PASSED_ON
    notes = "the supervisor has no address here; no police SPOC is recorded; no police lead is recorded"
    assert people.book.ask("select contact_ref, note from notifications where happening = 'handed_over'") == [
        (None, f"the officer in the case says that it is not theirs; {notes}")
    ]
    assert "Operations are told of this: nobody else is left to be told." in words(people.answer("P1"))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        row("nothing to act on", "Noted, thanks", "nothing in it is one of the things that can be written"),
        row("no day", "I have it", "it takes something on and does not say until when"),
        row("two things", "done\n\nnot mine", "it says more than one thing"),
        row("next", "until next Friday", "a weekday after the word next could be this week's"),
    ],
)
def test_what_is_not_understood_is_answered_with_what_can_be_written(people, text, why):
    assert people.replies("P1", text) is Answered.UNCLEAR
    said = " ".join(words(people.answer("P1")).split())
    assert f"Your mail was not understood: {why}" in said
    assert "not mine: it goes to the next addressee" in said
    assert people.book.promises() == []


def forged(subject: str) -> str:
    return subject.replace("[cb1.", "[cb1.AAAA")


NO_KEYS = [
    row("forged", forged), row("truncated", lambda subject: subject[:-20]), row("none", lambda _: "Re: Casebeat"),
]  # fmt: skip


@pytest.mark.parametrize("change", NO_KEYS)
def test_a_forged_sender_without_a_key_draws_no_answer(people, change):
    assert people.replies("P1", "until Thursday", change(people.subject("P1"))) is MailOutcome.KEYLESS
    assert people.book.ask("select count(*) from messages where kind = 'answer'") == [0]
    assert people.book.ask("select count(*) from replies") == [0]
    assert people.book.promises() == []


@pytest.mark.parametrize("change", NO_KEYS)
def test_who_answers_the_mail_itself_is_told_what_is_wrong_with_the_key(people, change):
    subject = change(people.subject("P1"))
    answered = {"In_Reply_To": str(people.mails("P1")[-1]["Message-ID"])}
    assert people.replies("P1", "until Thursday", subject, **answered) is Answered.REFUSED
    assert "use the link beside an item" in said(people) or "is not one that Casebeat wrote" in said(people)
    assert people.book.promises() == []


def said(people) -> str:
    return " ".join(words(people.answer("P1")).split())


def test_a_message_id_of_another_persons_mail_proves_nothing(people):
    answered = {"In_Reply_To": str(people.mails("S1")[-1]["Message-ID"])}
    assert people.replies("P1", "until Thursday", "Re: Casebeat", **answered) is MailOutcome.KEYLESS
    hashed = hashlib.sha256(b"letter:P1:email:2026-03-17").hexdigest()[:40]
    guessed = {"In_Reply_To": f"<{hashed}@{DOMAIN}>"}
    assert people.replies("P1", "until Thursday", "Re: Casebeat", **guessed) is MailOutcome.KEYLESS


def test_a_key_of_a_button_is_refused_in_one_sentence(people):
    key = tokens.sign("P1", 1, Purpose.BUTTON, day("Fri 1 May 2026"))
    assert people.replies("P1", "until Thursday", key) is Answered.REFUSED
    assert "for another use" in said(people)
    assert people.book.promises() == []


def test_a_key_is_good_for_its_days_and_expired_after_them(people):
    subject, good_for = people.subject("P1"), configured().policy.replies.good_for
    people.today = configured().calendar.plus(people.today, good_for)
    assert people.replies("P1", "status", subject) is Answered.STANDING
    people.today += timedelta(days=1)
    assert people.replies("P1", "status", subject) is Answered.REFUSED
    assert "has expired: answer a newer message" in " ".join(words(people.answer("P1")).split())


def test_who_holds_somebody_elses_forwarded_mail_is_refused(people):
    subject = people.subject("P1")
    assert people.replies("S1", "until Thursday", subject) is Answered.REFUSED
    assert "was written to somebody else, and only they can answer it" in " ".join(words(people.answer("S1")).split())
    assert people.book.promises() == []
    assert people.book.ask("select contact_ref, obligation_id from replies") == [("S1", None)]


def test_among_the_keys_of_a_forwarded_conversation_ones_own_counts(people):
    theirs, mine = people.subject("P1"), people.subject("S1")
    text = f"until Thursday\n\n> {mine}\n> {theirs}"
    assert people.replies("S1", text, "Re: Casebeat") is Answered.PROMISED
    assert people.book.promises()[0][0] == "S1"


def test_the_key_decides_who_it_is_where_two_share_an_address(people):
    subject = people.subject("P1")
    people.book.say("update contacts set email = 'desk@surrey.police.uk' where contact_ref in ('P1', 'C1')")
    raw = people.letter("desk", "until Thursday", subject)
    assert people.deal(raw) is Answered.PROMISED
    assert people.book.promises()[0][0] == "P1"


def test_an_answer_goes_to_the_address_that_is_recorded_not_to_the_one_that_wrote(people):
    people.replies("P1", "until Thursday", From='"p1@surrey.police.uk" <P1@SURREY.police.uk>')
    assert people.answer("P1")["To"].addresses[0].addr_spec == "p1@surrey.police.uk"


@pytest.mark.parametrize(
    "sender",
    ["eve@evil.test", "p9@surrey.police.uk", "p1@surrey.police.uk.evil.test", "p1@surrey.police.uk, eve@evil.test"],
)
def test_strangers_are_never_answered_whatever_key_they_hold(people, sender):
    assert people.replies("P1", "until Thursday", From=sender) is MailOutcome.STRANGER
    assert people.book.ask("select count(*) from replies") == [0]
    assert people.book.ask("select count(*) from messages where kind = 'answer'") == [0]


@pytest.mark.parametrize(
    "headers",
    [{"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"Return_Path": "<>"}, {"X_Autoreply": "yes"}],
)
def test_automatic_answers_do_nothing_and_are_not_answered(people, headers):
    assert people.replies("P1", "until Thursday", **headers) is MailOutcome.AUTOMATIC
    assert people.book.ask("select count(*) from replies") == [0]


def test_the_same_mail_again_is_a_replay_that_does_nothing(people):
    raw = people.letter("P1", "until Thursday", people.subject("P1"))
    assert people.deal(raw) is Answered.PROMISED
    assert people.deal(raw) is MailOutcome.AGAIN
    assert people.deal(b"Received: from elsewhere\r\n" + raw) is MailOutcome.AGAIN
    assert len(people.book.promises()) == 1
    assert people.book.ask("select count(*) from messages where kind = 'answer'") == [1]


def test_two_readers_at_once_do_it_once(people):
    raws = [people.letter("P1", "until Thursday", people.subject("P1")) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        became = list(pool.map(people.deal, raws * 4))
    assert became.count(MailOutcome.AGAIN) == 12
    assert people.book.ask("select count(*) from messages where kind = 'answer'") == [4]


def test_a_link_to_a_day_that_moved_is_answered_with_a_new_one(people):
    subject = people.subject("P1")
    people.book.say("update actions set due_on = '2026-03-20'")
    people.book.changed()
    assert people.replies("P1", "until Thursday", subject) is Answered.REFUSED
    answer = people.answer("P1")
    assert "Its day has moved since it was said: answer with a newer link." in words(answer)
    assert "do by Fri 20 Mar" in words(answer)
    assert people.book.promises() == []
    assert people.replies("P1", "until Thursday", people.subject("P1", mail=answer)) is Answered.PROMISED


def test_what_is_owed_no_more_is_answered_so(people):
    subject = people.subject("P1")
    people.book.say("update actions set status = 'done', closed_on = '2026-03-17'")
    people.book.changed()
    assert people.replies("P1", "until Thursday", subject) is Answered.REFUSED
    said = " ".join(words(people.answer("P1")).split())
    assert "It is owed no more, so that there is nothing to answer." in said
    assert "witness statement (A1): ended: the action was done (Tue 17 Mar)" in said


def test_one_person_gets_so_many_answers_a_day_and_always_hears_of_what_was_done(people):
    most = configured().policy.replies.most_per_person_per_day
    for _ in range(most + 3):
        people.replies("P1", "hello")
    assert people.book.ask("select count(*) from messages where kind = 'answer'") == [most]
    assert people.book.ask("select count(*) from replies where message_id is null") == [3]
    assert people.replies("P1", "until Thursday") is Answered.PROMISED
    assert words(people.answer("P1")).startswith("You have taken this on until Thu 19 Mar 2026.")
    for _ in range(3):
        assert people.replies("P1", "not mine") is Answered.PASSED_ON
    assert people.book.ask("select count(*) from messages where kind = 'answer'") == [most + 2], "the first time"


def test_explain_tells_of_each_reply_and_of_its_answer(people):
    people.replies("P1", "until Thursday")
    people.answer("P1")
    people.replies("P1", "MARKER-WORDS")
    told = people.book.explain("Tue 17 Mar 2026").out
    assert "REPLIED BY MAIL (2)" in told
    assert "* Tue 17 Mar 2026: P1, about action (action:A1): taken on (Thu 19 Mar 2026); the answer: " in told
    assert "* Tue 17 Mar 2026: P1, about action (action:A1): not understood; the answer: " in told
    assert "MARKER" not in told


def test_a_held_outbox_holds_answers_too(people):
    handling.hold("ops", people.at)
    people.replies("P1", "until Thursday")
    deliver(configured(), people.at)
    assert people.book.ask("select state from messages where kind = 'answer'") == ["queued"]
    handling.release("ops")
    assert people.answer("P1")["Subject"]


@pytest.mark.parametrize("by_link", [False, True])
def test_of_a_case_that_became_restricted_the_answer_says_only_whom_to_ask(people, by_link):
    subject = people.subject("P1")
    assert people.replies("P1", "until Thursday", subject) is Answered.PROMISED
    people.book.restrict(by_link=by_link)
    mail = people.answer("P1")
    assert "45/1234" not in mail.as_string()
    assert "1 restricted case: ask a SPOC of your force who may read it" in words(mail)
    assert people.replies("P1", "status", subject) is Answered.STANDING
    assert "45/1234" not in people.answer("P1").as_string()


def test_of_a_case_that_became_restricted_no_refusal_says_a_day_of_its_records(people):
    subject = people.subject("P1")
    assert people.replies("P1", "done on 1 February 2026", subject) is Answered.REFUSED
    people.book.say("update cases set restricted = true")
    said = words(people.answer("P1"))
    assert "Only those with access to it may read why. Nothing was done." in said
    assert "1 restricted case: ask a SPOC of your force who may read it" in said
    assert "2 Mar" not in said
    people.book.say("update cases set restricted = false")
    people.replies("P1", "done on 1 February 2026", subject)
    assert "is before the action was raised, Mon 2 Mar 2026" in words(people.answer("P1"))


def test_a_case_that_became_restricted_is_not_known_to_who_has_no_access(people):
    subject = people.subject("P1")
    assert people.replies("P1", "done on 16 March 2026", subject) is Answered.COMPLETED
    people.book.say("update cases set restricted = true")
    again = people.incoming(people.letter("P1", "done", subject))  # read before the next projection
    assert apply_reply(configured(), again, people.today, people.at) is Answered.REFUSED
    said = words(people.answer("P1"))
    assert said.startswith("What it answers is not known here. Nothing was done.")
    assert "16 Mar" not in said


@pytest.mark.parametrize("text", ["until Thursday", "done", "not mine", "whenever"])
def test_whoever_is_barred_from_the_case_since_learns_nothing_of_it_by_a_reply(people, text):
    subject = people.subject("P1")
    people.book.say("update cases set barred_refs = '{P1}'")
    assert people.replies("P1", text, subject) is Answered.REFUSED
    mail = people.answer("P1")
    assert "What it answers is not known here. Nothing was done." in words(mail)
    assert "45/1234" not in mail.as_string()
    assert people.book.promises() == []
    assert people.replies("P1", "status", subject) is Answered.STANDING
    said = people.answer("P1")
    assert "45/1234" not in said.as_string()
    assert "Nothing is stalled or overdue" in words(said)


def test_what_concerns_somebody_no_more_is_not_in_the_list_that_they_ask_for(people):
    subject = people.subject("P1")
    assert people.replies("P1", "status", subject) is Answered.STANDING
    assert "45/1234" in people.answer("P1").as_string()
    people.book.say("update cases set oic_ref = 'P2'")
    assert people.replies("P1", "status", subject) is Answered.STANDING
    said = people.answer("P1")
    assert "45/1234" not in said.as_string()
    assert "Nothing is stalled or overdue" in words(said)


@pytest.mark.parametrize("text", ["until Thursday", "done", "not mine", "show", "undo", "whenever"])
def test_an_old_link_says_the_same_to_who_is_barred_and_to_who_no_longer_has_the_case(people, text):
    subject, said = people.subject("P1"), []
    for happened in ("oic_ref = 'P2'", "barred_refs = '{P1}'"):
        people.book.say(f"update cases set {happened}")
        assert people.replies("P1", text, subject) is Answered.REFUSED
        said.append(words(people.answer("P1")))
    assert said[0] == said[1]
    assert said[0].startswith("What it answers is not known here. Nothing was done.")
    assert "1234" not in said[0]
    assert people.book.promises() == []


def test_not_mine_of_a_case_that_bars_somebody_names_it_to_nobody_in_operations(people):
    subject = people.subject("P1")
    people.book.say("update cases set barred_refs = '{S1}'")
    assert people.replies("P1", "not mine", subject) is Answered.PASSED_ON
    (told,) = people.book.ask("select text from messages where key like 'not mine:%'")
    assert "\n\nP1 says that action of a case from which somebody is barred is not theirs" in told
    assert "SP1" in told
    assert "1234" not in told


def test_an_answer_that_waits_says_nothing_to_whoever_was_barred_meanwhile(people):
    subject = people.subject("P1")
    assert people.replies("P1", "until Thursday", subject) is Answered.PROMISED
    people.book.say("update cases set barred_refs = '{P1}'")
    deliver(configured(), people.at)
    assert people.book.ask("select state, reason from messages where kind = 'answer'") == [("silent", BARRED)]


def test_no_words_of_a_reply_are_kept_anywhere(people):
    people.replies("P1", "until Thursday. MARKER-WORDS of hers", X_Other="MARKER-WORDS")
    people.replies("P1", "MARKER-WORDS")
    people.answer("P1")
    for table in ("replies", "audit", "messages", "promises", "notifications"):
        assert people.book.ask(f"select count(*) from {table} t where t::text like '%MARKER%'") == [0], table


def report(ref: str) -> bytes:
    """The body of a mail server's report that a mail could not be delivered."""
    return f"""--b
Content-Type: message/delivery-status

Action: failed
Status: 5.1.1

--b
Content-Type: message/rfc822

Message-ID: <{ref}@{DOMAIN}>

x
--b--
""".encode()


def comes_back(people, ref: str) -> MailOutcome:
    bounce = bounce_in(report(ref), OWN)
    assert bounce
    return apply_bounce(configured(), bounce, people.today, people.at)


def of_mail(people, ref: str) -> tuple[str, str]:
    """The key of a person's last mail, and the left side of its Message-ID."""
    (key,) = people.book.ask(f"select key from messages where contact_ref = '{ref}' order by id desc limit 1")
    return key, str(people.mails(ref)[-1]["Message-ID"]).partition("@")[0][1:]


def test_a_hard_bounce_of_ours_is_told_to_operations_once(people):
    key, ref = of_mail(people, "P1")
    assert comes_back(people, ref) is MailOutcome.BOUNCED
    assert comes_back(people, ref) is MailOutcome.BOUNCED
    told = people.book.ask("select text from messages where key like 'bounced:%'")
    assert len(told) == 1
    assert "could not be delivered (5.1.1)" in told[0]
    assert key in told[0]
    _, later = of_mail(people, "S1")
    people.today += timedelta(days=15)
    assert comes_back(people, later) is MailOutcome.BOUNCED
    assert people.book.ask("select count(*) from messages where key like 'bounced:%'") == [1], "of weeks ago is none"


def test_a_bounce_that_names_what_can_be_guessed_is_not_believed(people):
    key, ref = of_mail(people, "P1")
    (number,) = people.book.ask(f"select id from messages where key = '{key}'")
    for guess in (
        hashlib.sha256(key.encode()).hexdigest()[:40], hashlib.sha256(str(number).encode()).hexdigest()[:40],
        "0" * 40, "0" * len(ref), ref[:-2] + ("00" if ref[-2:] != "00" else "01"), f"{number:048x}",
    ):  # fmt: skip
        assert comes_back(people, guess) is MailOutcome.UNPROVEN
    assert people.book.ask("select count(*) from messages where key like 'bounced:%'") == [0]


def test_of_a_mail_that_left_before_message_ids_were_keyed_a_bounce_is_only_counted(people):
    """Rows record no Message-ID, and what can be guessed proves nothing, so that nobody hears of this bounce alone."""
    people.book.say("update messages set state = 'retry', reason = 'may be a repeat' where contact_ref = 'P1'")
    (key,) = people.book.ask("select key from messages where contact_ref = 'P1'")
    assert comes_back(people, hashlib.sha256(key.encode()).hexdigest()[:40]) is MailOutcome.UNPROVEN
    deliver(configured(), people.at)
    assert comes_back(people, of_mail(people, "P1")[1]) is MailOutcome.BOUNCED, "what leaves from now on is believed"


def test_a_mail_whose_message_id_was_used_before_by_another_is_answered(people):
    assert people.replies("S1", "status", people.subject("S1")) is Answered.STANDING
    used = people.message_id
    raw = people.letter("P1", "until Thursday", people.subject("P1"), **{"Message-ID": used})
    people.message_id = used
    assert people.deal(raw) is Answered.PROMISED
    assert people.deal(raw) is MailOutcome.AGAIN
    assert people.answer("P1")["In-Reply-To"] == used
    assert people.replies("P1", "done", **{"Message-ID": used}) is Answered.COMPLETED, "another text of the same person"


def test_a_mail_that_the_version_before_has_read_is_not_done_again(people):
    """That version knew a mail by its Message-ID alone; a reader that died may have left it in the inbox."""
    raw = people.letter("P1", "until Thursday", people.subject("P1"))
    before = hashlib.sha256(f"id:{people.message_id}".encode()).hexdigest()
    people.book.say(
        f"""insert into replies (identity, day, read_at, contact_ref, answered)
            values ('{before}', '{people.today}', '{people.at}', 'P1', 'promised')"""
    )
    assert people.deal(raw, people.today) is MailOutcome.AGAIN
    people.today += timedelta(days=1)
    assert people.deal(raw, people.today) is Answered.PROMISED, "it came later, so that it is another"


def rotate(monkeypatch, people, until: str) -> None:
    """Replace the data directory's secret, as operations would."""
    kept = people.home / tokens.FILE
    kept.rename(kept.with_name(tokens.FILE_BEFORE))
    monkeypatch.setenv("CASEBEAT_SIGNING_SECRET_BEFORE_UNTIL", until)
    secret_file.kept.cache_clear()
    secret_file.held.cache_clear()


def test_mails_on_their_way_outlive_the_secret_that_signed_them_until_its_day(people, monkeypatch):
    subject, (_, ref), plain = people.subject("P1"), of_mail(people, "P1"), str(people.mails("P1")[-1]["Message-ID"])
    key = subject.split("[")[1].rstrip("]")
    rotate(monkeypatch, people, "2026-03-17")
    assert people.replies("P1", "until Thursday", subject) is Answered.PROMISED
    assert people.replies("P1", "status", "Re: Casebeat", In_Reply_To=plain) is Answered.REFUSED
    assert comes_back(people, ref) is MailOutcome.BOUNCED
    assert tokens.read(key, Purpose.REPLY, people.today).person_ref == "P1"
    people.today += timedelta(days=1)
    assert people.replies("P1", "until Friday", subject) is Answered.REFUSED
    assert "Its key has expired: answer a newer message." in said(people)
    assert people.replies("P1", "status", "Re: Casebeat", In_Reply_To=plain) is MailOutcome.KEYLESS
    assert comes_back(people, of_mail(people, "S1")[1]) is MailOutcome.UNPROVEN
    people.on("Thu 19 Mar 2026")
    assert people.subject("P1") != subject
    assert people.replies("P1", "until Friday") is Answered.PROMISED, "the new one signs"
