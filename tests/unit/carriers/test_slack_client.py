"""The connection to Slack is used again while it is fresh and lasts for another call."""

from tasks.carriers.slack.client import LIMITS


def test_limits_are_those_of_a_call_well_below_a_claims_lease():
    assert (LIMITS.connect, LIMITS.exchange, LIMITS.session, LIMITS.reply) == (10, 20, 300, 2_000_000 + 65_536)
