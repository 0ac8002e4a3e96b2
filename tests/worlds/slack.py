"""A book with people in Slack, a stand-in for Slack, and the settings that connect them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, text

from config.settings import Settings, settings
from tasks.carriers.slack import api
from tests.support.slack_stand_in import BOT, SlackStandIn

PLACES = {"45": "C0FORCE45", "South East": "C0AREASE"}


def put_slack(monkeypatch: pytest.MonkeyPatch, slack: SlackStandIn, **given: str) -> Settings:
    """Name the stand-in in the settings, with buttons and a Slack channel for the force and the Area."""
    values = {
        "TOKEN": slack.token, "APP_TOKEN": slack.app_token, "TEAM": BOT["team"], "APP": BOT["app_id"],
        "BASE_URL": slack.base_url, "STAND_IN": "yes", "CHANNELS": json.dumps(PLACES), **given,
    }  # fmt: skip
    for name, value in values.items():
        monkeypatch.setenv(f"CASEBEAT_SLACK__{name}", value)
    monkeypatch.setenv("CASEBEAT_SIGNING_SECRET", "s" * 40)
    monkeypatch.setattr(api, "PACE_SECONDS", 0)
    for place in PLACES.values():
        slack.channel(place)
    return settings()


@contextmanager
def in_slack(engine: Engine, slack: SlackStandIn, *refs: str) -> Iterator[None]:
    """Give these contacts a name in Slack: U0 and their reference."""
    with engine.begin() as connection:
        for ref in refs:
            slack.user(f"U0{ref}")
            connection.execute(
                text("update contacts set slack_user_id = :user where contact_ref = :ref"),
                {"user": f"U0{ref}", "ref": ref},
            )
    yield


def buttons(post: dict[str, Any]) -> list[str]:
    """The keys of a message's buttons, in order."""
    return [block["block_id"] for block in post["blocks"] if block["type"] == "actions"]


def words(post: dict[str, Any]) -> str:
    """All text that a message shows."""
    found = []
    for block in post["blocks"]:
        texts = [block["text"]] if "text" in block else block.get("elements", [])
        found.extend(each["text"] if isinstance(each.get("text"), str) else "" for each in texts)
    return "\n".join(found)
