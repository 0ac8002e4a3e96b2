"""Slack: the tokens, the scopes, the channels and the listener; nothing is posted."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from typing import Any

from pydantic import SecretStr

from tasks.carriers.carrier import Down
from tasks.carriers.slack.api import answer_to
from tasks.carriers.slack.client import SafeWebClient
from tasks.platform.configuration import Configuration
from tasks.replies import slack_clicks
from tasks.rounds.doctor.check import Verdict, fail, inspection, ok, some, warn

SCOPES = frozenset({"chat:write", "im:write", "im:history", "channels:history", "groups:history"})


class SlackRefused(Exception):
    """Slack refused a call, or gave no answer."""


@inspection("slack", "Slack knows the token, and its scopes suffice.")
def _token(configuration: Configuration, _at: datetime) -> Iterator[Verdict]:
    slack = configuration.settings.slack
    if slack.token is None:
        yield ok("No token is set, so that nothing goes to Slack.")
        return
    try:
        known = ask_slack(configuration, slack.token, "auth_test")
    except SlackRefused as why:
        yield fail(f"{why}: correct CASEBEAT_SLACK__TOKEN, or open the way to slack.com in the firewall.")
        return
    if slack.team and known["team_id"] != slack.team:
        yield fail("The token is of another workspace than CASEBEAT_SLACK__TEAM names: correct one of them.")
    given = next((text for name, text in known.headers.items() if name.lower() == "x-oauth-scopes"), None)
    missing = SCOPES - {scope.strip() for scope in given.split(",")} if given is not None else frozenset()
    if missing:
        yield fail(
            f"The token lacks {some(missing)}: add the scopes to the app at api.slack.com, under OAuth & Permissions, "
            "and install it again."
        )


@inspection("slack-channels", "The app can read each Slack channel of the settings.", "slack")
def _channels(configuration: Configuration, _at: datetime) -> Iterator[Verdict]:
    """Read each Slack channel of the settings, as a lost answer would have it read."""
    slack = configuration.settings.slack
    if slack.token is None:
        return
    places = {channel: place for place, channel in slack.channels.items()}
    if slack.operations:
        places.setdefault(slack.operations, "operations")
    for channel, place in places.items():
        try:
            ask_slack(configuration, slack.token, "conversations_history", channel=channel, limit=1)
        except SlackRefused as why:
            yield fail(
                f"The Slack channel {channel} of {place} cannot be used ({why}): correct CASEBEAT_SLACK__CHANNELS or "
                "CASEBEAT_SLACK__OPERATIONS, or invite the app to it with /invite."
            )


@inspection("slack-buttons", "Somebody listens to the buttons.", "slack", "database")
def _buttons(configuration: Configuration, at: datetime) -> Iterator[Verdict]:
    slack = configuration.settings.slack
    if slack.app_token is None:
        yield ok("Messages in Slack have no buttons.")
        return
    try:
        ask_slack(configuration, slack.app_token, "apps_connections_open", app_token=slack.app_token.get_secret_value())
    except SlackRefused as why:
        yield fail(
            f"Nobody can listen to Slack's buttons ({why}): correct CASEBEAT_SLACK__APP_TOKEN, a token with "
            "connections:write, or unset it."
        )
        return
    listened, sentence = slack_clicks.health(configuration.settings, at)
    if not listened:
        yield warn(f"{sentence} A click is lost meanwhile; casebeat serve keeps a listener.")


def ask_slack(configuration: Configuration, token: SecretStr, method: str, **arguments: Any) -> Any:
    """Make one call of Slack's. Raises SlackRefused with Slack's code."""
    slack = configuration.settings.slack
    with closing(SafeWebClient(token.get_secret_value(), slack.base_url, proxy=slack.proxy)) as client:
        try:
            return getattr(client, method)(**arguments)
        except Exception as error:  # noqa: BLE001  slack_sdk's failures have no base class
            raise SlackRefused(reason_of(error)) from None


def reason_of(error: Exception) -> str:
    """Return why Slack refused, or that it cannot be reached."""
    try:
        return answer_to(error).reason.partition(";")[0]
    except Down as down:
        return str(down)


CHECKS = (_token, _channels, _buttons)
