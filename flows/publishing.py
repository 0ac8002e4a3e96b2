"""Pages in the Prefect UI: of a round, of the status, and the answer to a person. Counts, codes and references only."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from prefect import Flow, State, flow
from prefect.artifacts import create_markdown_artifact
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import FlowRun
from prefect.settings import PREFECT_UI_URL

from config.days.london import london_day
from flows.clock import moment, moment_given
from flows.configured import configured
from flows.forms.choices import offer_choices
from flows.forms.links import FormLink, linked
from flows.prefect_tasks import mute, run_named
from flows.round_result import RoundResult
from models.rules.arithmetic import format_day
from models.rules.reviews.sitting_plan import pair_of
from tasks.messages.agenda import send_agendas
from tasks.platform.configuration import Configuration
from tasks.reviews import register
from tasks.rounds import summary
from tasks.rounds.status import installation
from tasks.rounds.status import matters as status_page
from tasks.servers.first_page import STATUS

_OWED = FormLink("Take on an obligation", "acknowledge"), FormLink("Report an action as done", "complete-action")
_MOVE = FormLink("Move a case to another sitting", "convene")
P = ParamSpec("P")
R = TypeVar("R")


def publish(configuration: Configuration, result: RoundResult, today: date) -> None:
    """Publish the round's summary, the register of joint reviews, and each agenda that was written.

    A panel has one key, whose versions are its sittings; of several on one day, the nearest is the newest version.
    """
    page = summary.page(configuration, result.content, today) + linked(*_OWED)
    key = "daily-round-force" if result.only else "daily-round"  # one force's round is not the day's
    create_markdown_artifact(key=key, markdown=page, description=f"Round of {format_day(today)}")
    places = register.page(configuration, today) + linked(_MOVE)
    create_markdown_artifact(key="register", markdown=places, description="Joint reviews, their places")
    for ref in reversed(result.agendas):
        record = FormLink("Record the outcome of a case", "record-review", {"sitting": ref})
        markdown = send_agendas.page(configuration, ref, today) + linked(record, _MOVE)
        create_markdown_artifact(key=f"agenda-{pair_of(ref)}", markdown=markdown, description=f"Sitting {ref}")


def answer(key: str, markdown: str, description: str | None = None) -> str:
    """Give the present run a page under a key, and return its address in the Prefect UI.

    The run's list of pages shows the description.
    """
    made = create_markdown_artifact(key=key, markdown=markdown, description=description)
    return f"{PREFECT_UI_URL.value()}/artifacts/artifact/{made}"


def deployment(
    name: str, *, timeout_seconds: int, run_name: str | Callable[[], str] = "", validate_parameters: bool = True
) -> Callable[[Callable[P, R]], Flow[P, R]]:
    """Make a flow of a function. Its runs have its name and their day, or `run_name`.

    The end of each run, however it ends, makes the status page again and links it from the run. The forms then offer
    what there is to choose. These are hooks, which Prefect calls once a run's state is set: a fault in one is logged,
    and changes no state.
    """

    def made(work: Callable[P, R]) -> Flow[P, R]:
        as_flow = flow(
            name=name,
            flow_run_name=run_name or run_named(name),
            timeout_seconds=timeout_seconds,
            persist_result=False,
            log_prints=False,
            validate_parameters=validate_parameters,
        )(work)
        for at_the_end in (as_flow.on_completion, as_flow.on_failure, as_flow.on_crashed):
            at_the_end(_show_status)
        return as_flow

    return made


def _show_status(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    del flow, state
    at = _moment_of(flow_run)
    mute(publish_status)(at, flow_run.id)
    mute(offer_choices)(london_day(at))


def _moment_of(run: FlowRun) -> datetime:
    """Return the moment that a run was given, or now where it has none or was refused for it."""
    return moment_given(run.parameters.get("as_of")) or moment()


def publish_status(at: datetime, run_id: UUID | None = None) -> None:
    """Make the one status page again, and link it from a run.

    The page belongs to no run, so that it outlives them. The link has no key: no list shows it, and it goes with its
    run. Requests are made directly, since the client would store the whole page in an event each time.
    """
    configuration = configured()
    status = installation.look(configuration, at)
    seen = status_page.page(status) + linked(*_OWED, _MOVE)
    page = {"data": seen, "description": f"{status_page.matters(status).headline}."}
    with get_client(sync_client=True) as client:
        link = f"[Status of Casebeat](/artifacts/artifact/{_put(client, page)})"
        if run_id:
            given = {"type": "markdown", "flow_run_id": str(run_id), "description": f"Status: {page['description']}"}
            client.request("POST", "/artifacts/", json={"data": link, **given})


def _put(client: SyncPrefectClient, page: dict[str, str]) -> str:
    """Change the artifact of the status in place, or make it, and return its id."""
    asked = {"artifacts": {"key": {"any_": [STATUS]}}, "sort": "CREATED_DESC", "limit": 1}
    for kept in client.request("POST", "/artifacts/filter", json=asked).json():
        client.request("PATCH", "/artifacts/{id}", path_params={"id": kept["id"]}, json=page)
        return str(kept["id"])
    response = client.request("POST", "/artifacts/", json={"key": STATUS, "type": "markdown", **page})
    return str(response.json()["id"])
