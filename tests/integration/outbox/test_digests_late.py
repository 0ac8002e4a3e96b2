"""A digest that could not leave on its day never leaves on a day off, at night, or beside the next one."""

from email import message_from_bytes, policy

import pytest

from config.days.london import at_london
from flows.configured import configured
from flows.round_steps import whole_round
from tasks.outbox import handling
from tasks.outbox.delivery import deliver
from tests.support.post import RawServer
from tests.support.verdicts import faults
from tests.worlds.days import day
from tests.worlds.one_case import OneCase

FRIDAY, MONDAY, TUESDAY = "Fri 20 Mar 2026", "Mon 23 Mar 2026", "Tue 24 Mar 2026"


@pytest.fixture
def smtp(monkeypatch):
    with RawServer() as running:
        monkeypatch.setenv("CASEBEAT_MAIL__HOST", "127.0.0.1")
        monkeypatch.setenv("CASEBEAT_MAIL__PORT", str(running.port))
        monkeypatch.setenv("CASEBEAT_MAIL__OPERATIONS", "ops@surrey.police.uk")
        yield running


@pytest.fixture
def book(database, run_cli, smtp):
    made = OneCase(database, run_cli)
    for ref in ("P1", "S1", "SP1"):
        made.say(
            "update contacts set email = lower(contact_ref) || '@surrey.police.uk' where contact_ref = :ref", ref=ref
        )
    return made


def whole(on, hour=8):
    return whole_round(configured(), day(on), at_london(day(on)).replace(hour=hour))


def digests_to(smtp, ref):
    found = [message_from_bytes(each, policy=policy.default) for each in smtp.accepted]
    letters = [mail for mail in found if mail["List-Id"].startswith("Casebeat letters ")]
    theirs = [mail for mail in letters if mail["To"].addresses[0].username == ref.lower()]
    return [(f"{mail['Date'].datetime:%a %-d}", mail.get_body(("plain",)).get_content()) for mail in theirs]


def away(smtp, *, now):
    smtp.at, smtp.what = ("banner", "drop") if now else ("", "")


def test_what_waited_over_the_weekend_is_said_in_mondays_digest_alone(book, smtp):
    away(smtp, now=True)
    assert faults(whole(FRIDAY))
    away(smtp, now=False)
    for on in ("Sat 21 Mar 2026", "Sun 22 Mar 2026"):
        whole(on)
    assert digests_to(smtp, "S1") == []
    whole(MONDAY, hour=6)
    deliver(configured(), at_london(day(MONDAY)).replace(hour=7, minute=59))
    assert digests_to(smtp, "S1") == []
    deliver(configured(), at_london(day(MONDAY)))
    ((when, said),) = digests_to(smtp, "S1")
    assert when == "Mon 23"
    assert "45/1234" in said
    assert book.ask("select distinct reason from messages where kind = 'letter' and state = 'silent'") == [
        "joined the digest of Mon 23 Mar 2026"
    ]
    assert book.ask("select distinct state from notifications where contact_ref = 'S1'") == ["sent"]


def test_a_digest_that_may_have_arrived_joins_no_other_and_is_said_once_more_as_it_was(book, smtp):
    smtp.at, smtp.what = "after", "drop"
    whole(FRIDAY)
    lost = {message_from_bytes(each)["Message-ID"] for each in smtp.accepted}
    smtp.at, smtp.what = "RCPT", "451 4.3.0 later"
    deliver(configured(), at_london(day(FRIDAY)).replace(hour=12))
    assert book.ask("select distinct state from messages where kind = 'letter'") == ["retry"]
    smtp.at = ""
    whole(MONDAY)
    again = [message_from_bytes(each) for each in smtp.accepted[len(lost) :]]
    marked = {each["Message-ID"] for each in again if each["Subject"].startswith("[May be a repeat] ")}
    assert marked == lost


def test_a_standing_that_could_not_leave_is_the_next_days(book, smtp):
    whole("Thu 19 Mar 2026")
    away(smtp, now=True)
    whole(MONDAY)
    away(smtp, now=False)
    whole(TUESDAY)
    ((_, said),) = [each for each in digests_to(smtp, "SP1") if each[0] == "Tue 24"]
    assert "HOW THINGS STAND" in said
    sent = book.ask("select day from messages where standing and state = 'sent' and contact_ref = 'SP1' order by day")
    assert sent == [day("Thu 19 Mar 2026"), day(TUESDAY)]


def test_an_earlier_digest_that_left_before_the_days_round_is_the_only_one_of_that_day(book, smtp):
    away(smtp, now=True)
    whole("Thu 19 Mar 2026")
    away(smtp, now=False)
    deliver(configured(), at_london(day(FRIDAY)))
    sent = [when for when, _ in digests_to(smtp, "S1")]
    assert sent == ["Fri 20"]
    book.say(
        """insert into notifications (obligation_id, happening, step, step_name, occasion, day, duty, manner, addressee,
                                      contact_ref, channel)
           select obligation_id, happening, step, step_name, 'again', '2026-03-20', duty, manner, addressee,
                  contact_ref, channel from notifications where contact_ref = 'S1' limit 1"""
    )
    whole(FRIDAY, hour=9)
    assert [when for when, _ in digests_to(smtp, "S1")] == ["Fri 20"]
    whole(MONDAY)
    assert [when for when, _ in digests_to(smtp, "S1")] == ["Fri 20", "Mon 23"]


def test_what_a_hold_kept_back_for_days_joins_the_digest_of_the_day_after_its_release(book, smtp):
    handling.hold("root", at_london(day("Thu 19 Mar 2026")))
    for on in ("Thu 19 Mar 2026", FRIDAY):
        whole(on)
    handling.release("root")
    whole(MONDAY)
    assert [when for when, _ in digests_to(smtp, "S1")] == ["Mon 23"]
