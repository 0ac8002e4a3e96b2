"""Rendering of typed contexts to a message's subject, text, HTML and list, from the templates in config."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from config.message_kinds import MessageKind
from config.settings import Settings
from models.queries.outbox.outbox_list import UntoldMessage
from tasks.messages.contexts import MessageContext, values
from tasks.messages.kind import Attachment
from tasks.messages.kinds import KINDS
from tasks.platform import faults
from tasks.platform.templates import environment, page, render_text
from tasks.platform.text import one_line, plain

MOST_ABOUT = 40  # subjects of undelivered messages listed in one note to operations


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
        return next((attachment.content for attachment in self.attached if attachment.subtype == "csv"), None)


def render(kind: MessageKind, context: MessageContext, marking: str = "", *, bare: bool = False) -> RenderedMessage:
    """Render a context with its kind's templates, a protective marking first. A bare subject has one of its own.

    An unknown name raises, so that no partial message is sent.
    """
    if type(context) is not KINDS[kind].context:
        raise TypeError(f"a {kind} message is rendered from {KINDS[kind].context.__name__}")
    said = values(context) | {"marking": marking}
    subject, _, about = render_text(f"{kind}/subject.txt", said).strip().rpartition("\n")
    if bare:
        subject = _bare(context, about)
    text = environment(html=False).get_template(f"{kind}/body.txt").render(said)
    return RenderedMessage(
        one_line(f"{marking}: {subject}" if marking else subject),
        plain(f"{marking}\n\n{text}" if marking else text),
        page(f"{kind}/body.html", **said),
        tuple(_attached(kind, context, marking)),
    )


def _bare(context: MessageContext, about: str) -> str:
    """Return a subject without offence, rule, day or count."""
    reference, news = getattr(context, "reference", ""), getattr(context, "news", "")
    return render_text("parts/bare.txt", {"about": about, "reference": reference, "news": news})


def render_for(channel: str, kind: MessageKind, context: MessageContext) -> str:
    """Render a context by the channel's own template, for a carrier that does not send letters or their plain text."""
    return render_text(f"{kind}/{channel}.txt", values(context))


def undelivered(settings: Settings, messages: Sequence[UntoldMessage], capped: int) -> str:
    """Render the note to operations about messages that could not be sent, or that caps hold back."""
    words = {"found": messages, "capped": capped, "most": MOST_ABOUT}
    return faults.note(settings, "undelivered", words)


def _attached(kind: MessageKind, context: MessageContext, marking: str) -> Iterator[Attachment]:
    """Yield what goes with a message: a list of all that it holds where it leaves things out, and each agenda."""
    yield from KINDS[kind].attached(context, marking)
    for message in KINDS[kind].holds(context):
        yield from KINDS[message.kind].enclosed(message.context, marking)
