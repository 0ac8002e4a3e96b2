"""A payload from Slack is read as a click on our buttons, or ignored; nothing in it causes an error."""

import copy
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.slack import Click, Slack
from tasks.replies.slack_clicks import Unbelievable, read
from tests.support.slack_socket import block_actions
from tests.worlds.clicks import JSON, places

CHOSEN: Any = SimpleNamespace(
    slack=Slack.model_validate(
        {"token": "xoxb-1", "app_token": "xapp-1", "team": "T0FORCE", "app": "A0CASEBEAT"}
    )
)  # fmt: skip
REAL = block_actions(
    {"ts": "1795617466.985242"}, "U0P1", "cb1.abcDEF_-", "hold", channel_id="D0P1", selected_date="2026-03-20"
)


def changed(path: tuple[Any, ...], to: Any) -> Any:
    made = copy.deepcopy(REAL)
    at = made
    for part in path[:-1]:
        at = at[part]
    at[path[-1]] = to
    return made


def test_a_real_click_is_read_whole() -> None:
    clicked = read(REAL, CHOSEN)
    assert (clicked.channel_id, clicked.ts, clicked.key) == ("D0P1", "1795617466.985242", "cb1.abcDEF_-")
    assert (clicked.click, clicked.slack_user_id, clicked.nonce) == (Click.HOLD, "U0P1", "2026-03-20")


@given(st.sampled_from(places(REAL)), JSON)
def test_any_value_in_one_place_of_it_is_a_click_or_none(path: tuple[Any, ...], to: Any) -> None:
    try:
        clicked = read(changed(path, to), CHOSEN)
    except Unbelievable:
        return
    assert all(isinstance(value, str) and value.isprintable() for value in clicked[1:7])


@given(JSON)
def test_what_is_no_payload_at_all_is_no_click(value: Any) -> None:
    with pytest.raises(Unbelievable):
        read(value, CHOSEN)


@pytest.mark.parametrize(
    "path",
    [("api_app_id",), ("team", "id"), ("user", "team_id"), ("type",), ("actions", 0, "action_id"), ("user", "id")],
)
def test_another_app_workspace_or_kind_is_no_click(path: tuple[Any, ...]) -> None:
    with pytest.raises(Unbelievable):
        read(changed(path, "x"), CHOSEN)


def test_a_button_is_told_from_another_click_on_it_by_its_moment_and_a_day_by_itself() -> None:
    post = {"ts": "1795617466.985242"}
    shown = block_actions(post, "U0P1", "cb1.abc", "show", channel_id="D0P1")
    assert (read(shown, CHOSEN).click, read(shown, CHOSEN).nonce) == (Click.SHOW, "1.000001")
    for payload, name, nonce in ((shown, "action_ts", "2026-03-20"), (REAL, "selected_date", "1.000001")):
        other = copy.deepcopy(payload)
        other["actions"][0][name] = nonce
        with pytest.raises(Unbelievable):
            read(other, CHOSEN)
