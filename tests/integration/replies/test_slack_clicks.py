"""Clicks on Slack's buttons: accepted from the right person only, recorded before the acknowledgement, done once."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg2
import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from config.days.london import at_london, london_day
from config.settings import Settings
from flows.configured import configured
from models.errors import Refuse
from tasks.carriers.slack.api import SlackApi
from tasks.carriers.slack.posts import GOOD_FOR_DAYS, buttons
from tasks.obligations.explain import explain
from tasks.platform import tokens
from tasks.replies import click_deeds, slack_clicks, slack_listening
from tasks.replies.slack_clicks import NOT_YOURS, Unbelievable, health
from tasks.replies.slack_listening import Listener
from tasks.rounds import daily_report
from tasks.rounds.verdict import RoundContent
from tests.support.slack_socket import SlackSocket
from tests.support.slack_stand_in import Fault, SlackStandIn
from tests.worlds.clicks import FRIDAY, TODAY, Notice
from tests.worlds.days import day
from tests.worlds.one_case import OneCase
from tests.worlds.slack import in_slack, put_slack

AT = at_london(TODAY)


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    with SlackStandIn() as running:
        yield running


@pytest.fixture
def chosen(database: Engine, slack: SlackStandIn, monkeypatch: pytest.MonkeyPatch) -> Settings:
    return put_slack(monkeypatch, slack)


@pytest.fixture
def case(database: Engine, run_cli: Any, slack: SlackStandIn, chosen: Settings) -> Iterator[OneCase]:
    """The action fell due on Monday; its overdue notice went out on Tuesday."""
    made = OneCase(database, run_cli)
    made.round("Mon 2 Mar 2026")
    made.round("Tue 17 Mar 2026")
    with in_slack(database, slack, "P1", "S1", "SP1", "C1"):
        yield made


@pytest.fixture
def notice(case: OneCase, slack: SlackStandIn, chosen: Settings) -> Notice:
    return Notice(case, slack, chosen)


def test_a_day_that_is_chosen_is_a_promise_and_is_answered_in_words(notice: Notice) -> None:
    answer = notice.click()
    assert answer == (
        "45/45/1234: you have it until Fri 20 Mar 2026. It is still due Mon 16 Mar 2026. Until then no further notice "
        "goes out. To renew it, choose a later day."
    )
    assert notice.case.promises() == [("P1", date(2026, 3, 20), 0, None, None, None)]
    assert notice.case.ask("select state from clicks") == ["done"]
    assert notice.case.ask("select by_ref, door, through_ref from acts") == [("P1", "slack", notice.user)]
    assert notice.case.ask("select count(*) from messages where kind = 'act'") == [0], "it is answered there"


def test_the_same_click_again_is_one_promise_and_the_same_answer(notice: Notice) -> None:
    first, second = notice.click(), notice.click()
    assert first == second
    assert len(notice.case.promises()) == 1
    assert notice.case.ask("select count(*) from clicks") == [1]


def test_another_day_renews_it_until_the_policy_says_enough(notice: Notice) -> None:
    for until in ("2026-03-19", "2026-03-20", "2026-03-23"):
        assert "you have it until" in notice.click(until=until)
    assert "It has been renewed 2 times already" in notice.click(until="2026-03-24")
    assert len(notice.case.promises()) == 3


@pytest.mark.parametrize(
    ("until", "why"),
    [
        ("2026-03-18", "is not after today"),
        ("2026-03-21", "is not a working day"),
        ("2026-06-01", "is too far ahead"),
        ("2026-02-30", "That is not a day"),
    ],
)
def test_a_day_that_may_not_be_is_refused_in_a_sentence_that_says_why(notice: Notice, until: str, why: str) -> None:
    assert why in notice.click(until=until)
    assert notice.case.promises() == []
    assert notice.case.ask("select state from clicks") == ["refused"]
    assert notice.case.ask("select count(*) from audit where about = 'click' and reason = 'refused'") == [1]


def test_a_day_that_was_refused_may_be_chosen_again_once_it_may_be(notice: Notice) -> None:
    assert "is too far ahead" in notice.click(until="2026-03-26")
    assert "is too far ahead" in notice.click(until="2026-03-26")
    assert "you have it until Thu 26 Mar 2026" in notice.click(on=day("Thu 19 Mar 2026"), until="2026-03-26")
    assert notice.case.promises() == [("P1", date(2026, 3, 26), 0, None, None, None)]


def test_a_case_that_becomes_restricted_while_it_is_asked_for_is_not_shown(
    notice: Notice, monkeypatch: pytest.MonkeyPatch
) -> None:
    explained = explain

    def since(*given: Any, **named: Any) -> Any:
        notice.case.say("update cases set restricted = true")
        return explained(*given, **named)

    monkeypatch.setattr(slack_clicks, "explain", since)
    slack_clicks.store(slack_clicks.read(notice.payload("show"), notice.chosen), AT)
    said = slack_clicks.act(configured(), TODAY, AT)
    assert said is not None
    assert (said.text, said.blocks) == (slack_clicks.RESTRICTED, None)


def test_someone_elses_click_on_it_is_refused_and_audited(notice: Notice) -> None:
    assert "written to someone else" in notice.click(by="U0S1")
    assert notice.case.promises() == []
    assert notice.case.ask("select \"by\", reason from audit where about = 'click'") == [("slack:U0S1", "refused")]


@pytest.mark.parametrize("person", ["S1", ""])
def test_a_key_of_ones_own_or_of_a_thread_is_no_good_on_a_message_to_another(notice: Notice, person: str) -> None:
    notice.key = tokens.sign(person, notice.obligation, tokens.Purpose.BUTTON, TODAY)
    assert "written to someone else" in notice.click(by="U0S1")
    assert notice.case.promises() == []


def test_a_person_nobody_knows_is_told_so(notice: Notice) -> None:
    assert "does not know who you are" in notice.click(by="U0STRANGER")


def test_of_two_contacts_of_one_account_the_message_says_who_clicked(notice: Notice) -> None:
    notice.case.say("update contacts set slack_user_id = 'U0P1' where contact_ref = 'C1'")
    assert "C1" not in notice.click()
    assert [by for by, *_ in notice.case.promises()] == ["P1"]


def test_in_a_thread_two_contacts_of_one_account_are_nobody(notice: Notice) -> None:
    in_a_thread(notice)
    assert "1234" in notice.click(click="show")
    notice.case.say("update contacts set slack_user_id = 'U0P1' where contact_ref = 'C1'")
    assert "does not know which of its contacts you are" in notice.click(click="hold")
    assert notice.case.promises() == []


def test_whoever_has_the_account_of_a_barred_contact_finds_no_case_behind_the_button(notice: Notice) -> None:
    notice.case.say("update contacts set slack_user_id = 'U0P1' where contact_ref = 'C1'")
    notice.case.say("update contacts set email = contact_ref || '@surrey.police.uk'")
    notice.case.say("update cases set barred_refs = '{C1}'")
    for click in ("hold", "show"):
        assert notice.click(click=click) == NOT_YOURS
    assert notice.case.promises() == []


def test_who_has_left_is_nobody(notice: Notice) -> None:
    notice.case.say("update contacts set active_to = '2026-03-17' where contact_ref = 'P1'")
    assert "does not know who you are" in notice.click()


def test_a_click_on_a_message_that_is_not_ours_is_not_accepted(notice: Notice) -> None:
    notice.post["ts"] = "1.000001"
    assert "not a message of Casebeat's" in notice.click()


def test_a_key_of_another_message_is_not_this_ones(notice: Notice, case: OneCase) -> None:
    case.action("A2", raised_on="2026-03-02")
    case.round("Wed 18 Mar 2026")
    other = case.ask("select max(id) from obligations where rule = 'action'")[0]
    handle = buttons(notice.chosen.slack, "P1", TODAY)
    assert handle is not None
    notice.key = handle(other)
    assert notice.click() == NOT_YOURS
    assert case.promises() == []


@pytest.mark.parametrize("change", ["x", "truncate", "another secret"])
def test_a_forged_key_is_refused(notice: Notice, change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if change == "another secret":
        monkeypatch.setenv("CASEBEAT_SIGNING_SECRET", "t" * 40)
    elif change == "truncate":
        notice.key = notice.key[:-4]
    else:
        notice.key = notice.key[:-3] + ("AAA" if not notice.key.endswith("AAA") else "BBB")
    assert "not one that Casebeat wrote" in notice.click()
    assert notice.case.promises() == []


def test_a_button_outlives_the_secret_that_signed_it_until_the_day_of_the_settings(
    notice: Notice, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert notice.chosen.signing_secret is not None
    old = notice.chosen.signing_secret.get_secret_value()
    for name, value in {"": "n" * 40, "_BEFORE": old, "_BEFORE_UNTIL": TODAY.isoformat()}.items():
        monkeypatch.setenv(f"CASEBEAT_SIGNING_SECRET{name}", value)
    assert "you have it until Thu 19 Mar 2026" in notice.click(until="2026-03-19")
    late = TODAY + timedelta(days=1)
    assert "has expired" in notice.click(on=late, until="2026-03-20")
    assert len(notice.case.promises()) == 1


def test_a_key_that_has_expired_is_refused(notice: Notice) -> None:
    late = TODAY + timedelta(days=GOOD_FOR_DAYS + 1)
    assert "has expired" in notice.click(on=late, until=(late + timedelta(days=1)).isoformat())


def test_what_has_ended_since_cannot_be_taken_on(notice: Notice) -> None:
    notice.case.say("update actions set status = 'done', closed_on = '2026-03-18'")
    notice.case.changed()
    notice.case.round("Wed 18 Mar 2026")
    assert "it ended since the message was written" in notice.click()


@pytest.mark.parametrize("by_link", [False, True])
def test_a_case_that_has_become_restricted_is_not_shown(notice: Notice, by_link: bool) -> None:
    notice.case.restrict(by_link=by_link)
    for click in ("hold", "show"):
        assert notice.click(click=click) == NOT_YOURS
    notice.case.say("update contacts set restricted_access = true")
    for click in ("hold", "show"):
        answer = notice.click(click=click)
        assert "not spoken of in Slack" in answer
        assert "1234" not in answer


def test_whoever_is_barred_from_the_case_finds_no_case_behind_the_button(notice: Notice) -> None:
    notice.case.say("update contacts set email = contact_ref || '@surrey.police.uk'")
    notice.case.say("update cases set barred_refs = '{P1}'")
    for click in ("hold", "show"):
        assert notice.click(click=click) == NOT_YOURS
    assert notice.case.promises() == []


def test_whoever_no_longer_has_the_case_reads_the_same_as_whoever_is_barred(notice: Notice) -> None:
    notice.case.say("update cases set oic_ref = 'P2'")
    for click in ("hold", "show"):
        assert notice.click(click=click) == NOT_YOURS
    assert notice.case.promises() == []


def test_a_case_that_bars_somebody_else_is_shown_to_its_officer_alone_and_not_in_a_thread(notice: Notice) -> None:
    notice.case.say("update contacts set email = contact_ref || '@surrey.police.uk'")
    notice.case.say("update cases set barred_refs = '{S1}'")
    assert "1234" in notice.click(click="hold")
    in_a_thread(notice)
    assert "1234" not in notice.click(click="show")


def in_a_thread(notice: Notice) -> None:
    """Make the message one of the case's thread, and its button anybody's."""
    notice.case.say("update messages set contact_ref = null")
    notice.case.say("""insert into threads (message_id, case_id, place) select m.id, c.id, '45' from messages m, cases c
                       where m.channel = 'slack'""")  # fmt: skip
    notice.key = tokens.sign("", notice.obligation, tokens.Purpose.BUTTON, TODAY)


def test_who_may_not_take_it_on_hears_nothing_of_it(case: OneCase, slack: SlackStandIn, chosen: Settings) -> None:
    other = Notice(case, slack, chosen, to="C1")
    assert other.click() == other.click(click="show") == NOT_YOURS


def test_the_case_is_shown_to_one_person_with_its_sums_and_nothing_that_was_written_freely(
    notice: Notice, slack: SlackStandIn
) -> None:
    assert notice.case.acknowledge("Wed 18 Mar 2026", "Fri 20 Mar 2026").code == 0  # its reason: Secret Words of hers
    slack_clicks.store(slack_clicks.read(notice.payload("show"), notice.chosen), AT)
    said = slack_clicks.act(configured(), TODAY, AT)
    assert said is not None
    carrier = SlackApi(notice.chosen.slack, pace=0)
    assert slack_clicks.whisper(carrier, said)
    carrier.close()
    (whispered,) = slack.ephemeral
    shown = json.dumps(whispered)
    assert whispered["user"] == "U0P1"
    taken = "Taken on by P1 until Fri 20 Mar 2026"
    for wanted in ("45/45/1234", "Outstanding action (A1)", taken, "Notices: overdue notice"):
        assert wanted in shown
    for secret in ("Secret Words", "Robin", "robin@", "high"):
        assert secret not in shown
    assert notice.case.ask("select \"by\" from audit where reason = 'explain'") == ["P1"]


def test_the_case_may_be_shown_as_often_as_it_is_asked_for(notice: Notice) -> None:
    for number in range(3):
        payload = notice.payload("show")
        payload["actions"][0]["action_ts"] = f"{number}.000001"
        assert slack_clicks.store(slack_clicks.read(payload, notice.chosen), AT) is None
        assert slack_clicks.act(configured(), TODAY, AT) is not None


def test_a_click_that_cannot_be_done_is_answered_and_stops_no_other(
    notice: Notice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoilt(*_: object, **__: object) -> None:
        raise KeyError("a word of a later version")

    with monkeypatch.context() as spoiling:
        spoiling.setattr(click_deeds, "promise", spoilt)
        assert notice.click() == slack_clicks.NOT_DONE
    assert "you have it until" in notice.click(until="2026-03-19")
    payload = notice.payload("show")
    monkeypatch.setattr(slack_clicks, "explain", spoilt)
    slack_clicks.store(slack_clicks.read(payload, notice.chosen), AT)
    said = slack_clicks.act(configured(), TODAY, AT)
    assert said is not None
    assert (said.text, said.blocks) == (slack_clicks.NOT_SHOWN, None)


def test_an_answer_calls_nobody_whatever_a_reference_holds(notice: Notice, slack: SlackStandIn) -> None:
    carrier = SlackApi(notice.chosen.slack, pace=0)
    assert slack_clicks.whisper(
        carrier, slack_clicks.ClickAnswer(notice.channel, "U0P1", "45/<!channel>&*x*: you have it")
    )
    carrier.close()
    (whispered,) = slack.ephemeral
    assert whispered["text"] == "45/&lt;!channel&gt;&amp;*x*: you have it"
    assert [block["text"]["type"] for block in whispered["blocks"]] == ["plain_text"]


@pytest.mark.parametrize(
    "changed",
    [
        {"api_app_id": "A0ANOTHER"},
        {"team": {"id": "T0ANOTHER"}},
        {"user": {"id": "U0P1", "team_id": "T0ANOTHER"}},
        {"type": "view_submission"},
        {"actions": []},
        {"actions": [{"action_id": "drop", "block_id": "x"}]},
        {"actions": [{"action_id": "hold", "block_id": "x", "selected_date": FRIDAY}]},
        {"container": {"channel_id": "D0P1"}},
        {"container": {"channel_id": "D0P1' or 1=1", "message_ts": "1.000001"}},
        {"container": {"channel_id": "D0P1", "message_ts": ["1.000001"]}},
        {"user": {"id": "U0P1\n"}},
        {"user": "U0P1"},
        {"team": None},
    ],
)
def test_what_is_no_click_of_ours_is_not_even_kept(notice: Notice, changed: dict[str, Any]) -> None:
    with pytest.raises(Unbelievable):
        slack_clicks.read(notice.payload(**changed), notice.chosen)


@contextmanager
def listening_to(chosen: Settings) -> Iterator[Listener]:
    stop, listener = threading.Event(), Listener(configured(), chosen, lambda: AT, london_day)
    running = threading.Thread(target=listener.run, args=(stop,), daemon=True)
    running.start()
    try:
        yield listener
    finally:
        stop.set()
        listener.wake()
        running.join(10)
        assert not running.is_alive()


def eventually(holds: Any, seconds: float = 5) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture
def socket(slack: SlackStandIn) -> Iterator[SlackSocket]:
    with SlackSocket(slack) as running:
        yield running


def test_a_click_is_acknowledged_in_time_then_done_and_answered(
    notice: Notice, slack: SlackStandIn, socket: SlackSocket
) -> None:
    with listening_to(notice.chosen):
        socket.connected()
        assert socket.click(notice.payload())
        eventually(lambda: slack.ephemeral)
    assert max(socket.acks.values()) < 3
    (whispered,) = slack.ephemeral
    assert (whispered["channel"], whispered["user"]) == (notice.channel, "U0P1")
    assert "you have it until Fri 20 Mar 2026" in whispered["text"]
    assert len(notice.case.promises()) == 1


def test_the_same_envelope_twice_and_a_double_click_are_one_promise_answered_each_time(
    notice: Notice, slack: SlackStandIn, socket: SlackSocket
) -> None:
    with listening_to(notice.chosen):
        socket.connected()
        for envelope in ("one", "one", "two"):
            assert socket.click(notice.payload(), envelope_id=envelope)
            eventually(lambda: slack.ephemeral)
        eventually(lambda: len({each["text"] for each in slack.ephemeral}) == 1)
    assert len(notice.case.promises()) == 1


def test_a_click_that_cannot_be_kept_is_not_acknowledged_so_that_slack_tells_of_it(
    notice: Notice, socket: SlackSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise Refuse("the database is away")

    with listening_to(notice.chosen):
        socket.connected()
        with monkeypatch.context() as cut:
            cut.setattr(slack_clicks, "store", away)
            assert not socket.click(notice.payload(), wait=0.5)
        assert socket.connections, "the connection stays"


def test_what_a_dead_listener_kept_the_next_one_does(notice: Notice, slack: SlackStandIn, socket: SlackSocket) -> None:
    slack_clicks.store(slack_clicks.read(notice.payload(), notice.chosen), AT)
    with listening_to(notice.chosen):
        eventually(lambda: slack.ephemeral)
    assert len(notice.case.promises()) == 1


def test_two_listeners_answer_each_click_once(notice: Notice, slack: SlackStandIn, socket: SlackSocket) -> None:
    with listening_to(notice.chosen), listening_to(notice.chosen):
        eventually(lambda: len(socket.connections) == 2)
        for number in range(8):
            payload = notice.payload("show")
            payload["actions"][0]["action_ts"] = f"{number}.000001"
            socket.connections.append(socket.connections.pop(0))  # the other one's turn
            assert socket.click(payload)
        eventually(lambda: len(slack.ephemeral) == 8)
    assert len(slack.ephemeral) == 8
    assert notice.case.ask("select state, count(*) from clicks group by 1") == [("done", 8)]


def test_what_was_kept_waits_while_the_database_is_away(
    notice: Notice, slack: SlackStandIn, socket: SlackSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise OperationalError("select 1", {}, psycopg2.OperationalError("gone"))

    monkeypatch.setattr(slack_listening, "IDLE_SECONDS", 0.1)
    with listening_to(notice.chosen):
        with monkeypatch.context() as cut:
            cut.setattr(slack_clicks, "act", away)
            socket.connected()
            assert socket.click(notice.payload())
            time.sleep(0.5)
            assert slack.ephemeral == []
        eventually(lambda: slack.ephemeral)
    assert len(notice.case.promises()) == 1


def test_a_forged_click_is_acknowledged_and_only_audited(notice: Notice, socket: SlackSocket) -> None:
    with listening_to(notice.chosen):
        socket.connected()
        assert socket.click(notice.payload(team={"id": "T0ANOTHER"}))
    assert notice.case.ask("select count(*) from clicks") == [0]
    assert notice.case.ask("select reason from audit where about = 'click'") == ["of another app or workspace"]


def test_it_listens_again_when_slack_asks_for_it_and_after_it_hangs_up(
    notice: Notice, socket: SlackSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slack_listening, "PING_SECONDS", 0.3)
    with listening_to(notice.chosen):
        socket.connected()
        socket.disconnect()
        eventually(lambda: socket.greetings == 2 and socket.connections, 10)
        socket.drop()
        eventually(lambda: socket.greetings >= 3 and socket.connections, 10)
        assert socket.click(notice.payload())


def test_a_slack_that_is_not_there_is_asked_again(
    notice: Notice, slack: SlackStandIn, socket: SlackSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slack_listening, "AGAIN_SECONDS", 0.1)
    monkeypatch.setattr(slack_listening, "IDLE_SECONDS", 0.1)
    slack.plan.extend([Fault("http500", method="apps.connections.open")] * 3)
    with listening_to(notice.chosen):
        socket.connected(10)
        assert socket.click(notice.payload())


def test_what_was_kept_is_done_although_slack_is_not_there_which_is_not_asked_again_at_once(
    notice: Notice, slack: SlackStandIn, socket: SlackSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slack_listening, "IDLE_SECONDS", 0.01)
    slack_clicks.store(slack_clicks.read(notice.payload(), notice.chosen), AT)
    slack.plan.extend([Fault("http500")] * 20)
    with listening_to(notice.chosen):
        eventually(notice.case.promises)
        time.sleep(0.2)
    assert not socket.greetings
    assert len(slack.plan) > 16


def test_an_answer_that_slack_does_not_take_changes_nothing_that_was_done(
    notice: Notice, slack: SlackStandIn, socket: SlackSocket
) -> None:
    slack.plan.append(Fault("http500", method="chat.postEphemeral"))
    with listening_to(notice.chosen):
        socket.connected()
        assert socket.click(notice.payload())
        eventually(notice.case.promises)
        eventually(lambda: not slack.plan)
    assert slack.ephemeral == []
    assert notice.case.ask("select state from clicks") == ["done"]


@pytest.mark.parametrize(
    "url",
    [
        "ws://slack.com.evil.test/", "wss://evil.test/", "wss://slack.com.evil.test/", "http://x/",
        "ws://127.0.0.2/", "wss:",
    ],
)  # fmt: skip
def test_it_listens_to_nobody_but_slack(chosen: Settings, slack: SlackStandIn, url: str) -> None:
    slack.socket_url = url
    listener = Listener(configured(), chosen, lambda: AT, london_day)
    with pytest.raises(ValueError, match="not one of Slack's hosts"):
        listener.socket.issue_new_wss_url()
    listener.close()


def test_whether_someone_listens_is_said_in_a_sentence(
    notice: Notice, socket: SlackSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert health(notice.chosen, AT) == (False, "Nobody listens to Slack's buttons: run casebeat listen.")
    monkeypatch.setattr(slack_listening, "PING_SECONDS", 0.1)
    monkeypatch.setattr(slack_listening, "IDLE_SECONDS", 0.05)
    with listening_to(notice.chosen):
        eventually(lambda: health(notice.chosen, AT)[0])
        well, said = health(notice.chosen, AT + timedelta(seconds=70))
        assert (well, said) == (True, "Someone listens to Slack's buttons: the last sign of it was 70 seconds ago.")
        well, said = health(notice.chosen, AT + timedelta(minutes=10))
        assert (well, said) == (False, "Nobody listens to Slack's buttons: the last sign of it was 10 minutes ago.")
    assert "Nobody listens" in health(notice.chosen, AT)[1], "who stops says so"
    daily_report.send(configured(), RoundContent(), TODAY, AT)
    assert "Nobody listens to Slack's buttons" in notice.case.ask("select text from messages where text is not null")[0]


def test_the_command_listens_until_it_is_told_to_stop(notice: Notice, slack: SlackStandIn, socket: SlackSocket) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "flows.command_line.main", "listen"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        socket.connected(30)
        assert socket.click(notice.payload())
        eventually(lambda: slack.ephemeral, 10)  # its key has expired: this process uses the real day
    finally:
        running.send_signal(signal.SIGTERM)
        out, err = running.communicate(timeout=30)
    assert (running.returncode, err) == (0, b"")
    assert out.splitlines()[-1] == b"No longer listening."


def test_the_command_says_whether_someone_listens(notice: Notice, run_cli: Any) -> None:
    ran = run_cli("listen", "--check")
    assert (ran.code, ran.out) == (1, "Nobody listens to Slack's buttons: run casebeat listen.\n")


def test_without_buttons_the_command_refuses_and_says_what_to_set(database: Engine, run_cli: Any) -> None:
    ran = run_cli("listen")
    assert (ran.code, "CASEBEAT_SLACK__APP_TOKEN" in ran.err) == (2, True)


def test_without_an_app_token_nobody_can_listen_and_nobody_has_to(
    database: Engine, slack: SlackStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiet = put_slack(monkeypatch, slack, APP_TOKEN="")
    with pytest.raises(Refuse, match="CASEBEAT_SLACK__APP_TOKEN"):
        Listener(configured(), quiet, lambda: datetime.now(UTC), london_day)
    assert health(quiet, AT)[0]
