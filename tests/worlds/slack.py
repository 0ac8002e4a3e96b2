"""A book with people in Slack, a stand-in for Slack, and the settings that connect them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from config.days.london import at_london
from config.settings import Settings, settings
from flows.configured import configured
from tasks.carriers.slack import api
from tasks.outbox import digests
from tasks.outbox.delivery import deliver
from tasks.outbox.sending import DeliveryCounts
from tests.support.slack_stand_in import BOT, SlackStandIn
from tests.worlds.days import day
from tests.worlds.one_case import OneCase

PLACES = {"45": "C0FORCE45", "South East": "C0AREASE"}
HERE, THERE = PLACES["45"], PLACES["South East"]
CRITICAL = "Thu 19 Mar 2026"


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


class Clock:
    """Slack's clock, which shows the simulated day."""

    at = at_london(day("Mon 2 Mar 2026")).timestamp()


class Book:
    """One case with its simulated days: a round, the grouping, and a delivery; in Slack, and in the Maildir."""

    def __init__(self, case: OneCase, slack: SlackStandIn) -> None:
        self.case, self.slack = case, slack

    def live(self, on: str) -> DeliveryCounts:
        self.case.round(on)
        digests.group(configured(), day(on), at_london(day(on)))
        return self.deliver(on)

    def deliver(self, on: str, later: int = 0) -> DeliveryCounts:
        at = at_london(day(on)) + timedelta(seconds=later)
        Clock.at = at.timestamp()
        if later:  # the time until a post shows, by the database's clock
            self.case.say("update messages set lease_until = now() - interval '1 second' where state = 'unknown'")
        return deliver(configured(), at)

    def begin_anew(self) -> None:
        """Reset, as if no thread existed."""
        self.case.say("update threads set place = 'elsewhere'")
        self.case.say("update messages set key = 'before:' || key where kind = 'thread'")

    def done(self) -> None:
        self.case.say("update actions set status = 'done', closed_on = '2026-03-30'")
        self.case.changed()

    def parent(self, place: str = HERE) -> dict[str, Any]:
        (found,) = [post for post in self.slack.posts(place) if "thread_ts" not in post]
        return found

    def steps(self, place: str = HERE) -> list[str]:
        """The first line of each post in the thread."""
        ts = self.parent(place)["ts"]
        return [words(post).splitlines()[0] for post in self.slack.posts(place) if post.get("thread_ts") == ts]
