"""One step in a case's thread, in the channel of a force or CPS Area."""

from dataclasses import dataclass
from datetime import date

from config.message_kinds import MessageKind
from config.terms import Addressee
from models.queries.obligations.obligation_views import NotificationView
from tasks.messages.contexts import ObligationItem
from tasks.messages.itemising import item
from tasks.messages.kind import Kind
from tasks.messages.ladders import ladder_on
from tasks.platform.configuration import Configuration


@dataclass(frozen=True, kw_only=True)
class CasePostContext:
    """One step in a case's thread, and the people notified."""

    day: date
    step: str
    to: tuple[Addressee, ...]
    item: ObligationItem


def step_context(configuration: Configuration, told: NotificationView, today: date) -> CasePostContext:
    """Gather what the message of one step shows."""
    matter = told.matter
    step = ladder_on(configuration, matter, told.day)[told.step - 1]
    return CasePostContext(day=told.day, step=step.step, to=step.to, item=item(configuration, told, None, today))


KIND = Kind(
    name=MessageKind.POST,
    about="a step of a case and whom it was told to, in the case's thread",
    context=CasePostContext,
    composing=None,
)
