"""What became of a post whose call failed, for each way in which a call to Slack can end."""

from types import SimpleNamespace

import pytest
from slack_sdk.errors import SlackApiError

from config.terms import State
from tasks.carriers.carrier import Down
from tasks.carriers.slack import api
from tasks.carriers.slack.api import answer_to, metadata, refusal
from tasks.carriers.slack.client import NotConnectedError


def error(code=None, status=200, **headers):
    data = {"ok": False, "error": code}
    response = SimpleNamespace(
        data=data, status_code=status, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )
    return SlackApiError("x", response)


@pytest.mark.parametrize(
    ("code", "status", "state", "reason"),
    [
        ("ratelimited", 200, State.RETRY, "Slack asks to wait (ratelimited)"),
        ("message_limit_exceeded", 200, State.RETRY, "Slack asks to wait (message_limit_exceeded)"),
        (None, 429, State.RETRY, "Slack asks to wait (429)"),
        ("ratelimited", 429, State.RETRY, "Slack asks to wait (ratelimited)"),
        ("channel_not_found", 500, State.UNKNOWN, "Slack answered 500 and no code"),
        (None, 200, State.UNKNOWN, "Slack answered 200 and no code"),
        ("Not A Code", 200, State.UNKNOWN, "Slack answered 200 and no code"),
        (7, 200, State.UNKNOWN, "Slack answered 200 and no code"),
        (
            "channel_not_found", 200, State.DEAD,
            "Slack: channel_not_found; put the contact or the Slack channel right",
        ),
        (
            "restricted_action_read_only_channel", 200, State.DEAD,
            "Slack: restricted_action_read_only_channel; put the contact or the Slack channel right",
        ),
        ("msg_too_long", 200, State.DEAD, "Slack refused the message itself: msg_too_long"),
        ("invalid_metadata_schema", 200, State.DEAD, "Slack refused the message itself: invalid_metadata_schema"),
        ("fatal_error", 200, State.UNKNOWN, "Slack: fatal_error; it may have been posted"),
    ],
)  # fmt: skip
def test_a_code_decides_whether_a_post_is_tried_again_dead_or_unknown(code, status, state, reason):
    answer = answer_to(error(code, status))
    assert (answer.state, answer.reason) == (state, reason)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, 30), ({"Retry_After": "7"}, 7), ({"retry_after": "899"}, 899), ({"Retry_After": "901"}, 900),
        ({"Retry_After": "-5"}, 30), ({"Retry_After": "soon"}, 30), ({"Other": "7"}, 30),
        ({"Retry_After": "9" * 10}, 30), ({"Retry_After": "9" * 9}, 900),
    ],
)  # fmt: skip
def test_slack_is_waited_for_as_long_as_it_asks_within_a_quarter_of_an_hour(headers, wait):
    assert answer_to(error("ratelimited", **headers)).wait == wait


@pytest.mark.parametrize(
    ("raised", "why"),
    [
        (error("invalid_auth"), "Slack refuses Casebeat: invalid_auth"),
        (error("missing_scope"), "Slack refuses Casebeat: missing_scope"),
        (NotConnectedError("TimeoutError"), "Slack cannot be reached (TimeoutError)"),
    ],
)
def test_where_nothing_can_be_posted_the_carrier_is_down(raised, why):
    with pytest.raises(Down) as down:
        answer_to(raised)
    assert str(down.value) == why


def test_what_is_no_answer_of_slacks_proves_nothing():
    answer = answer_to(ValueError("secret"))
    assert (answer.state, answer.reason) == (State.UNKNOWN, "no whole answer from Slack (ValueError)")


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (error("token_revoked"), "token_revoked"), (error("fatal_error"), ""), (ValueError("x"), ""),
        (error("invalid_auth", 500), "invalid_auth"),
    ],
)  # fmt: skip
def test_a_refusal_of_the_token_is_told_from_a_failure_that_may_pass(raised, code):
    assert refusal(raised) == code


def test_a_post_is_found_by_an_opaque_key():
    assert metadata("k1") == {"event_type": "casebeat_notice", "event_payload": {"k": "k1"}}
    assert (api.PACE_SECONDS, api.SKEW_SECONDS) == (1, 600)
