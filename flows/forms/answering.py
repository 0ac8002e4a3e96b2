"""Answers of forms: the first page of a run shows a person what became of their form."""

import logging
from collections.abc import Callable, Iterator
from functools import wraps
from inspect import signature
from typing import Any, NamedTuple, ParamSpec, TypeVar, get_type_hints

from prefect import Flow, State, get_run_logger, runtime
from prefect.client.schemas.objects import FlowRun
from prefect.context import FlowRunContext
from prefect.exceptions import MissingContextError
from pydantic import ValidationError, validate_call

from config.doors import Door
from config.settings import settings
from flows import publishing, states
from flows.case_act import CaseAct
from flows.forms.fields import fault_of
from flows.forms.links import FormLink, linked
from flows.prefect_tasks import as_task
from models.errors import Refuse
from models.rules.people.act import Act
from tasks.obligations import sign_in
from tasks.platform import diagnosis
from tasks.servers import signed_in

P = ParamSpec("P")
T = TypeVar("T")
KEY = "answer"


class FormAnswer(NamedTuple):
    """The result for the person who asked, why its consequences wait for the next round if they do, and a way back.

    `more` is what its page shows beneath the sentence, in Markdown.
    """

    sentence: str
    waits: str = ""
    undo: tuple[FormLink, ...] = ()
    more: str = ""


class _No(NamedTuple):
    """A refusal on its way out of a task, which is no fault of the task."""

    sentence: str


def form(name: str) -> Callable[[Callable[P, FormAnswer]], Flow[P, State[Any]]]:
    """Make a flow of a function whose parameters are fields. It ends with an answer, and refreshes the status.

    Its runs have its own name and nothing that was typed, since whoever reads the pages reads the names of all runs.
    """
    deployed = publishing.deployment(name, timeout_seconds=600, run_name=name, validate_parameters=False)
    return lambda fill: deployed(_answered(fill))


def _answered(fill: Callable[P, FormAnswer]) -> Callable[P, State[Any]]:
    """Let a function's answer end its run, without a traceback.

    A refusal is an answer, so that the run is not red. The fields are checked here, since Prefect would end a run in
    whose parameters it finds a fault with a traceback.
    """
    checked = validate_call(fill)

    @wraps(fill)
    def filled(*args: P.args, **kwargs: P.kwargs) -> State[Any]:
        try:
            answer = checked(*args, **kwargs)
        except ValidationError as error:
            return _refused(" ".join([*_faults(error, fill), "Nothing was done."]))
        except Refuse as error:
            return _refused(str(error))
        except Exception as error:  # noqa: BLE001  the person is told, and the run is red
            return _failed(diagnosis.reason(error))
        return _done(answer)

    return filled


def begin(case: str, by: str, command: str) -> CaseAct:
    """Begin an act on a case in a person's name. `command` does the same on the command line. Raises as `act_of`."""
    return CaseAct.begin(case, act_of(by, command), call=step)


def act_of(by: str, command: str) -> Act:
    """Return the act of a form in a person's name. `command` does the same on the command line.

    Raises Refuse unless the settings trust the pages: without a sign-in, anybody types anybody's reference. Where they
    name the header by which the proxy says who signed in, raises Refuse unless `by` is that person.
    """
    forms = settings().forms
    if not forms.trusted:
        raise Refuse(
            "Forms are switched off, because without a sign-in anybody could act in anybody's name here. Where the "
            "Prefect UI has a sign-in, set CASEBEAT_FORMS__TRUSTED=true for its workers to switch them on. On the "
            f"command line, {command} does the same. Nothing was done."
        )
    if forms.identity_header:
        run = _run()
        step("hold to the sign-in", sign_in.hold, by, signed_in.mark_of(run.created_by), run.run_count)
    return Act(by, Door.FORM, str(runtime.flow_run.id))


def _run() -> FlowRun:
    """Return the present run, as Prefect's server has it."""
    context = FlowRunContext.get()
    if context is None or context.flow_run is None:
        raise MissingContextError("A form is filled in by a run.")
    return context.flow_run


def step(name: str, duty: Callable[..., T], *args: Any, retries: int = 2) -> T:
    """Run a duty as a task. A refusal ends the form and not the task, which did what it should."""

    @wraps(duty)
    def asked(*given: Any, **defaults: Any) -> T | _No:
        try:
            return duty(*given, **defaults)
        except Refuse as error:
            return _No(str(error))

    result = as_task(name, asked, *args, retries=retries)
    if isinstance(result, _No):
        raise Refuse(result.sentence)
    return result


def then(sentence: str, consequence: Callable[[], object], *undo: FormLink) -> FormAnswer:
    """Work out what follows from an act. A fault in it takes nothing back, and the next round works it out."""
    try:
        consequence()
    except Exception as error:  # noqa: BLE001  the act is done
        return FormAnswer(sentence, diagnosis.reason(error), undo)
    return FormAnswer(sentence, undo=undo)


def _faults(error: ValidationError, fill: Callable[..., Any]) -> Iterator[str]:
    """Yield a sentence for each field that does not fit; it never repeats what was typed."""
    names = list(signature(fill).parameters)
    for place in dict.fromkeys(fault["loc"][0] for fault in error.errors(include_input=False)):
        name = names[place] if isinstance(place, int) else place
        yield fault_of(get_type_hints(fill, include_extras=True)[name])


def _done(answer: FormAnswer) -> State[Any]:
    if not answer.waits:
        return states.completed(_publish("Done", answer.sentence, "Fill in the form again", answer.undo, answer.more))
    text = f"{answer.sentence} What follows from it waits for the next round: {answer.waits}."
    return states.degraded(_publish("Done", text, "Fill in the form again", answer.undo))


def _refused(text: str) -> State[Any]:
    return states.refused(_publish("Refused", text, "Correct the form"))


def _failed(reason: str) -> State[Any]:
    text = f"The form failed: {reason}. Look at the case with casebeat explain before you send it again."
    return states.failed(_publish("Failed", text, "Go back to the form"))


def _publish(heading: str, text: str, back: str, undo: tuple[FormLink, ...] = (), more: str = "") -> str:
    """Publish an answer as a line of the log and a page of the run, and return its text.

    The page leads back to the form as it was filled in.
    """
    run_log: Any = get_run_logger()
    log = run_log.getChild(KEY)
    log.setLevel(logging.INFO)  # the deployments of forms keep their runs' own lines back
    log.info("%s: %s", heading, text)
    form = runtime.deployment.name
    links = linked(FormLink(back, form, runtime.flow_run.parameters), *undo) if form else ""
    publishing.answer(KEY, "\n\n".join(filter(None, (f"# {heading}", text, more))) + links, text)
    return text
