"""The mails of a night: what was sent, and answers to it that the demo's people do not give."""

import html
import re
from collections.abc import Callable, Sequence
from datetime import date
from email import policy
from email.message import EmailMessage
from itertools import groupby
from typing import Any
from urllib.parse import parse_qs, urlsplit

from config.settings import settings
from tests.approved.nights.book import Force
from tests.approved.nights.house import House, call

_LINK = re.compile(r'href="(mailto:[^"?]+\?[^"]+)"')
BOUNCED = """\
From: mailer-daemon@demo.police.uk
To: {to}
Message-ID: <{number}@mailer.demo.police.uk>
Content-Type: multipart/report; boundary=b; report-type=delivery-status

--b
Content-Type: message/delivery-status

Action: failed
Status: 5.1.1

--b
Content-Type: message/rfc822

Message-ID: {ref}

x
--b--
"""


def subjects(mails: Sequence[EmailMessage]) -> list[str]:
    """Return the recipient and subject of each mail in the order of arrival; of mails of one kind, by recipient."""
    kinds = groupby(mails, key=lambda mail: (mail["List-Id"], mail["Date"]))
    return [
        line
        for _, alike in kinds
        for line in sorted(f"{_to(mail).partition('@')[0]}: {mail['Subject']}" for mail in alike)
    ]


def letters(mails: Sequence[EmailMessage]) -> list[str]:
    """Return the text of the longest mail of each kind to police, to CPS and to operations."""
    found: dict[tuple[str, str], tuple[int, str, str]] = {}
    for mail in mails:
        body = mail.get_body(("plain",))
        text = body.get_content() if body else ""
        whom = "operations" if "operations" in _to(mail) else _to(mail).partition("@")[2]
        kind = (str(mail["List-Id"]), whom)
        found[kind] = max(found.get(kind, (0, "", "")), (len(text), _to(mail), text))
    return [line for _, to, text in found.values() for line in ("", f"To {to}:", *text.splitlines())]


def reply(said: str, by: str) -> Callable[[House, Force, date], list[str]]:
    """Return a happening: someone answers the last mail whose links offer this, or any mail with words of their own."""

    def answers(house: House, force: Force, day: date) -> list[str]:
        wanted = by and _one(house, f"select email from contacts where contact_ref = '{by}'")
        for mail in _newest(house):
            links = {body: subject for subject, body in _links(mail)}
            if links and wanted in {"", _to(mail)} and (said in links or by):
                made = EmailMessage(policy=policy.SMTP)
                made["From"], made["To"], made["Subject"] = _to(mail), settings().replies.address, links.get(said, "Re")
                made["Message-ID"] = f"<{day}.{re.sub(r'[^a-z]', '.', said)}@phone.demo.police.uk>"
                made.set_content(f"{said}\n")
                return _received(house, f"{said}.{day}", made.as_bytes(), day)
        raise AssertionError(f"no mail offers {said}")

    return answers


def bounce(house: House, force: Force, day: date) -> list[str]:
    """Let the last mail to a person come back."""
    mail = next(one for one in _newest(house) if _links(one))
    made = BOUNCED.format(to=settings().replies.address, number=day, ref=mail["Message-ID"])
    return _received(house, f"bounce.{day}", made.replace("\n", "\r\n").encode(), day)


def _received(house: House, name: str, mail: bytes, day: date) -> list[str]:
    (house.home / "replies" / "new" / name.replace(" ", ".")).write_bytes(mail)
    return call("replies", "--as-of", day.isoformat())


def _newest(house: House) -> list[EmailMessage]:
    """Return every mail, the newest day first, and of a day by recipient."""
    return sorted(house.post.kept, key=lambda mail: (mail["Date"].datetime.date(), _to(mail)), reverse=True)


def _one(house: House, statement: str) -> Any:
    ((found,),) = house.ask(statement)
    return found


def _to(mail: EmailMessage) -> str:
    return str(mail["To"].addresses[0].addr_spec)


def _links(mail: EmailMessage) -> list[tuple[str, str]]:
    page = mail.get_body(("html",))
    found = [
        parse_qs(urlsplit(html.unescape(link)).query) for link in _LINK.findall(page.get_content() if page else "")
    ]
    return [(asked["subject"][0], asked["body"][0]) for asked in found]
