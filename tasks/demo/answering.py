"""The demo's people answer some of their mails: they follow a link in one, and send the mail that it begins."""

import email
import html
import re
import smtplib
from collections.abc import Mapping
from datetime import date
from email.message import EmailMessage
from email.policy import SMTP, default
from pathlib import Path
from random import Random
from urllib.parse import parse_qs, urlsplit

from config.settings import settings
from tasks.demo.people import Cast, diligence
from tasks.demo.reports import DemoExchange

_ANSWERS = 0.15  # of the mails with a link that a diligent person answers
_FINISHED = 0.6  # of the replies to a mail that asks for an action are about that
_URGENT = 3  # otherwise the links of so many items are considered, from the beginning of a mail
# How often each reply is chosen, by its first word. Nobody asks for everything, takes anything back, or fills in the
# lines of a meeting: its outcome is told by the form.
_LIKED = {"done": 45, "confirm": 45, "until": 35, "show": 15, "not": 5}
_LINK = re.compile(r'href="(mailto:[^"?]+\?[^"]+)"')
_HELLO = "{said}\n\nRegards\n{name}\n"


class Answerers:
    """Everybody who may answer, and the mails that they have read so far."""

    def __init__(self, mails: Path, people: Cast, start: date, seed: int) -> None:
        self._mails, self._start, self._read = mails / "new", start, ""
        self._rng = Random(f"{seed} answers")  # noqa: S311 - repeatable, not secret
        self._names = {contact.email: contact.name for contact in people.contacts}
        self._teams = {
            contact.email: team
            for team, refs in enumerate(people.teams)
            for contact in people.contacts
            if contact.contact_ref in refs
        }

    def answer(self, day: date) -> list[DemoExchange]:
        """Send this day's replies to the mails that have arrived since the last call, at most one a person."""
        made: dict[str, DemoExchange] = {}
        with smtplib.SMTP(str(settings().mail.host), settings().mail.port, timeout=30) as client:
            for path in sorted(path for path in self._mails.iterdir() if path.name > self._read):
                self._read = path.name
                mail = email.message_from_bytes(path.read_bytes(), policy=default)
                to = mail["To"].addresses[0].addr_spec
                reply = self._reply(mail, to, day) if to in self._names and to not in made else None
                if reply is not None:
                    client.send_message(reply)
                    said = reply.get_content().splitlines()[0]
                    made[to] = DemoExchange(path.name, str(reply["Message-ID"]), to, day, said)
        return list(made.values())

    def _reply(self, mail: EmailMessage, to: str, day: date) -> EmailMessage | None:
        """Begin a reply with one of the mail's links, if its reader answers it."""
        page = mail.get_body(("html",))
        items = _items(page.get_content()) if page and mail["Auto-Submitted"] != "auto-replied" else {}
        willing = _ANSWERS * diligence(self._teams.get(to, 0), (day - self._start).days)
        if not items or self._rng.random() >= willing:
            return None
        done = [subject for subject, texts in items.items() if "done" in texts]
        subject = self._rng.choice(done if done and self._rng.random() < _FINISHED else list(items)[:_URGENT])
        said = self._rng.choices(items[subject], [_LIKED[one.split()[0]] for one in items[subject]])[0]
        reply = EmailMessage(policy=SMTP)
        reply["From"], reply["To"], reply["Subject"] = to, settings().replies.address, subject
        reply["Message-ID"] = f"<{day}.{self._rng.getrandbits(40):010x}@phone.demo.police.uk>"
        reply.set_content(_HELLO.format(said=said, name=self._names[to]))
        return reply


def _items(page: str) -> Mapping[str, list[str]]:
    """Return what can be replied about each item of a page: the texts of its links, by their subject."""
    found: dict[str, list[str]] = {}
    for link in _LINK.findall(page):
        parts = urlsplit(html.unescape(link))
        asked = parse_qs(parts.query)
        said = asked["body"][0]
        to_casebeat = parts.path == settings().replies.address  # and not to people about a grade
        if to_casebeat and said.split()[0] in _LIKED and said not in found.setdefault(asked["subject"][0], []):
            found[asked["subject"][0]].append(said)
    return {subject: texts for subject, texts in found.items() if texts}
