"""The stand-in refuses what Slack refuses: if it were more lenient, tests against it would prove nothing."""

from typing import Any

import pytest

from tests.support.slack_rules import Refused, check_message

PLAIN = {"type": "plain_text", "text": "x"}
BUTTON = {"type": "button", "action_id": "a", "text": PLAIN}

CONFIRM = {"title": PLAIN, "text": PLAIN, "confirm": PLAIN, "deny": PLAIN}


def text(longest: int) -> dict[str, str]:
    return {"type": "plain_text", "text": "x" * longest}


def select(number: int, value: str = "v") -> dict[str, Any]:
    return {"type": "static_select", "action_id": "a", "options": [{"text": PLAIN, "value": value}] * number}


def section(**given: Any) -> dict[str, Any]:
    return {"type": "section", "text": PLAIN, **given}


GOOD = [
    [{"type": "divider"}] * 50,
    [{"type": "header", "text": text(150)}],
    [section(text=text(3000))],
    [{"type": "section", "fields": [PLAIN] * 10}],
    [{"type": "context", "elements": [PLAIN] * 10}],
    [{"type": "actions", "elements": [{**BUTTON, "action_id": str(n)} for n in range(25)]}],
    [section(block_id="a" * 255), section(block_id="b")],
    [section(accessory=select(100))],
    [section(accessory=select(1, "v" * 150))],
    [{"type": "actions", "elements": [{"type": "datepicker", "action_id": "d", "initial_date": "2026-03-16"}]}],
    [{"type": "actions", "elements": [{**BUTTON, "confirm": CONFIRM}]}],
]
BAD = [
    [{"type": "divider"}] * 51,
    [{"type": "header", "text": text(151)}],
    [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
    [section(text=text(3001))],
    [section(text=text(0))],
    [section(text={"type": "plain_text", "text": "x", "verbatim": True})],
    [{"type": "section"}],
    [{"type": "section", "fields": [PLAIN] * 11}],
    [{"type": "section", "fields": [text(2001)]}],
    [{"type": "context", "elements": [PLAIN] * 11}],
    [{"type": "context", "elements": []}],
    [{"type": "actions", "elements": [{**BUTTON, "action_id": str(n)} for n in range(26)]}],
    [{"type": "actions", "elements": [BUTTON, BUTTON]}],
    [{"type": "actions", "elements": [{**BUTTON, "text": text(76)}]}],
    [{"type": "actions", "elements": [{**BUTTON, "value": "v" * 2001}]}],
    [{"type": "actions", "elements": [{**BUTTON, "url": "u" * 3001}]}],
    [{"type": "actions", "elements": [{**BUTTON, "action_id": "a" * 256}]}],
    [{"type": "actions", "elements": [{**BUTTON, "confirm": {**CONFIRM, "title": text(101)}}]}],
    [{"type": "actions", "elements": [{**BUTTON, "confirm": {**CONFIRM, "deny": text(31)}}]}],
    [{"type": "actions", "elements": [{"type": "datepicker", "action_id": "d", "initial_date": "16/03/2026"}]}],
    [section(accessory=select(101))],
    [section(accessory=select(1, "v" * 151))],
    [section(accessory={"type": "carousel", "action_id": "a"})],
    [section(block_id="same"), section(block_id="same")],
    [section(block_id="a" * 256)],
    [{"type": "marquee"}],
]  # fmt: skip


@pytest.mark.parametrize("blocks", GOOD)
def test_what_slack_takes_it_takes(blocks: list[dict[str, Any]]) -> None:
    check_message({"text": "x", "blocks": blocks})


@pytest.mark.parametrize("blocks", BAD)
def test_blocks_beyond_a_limit_are_refused(blocks: list[dict[str, Any]]) -> None:
    with pytest.raises(Refused, match="invalid_blocks"):
        check_message({"text": "x", "blocks": blocks})


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({}, "no_text"),
        ({"text": "", "blocks": []}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": "x", "blocks": {"type": "divider"}}, "invalid_blocks_format"),
        ({"text": "x", "blocks": [section(text=text(3000))] * 5}, "msg_blocks_too_long"),
        ({"text": "x", "metadata": "k"}, "invalid_metadata_format"),
        ({"text": "x", "metadata": {"event_type": "e"}}, "invalid_metadata_schema"),
        ({"text": "x", "metadata": {"event_type": "e", "event_payload": {"k": ["list"]}}}, "invalid_metadata_schema"),
        ({"text": "x", "metadata": {"event_type": "e", "event_payload": {"k": "x" * 9000}}}, "metadata_too_large"),
    ],
)
def test_a_message_that_is_wrong_as_a_whole_is_refused_by_its_code(message: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused, match=code):
        check_message(message)
