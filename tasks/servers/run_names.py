"""The plain name of a run from the moment it is made: a flow names its runs only when they begin.

Until then Prefect shows a name that it makes up, and for good of a run that is late, cancelled or lost.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from config.days.london import london_day

_OURS = frozenset({"casebeat", "alarm"})  # the tags of prefect.yaml: each deployment has one of them


def plain_name(deployment: Any, at: datetime | None = None) -> str | None:
    """Return a deployment's name, with the London day of a scheduled moment; None where it is not Casebeat's."""
    if deployment is None or _OURS.isdisjoint(deployment.tags):
        return None
    return f"{deployment.name} {london_day(at)}" if at else str(deployment.name)


def scheduled(theirs: Callable[..., Awaitable[list[dict[str, Any]]]]) -> Callable[..., Any]:
    """Return what makes the runs of a deployment's schedules: as `theirs`, Prefect's own, with plain names."""

    async def named(*args: Any, session: Any, deployment_id: Any, **limits: Any) -> list[dict[str, Any]]:
        runs = await theirs(*args, session=session, deployment_id=deployment_id, **limits)
        deployment = await _deployment(session, deployment_id)
        for run in runs:
            if name := plain_name(deployment, run["expected_start_time"]):
                run["name"] = name
        return runs

    return named


def asked_for(theirs: Callable[..., Awaitable[Any]]) -> Callable[..., Any]:
    """Return what makes a run that a person, an automation or a round asks for: as `theirs`, with a plain name."""

    async def named(*, session: Any, flow_run: Any, **more: Any) -> Any:
        if flow_run.deployment_id:
            deployment = await _deployment(session, flow_run.deployment_id)
            flow_run.name = plain_name(deployment) or flow_run.name
        return await theirs(session=session, flow_run=flow_run, **more)

    return named


async def _deployment(session: Any, deployment_id: Any) -> Any:
    from prefect.server.models import deployments  # noqa: PLC0415  Prefect takes a second to import

    read: Any = deployments.read_deployment  # whose type Prefect's own decorator hides
    return await read(session=session, deployment_id=deployment_id)
