"""Taking back of what was done in the writer's name, as a reply asks."""

from config.doors import ActKind
from config.replies import Answered
from models.errors import Refuse
from models.queries.obligations import acknowledgements, completions
from models.queries.people import acts
from models.queries.people.acts import UndoableAct
from models.queries.people.parties import asked_case, parties
from models.queries.replies import replies
from models.queries.replies.replies import ReplyOutcome
from models.rules.access import NOBODYS
from models.rules.obligations.rulebook import RULES
from models.rules.references import ActionReference, CaseReference, SittingCaseReference
from models.rules.replies.meaning import Intent, Meaning
from tasks.obligations import acknowledge, complete_action, confirm_risk
from tasks.replies.reply import UNKNOWN, HandledReply
from tasks.reviews import move_back, undo_review

ONLY_UNDOES = (
    "Its link undoes what was done in your name, and nothing else: send it as it is, or use the link beside an item. "
    "Nothing was done."
)


def matter(reply: HandledReply, obligation_id: int) -> ReplyOutcome:
    """Take back the promise about an obligation or, without one, the report of an action done or a confirmed grade."""
    about = replies.carried_on(reply.connection, obligation_id) or obligation_id
    obligation = acknowledgements.live_version(reply.connection, about)
    version = replies.version(reply.connection, about)
    kind, _, ref = version.subject.partition(":") if version is not None else ("", "", "")
    reported = completions.latest(reply.connection, ref) if kind == "action" else None
    promised_by = obligation.promised_by if obligation else None
    promised = obligation is not None and obligation.standing is not None
    if version is not None and RULES[version.rule].confirmed and not promised:
        return _unconfirmed(reply, about, CaseReference(version.force_code, version.case_ref))
    if reported and promised:
        reported = None  # a promise stands: that is taken back
    reply.check(
        ActKind.COMPLETION if reported else ActKind.PROMISE,
        parties(reply.connection, [about]).get(about, NOBODYS),
        done_by=reported.by_ref if reported else promised_by,
    )
    reply.about = about
    if version is not None and reported:
        named = ActionReference(CaseReference(version.force_code, version.case_ref), ref)
        gone = complete_action.take_back(reply.configuration, reply.connection, named, reply.act, reply.today, reply.at)
        return ReplyOutcome(Answered.TAKEN_BACK, gone.on)
    if obligation is None:
        raise Refuse("It is owed no more, so that there is no promise to take back. Nothing was done.")
    gone_promise = acknowledge.take_back(
        reply.configuration, reply.connection, obligation, reply.act, reply.today, reply.at
    )
    return ReplyOutcome(Answered.TAKEN_BACK, gone_promise.until_on if gone_promise else None)


def _unconfirmed(reply: HandledReply, about: int, case: CaseReference) -> ReplyOutcome:
    reply.check(ActKind.LOOK, parties(reply.connection, [about]).get(about, NOBODYS))
    reply.about = about
    return ReplyOutcome(Answered.TAKEN_BACK, confirm_risk.take_back(reply.in_hand, case).on)


def act(reply: HandledReply, act_id: int, means: Meaning) -> ReplyOutcome:
    """Take back the outcome or the move that an act was, where it is still the last; the answer says how it stands.

    Raises Refuse, before writing, with the reason.
    """
    undoable_act = acts.undoable(reply.connection, act_id)
    if undoable_act is None:
        raise Refuse(UNKNOWN)
    asked = asked_case(reply.connection, undoable_act.case)
    chair_ref, done_by = undoable_act.chair_ref, undoable_act.by_ref
    reply.check(undoable_act.deed, asked.matter if asked else NOBODYS, chair_ref=chair_ref, done_by=done_by)
    reply.about = undoable_act.obligation_id
    if means.what is Intent.UNCLEAR:
        return ReplyOutcome(Answered.UNCLEAR, because=str(means.unclear))
    if means.what is not Intent.UNDO:
        raise Refuse(ONLY_UNDOES)
    return ReplyOutcome(Answered.TAKEN_BACK, because=_undone(reply, undoable_act))


def _undone(reply: HandledReply, undoable_act: UndoableAct) -> str:
    case = undoable_act.case
    if undoable_act.deed is ActKind.MOVE:
        return move_back.move_back(reply.in_hand, case, undoable_act.row_id).sentence
    named = SittingCaseReference(undoable_act.sitting, case)
    return undo_review.take_back(reply.in_hand, named, undoable_act.row_id).sentence
