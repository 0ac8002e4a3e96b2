"""The calls to Slack by their answers: who the bot is, whether a post is there, and how fast posts may follow."""

import json
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from config.slack import Slack
from config.terms import State
from tasks.carriers.carrier import Down
from tasks.carriers.slack import api
from tasks.carriers.slack.api import SKEW_SECONDS, SlackApi, Unreachable, metadata
from tests.unit.carriers.test_slack_answers import error

AT = datetime(2026, 3, 17, 9, tzinfo=UTC)
CHOSEN = Slack.model_validate({"token": "xoxb-1", "team": "T0FORCE"})
ME = {"bot_id": "B0", "team_id": "T0FORCE"}


class Client:
    """Slack's answers by method, in turn; a fault is raised. It keeps what was asked."""

    def __init__(self, **answers: Any) -> None:
        self.answers, self.asked = {"auth_test": [ME]} | answers, list[tuple[str, dict[str, Any]]]()

    def __getattr__(self, method: str) -> Any:
        def call(**given: Any) -> Any:
            self.asked.append((method, given))
            answers = self.answers[method]
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call


def slack(chosen: Slack = CHOSEN, pace: float | None = 0, **answers: Any) -> Any:
    made: Any = SlackApi(chosen, pace=pace)
    made._client = Client(**answers)
    return made


def test_without_a_token_there_is_no_carrier():
    with pytest.raises(ValueError, match="no token"):
        SlackApi(Slack())


@pytest.mark.parametrize(
    ("known", "team", "known_bot"),
    [
        (ME, "T0FORCE", True), (ME, "", True), (ME, "T0OTHER", False), ({"team_id": "T0FORCE"}, "", False),
        ({"bot_id": "B0"}, "T0FORCE", False),
    ],
)  # fmt: skip
def test_a_token_is_a_bots_of_the_workspace_that_the_settings_name(known, team, known_bot):
    made = slack(Slack.model_validate({"token": "xoxb-1", "team": team}), auth_test=[known])
    if known_bot:
        made.ready()
        made.ready()
        assert len(made._client.asked) == 1, "it is asked once"
    else:
        with pytest.raises(Down, match="not a bot's of the workspace"):
            made.ready()


@pytest.mark.parametrize(
    ("opened", "state"),
    [({}, State.RETRY), ({"channel": None}, State.RETRY), ({"channel": {"id": 7}}, State.RETRY),
     (error("user_not_found"), State.DEAD), (error("fatal_error"), State.RETRY),
     (error("ratelimited", Retry_After="7"), State.RETRY)],
)  # fmt: skip
def test_a_conversation_that_cannot_be_opened_is_the_answer_for_its_reader(opened, state):
    with pytest.raises(Unreachable) as unreachable:
        slack(conversations_open=[opened]).direct("U0P1")
    assert unreachable.value.answer.state is state
    assert slack(conversations_open=[{"channel": {"id": "D0P1"}}]).direct("U0P1") == "D0P1"


@pytest.mark.parametrize(("ts", "state"), [("1.2", State.SENT), ("x", State.UNKNOWN), (None, State.UNKNOWN)])
def test_a_post_is_sent_where_slack_gives_it_a_name(ts, state):
    made = slack(chat_postMessage=[{"ts": ts}])
    answer = made.send("C0", json.dumps({"text": "x"}).encode(), "k")
    assert (answer.state, answer.remote_ref) == (state, "C0:1.2" if state is State.SENT else None)
    ((_, asked),) = made._client.asked
    assert (asked["unfurl_links"], asked["unfurl_media"], asked["metadata"]) == (False, False, metadata("k"))


def test_only_the_words_of_a_post_are_changed_and_where_it_is_stays():
    made = slack(chat_update=[{}])
    body = json.dumps({"text": "x", "blocks": [], "thread_ts": "1.1"}).encode()
    assert made.update("C0:1.2", body).remote_ref == "C0:1.2"
    assert made._client.asked == [("chat_update", {"channel": "C0", "ts": "1.2", "text": "x", "blocks": []})]


def message(key: str = "k", ts: str = "1.2", bot: str = "B0", event: str = api.EVENT, **given: Any) -> dict[str, Any]:
    return {"bot_id": bot, "ts": ts, "metadata": {"event_type": event, "event_payload": {"k": key}}, **given}


def looked(*pages: Any, body: dict[str, str] | None = None) -> Any:
    made = slack(conversations_history=list(pages), conversations_replies=list(pages))
    answer = made.look_for("C0", json.dumps(body or {}).encode(), "k", AT)
    return answer, made._client.asked[1:]


def page(*messages: Any, cursor: str = "", more: bool = False) -> dict[str, Any]:
    return {"messages": list(messages), "response_metadata": {"next_cursor": cursor}, "has_more": more}


OTHERS = (
    message("other"), message(bot="B9"), message(event="another"), {"bot_id": "B0", "ts": "1.3"},
    message(bot="B9", metadata={"event_type": api.EVENT}),
)  # fmt: skip


def test_a_post_is_found_by_its_key_on_whichever_page_it_is():
    answer, asked = looked(page(*OTHERS, cursor="next", more=True), page(message(ts="9.9")))
    assert (answer.state, answer.remote_ref) == (State.SENT, "C0:9.9")
    assert [given["cursor"] for _, given in asked] == [None, "next"]
    assert {float(given["oldest"]) for _, given in asked} == {AT.timestamp() - SKEW_SECONDS}
    assert {method for method, _ in asked} == {"conversations_history"}
    assert {given["limit"] for _, given in asked} == {200}, "as many as Slack gives"


def test_a_post_in_a_thread_is_looked_for_there():
    answer, asked = looked(page(message()), body={"thread_ts": "1.1"})
    assert answer.state is State.SENT
    assert (asked[0][0], asked[0][1]["ts"]) == ("conversations_replies", "1.1")


@pytest.mark.parametrize(
    ("pages", "state"),
    [
        ((page(*OTHERS),), State.RETRY),
        (({"messages": [], "response_metadata": None},), State.RETRY),
        (({"messages": []},), State.RETRY),
        ((page(more=True),), State.UNKNOWN),
        ((page({"bot_id": "B0", "ts": "1.1", "metadata": {"event_type": api.EVENT}}),), State.UNKNOWN),
        ((page(cursor="next", more=True), error("fatal_error")), State.UNKNOWN),
    ],
)
def test_a_post_is_absent_only_where_every_page_was_read_with_its_keys(pages, state):
    assert looked(*pages)[0].state is state


def test_posts_to_one_channel_follow_each_other_at_slacks_pace(monkeypatch):
    slept, now = list[float](), [100.0]
    clock = SimpleNamespace(monotonic=lambda: now[0], sleep=slept.append)
    monkeypatch.setattr(api, "time", clock)
    made = slack(pace=2.0)
    made._pace_posts("C0")
    made._pace_posts("C1")
    assert slept == []
    now[0] = 100.5
    made._pace_posts("C0")
    now[0] = 109.0
    made._pace_posts("C0")
    assert slept == [1.5, 0.0]
    unpaced = slack(pace=0)
    for _ in range(2):
        unpaced._pace_posts("C0")
    assert slept == [1.5, 0.0]
    assert slack(pace=None)._pace == api.PACE_SECONDS


def test_a_message_without_its_key_says_that_slack_hides_the_keys():
    hidden = {"bot_id": "B0", "ts": "1.1", "metadata": {"event_type": api.EVENT}}
    assert looked(page(hidden))[0].reason == "Slack did not show the keys of its messages"
    assert looked(error("fatal_error"))[0].reason.startswith("could not be looked for: Slack: fatal_error")
