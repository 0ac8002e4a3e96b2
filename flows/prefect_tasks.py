"""Duties as Prefect tasks: named, timed, retried where that is safe, and silent about the data they handled."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any, TypeVar

from prefect import State, Task, get_run_logger, runtime, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import TaskRun
from pydantic import BeforeValidator, Field

from config.days.london import london_day
from flows.clock import moment_given
from models.errors import FORESEEN, Opaque, Retry, database_fault
from tasks.platform import diagnosis

T = TypeVar("T")
LONGEST = 3_600  # seconds
_LARGEST_CODE = 99
_CODE = re.compile(r"[0-9]{2}", re.ASCII)


def _two_digits(code: Any) -> Any:
    """Return a code as text: a command line and a form may send 45 or 5 as a number."""
    return f"{code:02d}" if type(code) is int and 0 <= code <= _LARGEST_CODE else code


ForceParameter = Annotated[str, Field(pattern=r"^[0-9]{2}$", description="The force's code, as 45")]
ForceByHand = Annotated[  # of a run that a command line or a script starts
    ForceParameter, BeforeValidator(_two_digits, json_schema_input_type=ForceParameter | int)
]


def run_named(flow: str) -> Callable[[], str]:
    """Return a function that names a flow's runs: the flow and its London day; the flow alone if that is none."""

    def name() -> str:
        at = moment_given(runtime.flow_run.parameters.get("as_of"))
        return f"{flow} {london_day(at)}" if at else flow

    return name


def of_force(flow: str) -> Callable[[], str]:
    """Return a function that names a flow's runs: the flow and its force; the flow alone where that is no code.

    A person may have its parameters taken unchecked, and then a force may be any text.
    """

    def name() -> str:
        force_code = known_code(runtime.flow_run.parameters.get("force_code"))
        return f"{flow} force {force_code}" if force_code else flow

    return name


def known_code(given: object) -> str:
    """Return a force's code as text; empty where it is none."""
    code = _two_digits(given)
    return code if isinstance(code, str) and _CODE.fullmatch(code) else ""


def as_task(name: str, duty: Callable[..., T], *args: Any, retries: int = 2) -> T:
    """Run `duty(*args)` as a task of the current flow run. Only ids, days and frozen values go in and come out.

    `retries` is 0 for a duty that may not be called again when it is unknown whether it was done.
    """
    made: Task[..., T] = task(
        name=name,
        cache_policy=NO_CACHE,
        persist_result=False,
        log_prints=False,
        retries=retries,
        retry_delay_seconds=[2, 10],
        retry_condition_fn=_is_passing,
        timeout_seconds=LONGEST,
    )(_counted(name, mute(duty)))
    return made(*args)


def _counted(name: str, duty: Callable[..., T]) -> Callable[..., T]:
    """Let a duty leave its counts in the run's log: one line, as the duty itself puts them."""

    @wraps(duty)
    def logged(*args: Any, **defaults: Any) -> T:
        made = duty(*args, **defaults)
        counts = made if type(made) is int else getattr(made, "sentence", None)
        if counts is not None:
            get_run_logger().info("%s: %s", name, counts)
        return made

    return logged


def mute(duty: Callable[..., T]) -> Callable[..., T]:
    """Let only a duty's result or an opaque fault out: Prefect keeps the text of every exception."""

    @wraps(duty)
    def muted(*args: Any, **defaults: Any) -> T:  # Prefect passes the defaults of a signature too
        try:
            return duty(*args, **defaults)
        except FORESEEN as error:
            raise type(error)(str(error)) from None
        except Exception as error:  # noqa: BLE001  reported by its class and number alone
            raise (Retry if database_fault(error) else Opaque)(diagnosis.reason(error)) from None

    return muted


def _is_passing(made: Task[..., Any], run: TaskRun, state: State[Any]) -> bool:
    """Return whether the same call may succeed after this fault."""
    del made, run
    return isinstance(state.result(raise_on_failure=False), Retry)
