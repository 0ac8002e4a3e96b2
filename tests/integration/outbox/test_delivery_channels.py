"""Both channels at once: neither stops the other, each sends each message once, and operations hear of faults."""

import email
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import policy
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text

from config.message_kinds import MessageKind
from config.routes import Channel
from config.terms import State
from flows.command_line.main import run
from flows.configured import configured
from models.queries.outbox import outbox, workers
from models.queries.outbox.outbox import ClaimTerms, Fence
from tasks.carriers.mail.smtp import Smtp
from tasks.carriers.slack import api
from tasks.outbox import sending
from tasks.outbox.delivery import deliver
from tasks.platform.configuration import Configuration
from tests.support.post import RawServer
from tests.support.slack_stand_in import Fault, SlackStandIn
from tests.worlds.rows import AT_NINE, World
from tests.worlds.slack import put_slack, words

BOTH = (Channel.EMAIL, Channel.SLACK)
OPERATIONS = "C0OPERATIONS"
SOON, LATER = AT_NINE + timedelta(minutes=10), AT_NINE + timedelta(hours=2)


@pytest.fixture
def both(database: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """A mail server and Slack, and the settings that name both."""
    monkeypatch.setattr(api, "PACE_SECONDS", 0)
    with RawServer() as server, SlackStandIn() as stand_in:
        stand_in.channel(OPERATIONS)
        put_slack(monkeypatch, stand_in, OPERATIONS=OPERATIONS)
        for name, value in {
            "HOST": "127.0.0.1",
            "PORT": str(server.port),
            "OPERATIONS": "ops@surrey.police.uk",
        }.items():
            monkeypatch.setenv(f"CASEBEAT_MAIL__{name}", value)
        yield SimpleNamespace(database=database, mail=server, slack=stand_in)


def said_to(both: SimpleNamespace, *refs: str, **given: Any) -> None:
    """Give each of these people one obligation, to be notified by e-mail and by Slack."""
    with both.database.begin() as connection:
        world = World(connection)
        for ref in refs:
            both.slack.user(f"U0{ref}")
            world.contact(ref, slack_user_id=f"U0{ref}")
            obligation = world.critical(world.case(f"CASE-{ref}"))
            for channel in BOTH:
                message = world.message(ref, channel=channel, **given)
                world.notification(obligation, message, ref, channel=channel)


def ask(both: SimpleNamespace, statement: str) -> list[tuple[Any, ...]]:
    with both.database.begin() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def do(both: SimpleNamespace, statement: str) -> None:
    with both.database.begin() as connection:
        connection.execute(text(statement))


def letters(both: SimpleNamespace) -> list[email.message.EmailMessage]:
    return [email.message_from_bytes(each, policy=policy.default) for each in both.mail.accepted]


def states(both: SimpleNamespace, kind: MessageKind = MessageKind.LETTER) -> list[tuple[Any, ...]]:
    return ask(both, f"select channel, state from messages where kind = '{kind}' order by channel, id")


def test_the_same_is_said_once_on_each_channel(both: SimpleNamespace) -> None:
    said_to(both, "P45of1")
    assert deliver(configured(), AT_NINE).counts == {State.SENT: 2}
    assert deliver(configured(), AT_NINE).counts == {}
    (post,) = both.slack.direct("U0P45of1")
    (letter,) = letters(both)
    assert "45/CASE-P45of1" in words(post)
    assert "45/CASE-P45of1" in letter.get_body(("plain",)).get_content()
    assert ask(both, "select channel, state from notifications order by channel") == [
        ("email", "sent"), ("slack", "sent"),
    ]  # fmt: skip


def test_a_conversation_with_a_person_is_opened_once_and_kept(both: SimpleNamespace) -> None:
    said_to(both, "P45of1")
    deliver(configured(), AT_NINE)
    with both.database.begin() as connection:
        world = World(connection)
        message = world.message("P45of1", channel=Channel.SLACK)
        world.notification(world.critical(world.case("CASE-NEXT")), message, "P45of1", channel=Channel.SLACK)
    assert deliver(configured(), SOON).counts == {State.SENT: 1}
    assert len(both.slack.direct("U0P45of1")) == 2
    assert len(both.slack.asked("conversations.open")) == 1


def test_a_person_who_is_not_in_slack_any_more_is_told_by_mail_alone(both: SimpleNamespace) -> None:
    said_to(both, "P45of1")
    do(both, "update contacts set slack_user_id = null")
    assert deliver(configured(), AT_NINE).counts == {State.SENT: 1, State.SILENT: 1}
    assert ask(both, "select reason from messages where channel = 'slack'") == [("not in Slack",)]


def test_what_was_for_slack_falls_silent_where_slack_was_switched_off(
    both: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    said_to(both, "P45of1")
    for name in ("TOKEN", "APP_TOKEN", "CHANNELS", "OPERATIONS"):
        monkeypatch.delenv(f"CASEBEAT_SLACK__{name}")
    assert deliver(configured(), AT_NINE).counts == {State.SENT: 1, State.SILENT: 1}
    assert ask(both, "select reason from messages where channel = 'slack'") == [("slack is not set up",)]


def test_slack_that_refuses_casebeat_rests_while_mail_goes_on_and_operations_hear_once(
    both: SimpleNamespace,
) -> None:
    said_to(both, "P45of1", "P45of2")
    both.slack.token = "xoxb-another"
    delivered = deliver(configured(), AT_NINE)
    assert delivered.counts == {State.SENT: 3}  # two people, and operations by mail
    assert "slack: Slack refuses Casebeat: invalid_auth" in delivered.sentence
    assert delivered.degraded
    told = [letter["Subject"] for letter in letters(both) if letter["To"].addresses[0].username == "ops"]
    assert told == ["Casebeat: Slack cannot be used"]
    calls = len(both.slack.calls)
    assert "it is tried again from" in deliver(configured(), AT_NINE + timedelta(seconds=59)).sentence
    assert len(both.slack.calls) == calls  # it rests
    for minutes in (2, 5, 30, 60):
        assert deliver(configured(), AT_NINE + timedelta(minutes=minutes)).counts == {}
    assert len([1 for letter in letters(both) if letter["To"].addresses[0].username == "ops"]) == 1
    assert ask(both, "select attempts, state from messages where channel = 'slack'") == [(0, "queued")] * 2
    both.slack.token = "xoxb-stand-in"
    assert deliver(configured(), LATER).counts == {State.SENT: 2}
    assert ask(both, "select 1 from switches where name like 'paused%'") == []


def test_a_mail_server_that_is_away_stops_no_post_and_operations_are_told_by_slack(both: SimpleNamespace) -> None:
    said_to(both, "P45of1")
    both.mail.at, both.mail.what = "banner", "drop"
    assert deliver(configured(), AT_NINE).counts == {State.SENT: 2}
    (told,) = both.slack.posts(OPERATIONS)
    assert "The mail server cannot be used" in told["text"]
    both.mail.at = ""
    assert deliver(configured(), LATER).counts == {State.SENT: 1}
    assert len(both.slack.posts(OPERATIONS)) == 1


def test_with_both_down_the_run_reports_it_and_both_recover(both: SimpleNamespace) -> None:
    said_to(both, "P45of1")
    both.mail.at, both.mail.what, both.slack.token = "banner", "drop", "xoxb-another"
    delivered = deliver(configured(), AT_NINE)
    assert (delivered.counts, set(delivered.down), delivered.degraded) == ({}, set(BOTH), True)
    both.mail.at, both.slack.token = "", "xoxb-stand-in"
    assert deliver(configured(), LATER).counts == {State.SENT: 4}


def test_the_outbox_shows_which_carrier_rests_and_release_has_it_tried_at_once(
    both: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    said_to(both, "P45of1")
    both.slack.token = "xoxb-another"
    deliver(configured(), AT_NINE)
    assert run(("outbox",)) == 0
    shown = capsys.readouterr().out
    assert "Slack cannot be used since Tue 17 Mar 2026 at 09:00 GMT (Slack refuses Casebeat: invalid_auth" in shown
    both.slack.token = "xoxb-stand-in"
    assert deliver(configured(), AT_NINE + timedelta(seconds=30)).counts == {}
    assert run(("outbox", "--release")) == 0
    assert deliver(configured(), AT_NINE + timedelta(seconds=30)).counts == {State.SENT: 1}


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_post_nobody_answered_for_is_looked_for_and_posted_once(both: SimpleNamespace, when: str) -> None:
    said_to(both, "P45of1")
    both.slack.plan.append(Fault("fin", when, "chat.postMessage"))
    assert deliver(configured(), AT_NINE).counts == {State.SENT: 1, State.UNKNOWN: 1}
    assert deliver(configured(), SOON).counts == {}  # it may not show yet
    do(both, "update messages set lease_until = now() - interval '1 second' where state = 'unknown'")
    assert deliver(configured(), SOON).counts == {State.SENT: 1}
    assert len(both.slack.direct("U0P45of1")) == 1
    assert states(both) == [("email", "sent"), ("slack", "sent")]


def test_a_post_that_cannot_be_looked_for_stays_unknown_and_operations_are_told_after_an_hour(
    both: SimpleNamespace,
) -> None:
    said_to(both, "P45of1")
    both.slack.plan.append(Fault("rst", "after", "chat.postMessage"))
    deliver(configured(), AT_NINE)
    for minutes in (5, 61, 70):
        both.slack.plan.append(Fault("http500", "before", "conversations.history"))
        do(both, "update messages set lease_until = now() - interval '1 second' where state = 'unknown'")
        deliver(configured(), AT_NINE + timedelta(minutes=minutes))
    assert ask(both, "select state, told from messages where channel = 'slack' and kind = 'letter'") == [
        ("unknown", True)
    ]
    told = [letter["Subject"] for letter in letters(both) if letter["To"].addresses[0].username == "ops"]
    assert told == ["Casebeat: 1 message may or may not have been delivered"]
    do(both, "update messages set lease_until = now() - interval '1 second' where state = 'unknown'")
    assert deliver(configured(), LATER).counts == {State.SENT: 1}
    assert len(both.slack.direct("U0P45of1")) == 1


def test_a_post_refused_for_good_is_dead_and_the_mail_says_the_same(both: SimpleNamespace) -> None:
    said_to(both, "P45of1")
    both.slack.users["U0P45of1"] = False
    delivered = deliver(configured(), AT_NINE)
    assert delivered.counts == {State.SENT: 1, State.DEAD: 1}
    deliver(configured(), AT_NINE)
    told = letters(both)[-1].get_body(("plain",)).get_content()
    assert "user_disabled" in told
    assert "All of it is said on another channel." in told


def test_a_letter_and_a_post_both_refused_are_told_to_operations_with_what_they_were_about(
    both: SimpleNamespace,
) -> None:
    said_to(both, "P45of1")
    do(both, "update contacts set email = 'p45of1@evilpolice.uk'")
    both.slack.users["U0P45of1"] = False
    assert deliver(configured(), AT_NINE).counts == {State.DEAD: 2}
    assert deliver(configured(), AT_NINE).counts == {State.SENT: 2}
    told = letters(both)[-1].get_body(("plain",)).get_content()
    assert told.startswith("2 messages could not be delivered")
    assert told.count("It was about 45/CASE-P45of1 joint-review critical.") == 2
    assert deliver(configured(), LATER).counts == {}


def test_operations_are_told_also_where_the_worker_died_before_it_could_tell(
    both: SimpleNamespace,
) -> None:
    said_to(both, "P45of1")
    do(both, "update messages set state = 'dead', reason = '550 at RCPT' where channel = 'email'")
    deliver(configured(), AT_NINE)
    deliver(configured(), AT_NINE)
    assert "550 at RCPT" in letters(both)[0].get_body(("plain",)).get_content()


@pytest.mark.parametrize(("given", "least"), [("300", 300), ("99999", 900)])
def test_slacks_wish_to_wait_is_granted_for_a_quarter_of_an_hour_at_most(
    both: SimpleNamespace, given: str, least: int
) -> None:
    said_to(both, "P45of1")
    both.slack.plan.append(Fault("429", "before", "chat.postMessage", wait=given))
    assert deliver(configured(), AT_NINE).counts == {State.SENT: 1, State.RETRY: 1}
    ((waits,),) = ask(both, "select due_at - '2026-03-17 09:00+00' from messages where state = 'retry'")
    assert waits == timedelta(seconds=least)
    assert deliver(configured(), AT_NINE + timedelta(seconds=least)).counts == {State.SENT: 1}


def test_the_world_is_read_again_before_each_message_of_a_slow_batch(
    both: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    said_to(both, "P45of1", "P45of2", "P45of3")
    sent = Smtp.send

    def slowly(carrier: Smtp, to: str, body: bytes, key: str) -> Any:
        if to.startswith("p45of1"):
            do(both, """insert into promises (obligation_id, by_ref, made_at, made_on, until_on, reason)
                        select obligation_id, 'P45of2', now(), '2026-03-17', '2026-03-19', 'x' from notifications
                        where contact_ref = 'P45of2' and channel = 'email'""")  # fmt: skip
        return sent(carrier, to, body, key)

    monkeypatch.setattr(Smtp, "send", slowly)
    assert deliver(configured(), AT_NINE).counts == {State.SENT: 4, State.SILENT: 2}
    assert [letter["To"].addresses[0].username for letter in letters(both)] == ["p45of1", "p45of3"]
    assert ask(both, "select distinct reason from messages where contact_ref = 'P45of2'") == [
        ("acknowledged until Thu 19 Mar 2026",)
    ]


@pytest.mark.parametrize("by_link", [False, True])
def test_a_case_that_becomes_restricted_while_a_batch_leaves_is_named_no_more(
    both: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, by_link: bool
) -> None:
    said_to(both, "P45of1", "P45of2")
    marked = "CASE-P45of2"
    if by_link:
        marked = "CASE-LINKED"
        with both.database.begin() as connection:
            World(connection).case(marked, urn="45ZZ0000126")
        do(both, """update cases set urn_key_id = (select id from case_keys where urn_root = '45ZZ0000126')
                    where case_ref = 'CASE-P45of2'""")  # fmt: skip
    sent = Smtp.send

    def slowly(carrier: Smtp, to: str, body: bytes, key: str) -> Any:
        do(both, f"update cases set restricted = true where case_ref = '{marked}'")
        return sent(carrier, to, body, key)

    monkeypatch.setattr(Smtp, "send", slowly)
    deliver(configured(), AT_NINE)
    first, second = (letter.get_body(("plain",)).get_content() for letter in letters(both)[:2])
    assert "CASE-P45of1" in first
    assert "restricted" in second
    assert "CASE-P45of2" not in second


def test_a_case_of_a_standing_that_an_extract_hides_while_a_batch_leaves_is_named_no_more(
    both: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    said_to(both, "P45of1")
    with both.database.begin() as connection:
        world = World(connection)
        world.contact("P45sp1", roles=("spoc",))
        world.critical(world.case("CASE-STALLED"))
        obligation = world.critical(world.case("CASE-TOLD"))
        world.notification(obligation, world.message("P45sp1", standing=True), "P45sp1")
    sent = Smtp.send

    def slowly(carrier: Smtp, to: str, body: bytes, key: str) -> Any:
        do(both, "update cases set restricted = true where case_ref = 'CASE-STALLED'")
        do(both, """insert into extracts (extract_id, content, state, judged_at, counts)
                    values ('niche-45-2', '', 'loaded', now(), '{}') on conflict do nothing""")  # fmt: skip
        return sent(carrier, to, body, key)

    monkeypatch.setattr(Smtp, "send", slowly)
    deliver(configured(), AT_NINE)
    (standing,) = (each for each in letters(both) if each["To"].addresses[0].username == "p45sp1")
    read = standing.get_body(("plain",)).get_content()
    assert "CASE-TOLD" in read
    assert "CASE-STALLED" not in read
    assert "1 restricted case" in read


def test_the_caps_count_both_channels_and_mail_comes_first(both: SimpleNamespace) -> None:
    said_to(both, "P45of1")
    with both.database.begin() as connection:
        world = World(connection)
        for number in range(14):
            hard = number == 13
            obligation = world.critical(world.case(f"SAMPLE-{number:02}"), hard=hard)
            for channel in BOTH:
                message = world.message("P45of1", kind=MessageKind.AT_ONCE, channel=channel, hard=hard)
                world.notification(obligation, message, "P45of1", channel=channel)
    delivered = deliver(configured(), AT_NINE, batch=5)
    assert delivered.counts == {State.SENT: 22}  # 20, and a hard clock on each channel
    assert delivered.capped == 8
    assert len(letters(both)) == 15
    deliver(configured(), AT_NINE)
    assert "8 messages kept back by the caps on delivery" in letters(both)[-1]["Subject"]
    assert deliver(configured(), datetime(2026, 3, 18, 8, tzinfo=UTC)).counts[State.SENT] == 8


def test_a_worker_that_died_while_it_posted_leaves_one_post(both: SimpleNamespace) -> None:
    said_to(both, "P45of1")
    assert deliver(configured(), AT_NINE).counts == {State.SENT: 2}
    do(both, """update messages set state = 'sending', body = '{}', remote_ref = split_part(remote_ref, ':', 1),
                lease_until = now() + interval '5 minutes' where channel = 'slack'""")  # fmt: skip
    assert deliver(configured(), SOON).counts == {}
    assert ("slack", "unknown") in states(both)
    do(both, "update messages set lease_until = now() - interval '1 second' where state = 'unknown'")
    assert deliver(configured(), SOON).counts == {State.SENT: 1}
    assert len(both.slack.direct("U0P45of1")) == 1


def test_four_workers_share_both_channels_and_say_each_thing_once_on_each(both: SimpleNamespace) -> None:
    people = [f"P45of{number}" for number in range(20)]
    said_to(both, *people)
    both.slack.plan += [Fault("fin", when, "chat.postMessage") for when in ("before", "after")]
    made: list[sending.DeliveryCounts] = []
    threads = [threading.Thread(target=lambda: made.append(deliver(configured(), AT_NINE, batch=3))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    do(both, "update messages set lease_until = now() - interval '1 second' where state = 'unknown'")
    made.append(deliver(configured(), SOON))
    assert sum(one.counts[State.SENT] for one in made if one.counts) == 2 * len(people)
    assert sorted(letter["To"].addresses[0].username for letter in letters(both)) == sorted(map(str.lower, people))
    assert {ref: len(both.slack.direct(f"U0{ref}")) for ref in people} == dict.fromkeys(people, 1)


def test_a_worker_that_hangs_while_it_posts_comes_too_late_and_nothing_is_posted_twice(both: SimpleNamespace) -> None:
    said_to(both, "P45of1")
    token, wanted = uuid4(), ClaimTerms(Channel.SLACK, AT_NINE)
    with both.database.connect().execution_options(isolation_level="AUTOCOMMIT") as hanging:
        workers.register(hanging, token)
        with both.database.begin() as connection:
            (held,) = outbox.claim(connection, token, wanted, 1)
            stood = outbox.fingerprints(connection, [held.id])[held.id]
            assert outbox.fence(connection, token, Fence(held.id, b"{}", AT_NINE, stood, "D0P45of1")).won
        assert deliver(configured(), AT_NINE).counts == {State.SENT: 1}  # the letter; another worker has the post
        do(both, "update messages set lease_until = now() - interval '1 second' where state = 'sending'")
        both.slack.answer("conversations.open", {"users": "U0P45of1"}, both.slack.token)
        deliver(configured(), AT_NINE)
        do(both, "update messages set lease_until = now() - interval '1 second' where state = 'unknown'")
        assert deliver(configured(), SOON).counts == {State.SENT: 1}  # it was certainly not posted
        with both.database.begin() as connection:
            assert not outbox.fence(connection, token, Fence(held.id, b"{}", AT_NINE, stood)).won
            assert outbox.settle(connection, [held.id], State.UNKNOWN, reason="", as_of=AT_NINE, token=token) == 0
        workers.unregister(hanging, token)
    assert len(both.slack.direct("U0P45of1")) == 1


def test_a_fault_of_ours_on_one_channel_does_not_stop_the_other(
    both: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    said_to(both, "P45of1")

    def broken(*_: object) -> None:
        raise ValueError("a slip in the carrier")

    with monkeypatch.context() as slipped:
        slipped.setattr(Smtp, "send", broken)
        with pytest.raises(ValueError, match="a slip"):
            deliver(configured(), AT_NINE)
    assert len(both.slack.direct("U0P45of1")) == 1
    assert deliver(configured(), SOON).counts == {State.SENT: 1}
    assert letters(both)[0]["Subject"].startswith("[May be a repeat] ")  # it is unknown how far the failed attempt got


def test_the_cap_of_a_run_counts_both_channels(both: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    small = configured().policy.delivery.model_copy(update={"most_per_run": 3})
    policy_ = configured().policy.model_copy(update={"delivery": small})
    monkeypatch.setattr(Configuration, "policy", policy_)
    said_to(both, "P45of1", "P45of2")
    delivered = deliver(configured(), AT_NINE)
    assert (delivered.counts, delivered.capped) == ({State.SENT: 3}, 1)
    assert states(both) == [("email", "sent"), ("email", "sent"), ("slack", "sent"), ("slack", "queued")]
