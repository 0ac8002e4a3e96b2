"""The deployment `joint-reviews`."""

from typing import Any

from pydantic import AwareDatetime

from config.days.london import london_day
from flows import round_steps
from flows.clock import round_moment
from flows.configured import configured
from flows.prefect_tasks import ForceByHand, as_task, of_force
from flows.publishing import deployment
from flows.states import completed


@deployment("joint-reviews", timeout_seconds=1_800, run_name=of_force("joint-reviews"))
def joint_reviews(force_code: ForceByHand, as_of: AwareDatetime | None = None) -> Any:
    """Plan one force's sittings, and convene each joint review that falls due to one of them.

    If it is red: fix what its message names and run it again; a case with a sitting keeps it.
    """
    configuration = configured()
    at = as_task("the moment", round_moment, configuration, as_of, force_code)
    counts = round_steps.joint_reviews_now(configuration, force_code, london_day(at), at, as_task)
    return completed(counts.sentence, counts)
