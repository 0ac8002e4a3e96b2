"""The calls to Slack by their answers: who the bot is, whether a post is there, and how fast posts may follow."""

import pytest

from config.slack import Slack
from tasks.carriers.slack.api import SlackApi


def test_without_a_token_there_is_no_carrier():
    with pytest.raises(ValueError, match="no token"):
        SlackApi(Slack())
