"""The deployment `daily-round`."""

from datetime import date
from typing import Any

from prefect import flow
from prefect.artifacts import create_markdown_artifact
from prefect.states import Completed
from pydantic import AwareDatetime

from config.london import london_day
from flows.clock import round_moment
from flows.prefect_tasks import as_task, run_named
from flows.round_steps import RoundResult, whole_round
from models.rules.arithmetic import format_day
from tasks.messages.agenda import send_agendas
from tasks.reviews import register
from tasks.rounds import summary


@flow(
    name="daily-round",
    flow_run_name=run_named("daily-round"),
    timeout_seconds=4 * 3_600,
    persist_result=False,
    log_prints=False,
)
def daily_round(as_of: AwareDatetime | None = None, force_code: str | None = None) -> Any:
    """Run every force: projection, chasing, escalation. Then run digests and delivery, once.

    If it is red or Degraded: open the artifact `daily-round` below. Its first lines name each force and unit that
    failed, with the class of the fault, and show whether messages are held or could not be sent.

    Fix it (database, disk) and run the deployment again: no message is sent twice, and completed work is kept.
    """
    at = as_task("the moment", round_moment, as_of, force_code)
    made = whole_round(london_day(at), at, as_task, force_code)
    publish(made, london_day(at))
    if made.degraded:
        return Completed(name="Degraded", data=made, message=f"To look at: {'; '.join(made.trouble)}")
    return Completed(data=made, message="Every open case was looked at")


def publish(made: RoundResult, today: date) -> None:
    """Publish the round's summary for operations: counts and force codes only."""
    intake = made.intake.sentence if made.intake else ""
    delivery = made.delivered.sentence if made.delivered and not made.delivered.degraded else ""  # else in `trouble`
    page = summary.page(made.content, today, made.trouble, intake, delivery)
    create_markdown_artifact(key="daily-round", markdown=page, description=f"Round of {format_day(today)}")
    create_markdown_artifact(key="register", markdown=register.page(today), description="Joint reviews, their places")
    for ref in made.agendas:
        create_markdown_artifact(
            key=f"agenda-{ref}", markdown=send_agendas.page(ref, today), description=f"Sitting {ref}"
        )
