"""The deployment `held-extract`: a form for people."""

from functools import partial

from config.days.london import london_day
from flows import due_round
from flows.clock import working_moment
from flows.configured import configured
from flows.forms.answering import FormAnswer, act_of, form, step, then
from flows.forms.fields import By, ExtractDecision, HeldExtract
from tasks.rounds import held_extract as duty


@form("held-extract")
def held_extract(extract: HeldExtract, decision: ExtractDecision, by: By) -> FormAnswer:
    """Decide on an extract that is held, because it is unlike its source: take it as it is, or refuse it.

    If it is Refused: the answer says why nothing was decided, and who may. If it is red: the answer names the fault.
    Sending the same decision twice changes nothing.
    """
    act = act_of(by, f"casebeat intake {decision.option} {extract} --by {by}")
    configuration, at = configured(), step("the moment", working_moment)
    asked = configuration, extract, act, london_day(at), at
    if not decision.takes:
        return FormAnswer(step("refuse an extract", duty.refuse, *asked))
    loaded = step("take an extract", duty.take_dropped, *asked)
    late = partial(step, "round for what came late", due_round.begin_late, configuration, None, at, retries=0)
    return then(loaded.sentence, late)
