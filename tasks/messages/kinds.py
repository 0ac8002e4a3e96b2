"""Which context each kind of message is rendered from, and which kinds go by e-mail."""

from config.terms import MessageKind
from tasks.messages.agenda.contexts import Agenda
from tasks.messages.capacity.contexts import Lacking
from tasks.messages.contexts import Answer, AtOnce, CasePost, CaseThread, Digest, Operations
from tasks.messages.failed_review.contexts import Unheld
from tasks.messages.invitation.contexts import Invitation

Context = Digest | AtOnce | Operations | Answer | CaseThread | CasePost | Invitation | Agenda | Unheld | Lacking
KINDS: dict[MessageKind, type[Context]] = {
    MessageKind.DIGEST: Digest,
    MessageKind.AT_ONCE: AtOnce,
    MessageKind.OPERATIONS: Operations,
    MessageKind.ANSWER: Answer,
    MessageKind.THREAD: CaseThread,
    MessageKind.POST: CasePost,
    MessageKind.INVITATION: Invitation,
    MessageKind.AGENDA: Agenda,
    MessageKind.UNHELD: Unheld,
    MessageKind.CONVENING: Lacking,
}
MAILED = tuple(kind for kind in KINDS if kind not in {MessageKind.THREAD, MessageKind.POST})  # those are Slack's alone
_BY_MAIL = {MessageKind.INVITATION, MessageKind.AGENDA, MessageKind.UNHELD, MessageKind.CONVENING}  # alone
BY_SLACK = tuple(kind for kind in KINDS if kind not in _BY_MAIL)
