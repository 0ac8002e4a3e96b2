"""Teams: the hosts of the flows; nothing is posted, so that a flow that is gone shows only with its first card."""

from collections.abc import Iterator
from datetime import datetime

from tasks.network.one_request import NotReachedError, reach
from tasks.platform.configuration import Configuration
from tasks.rounds.doctor.check import Verdict, fail, inspection, ok


@inspection("teams", "The hosts of the flows in Teams answer, over trusted TLS.")
def _flows(configuration: Configuration, _at: datetime) -> Iterator[Verdict]:
    """Connect to the host of each flow, and ask nothing of it."""
    teams = configuration.settings.teams
    if not teams.channels:
        yield ok("No flow is set, so that nothing goes to Teams.")
    for place, url in teams.channels.items():
        try:
            reach(url.get_secret_value(), proxy=teams.proxy)
        except NotReachedError as error:
            if error.untrusted:
                why = "its certificate is not trusted: install the certificate of its authority on this machine"
            else:
                why = f"{error.why}: correct CASEBEAT_TEAMS__CHANNELS, or open the way to it in the firewall"
            yield fail(
                f"The host of the Teams flow of {place} cannot be reached ({why}). Its cards wait, for a day at most."
            )


CHECKS = (_flows,)
