"""The doctor's sentences about Slack, the mail server and the mailbox of replies, by what these answer."""

import os
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from config.settings import settings
from models.errors import Retry
from tasks.carriers.carrier import Down
from tasks.rounds.doctor import mail, replies, slack
from tasks.rounds.doctor.slack import SCOPES

NOW = datetime(2026, 3, 17, 9, tzinfo=UTC)


class Answer(dict):
    """An answer of Slack's with its headers."""

    def __init__(self, headers, **given):
        super().__init__(given)
        self.headers = headers


@pytest.fixture
def with_token(put):
    put(SLACK__TOKEN="xoxb-of-tests", SLACK__TEAM="T0FORCE")


def refuses(*_, **__):
    raise slack.SlackRefused("invalid_auth")


def scopes(*given, name="x-oauth-scopes"):
    return Answer({"other": "x", name: ", ".join(given)}, team_id="T0FORCE")


def test_without_a_token_nothing_goes_to_slack(found, put):
    put(SLACK__TOKEN=None)
    assert found(slack, "slack") == [("ok", "No token is set, so that nothing goes to Slack.")]
    assert found(slack, "slack-channels") == []
    assert found(slack, "slack-buttons") == [("ok", "Messages in Slack have no buttons.")]


def test_a_token_is_known_of_this_workspace_and_has_its_scopes(found, with_token, put):
    assert found(slack, "slack", ask_slack=scopes(*SCOPES)) == []
    assert found(slack, "slack", ask_slack=scopes(*SCOPES, name="X-OAuth-Scopes")) == []
    assert found(slack, "slack", ask_slack=Answer({}, team_id="T0FORCE")) == [], "a stand-in tells no scopes"
    ((mark, sentence),) = found(slack, "slack", ask_slack=scopes(*SCOPES - {"im:write"}))
    assert (mark, sentence.partition(":")[0]) == ("fail", "The token lacks im")
    ((mark, sentence),) = found(slack, "slack", ask_slack=Answer({}, team_id="T0OTHER"))
    assert (mark, "of another workspace" in sentence) == ("fail", True)
    put(SLACK__TEAM=None)
    assert found(slack, "slack", ask_slack=Answer({}, team_id="T0OTHER")) == []
    ((mark, sentence),) = found(slack, "slack", ask_slack=refuses)
    assert (mark, sentence.partition(":")[0]) == ("fail", "invalid_auth")


def test_each_channel_is_read_once_and_the_one_that_cannot_be_is_named_with_its_place(found, with_token, put):
    put(SLACK__CHANNELS='{"45": "C045AB", "46": "C046AB"}', SLACK__OPERATIONS="C0OPSX")
    asked = []

    def ask(_, __, method, *, channel, limit):
        asked.append((method, channel, limit))
        if channel != "C045AB":
            raise slack.SlackRefused("not_in_channel")

    told = found(slack, "slack-channels", ask_slack=ask)
    assert asked == [("conversations_history", one, 1) for one in ("C045AB", "C046AB", "C0OPSX")]
    assert [sentence.partition(" cannot")[0] for _, sentence in told] == [
        "The Slack channel C046AB of 46", "The Slack channel C0OPSX of operations",
    ]  # fmt: skip
    put(SLACK__OPERATIONS="C046AB")
    assert [sentence.partition(" cannot")[0] for _, sentence in found(slack, "slack-channels", ask_slack=ask)] == [
        "The Slack channel C046AB of 46"
    ]
    put(SLACK__OPERATIONS=None)
    asked.clear()
    found(slack, "slack-channels", ask_slack=ask)
    assert [channel for _, channel, _ in asked] == ["C045AB", "C046AB"]


def test_buttons_need_a_token_and_a_listener(found, with_token, put):
    put(SLACK__APP_TOKEN="xapp-of-tests", SLACK__APP="A0APP")
    assert found(slack, "slack-buttons", ask_slack={}, slack_clicks__health=(True, "Someone listens.")) == []
    ((mark, sentence),) = found(slack, "slack-buttons", ask_slack={}, slack_clicks__health=(False, "Nobody listens."))
    assert (mark, sentence.startswith("Nobody listens. A click is lost")) == ("warn", True)
    ((mark, sentence),) = found(
        slack, "slack-buttons", ask_slack=refuses, slack_clicks__health=(False, "Nobody listens.")
    )
    assert (mark, sentence.partition(":")[0]) == ("fail", "Nobody can listen to Slack's buttons (invalid_auth)")


def test_the_reason_of_a_refusal_is_its_first_part(monkeypatch):
    monkeypatch.setattr(slack, "answer_to", lambda _: SimpleNamespace(reason="channel_not_found; look at it"))
    assert slack.reason_of(ValueError()) == "channel_not_found"

    def down(_):
        raise Down("Slack cannot be reached")

    monkeypatch.setattr(slack, "answer_to", down)
    assert slack.reason_of(ValueError()) == "Slack cannot be reached"


@pytest.mark.parametrize(
    ("why", "remedy"),
    [
        ("its certificate is not trusted", "name the server in CASEBEAT_MAIL__HOST"),
        ("it refused the sign-in (535)", "correct CASEBEAT_MAIL__USER"),
        ("it does not offer what the settings ask for", "correct CASEBEAT_MAIL__SECURITY"),
        ("it cannot be reached", "correct CASEBEAT_MAIL__HOST and"),
        ("it is in a bad mood", "look at its log. Until"),
    ],
)
def test_a_mail_server_that_is_not_ready_is_told_with_what_to_do(found, put, why, remedy):
    put(MAIL__HOST="mail.example", MAIL__PORT=25, MAIL__OPERATIONS="ops@surrey.police.uk")

    def ready():
        raise Down(why)

    server = SimpleNamespace(ready=ready, demands_sign_in=lambda: False, close=lambda: None)
    told = found(mail, "mail-server", Smtp=lambda _: server)
    ((mark, sentence),) = told
    assert mark == "fail"
    assert sentence.startswith(f"Mail server mail.example, port 25: {why}: {remedy}")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"MAIL__HOST": "mail.example"}, "The mail server answers, over trusted TLS, without a sign-in."),
        (
            {"MAIL__HOST": "mail.example", "MAIL__USER": "casebeat", "MAIL__PASSWORD": "x"},
            "The mail server answers, over trusted TLS, and accepts the sign-in.",
        ),
        ({"MAIL__HOST": "localhost"}, "The mail server of this machine answers, without TLS or a sign-in."),
        (
            {"MAIL__HOST": "localhost", "MAIL__USER": "casebeat", "MAIL__PASSWORD": "x"},
            "The mail server of this machine answers, without TLS, and accepts the sign-in.",
        ),
    ],
)
def test_a_mail_server_that_is_ready_is_told_with_what_was_tried(found, put, given, sentence):
    put(MAIL__PORT=2525, MAIL__OPERATIONS="ops@surrey.police.uk", **given)
    server = SimpleNamespace(ready=lambda: None, demands_sign_in=lambda: False, close=lambda: None)
    assert found(mail, "mail-server", Smtp=lambda _: server) == [("ok", sentence)]


def test_without_a_mail_server_or_a_mailbox_of_operations_nobody_is_written_to(found, put):
    put(MAIL__HOST=None, MAIL__OPERATIONS=None)
    assert [mark for mark, _ in found(mail, "mail-server")] == ["warn"]
    assert [mark for mark, _ in found(mail, "operations-mailbox")] == ["warn"]
    put(MAIL__OPERATIONS="ops@surrey.police.uk")
    assert found(mail, "operations-mailbox") == []


IMAP = {"REPLIES__HOST": "h", "REPLIES__USER": "u", "REPLIES__PASSWORD": "p", "REPLIES__ADDRESS": "r@surrey.police.uk"}


@pytest.mark.parametrize(
    ("why", "remedy"),
    [
        ("its certificate is not trusted", "or name it in"),
        ("It cannot be reached.", "correct CASEBEAT_REPLIES__HOST"),
        ("It refused the sign-in.", "correct CASEBEAT_REPLIES__USER"),
        ("It does not open the inbox.", "have the account's inbox"),
        ("It is odd.", "look at its server's log"),
    ],
)
def test_a_mailbox_of_replies_that_cannot_be_read_is_told_with_what_to_do(found, put, why, remedy):
    put(**IMAP)

    def fails(_):
        raise Retry(why)

    ((mark, sentence),) = found(replies, "reply-mailbox", imap__has_done_folder=fails)
    assert (mark, sentence.startswith(f"{why.rstrip('.')}; {remedy}")) == ("fail", True)


def test_a_mailbox_of_replies_has_its_folder_for_handled_mails_or_gets_it(found, put):
    assert found(replies, "reply-mailbox") == [("ok", "No reply mailbox is set, so that no mail offers a reply.")]
    put(**IMAP)
    assert found(replies, "reply-mailbox", imap__has_done_folder=True) == []
    ((mark, sentence),) = found(replies, "reply-mailbox", imap__has_done_folder=False)
    assert (mark, "has no folder" in sentence) == ("warn", True)


def test_a_maildir_of_replies_has_both_folders_and_may_be_changed(found, put, monkeypatch):
    box = settings().home
    put(REPLIES__MAILDIR=box, REPLIES__ADDRESS="r@surrey.police.uk")
    (box / "new").mkdir(parents=True)
    ((mark, sentence),) = found(replies, "reply-mailbox")
    assert (mark, f"has no folder {box / 'cur'}:" in sentence) == ("fail", True)
    (box / "cur").mkdir()
    assert found(replies, "reply-mailbox") == []
    monkeypatch.setattr(os, "access", lambda place, mode, **_: mode == 7 and place.name == "new")
    ((mark, sentence),) = found(replies, "reply-mailbox")
    assert (mark, f"folder {box / 'cur'} cannot be read and changed by uid {os.geteuid()}" in sentence) == (
        "fail", True,
    )  # fmt: skip
