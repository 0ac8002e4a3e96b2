"""The deployment `replies`."""

from typing import Any

from pydantic import AwareDatetime

from config.days.london import london_day
from flows import round_steps
from flows.clock import working_moment
from flows.configured import configured
from flows.prefect_tasks import as_task
from flows.publishing import deployment
from flows.refresh import refresh
from flows.states import completed, counted
from tasks.replies import read_mailbox as duty


@deployment("replies", timeout_seconds=600)
def replies(as_of: AwareDatetime | None = None) -> Any:
    """Read the reply mailbox and act on its mails: promises, actions done, "not mine", "undo", "status", "show".

    If it is red: the mailbox cannot be reached, or its settings are wrong; its message says which. Leave the schedule
    on: each mail is handled once, whenever it is read. If it is Degraded: operations have a message about the mail.
    """
    configuration = configured()
    at = as_task("the moment", working_moment, as_of)
    today = london_day(at)
    if not as_task("mails that wait", duty.waiting, configuration, retries=0):
        return completed("No mail.")
    as_task("project what changed", refresh, configuration, today, at)
    result: duty.MailboxResult = as_task("read the replies", duty.read, configuration, today, at, retries=0)
    if result.completed:
        as_task("project what was done", refresh, configuration, today, at)
        for force_code in as_task("forces whose meetings changed", duty.changed_meetings, at):
            round_steps.joint_reviews_now(configuration, force_code, today, at, as_task)
    return counted(result.sentence, result, degraded_if=result.degraded)
