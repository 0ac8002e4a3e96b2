"""Rendering of typed contexts to a message's subject, text, HTML and list, from the templates in config."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from config.message_kinds import MessageKind
from models.queries.outbox.outbox_list import UntoldMessage
from tasks.messages.agenda.contexts import AgendaContext
from tasks.messages.agenda.spreadsheet import COLUMNS, rows
from tasks.messages.answer.contexts import AnswerContext
from tasks.messages.capacity.contexts import COLUMNS as LATE
from tasks.messages.capacity.contexts import CapacityContext
from tasks.messages.invitation.contexts import InvitationContext
from tasks.messages.kinds import KINDS, MessageContext
from tasks.messages.letter import listing
from tasks.messages.letter.contexts import LetterContext, UrgentContext
from tasks.platform.templates import environment, render_text
from tasks.platform.text import one_line, plain, sheet

MOST_NAMED = 3  # reviews without a place in time that a letter names; where there are more, the list is attached
MOST_ABOUT = 40  # subjects of undelivered messages listed in one note to operations


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a message."""

    name: str
    subtype: str  # of text: csv or html
    content: str


@dataclass(frozen=True)
class RenderedMessage:
    """A rendered message, with what is attached to it: a list of what it leaves out, an agenda."""

    subject: str
    text: str
    html: str
    attached: tuple[Attachment, ...] = ()

    @property
    def csv(self) -> str | None:
        """The first list that is attached."""
        return next((each.content for each in self.attached if each.subtype == "csv"), None)


def render(kind: MessageKind, context: MessageContext, marking: str = "", *, bare: bool = False) -> RenderedMessage:
    """Render a context with its kind's templates, a protective marking first. A bare subject has one of its own.

    An unknown name raises, so that no partial message is sent.
    """
    if type(context) is not KINDS[kind]:
        raise TypeError(f"a {kind} message is rendered from {KINDS[kind].__name__}")
    values = _values(context) | {"marking": marking}
    subject = _bare(kind, context) if bare else render_text(f"{kind}/subject.txt", values)
    text = environment(html=False).get_template(f"{kind}/body.txt").render(values)
    html = environment(html=True).get_template(f"{kind}/body.html").render(values)
    return RenderedMessage(
        one_line(f"{marking}: {subject}" if marking else subject),
        plain(f"{marking}\n\n{text}" if marking else text),
        html,
        tuple(_attached(context, marking)),
    )


def _bare(kind: MessageKind, context: MessageContext) -> str:
    items = context.items if isinstance(context, UrgentContext) else [getattr(context, "item", None)]
    about = items[0] if len(items) == 1 and items[0] else context
    reference, news = getattr(about, "reference", ""), getattr(context, "news", "")
    return render_text("parts/bare.txt", {"kind": kind, "reference": reference, "news": news})


def render_for(channel: str, kind: MessageKind, context: MessageContext) -> str:
    """Render a context by the channel's own template, for a carrier that does not send letters or their plain text."""
    return render_text(f"{kind}/{channel}.txt", _values(context))


def _values(context: MessageContext) -> dict[str, Any]:
    return {field.name: getattr(context, field.name) for field in fields(context)}


def undelivered(found: Sequence[UntoldMessage], capped: int) -> str:
    """Render the note to operations about messages that could not be sent, or that caps hold back."""
    return render_text("parts/undelivered.txt", {"found": found, "capped": capped, "most": MOST_ABOUT})


def event_summary(invitation: InvitationContext) -> str:
    """Render the title of a calendar event, on one line."""
    return one_line(render_text("invitation/summary.txt", _values(invitation)))


def event_description(invitation: InvitationContext) -> str:
    """Render the description of a calendar event."""
    return render_text("invitation/description.txt", _values(invitation)).strip()


def agenda_page(agenda: AgendaContext) -> str:
    """Render an agenda as Markdown for operations: references and counts, with the pattern as a chart."""
    return render_text("agenda/artifact.md", _values(agenda))


def agenda_attachment(agenda: AgendaContext, marking: str = "") -> str:
    """Render an agenda as a page to print."""
    values = _values(replace(agenda, svg=True)) | {"marking": marking}
    return environment(html=True).get_template("agenda/body.html").render(values)


def _attached(context: MessageContext, marking: str) -> Iterator[Attachment]:
    """Yield what goes with a message: a list of all that it holds where it leaves things out, and each agenda."""
    if isinstance(context, AgendaContext):
        yield Attachment(f"casebeat-{context.ref}.csv", "csv", sheet(COLUMNS, _rows(rows(context))))
    if isinstance(context, CapacityContext) and context.cut_short:
        yield _late(context)
    if isinstance(context, LetterContext | AnswerContext) and context.cut_short:
        yield Attachment(f"casebeat-{context.day.isoformat()}.csv", "csv", listing.csv(context.listed))
    if isinstance(context, LetterContext):
        for agenda in context.agendas:
            yield Attachment(f"agenda-{agenda.ref}.html", "html", agenda_attachment(agenda, marking))
            yield Attachment(f"agenda-{agenda.ref}.csv", "csv", sheet(COLUMNS, _rows(rows(agenda))))
        for lacking in context.lacking:
            if len(lacking.listed) > MOST_NAMED:
                yield _late(lacking)


def _late(context: CapacityContext) -> Attachment:
    found = ([getattr(item, name) for name in LATE] for item in context.listed)
    return Attachment("casebeat-joint-reviews.csv", "csv", sheet(tuple(LATE.values()), _rows(found)))


def _rows(found: Iterable[Sequence[object]]) -> list[list[object]]:
    return [["" if value is None else value for value in row] for row in found]
