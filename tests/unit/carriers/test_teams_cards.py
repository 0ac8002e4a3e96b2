"""Cards for Teams: text that nothing is read into, no longer than Teams takes, and the answers of a flow."""

import json
from dataclasses import replace

import pytest

from config.carriers.teams import KINDS
from config.message_kinds import MessageKind
from config.routes import Channel
from config.terms import State
from tasks.carriers.case_threads import cleaned
from tasks.carriers.teams.cards import LONGEST, card
from tasks.carriers.teams.carrier import by_status
from tasks.messages.rendering import render_for
from tests.approved import variants
from tests.support.teams_stand_in import line_of, shown
from tests.worlds.days import row

POSTED = sorted(name for name, (kind, _) in variants.SAMPLES.items() if kind in KINDS)
OPEN = variants.SAMPLES["thread-open"][1]


@pytest.mark.parametrize("name", POSTED)
def test_every_sample_is_a_card_whose_every_line_is_the_templates(name):
    kind, context = variants.SAMPLES[name]
    body = shown(json.loads(card(kind, context)))["body"]
    lines = [line for line in render_for(Channel.TEAMS, kind, cleaned(context)).splitlines() if line.strip()]
    assert [line_of(block) for block in body] == [line[2:].strip() for line in lines if not line.startswith("@")]


def test_a_value_is_text_whatever_it_looks_like():
    hostile = "[a](https://evil.test) <at>all</at> **b** \u202e\x00\n# heading"
    kind, context = variants.SAMPLES["post-step"]
    told = replace(context, item=replace(context.item, reference=hostile))
    body = shown(json.loads(card(kind, told)))["body"]
    assert {block["type"] for block in body} == {"RichTextBlock"}
    assert line_of(body[0]).startswith("[a](https://evil.test) <at>all</at> **b**")
    assert not any(sign in line_of(block) for block in body for sign in "\u202e\x00\n")


def test_a_case_with_more_than_fits_has_its_worst_items_and_the_number_of_the_others():
    many = replace(OPEN, items=OPEN.items * 200)
    made = card(MessageKind.THREAD, many)
    lines = [line_of(block) for block in shown(json.loads(made))["body"]]
    assert len(made) <= LONGEST
    assert any(line.startswith("And ") and line.endswith(" more.") for line in lines)


def test_a_step_that_does_not_fit_is_a_fault():
    kind, context = variants.SAMPLES["post-step"]
    with pytest.raises(ValueError, match="nothing can be left out of"):
        card(kind, replace(context, item=replace(context.item, reference="x" * LONGEST)))


@pytest.mark.parametrize(
    ("status", "headers", "state", "wait"),
    [
        row("accepted", 202, {}, State.SENT, 0),
        row("done", 200, {}, State.SENT, 0),
        row("the last success", 299, {}, State.SENT, 0),
        row("elsewhere", 302, {"location": "https://evil.test"}, State.DEAD, 0),
        row("a wrong card", 400, {}, State.DEAD, 0),
        row("a wrong signature", 401, {}, State.DEAD, 0),
        row("a flow that is gone", 404, {}, State.DEAD, 0),
        row("a wait", 408, {}, State.UNKNOWN, 0),
        row("busy", 429, {}, State.RETRY, 60),
        row("busy for a while", 429, {"retry-after": "120"}, State.RETRY, 120),
        row("busy for long", 429, {"retry-after": "90000"}, State.RETRY, 3600),
        row("busy until a day", 429, {"retry-after": "Fri, 27 Mar 2026 08:00:00 GMT"}, State.RETRY, 60),
        row("a fault of the far end", 500, {}, State.UNKNOWN, 0),
        row("a gateway's", 502, {}, State.UNKNOWN, 0),
        row("no success", 199, {}, State.DEAD, 0),
    ],
)
def test_an_answer_is_judged_by_its_status(status, headers, state, wait):
    answer = by_status(status, headers)
    assert (answer.state, answer.wait) == (state, wait)
    assert answer.reason == "" if state is State.SENT else f"({status})" in answer.reason
