"""The deployment `intake`."""

from collections.abc import Sequence
from typing import Annotated, Any

from prefect import State
from pydantic import AwareDatetime, Field

from flows import due_round
from flows.clock import working_moment
from flows.configured import configured
from flows.prefect_tasks import as_task
from flows.publishing import answer, deployment
from flows.states import completed, counted, failed
from tasks.intake.drop import DropCounts, load_dropped, try_dropped
from tasks.intake.trial import TrialResult
from tasks.rounds import expected, told_trial

CheckAlone = Annotated[
    bool,
    Field(
        json_schema_extra={
            "title": "Check alone",
            "description": "Load nothing: the page intake-check says what would be loaded, and how.",
        }
    ),
]


@deployment("intake", timeout_seconds=4 * 3_600)
def intake(as_of: AwareDatetime | None = None, check: CheckAlone = False) -> Any:  # noqa: FBT002  a field of a form
    """Load what sources have put into the drop folder. A folder without its manifest is still being copied.

    What comes after the day's round gets a round of its own at once, or in the evening that of the next day.

    If it is red (Failed): the newest extract of a source was refused or is held, or other content came under the id of
    a loaded one, and nothing of it was loaded; the message names the extract, its source and its fault. Ask the source
    to send it again: it stays red until one is loaded. Or the drop folder or the database cannot be used: fix what the
    message names. If it is Degraded: an older extract was refused or rows were rejected, which are under the data
    directory. A loaded extract is not loaded twice.

    With check nothing is loaded or written: the page intake-check says of each folder what an intake would make of it.
    """
    configuration = configured()
    at = as_task("the moment", working_moment, as_of)
    if check:
        return _checked(as_task("check", try_dropped, configuration, at))
    counts: DropCounts = as_task("intake", load_dropped, configuration, at)
    if counts.loaded:
        as_task("round for what came late", due_round.begin_late, configuration, as_of, at, retries=0)
    if not_loaded := as_task("extracts not loaded", expected.not_loaded, configuration, at):
        return failed(f"{'; '.join(feed.sentence for feed in not_loaded)}. In all: {counts.sentence}", counts)
    return counted(counts.sentence, counts, degraded_if=counts.degraded)


def _checked(trials: Sequence[TrialResult]) -> State[Any]:
    """Publish what an intake would make of the drop folder, and end with a link to it."""
    sentence = told_trial.sentence(trials)
    page = answer("intake-check", told_trial.page(trials), sentence)
    return completed(f"{sentence}: {page}")
