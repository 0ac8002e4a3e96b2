"""Which context each kind of message is rendered from, and which kinds go by e-mail."""

from config.terms import MessageKind
from tasks.messages.contexts import Answer, AtOnce, CasePost, CaseThread, Digest, Operations

Context = Digest | AtOnce | Operations | Answer | CaseThread | CasePost
KINDS: dict[MessageKind, type[Context]] = {
    MessageKind.DIGEST: Digest,
    MessageKind.AT_ONCE: AtOnce,
    MessageKind.OPERATIONS: Operations,
    MessageKind.ANSWER: Answer,
    MessageKind.THREAD: CaseThread,
    MessageKind.POST: CasePost,
}
MAILED = tuple(kind for kind in KINDS if kind not in {MessageKind.THREAD, MessageKind.POST})  # those are Slack's alone
