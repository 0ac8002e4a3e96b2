"""Slack: its token, scopes, workspace, channels and listener, against the stand-in; nothing is posted."""

import pytest

from tests.support.slack_socket import SlackSocket
from tests.support.slack_stand_in import SlackStandIn
from tests.worlds.slack import PLACES, put_slack


@pytest.fixture
def slack(at, monkeypatch):
    with SlackStandIn() as stand_in, SlackSocket(stand_in):
        put_slack(monkeypatch, stand_in)
        yield stand_in
        assert stand_in.posts() == []


def test_an_installation_without_slack_is_well(at):
    for check in ("slack", "slack-channels", "slack-buttons"):
        at.is_well(check)


def test_a_token_that_slack_refuses_is_found(at, slack):
    at.is_well("slack")
    at.set(SLACK__TOKEN="xoxb-of-nobody")
    at.finds("slack", "fail", "Slack refuses Casebeat: invalid_auth", "correct CASEBEAT_SLACK__TOKEN")
    assert at.told("slack-channels") == [("skip", "Not looked at: put slack right first.")]
    assert "xoxb" not in str(at.examined())
    at.set(SLACK__TOKEN=slack.token)
    at.is_well("slack")


def test_a_token_without_a_scope_is_found(at, slack):
    slack.scopes = "chat:write,im:write,channels:history,groups:history"
    at.finds("slack", "fail", "The token lacks im:history", "install it again")
    slack.scopes += ",im:history"
    at.is_well("slack")


def test_a_token_of_another_workspace_is_found(at, slack):
    at.set(SLACK__TEAM="T0OTHER")
    at.finds("slack", "fail", "of another workspace than CASEBEAT_SLACK__TEAM names")
    at.set(SLACK__TEAM="T0FORCE")
    at.is_well("slack")


def test_a_channel_that_is_missing_or_to_which_nobody_invited_the_app_is_found(at, slack):
    at.is_well("slack-channels")
    gone = slack.conversations.pop(PLACES["45"])
    at.finds("slack-channels", "fail", f"The Slack channel {PLACES['45']} of 45", "channel_not_found")
    slack.channel(gone.id, member=False)
    at.finds("slack-channels", "fail", "not_in_channel", "invite the app to it with /invite")
    slack.channel(gone.id)
    at.set(SLACK__OPERATIONS="C0NOWHERE")
    at.finds("slack-channels", "fail", "The Slack channel C0NOWHERE of operations", "CASEBEAT_SLACK__OPERATIONS")
    at.set(SLACK__OPERATIONS=None)
    at.is_well("slack-channels")


def test_buttons_that_nobody_listens_to_or_may_listen_to_are_found(at, slack, book):
    at.finds("slack-buttons", "warn", "Nobody listens to Slack's buttons", "casebeat serve keeps a listener")
    at.set(SLACK__APP_TOKEN="xapp-of-nobody")
    at.finds("slack-buttons", "fail", "invalid_auth", "correct CASEBEAT_SLACK__APP_TOKEN")
    at.set(SLACK__APP_TOKEN=slack.app_token)
    book.say("insert into switches (name, value, set_at, set_by) values ('listening', 'yes', clock_timestamp(), 'me')")
    at.is_well("slack-buttons")


def test_slack_out_of_reach_is_found(at, slack):
    at.set(SLACK__BASE_URL="http://127.0.0.1:9/api/")
    at.finds("slack", "fail", "Slack cannot be reached", "open the way to slack.com")
