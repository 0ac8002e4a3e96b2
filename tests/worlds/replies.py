"""People who answer their mails: a book with rounds and delivered mails, whose links they follow."""

import email
import html
import re
from datetime import date, datetime
from email import policy
from email.message import EmailMessage
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from config.days.london import at_london
from flows.configured import configured
from flows.refresh import refresh
from tasks.outbox import digests
from tasks.outbox.delivery import deliver
from tasks.replies.apply_reply import apply_reply
from tasks.replies.envelope import Own
from tasks.replies.incoming import IncomingMail, parse_mail
from tests.support.dovecot import Dovecot
from tests.support.post import Maildir
from tests.worlds.days import day
from tests.worlds.one_case import OneCase

ADDRESS = "replies@surrey.police.uk"
DOMAIN = "casebeat.invalid"
OWN = Own(frozenset({ADDRESS, f"casebeat@{DOMAIN}"}), DOMAIN)
_numbers = count(1)


class Answerers:
    """The people of OneCase, each with their own address, on a given day."""

    def __init__(self, book: OneCase, home: Path) -> None:
        self.book, self.home = book, home
        book.say("update contacts set email = lower(contact_ref) || '@surrey.police.uk'")
        self.today = day("Tue 17 Mar 2026")

    def arrives(self, box: Maildir, text: str = "until Thursday", ref: str = "P1") -> Path:
        """Let an answer arrive in a reply mailbox."""
        return box.drop(self.letter(ref, text, self.subject(ref)), self.at)

    def read(self) -> Any:
        """Read the reply mailbox by the command."""
        return self.book.cli("replies", "--as-of", self.today.isoformat())

    def on(self, written: str) -> "Answerers":
        """Run that day's round and deliver its mails."""
        self.today = day(written)
        self.book.round(written)
        digests.group(configured(), self.today, self.at)
        deliver(configured(), self.at)
        return self

    @property
    def at(self) -> datetime:
        return at_london(self.today)

    def mails(self, ref: str) -> list[EmailMessage]:
        """The mails of a person, in the order of sending."""
        found = [
            email.message_from_bytes(path.read_bytes(), policy=policy.default)
            for path in (self.home / "mail" / "new").glob("*")
        ]
        mine = [mail for mail in found if mail["To"].addresses[0].addr_spec == f"{ref.lower()}@surrey.police.uk"]
        return sorted(mine, key=lambda mail: mail["Date"].datetime)

    def answer(self, ref: str) -> EmailMessage:
        """The answer to the last reply, once delivered."""
        deliver(configured(), self.at)
        (mail,) = [mail for mail in self.mails(ref) if mail["In-Reply-To"] == self.message_id]
        assert mail["Auto-Submitted"] == "auto-replied"
        return mail

    def links(self, ref: str, said: str = "action", mail: EmailMessage | None = None) -> dict[str, tuple[str, str]]:
        """The links about one item of a mail, by default the last, and the one for everything."""
        page = (mail or self.mails(ref)[-1]).get_body(("html",)).get_content()
        found, items, named = [], {}, page.find(said)  # it is named by its rule, or by words before its links
        for link in re.finditer(r'<a href="(mailto:[^"?]+\?[^"]+)"[^>]*>([^<]+)</a>', page):
            parts = urlsplit(html.unescape(link[1]))
            if link[2] == "Raise it":  # a mail to people, that does not come to Casebeat
                continue
            assert parts.path == ADDRESS
            asked = parse_qs(parts.query)
            found.append((link[2], asked["subject"][0], asked["body"][0]))
            if asked["body"] != ["status"]:
                items.setdefault(asked["subject"][0], link.start() > named)
        by_rule = [subject for subject in items if f" {said} [" in subject]
        chosen = next(iter([*by_rule, *(subject for subject, after in items.items() if after), *items]), "")
        return {words: (subject, body) for words, subject, body in found if subject == chosen or subject not in items}

    def subject(self, ref: str, said: str = "action", mail: EmailMessage | None = None) -> str:
        """The subject of the link that takes something on."""
        links = self.links(ref, said, mail)
        return next(subject for words, (subject, _) in links.items() if words.startswith("I have it"))

    def letter(self, ref: str, text: str, subject: str, **headers: str) -> bytes:
        """A mail in the form that a mail program sends."""
        self.message_id = f"<{next(_numbers)}@phone.test>"
        made = EmailMessage()
        for name, value in {
            "From": f"Robin <{ref.lower()}@surrey.police.uk>", "To": ADDRESS, "Subject": subject,
            "Message-ID": self.message_id, **headers,
        }.items():  # fmt: skip
            made[name.replace("_", "-")] = value
        made.set_content(text)
        return made.as_bytes(policy=policy.SMTP)

    def replies(self, ref: str, text: str, subject: str | None = None, **headers: str) -> Any:
        """Let a person reply; return the outcome."""
        chosen = self.subject(ref) if subject is None else subject
        return self.deal(self.letter(ref, text, chosen, **headers))

    def deal(self, raw: bytes, received_on: date | None = None) -> Any:
        refresh(configured(), self.today, self.at)
        return apply_reply(configured(), self.incoming(raw, received_on), self.today, self.at)

    def incoming(self, raw: bytes, received_on: date | None = None) -> IncomingMail:
        return parse_mail(raw, received_on or self.today, OWN)


def switch_on(monkeypatch: Any, maildir: Path | None = None) -> None:
    """Set up a reply mailbox, by IMAP unless a Maildir is given, and fix the day."""
    imap = {"HOST": "imap.invalid", "USER": "u", "PASSWORD": "p"}
    box = {f"REPLIES__{name}": value for name, value in ({"MAILDIR": str(maildir)} if maildir else imap).items()}
    for name, value in {"CLOCK": "virtual", "REPLIES__ADDRESS": ADDRESS, **box}.items():
        monkeypatch.setenv(f"CASEBEAT_{name}", value)


def have_maildir(monkeypatch: Any, folder: Path) -> Maildir:
    """Make an empty Maildir there, the reply mailbox from now on."""
    switch_on(monkeypatch, folder)
    return Maildir(folder).make()


def have_dovecot(monkeypatch: Any, server: Dovecot, **other: object) -> Dovecot:
    """Let a running server's be the reply mailbox from now on; `other` settings beside."""
    switch_on(monkeypatch)
    chosen = {"HOST": "localhost", "PORT": server.port, "PASSWORD": server.password, **other}
    for name, value in chosen.items():
        monkeypatch.setenv(f"CASEBEAT_REPLIES__{name}", str(value))
    monkeypatch.setenv("SSL_CERT_FILE", str(server.cert))
    return server
