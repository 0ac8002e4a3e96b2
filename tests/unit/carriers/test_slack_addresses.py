"""The place of a post: operations' Slack channel, a reader's conversation, or the reason why there is none."""

from datetime import date

import pytest

from config.message_kinds import MessageKind
from config.settings import Settings
from config.slack import Slack
from config.terms import Agency, State
from models.queries.obligations.obligation_views import Reader
from models.queries.outbox.outbox import ClaimedMessage
from tasks.carriers.carrier import Answer
from tasks.carriers.slack.carrier import Posts
from tasks.messages.composing import ComposedMessage
from tasks.platform.configuration import Configuration

DAY = date(2026, 3, 17)
READER = Reader("P1", Agency.POLICE, "NAME", "p1@surrey.police.uk", frozenset(), ("45",), (), restricted_access=False)


def place(contact_ref, reader, operations=""):
    held = ClaimedMessage(1, "k", MessageKind.LETTER, contact_ref, "slack", DAY, False, False, None, 1, "", None, "s")
    chosen = Settings(slack=Slack.model_validate({"token": "xoxb-1", "operations": operations}))
    return Posts(Configuration(chosen), {"P1": "D0P1"}, DAY, None, ()).address(ComposedMessage(held, reader, None, {}))


def test_a_reader_is_written_to_in_their_conversation():
    assert place("P1", READER) == "D0P1"


@pytest.mark.parametrize("reader", [None, READER._replace(left=True)])
def test_a_reader_who_has_left_is_written_nothing(reader):
    assert place("P1", reader) == Answer(State.SILENT, "has left")


def test_operations_have_the_slack_channel_of_the_settings_or_none():
    assert place(None, None, "C0OPERATIONS") == "C0OPERATIONS"
    assert place(None, None) == Answer(State.SILENT, "operations have no Slack channel")
