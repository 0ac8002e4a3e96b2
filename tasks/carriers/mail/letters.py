"""E-mails: a rendered message as the bytes of one mail to one person, identical at every attempt."""

import re
from datetime import datetime
from email import policy
from email.headerregistry import Address, HeaderRegistry, MessageIDHeader
from email.message import EmailMessage
from email.utils import format_datetime

from config import mailbox
from config.mail import Mail
from config.message_kinds import MessageKind
from tasks.messages.composing import ComposedMessage
from tasks.messages.kind import EventFile
from tasks.messages.kinds import KINDS
from tasks.messages.rendering import RenderedMessage
from tasks.platform import tokens
from tasks.platform.text import one_line

_HEADERS = HeaderRegistry()
for _name in ("in-reply-to", "references"):
    # Otherwise an id as long as Outlook's becomes an encoded-word, and mail programs find no thread.
    _HEADERS.map_to_type(_name, MessageIDHeader)  # type: ignore[arg-type]  # the stub asks for another class
_WIRE = policy.SMTP.clone(cte_type="7bit", header_factory=_HEADERS)
_REPEAT = "[May be a repeat] "
_FOLD = rb"(?:\r\n)? "  # a long header goes on in the next line, which begins with a space


def letter(
    composed: ComposedMessage, rendered: RenderedMessage, mail: Mail, to: str, at: datetime, reply_to: str = ""
) -> bytes:
    """Build the whole mail with CRLF and 7 bit. Raises ValueError if an address is not one plain mailbox."""
    claimed, kind, domain = composed.held, KINDS[composed.held.kind], mailbox.domain_of(mail.from_address)
    message = EmailMessage(policy=_WIRE)
    message["From"] = _address("Casebeat", mail.from_address)
    message["To"] = _address(composed.reader.name if composed.reader else "Casebeat operations", to)
    message["Subject"] = one_line(rendered.subject)[:400]
    message["Date"] = format_datetime(at)
    ref = tokens.mail_ref(claimed.key, claimed.sign)  # sealed: a bounce that names it is believed
    message["Message-ID"] = f"<{ref}@{domain}>"
    if reply_to:
        message["Reply-To"] = _address("Casebeat", reply_to)
    if composed.in_reply_to:
        message["In-Reply-To"] = message["References"] = composed.in_reply_to
    elif composed.thread:
        message["In-Reply-To"] = message["References"] = f"<case.{composed.thread}@{domain}>"
    files_as = KINDS[claimed.kind if claimed.contact_ref else MessageKind.OPERATIONS].filed
    message["List-Id"] = f"Casebeat {files_as} <{files_as}.{domain}>"
    message["Auto-Submitted"] = "auto-replied" if kind.answers else "auto-generated"
    message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    if mail.marking:
        message["X-Protective-Marking"] = mail.marking
    message.set_content(rendered.text)
    message.add_alternative(rendered.html, subtype="html")
    if kind.event:
        _put_into_calendar(message, kind.event(claimed.key, composed.context, mail, to, at))
    for attachment in rendered.attached:
        message.add_attachment(attachment.content, subtype=attachment.subtype, filename=attachment.name)
    return message.as_bytes()


def _put_into_calendar(message: EmailMessage, event: EventFile) -> None:
    """Add the event twice, as Outlook and Gmail expect an invitation: as last alternative and as attachment."""
    message.add_alternative(event.ics, subtype="calendar", params={"method": event.method})
    message.add_attachment(event.ics.encode(), maintype="application", subtype="ics", filename="invite.ics")


def repeated(body: bytes, marking: str = "") -> bytes:
    """Mark the subject of a mail that its reader may have received before; a protective marking stays first."""
    if _REPEAT.encode() in body:
        return body
    first = _FOLD.join(re.escape(word) for word in f"{marking}: ".encode().split(b" ")) if marking else b""
    subject = re.compile(rb"^Subject:" + _FOLD + rb"(" + first + rb")?", re.MULTILINE)
    return subject.sub(lambda found: _begun(found[1] or b""), body, count=1)


def _begun(marking: bytes) -> bytes:
    return b"Subject: " + marking.replace(b"\r\n", b"") + _REPEAT.encode()


def _address(name: str, address: str) -> Address:
    if mailbox.domain_of(address) is None:
        raise ValueError("not one plain mailbox")
    local, _, domain = address.rpartition("@")
    return Address(one_line(name), local, domain.lower())
