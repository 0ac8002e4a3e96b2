"""The deployment `delivery`."""

from typing import Any

from pydantic import AwareDatetime

from flows.clock import working_moment
from flows.configured import configured
from flows.prefect_tasks import as_task
from flows.publishing import deployment
from flows.states import counted
from tasks.outbox.delivery import deliver
from tasks.outbox.sending import DeliveryCounts


@deployment("delivery", timeout_seconds=3_600)
def delivery(as_of: AwareDatetime | None = None) -> Any:
    """Send what is due from the outbox.

    If it is Degraded: the mail server or Slack is down, the outbox is held, or a message is dead; `casebeat outbox`
    shows which, and why. Leave the schedule on: what was sent is not sent again, and what waits is sent when it can be.
    """
    configuration = configured()
    at = as_task("the moment", working_moment, as_of)
    counts: DeliveryCounts = as_task("delivery", deliver, configuration, at)
    return counted(counts.sentence, counts, degraded_if=counts.degraded)
