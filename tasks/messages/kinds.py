"""The context type of each kind of message."""

from config.message_kinds import MessageKind
from tasks.messages.act.contexts import ActContext
from tasks.messages.agenda.contexts import AgendaContext
from tasks.messages.answer.contexts import AnswerContext
from tasks.messages.capacity.contexts import CapacityContext
from tasks.messages.contexts import (
    CasePostContext,
    CaseThreadContext,
    OperationsContext,
)
from tasks.messages.correction.contexts import CorrectionContext
from tasks.messages.failed_review.contexts import FailedReviewContext
from tasks.messages.invitation.contexts import InvitationContext
from tasks.messages.letter.contexts import LetterContext, UrgentContext
from tasks.messages.transfer.contexts import TransferContext

MessageContext = (
    LetterContext
    | UrgentContext
    | OperationsContext
    | AnswerContext
    | CaseThreadContext
    | CasePostContext
    | InvitationContext
    | AgendaContext
    | FailedReviewContext
    | CapacityContext
    | CorrectionContext
    | TransferContext
    | ActContext
)
KINDS: dict[MessageKind, type[MessageContext]] = {
    MessageKind.LETTER: LetterContext,
    MessageKind.AT_ONCE: UrgentContext,
    MessageKind.OPERATIONS: OperationsContext,
    MessageKind.ANSWER: AnswerContext,
    MessageKind.THREAD: CaseThreadContext,
    MessageKind.POST: CasePostContext,
    MessageKind.INVITATION: InvitationContext,
    MessageKind.AGENDA: AgendaContext,
    MessageKind.FAILED_REVIEW: FailedReviewContext,
    MessageKind.CAPACITY: CapacityContext,
    MessageKind.CORRECTION: CorrectionContext,
    MessageKind.TRANSFER: TransferContext,
    MessageKind.ACT: ActContext,
}
