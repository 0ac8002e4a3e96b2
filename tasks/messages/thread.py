"""A case's thread in the channel of a force or CPS Area: its first message, which shows the case."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from config.message_kinds import MessageKind
from models.queries.obligations.obligation_views import NotificationView
from tasks.messages.contexts import ObligationItem
from tasks.messages.itemising import item, ordered, reference
from tasks.messages.kind import Kind
from tasks.platform.configuration import Configuration


@dataclass(frozen=True, kw_only=True)
class CaseThreadContext:
    """The first message of a case's thread, which shows the case unless it is hidden."""

    hidden: bool  # the case has become restricted
    reference: str
    urn: str | None
    items: tuple[ObligationItem, ...]
    left_out: int = 0  # the number of last items for which one message has no room


HIDDEN = CaseThreadContext(hidden=True, reference="", urn=None, items=())


def thread_context(
    configuration: Configuration, notifications: Sequence[NotificationView], today: date
) -> CaseThreadContext:
    """Gather what a case's first message shows."""
    matter = notifications[0].matter
    items = tuple(ordered(item(configuration, view, None, today) for view in notifications))
    return CaseThreadContext(hidden=False, reference=reference(matter), urn=matter.urn, items=items)


def shorter(context: CaseThreadContext) -> Iterator[CaseThreadContext]:
    """Yield a thread's first message without its last items, a quarter less each time: the worst stay longest."""
    while shown := len(context.items) - context.left_out:
        context = replace(context, left_out=context.left_out + max(1, shown // 4))
        yield context


KIND = Kind(
    name=MessageKind.THREAD,
    about="a case that was escalated, in the channel of its force or CPS Area, changed as the case changes",
    context=CaseThreadContext,
    composing=None,
    shorter=shorter,
)
