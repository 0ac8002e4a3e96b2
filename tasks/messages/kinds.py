"""Which context each kind of message is rendered from, and which kinds go by e-mail."""

from config.terms import MessageKind
from tasks.messages.agenda.contexts import AgendaContext
from tasks.messages.capacity.contexts import CapacityContext
from tasks.messages.contexts import (
    AnswerContext,
    AtOnceContext,
    CasePostContext,
    CaseThreadContext,
    DigestContext,
    OperationsContext,
)
from tasks.messages.failed_review.contexts import FailedReviewContext
from tasks.messages.invitation.contexts import InvitationContext

MessageContext = (
    DigestContext
    | AtOnceContext
    | OperationsContext
    | AnswerContext
    | CaseThreadContext
    | CasePostContext
    | InvitationContext
    | AgendaContext
    | FailedReviewContext
    | CapacityContext
)
KINDS: dict[MessageKind, type[MessageContext]] = {
    MessageKind.DIGEST: DigestContext,
    MessageKind.AT_ONCE: AtOnceContext,
    MessageKind.OPERATIONS: OperationsContext,
    MessageKind.ANSWER: AnswerContext,
    MessageKind.THREAD: CaseThreadContext,
    MessageKind.POST: CasePostContext,
    MessageKind.INVITATION: InvitationContext,
    MessageKind.AGENDA: AgendaContext,
    MessageKind.UNHELD: FailedReviewContext,
    MessageKind.CONVENING: CapacityContext,
}
MAILED = tuple(kind for kind in KINDS if kind not in {MessageKind.THREAD, MessageKind.POST})  # those are Slack's alone
_BY_MAIL = {MessageKind.INVITATION, MessageKind.AGENDA, MessageKind.UNHELD, MessageKind.CONVENING}  # alone
BY_SLACK = tuple(kind for kind in KINDS if kind not in _BY_MAIL)
