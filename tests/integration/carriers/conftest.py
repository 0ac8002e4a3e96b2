"""A stand-in for Slack whose clock a test sets."""

from collections.abc import Iterator

import pytest

from tests.support.slack_stand_in import SlackStandIn
from tests.worlds.slack import Clock


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    with SlackStandIn(clock=lambda: Clock.at) as running:
        yield running
