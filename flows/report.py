"""The deployment `report`."""

from typing import Annotated, Any

from prefect.artifacts import create_markdown_artifact
from pydantic import AwareDatetime, Field

from config.days.london import london_day
from flows.clock import round_moment
from flows.configured import configured
from flows.prefect_tasks import as_task
from flows.publishing import deployment
from flows.states import completed
from flows.typed import read_month
from models.rules.report.months import month_of
from tasks.report.report import for_operations, hand_out

MonthText = Annotated[
    str | None,
    Field(
        title="Month", description="As 2026-10. Empty: the month before this one.", pattern=r"20\d\d-(0[1-9]|1[0-2])"
    ),
]


@deployment("report", timeout_seconds=3_600)
def report(month: MonthText = None, as_of: AwareDatetime | None = None) -> Any:
    """Make the monitoring report of a month: of all, of each force and of each CPS Area.

    If it is red: read its message, fix the fault and run it again; a month can be made as often as you like.
    """
    configuration = configured()
    at = as_task("the moment", round_moment, configuration, as_of, None)
    today = london_day(at)
    wanted = read_month(month) if month else month_of(today).back(1)
    made = as_task("the pages", hand_out, configuration, wanted, today, at)
    shown, about = for_operations(configuration, made.month), f"Monitoring report of {made.month}"
    create_markdown_artifact(key="report", markdown=shown, description=about)
    return completed(f"The report of {made.month} has {made.places} pages.", made)
