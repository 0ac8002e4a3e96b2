"""The deployment `backup`."""

from typing import Any

from flows.clock import moment
from flows.configured import configured
from flows.prefect_tasks import as_task
from flows.publishing import deployment
from flows.states import completed, failed
from tasks.servers import nightly_backup

_ELSEWHERE = "No backup was made: CASEBEAT_BACKUP__ELSEWHERE says that your own server is backed up by other means."


@deployment("backup", timeout_seconds=4 * 3_600)
def backup() -> Any:
    """Back up the database, keep the newest fourteen files, and once a month restore the newest beside the book.

    If it is red: its message gives the reason, as a disk without room, or a pg_dump that is not of the server's
    release. Nothing of the book was changed. Fix it and run it again: until a backup is made, no heartbeat leaves.
    """
    configuration = configured()
    if configuration.settings.backup.elsewhere:
        return completed(_ELSEWHERE)
    at = as_task("the moment", moment)
    night = as_task("backup", nightly_backup.back_up_tonight, configuration, at)
    if as_task("is a test due", nightly_backup.is_test_due, at):
        night = as_task("test", nightly_backup.test_newest, configuration, night, at)
    return failed(night.sentence, night) if night.failed else completed(night.sentence, night)
