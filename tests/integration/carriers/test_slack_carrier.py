"""The Slack carrier against a stand-in that behaves, refuses, hangs, drips, drops, redirects and lies."""

import json
import logging
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest
from slack_sdk.web.base_client import BaseClient

from config.slack import Slack
from config.terms import State
from tasks.carriers.carrier import Answer, Down
from tasks.carriers.slack import api
from tasks.carriers.slack.api import SlackApi, Unreachable
from tasks.carriers.slack.client import LIMITS, SafeWebClient
from tests.support.hostile_server import HostileHttp
from tests.support.slack_stand_in import BREAKS, Fault, SlackStandIn

KEY = "5f0e" * 10
WORDS = "45/SAMPLE-1: critically overdue since Mon 9 Mar 2026"
BODY = json.dumps({"text": WORDS, "blocks": [{"type": "divider"}]}).encode()
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
OPEN: list[SlackApi] = []


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    with SlackStandIn() as running:
        running.user("U0SPOC")
        running.channel("C0FORCE45", "stalking-45")
        yield running
        while OPEN:
            OPEN.pop().close()


def settled(slack: SlackStandIn, **given: str) -> Slack:
    return Slack.model_validate({"token": slack.token, "base_url": slack.base_url, "stand_in": True, **given})


def carrier_of(chosen: Slack, **given: float) -> SlackApi:
    OPEN.append(SlackApi(chosen, **{"pace": 0, "limits": LIMITS._replace(connect=0.9, exchange=0.9), **given}))
    return OPEN[-1]


def carrier(slack: SlackStandIn, **given: float) -> SlackApi:
    made = carrier_of(settled(slack), **given)
    made.ready()
    return made


def send(slack: SlackStandIn, to: str = "C0FORCE45", **given: float) -> Answer:
    return carrier(slack, **given).send(to, BODY, KEY)


def test_a_post_is_sent_with_its_place_for_a_reference_and_only_an_opaque_key(slack: SlackStandIn) -> None:
    answer = send(slack)
    (post,) = slack.posts()
    assert answer == Answer(State.SENT, "", f"C0FORCE45:{post['ts']}")
    assert post["text"] == WORDS
    assert post["metadata"] == {"event_type": "casebeat_notice", "event_payload": {"k": KEY}}
    asked = slack.asked("chat.postMessage")[0]
    assert (asked["unfurl_links"], asked["unfurl_media"]) == (False, False)
    assert not {"link_names", "parse", "username"} & set(asked)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("how", BREAKS)
def test_a_cut_call_is_unknown_and_looking_tells_whether_it_was_posted(
    slack: SlackStandIn, how: str, when: str
) -> None:
    sender = carrier(slack)
    slack.plan.append(Fault(how, when, "chat.postMessage"))
    assert sender.send("C0FORCE45", BODY, KEY).state is State.UNKNOWN
    posted = len(slack.posts())
    assert posted == (when == "after")
    found = sender.look_for("C0FORCE45", BODY, KEY, LONG_AGO)
    assert found.state is (State.SENT if posted else State.RETRY)
    assert found.remote_ref == (f"C0FORCE45:{slack.posts()[0]['ts']}" if posted else None)
    assert slack.plan == []
    assert len(slack.asked("chat.postMessage")) == posted, "never asked twice"


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("code", ["internal_error", "fatal_error", "service_unavailable", "never_heard_of"])
def test_a_code_that_proves_nothing_is_unknown(slack: SlackStandIn, code: str, when: str) -> None:
    sender = carrier(slack)
    slack.plan.append(Fault(f"ok:{code}", when, "chat.postMessage"))
    answer = sender.send("C0FORCE45", BODY, KEY)
    assert answer.state is State.UNKNOWN
    assert code in answer.reason


@pytest.mark.parametrize(
    ("fault", "wait"),
    [
        (Fault("429", wait="7"), 7),
        (Fault("429", wait="86400"), 900),
        (Fault("429", wait="Wed, 25 Nov 2026 12:00:00 GMT"), 30),
        (Fault("429", wait="-5"), 30),
        (Fault("ok:ratelimited"), 30),
        (Fault("ok:request_timeout"), 30),
    ],
)
def test_a_limit_on_the_rate_is_tried_again_no_sooner_than_asked(slack: SlackStandIn, fault: Fault, wait: int) -> None:
    sender = carrier(slack)
    slack.plan.append(fault)
    answer = sender.send("C0FORCE45", BODY, KEY)
    assert (answer.state, answer.wait) == (State.RETRY, wait)
    assert slack.posts() == []


@pytest.mark.parametrize("code", [*sorted(api.RECIPIENT), "restricted_action_thread_locked"])
def test_a_place_that_refuses_is_dead_at_once(slack: SlackStandIn, code: str) -> None:
    sender = carrier(slack)
    slack.plan.append(Fault(f"ok:{code}"))
    assert sender.send("C0FORCE45", BODY, KEY).state is State.DEAD


@pytest.mark.parametrize("code", [*sorted(api.MESSAGE), "invalid_metadata_schema"])
def test_a_message_that_is_wrong_is_dead_at_once(slack: SlackStandIn, code: str) -> None:
    sender = carrier(slack)
    slack.plan.append(Fault(f"ok:{code}"))
    answer = sender.send("C0FORCE45", BODY, KEY)
    assert answer.state is State.DEAD
    assert "the message itself" in answer.reason


@pytest.mark.parametrize("code", sorted(api.WHOLE_CHANNEL))
def test_a_refusal_of_the_app_stops_the_carrier_and_costs_no_try(slack: SlackStandIn, code: str) -> None:
    sender = carrier(slack)
    slack.plan.append(Fault(f"ok:{code}"))
    with pytest.raises(Down, match=code):
        sender.send("C0FORCE45", BODY, KEY)


def test_what_the_stand_in_itself_refuses_is_told_by_its_own_code(slack: SlackStandIn) -> None:
    slack.channel("C0ELSEWHERE", member=False)
    slack.channel("C0OLD", archived=True)
    for to, code in (("C0NOWHERE", "channel_not_found"), ("C0ELSEWHERE", "not_in_channel"), ("C0OLD", "is_archived")):
        answer = send(slack, to)
        assert (answer.state, code in answer.reason) == (State.DEAD, True)
    wrong = json.dumps({"text": WORDS, "blocks": [{"type": "divider"}] * 51}).encode()
    assert "invalid_blocks" in carrier(slack).send("C0FORCE45", wrong, KEY).reason
    assert slack.posts() == []


def test_a_wrong_token_is_found_before_anything_is_sent(slack: SlackStandIn) -> None:
    with pytest.raises(Down, match="invalid_auth"):
        carrier_of(settled(slack, token="xoxb-old")).ready()


def test_a_token_of_another_workspace_is_found_before_anything_is_sent(slack: SlackStandIn) -> None:
    with pytest.raises(Down, match="workspace"):
        carrier_of(settled(slack, team="T0ANOTHER")).ready()


def test_a_slack_that_is_not_there_is_down(slack: SlackStandIn) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    gone = carrier_of(settled(slack, base_url=f"http://127.0.0.1:{port}/api/"))
    with pytest.raises(Down, match="cannot be reached"):
        gone.ready()
    with pytest.raises(Down, match="cannot be reached"):
        gone.send("C0FORCE45", BODY, KEY)


def test_a_redirect_is_not_followed_and_its_host_never_sees_the_token(slack: SlackStandIn) -> None:
    with SlackStandIn() as elsewhere:
        sender = carrier(slack)
        slack.plan.append(Fault(f"redirect:{elsewhere.base_url}chat.postMessage"))
        assert sender.send("C0FORCE45", BODY, KEY).state is State.UNKNOWN
        assert elsewhere.seen_tokens == []


def test_a_proxy_of_the_environment_is_not_asked(slack: SlackStandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    with SlackStandIn() as proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert send(slack).state is State.SENT
        assert proxy.seen_tokens == []


def test_an_answer_beyond_two_megabytes_is_not_read(slack: SlackStandIn) -> None:
    sender = carrier(slack)
    slack.plan.append(Fault("huge"))
    assert sender.send("C0FORCE45", BODY, KEY).state is State.UNKNOWN


def test_a_yes_without_a_name_for_the_message_is_not_believed(slack: SlackStandIn) -> None:
    sender = carrier(slack)
    slack.answer = lambda *_: {"ok": True}
    assert sender.send("C0FORCE45", BODY, KEY).state is State.UNKNOWN


def test_posts_go_over_one_connection_and_a_closed_one_is_opened_again(slack: SlackStandIn) -> None:
    sender = carrier(slack)
    assert {sender.send("C0FORCE45", BODY, f"{n}").state for n in range(20)} == {State.SENT}
    assert len(slack.callers) == 1
    slack.plan.append(Fault("fin", "after"))
    assert sender.send("C0FORCE45", BODY, "cut").state is State.UNKNOWN
    assert sender.send("C0FORCE45", BODY, "after").state is State.SENT
    assert len(slack.posts()) == 22


def test_posts_to_one_place_keep_slacks_pace(slack: SlackStandIn) -> None:
    sender, begun = carrier(slack, pace=0.3), time.monotonic()
    assert [sender.send("C0FORCE45", BODY, key).state for key in ("one", "two")] == [State.SENT, State.SENT]
    assert time.monotonic() - begun >= 0.3


def test_posts_to_other_places_do_not_wait(slack: SlackStandIn) -> None:
    slack.channel("C0FORCE43")
    sender, begun = carrier(slack, pace=60), time.monotonic()
    assert [sender.send(to, BODY, to).state for to in ("C0FORCE45", "C0FORCE43")] == [State.SENT, State.SENT]
    assert time.monotonic() - begun < 60


def test_a_conversation_with_a_person_is_opened_once_however_often_it_is_asked_for(slack: SlackStandIn) -> None:
    sender = carrier(slack)
    assert sender.direct("U0SPOC") == sender.direct("U0SPOC") == "D0SPOC"
    sender.send("D0SPOC", BODY, KEY)
    assert len(slack.direct("U0SPOC")) == 1


@pytest.mark.parametrize(("user", "code"), [("U0NOBODY", "user_not_found"), ("U0GONE", "user_disabled")])
def test_a_person_whom_slack_does_not_know_is_dead_for_slack(slack: SlackStandIn, user: str, code: str) -> None:
    slack.user("U0GONE", active=False)
    with pytest.raises(Unreachable) as caught:
        carrier(slack).direct(user)
    assert (caught.value.answer.state, code in caught.value.answer.reason) == (State.DEAD, True)


@pytest.mark.parametrize("how", BREAKS)
def test_a_conversation_that_could_not_be_opened_costs_no_more_than_a_retry(slack: SlackStandIn, how: str) -> None:
    sender = carrier(slack)
    slack.plan.append(Fault(how, "after"))
    with pytest.raises(Unreachable) as caught:
        sender.direct("U0SPOC")
    assert caught.value.answer.state is State.RETRY


def test_words_are_put_in_the_place_of_others_as_often_as_one_likes(slack: SlackStandIn) -> None:
    sender = carrier(slack)
    sent = sender.send("C0FORCE45", BODY, KEY)
    newer = json.dumps({"text": "resolved", "blocks": []}).encode()
    slack.plan.append(Fault("rst", "after", "chat.update"))
    states = [sender.update(str(sent.remote_ref), newer).state for _ in range(3)]
    assert states == [State.UNKNOWN, State.SENT, State.SENT]
    (post,) = slack.posts()
    assert post["text"] == "resolved"
    assert post["metadata"]["event_payload"] == {"k": KEY}


def test_anothers_message_is_not_changed(slack: SlackStandIn) -> None:
    sender = carrier(slack)
    sent = sender.send("C0FORCE45", BODY, KEY)
    slack.posts()[0]["bot_id"] = "B0ANOTHER"
    assert "cant_update_message" in sender.update(str(sent.remote_ref), BODY).reason


def test_a_message_is_found_among_many_pages_and_in_its_thread_only(slack: SlackStandIn) -> None:
    slack.page = 7
    sender = carrier(slack)
    parent = str(sender.send("C0FORCE45", BODY, "parent").remote_ref).partition(":")[2]
    reply = json.dumps({"text": "a reply", "thread_ts": parent}).encode()
    sender.send("C0FORCE45", reply, "wanted")
    for number in range(40):
        sender.send("C0FORCE45", BODY, f"other {number}")
        sender.send("C0FORCE45", reply, f"other reply {number}")
    assert sender.look_for("C0FORCE45", BODY, "parent", LONG_AGO).state is State.SENT
    assert sender.look_for("C0FORCE45", reply, "wanted", LONG_AGO).state is State.SENT
    assert sender.look_for("C0FORCE45", BODY, "wanted", LONG_AGO).state is State.RETRY, "a reply is not in history"
    assert sender.look_for("C0FORCE45", BODY, "other 7", datetime.now(UTC)).state is State.SENT
    assert sender.look_for("C0FORCE45", BODY, "nowhere", LONG_AGO).state is State.RETRY


@pytest.mark.parametrize("how", [*BREAKS, "429", "ok:internal_error", "ok:missing_scope"])
def test_a_lookup_that_fails_on_any_page_leaves_the_message_unknown(slack: SlackStandIn, how: str) -> None:
    slack.page = 5
    sender = carrier(slack)
    for number in range(12):
        sender.send("C0FORCE45", BODY, f"{number}")
    slack.plan.extend([Fault("ok:never", "after", "unused"), Fault(how, "after", "conversations.history")])
    try:
        assert sender.look_for("C0FORCE45", BODY, "nowhere", LONG_AGO).state is State.UNKNOWN
    except Down:
        assert how == "ok:missing_scope"


def test_a_key_in_another_apps_message_is_not_ours(slack: SlackStandIn) -> None:
    sender = carrier(slack)
    sender.send("C0FORCE45", BODY, KEY)
    slack.posts()[0]["bot_id"] = "B0ANOTHER"
    assert sender.look_for("C0FORCE45", BODY, KEY, LONG_AGO).state is State.RETRY


def test_keys_that_slack_does_not_show_are_not_taken_for_absent(slack: SlackStandIn) -> None:
    sender = carrier(slack)
    sender.send("C0FORCE45", BODY, KEY)
    slack.posts()[0]["metadata"].pop("event_payload")
    assert sender.look_for("C0FORCE45", BODY, KEY, LONG_AGO).state is State.UNKNOWN


def test_the_stand_in_has_slacks_traps(slack: SlackStandIn) -> None:
    carrier(slack).send("C0FORCE45", BODY, KEY)
    with closing(SafeWebClient(slack.token, slack.base_url)) as plain:
        without = plain.conversations_history(channel="C0FORCE45")["messages"][0]
        assert without["metadata"] == {"event_type": "casebeat_notice"}
        slack.visible_after = 60
        assert plain.conversations_history(channel="C0FORCE45")["messages"] == []


def test_nothing_of_an_answer_or_a_token_reaches_a_log_or_a_reason(
    slack: SlackStandIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    sender = carrier(slack)
    for how in BREAKS:
        slack.plan.append(Fault(how))
        answer = sender.send("C0FORCE45", BODY, KEY)
        assert "proxy" not in answer.reason
        assert "xoxb" not in answer.reason
    assert slack.token not in caplog.text
    assert "SAMPLE-1" not in caplog.text
    assert "Sign in" not in caplog.text


@pytest.mark.parametrize(
    "url",
    [
        "http://slack.com/api/", "https://slack.com.evil.test/api/", "http://169.254.169.254/api/", "file:///etc/passwd",
        "http://127.0.0.1.evil.test:1/api/", "http://127.0.0.1:1@evil.test/api/", "http://localhost:1/api/",
    ],
)  # fmt: skip
@pytest.mark.parametrize("stand_in", [True, False])
def test_no_other_host_than_slack_can_be_set(url: str, stand_in: bool) -> None:
    with pytest.raises(ValueError, match="base_url"):
        Slack.model_validate({"token": "xoxb-1", "base_url": url, "stand_in": stand_in})


def test_slack_sdk_still_has_the_door_that_the_client_goes_through() -> None:
    assert hasattr(BaseClient, "_perform_urllib_http_request_internal")
    assert "_perform_urllib_http_request_internal" in vars(SafeWebClient)


@pytest.mark.parametrize("what", ["drip", "flood", "stall"])
def test_a_server_that_never_ends_an_answer_is_left_in_time(what: str) -> None:
    with HostileHttp("answer", what) as server:
        chosen = {"token": "xoxb-1", "base_url": f"http://127.0.0.1:{server.port}/api/", "stand_in": True}
        began = time.monotonic()
        answer = carrier_of(Slack.model_validate(chosen)).send("C0FORCE45", BODY, KEY)
        assert time.monotonic() - began < 3
    assert answer.state is State.UNKNOWN
    assert server.written < 16 * LIMITS.reply, "what the machine buffers, and what was read"
