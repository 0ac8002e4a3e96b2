"""Rendering of typed contexts to a message's subject, text, HTML and list, from the templates in config."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from config.terms import MessageKind
from models.queries.outbox.outbox_list import UntoldMessage
from tasks.messages.agenda.contexts import AgendaContext
from tasks.messages.agenda.spreadsheet import COLUMNS, rows
from tasks.messages.capacity.contexts import COLUMNS as LATE
from tasks.messages.capacity.contexts import CapacityContext
from tasks.messages.contexts import (
    AnswerContext,
    FollowingStep,
)
from tasks.messages.invitation.contexts import InvitationContext
from tasks.messages.kinds import KINDS, MessageContext
from tasks.messages.letter.contexts import DigestContext
from tasks.platform.templates import environment, render_text
from tasks.platform.text import one_line, plain, sheet

MOST_ABOUT = 40  # subjects of undelivered messages listed in one note to operations

LISTED = (
    "reference", "urn", "rule", "title", "subject", "severity", "owed_by", "due_on", "since", "moved", "tried",
    "following", "duty", "number", "ended_on", "ended",
)  # fmt: skip


@dataclass(frozen=True)
class RenderedMessage:
    """A rendered message. `csv` is the whole list, if the message leaves items out."""

    subject: str
    text: str
    html: str
    csv: str | None


def render(kind: MessageKind, context: MessageContext, marking: str = "", *, bare: bool = False) -> RenderedMessage:
    """Render a context with its kind's templates, a protective marking first. A bare subject has one of its own.

    An unknown name raises, so that no partial message is sent.
    """
    if type(context) is not KINDS[kind]:
        raise TypeError(f"a {kind} message is rendered from {KINDS[kind].__name__}")
    values = _values(context) | {"marking": marking}
    subject = _bare(kind, context) if bare else render_text(f"{kind.folder}/subject.txt", values)
    text = environment(html=False).get_template(f"{kind.folder}/body.txt").render(values)
    html = environment(html=True).get_template(f"{kind.folder}/body.html").render(values)
    return RenderedMessage(
        one_line(f"{marking}: {subject}" if marking else subject),
        plain(f"{marking}\n\n{text}" if marking else text),
        html,
        _list(context),
    )


def _bare(kind: MessageKind, context: MessageContext) -> str:
    about = getattr(context, "item", None) or context
    reference, news = getattr(about, "reference", ""), getattr(context, "news", "")
    return render_text("parts/bare.txt", {"kind": kind, "reference": reference, "news": news})


def render_for(channel: str, kind: MessageKind, context: MessageContext) -> str:
    """Render a context by the channel's own template, for a carrier that does not send letters or their plain text."""
    return render_text(f"{kind.folder}/{channel}.txt", _values(context))


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


def _list(context: MessageContext) -> str | None:
    if isinstance(context, AgendaContext):
        return sheet(COLUMNS, ([_cell(value) for value in row] for row in rows(context)))
    if not isinstance(context, DigestContext | AnswerContext | CapacityContext) or not context.cut_short:
        return None
    columns = LATE if isinstance(context, CapacityContext) else {name: name for name in LISTED}
    return sheet(tuple(columns.values()), ([_cell(getattr(item, name)) for name in columns] for item in context.listed))


def _cell(value: object) -> object:
    if isinstance(value, tuple):
        return "; ".join(f"{each.step} {each.on.isoformat()}" for each in value)
    if isinstance(value, FollowingStep):
        return f"{value.step} {value.on.isoformat()}"
    return "" if value is None else value
