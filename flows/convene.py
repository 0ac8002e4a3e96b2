"""The deployments `convene` and `undo-move`: forms for people."""

from flows.forms.answering import FormAnswer, begin, form, then
from flows.forms.fields import By, CaseField, Sitting
from flows.forms.links import FormLink
from models.rules.reviews.move_case import MoveRequest
from tasks.reviews import move_back, move_case


@form("convene")
def convene(case: CaseField, sitting: Sitting, by: By) -> FormAnswer:
    """Move a case's joint review to another sitting of its force and CPS Area.

    If it is Refused: the answer says why nothing was moved, who may ask for it, and which sittings have room. If it is
    red: the answer names the fault. Sending the same request twice changes nothing.
    """
    begun = begin(case, by, f"casebeat convene {case} --sitting {sitting} --by {by}")
    result = begun.do("move a case", move_case.convene, begun.case, MoveRequest(by, sitting))
    return then(result.sentence, begun.convene, FormLink("Take it back", "undo-move", {"case": case, "by": by}))


@form("undo-move")
def undo_move(case: CaseField, by: By) -> FormAnswer:
    """Take back the last move of a case. It sits where it sat before or, where it cannot, may be moved as any other.

    If it is Refused: the answer says why nothing was taken back, and who may do it. If it is red: the answer names the
    fault. Sending the same request twice changes nothing.
    """
    begun = begin(case, by, f"casebeat convene {case} --by {by} --undo")
    result = begun.do("undo", move_back.undo_move, begun.case)
    return then(result.sentence, begun.convene)
