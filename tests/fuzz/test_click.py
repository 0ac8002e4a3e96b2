"""A click in Slack: any payload is done once for the right person, refused, or ignored."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import strategies as st
from sqlalchemy import Engine

from config.days.london import at_london
from config.settings import Settings
from flows.configured import configured
from tasks.replies import slack_clicks
from tasks.replies.slack_clicks import Unbelievable
from tests.fuzz.effort import fuzz
from tests.fuzz.mutations import mutated
from tests.support.slack_stand_in import SlackStandIn
from tests.worlds.clicks import JSON, TODAY, Notice, places
from tests.worlds.one_case import OneCase
from tests.worlds.slack import in_slack, put_slack

AT = at_london(TODAY)


@pytest.fixture
def chosen(database: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Settings, SlackStandIn]]:
    with SlackStandIn() as slack:
        yield put_slack(monkeypatch, slack), slack


def test_any_payload_is_done_for_the_right_person_or_refused_or_ignored(
    chosen: tuple[Settings, SlackStandIn], database: Engine, run_cli: Any
) -> None:
    settings, slack = chosen
    case = OneCase(database, run_cli)
    case.round("Mon 2 Mar 2026")
    case.round("Tue 17 Mar 2026")
    with in_slack(database, slack, "P1", "S1", "SP1", "C1"):
        notice = Notice(case, slack, settings)
        real = [notice.payload(), notice.payload("show", None)]
        paths = st.sampled_from([(payload, path) for payload in real for path in places(payload)])
        texts = mutated([json.dumps(payload).encode() for payload in real])

        def run(value: Any) -> str:
            try:
                payload = json.loads(value) if isinstance(value, bytes) else replaced(*value)
                heard = slack_clicks.store(slack_clicks.read(payload, settings), AT)
            except (ValueError, RecursionError, Unbelievable):  # a payload comes to Casebeat as JSON, already read
                return "ignored"
            answer = slack_clicks.act(configured(), TODAY, AT) or heard
            who = case.ask("select distinct by_ref from promises")
            assert who in ([], ["P1"]), "a promise in the name of somebody else"
            if payload["user"]["id"] != notice.user and answer is not None:
                assert "45/1234" not in answer.text
                assert answer.blocks is None
            return "answered" if answer else "stored"

        answers = fuzz("click", st.tuples(paths, JSON) | texts, run)
    assert answers["ignored"] > 0
    assert answers["answered"] > 0


def replaced(place: tuple[dict[str, Any], tuple[Any, ...]], value: Any) -> Any:
    """The payload with another value in one place."""
    payload, path = place
    made = copy.deepcopy(payload)
    at = made
    for part in path[:-1]:
        at = at[part]
    at[path[-1]] = value
    return made
