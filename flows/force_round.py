"""The deployment `force-round`."""

from typing import Annotated, Any

from prefect import runtime
from pydantic import AwareDatetime, Field

from config.days.london import london_day
from flows import round_steps
from flows.clock import round_moment
from flows.configured import configured
from flows.prefect_tasks import ForceByHand, as_task, known_code
from flows.publishing import deployment
from flows.states import counted, failed
from tasks.platform.configuration import Configuration
from tasks.rounds.verdict import ForceLine
from tasks.servers import round_lock

Share = Annotated[list[ForceByHand], Field(min_length=1, description="The forces' codes, as 45")]


def _name() -> str:
    """Return a run's name: its first force, and how many follow; the flow alone where these are no codes."""
    given = runtime.flow_run.parameters.get("force_codes")
    codes = list(map(known_code, given)) if isinstance(given, list) else []
    more = f" and {len(codes) - 1} more" if len(codes) > 1 else ""
    return f"force-round force {codes[0]}{more}" if codes and all(codes) else "force-round"


@deployment("force-round", timeout_seconds=4 * 3_600, run_name=_name)
def force_round(force_codes: Share, as_of: AwareDatetime | None = None) -> Any:
    """Run some forces' rounds, one after the other: projection, joint reviews, chasing, escalation.

    The daily round hands them out. If it is red: a force failed, and the others are done; the daily round's page names
    the fault. If it is Degraded: some cases or obligations want a look. Fix it and run the daily round again: no
    message is sent twice, and completed work is kept.
    """
    configuration = configured()
    made = [_round_of(configuration, force_code, as_of) for force_code in force_codes]
    red = [one for one in made if one.account is None or one.failure]
    if red:
        why = ", ".join(f"{one.force_code} ({one.failure})" for one in red)
        return failed(f"Force {why} failed. What was done is kept", made)
    sentences = "; ".join(one.account.sentence for one in made if one.account)
    return counted(sentences, made, degraded_if=any(one.degraded for one in made))


def _round_of(configuration: Configuration, force_code: str, as_of: AwareDatetime | None) -> ForceLine:
    at = as_task("the moment", round_moment, configuration, as_of, force_code)
    as_task("numbers", configuration.read, london_day(at))
    as_task("force", round_lock.forces, force_code)
    return round_steps.force_round(configuration, force_code, london_day(at), at, as_task)
