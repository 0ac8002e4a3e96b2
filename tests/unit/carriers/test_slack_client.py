"""The connection to Slack is used again while it is fresh and lasts for another call."""

from contextlib import closing

import pytest

from tasks.carriers.slack.client import LIMITS, SafeWebClient
from tests.support.slack_stand_in import SlackStandIn

SECOND_CALL = 2 * LIMITS.exchange  # the most seconds that it may take


@pytest.mark.parametrize(
    ("session", "idle", "connections"),
    [
        (LIMITS.session, 0.0, 1),
        (LIMITS.session, 4.5, 1),
        (LIMITS.session, 5.0, 2),
        (SECOND_CALL + 5, 0.0, 1),
        (SECOND_CALL - 1, 0.0, 2),
    ],
)
def test_a_connection_is_used_again_within_five_seconds_if_it_lasts_for_a_whole_call(session, idle, connections):
    with SlackStandIn() as slack:
        client = SafeWebClient(slack.token, slack.base_url, LIMITS._replace(session=session))
        with closing(client):
            client.auth_test()
            client._used_at -= idle
            client.auth_test()
        assert len(slack.callers) == connections


def test_limits_are_those_of_a_call_well_below_a_claims_lease():
    assert (LIMITS.connect, LIMITS.exchange, LIMITS.session, LIMITS.reply) == (10, 20, 300, 2_000_000 + 65_536)
