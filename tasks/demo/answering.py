"""The demo's people answer some of their mails: they follow a link in one, and send the mail that it begins.

One chair records so what came of a meeting, in a line a case.
"""

import email
import html
import re
import smtplib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from email.message import EmailMessage
from email.policy import SMTP, default
from pathlib import Path
from random import Random
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from config.settings import settings
from tasks.demo.people import Cast, diligence
from tasks.demo.reports import DemoExchange, DemoReport, DemoReview
from tasks.demo.rows import FORCE

_ANSWERS = 0.15  # of the mails with a link that a diligent person answers
_FINISHED = 0.6  # of the replies to a mail that asks for an action are about that
_URGENT = 3  # otherwise the links of so many items are considered, from the beginning of a mail
_RECORDS = "CLS-M1"  # the chair who records what came of a meeting by mail; the others use the command
# How often each reply is chosen, by its first word. Nobody asks for everything, or takes anything back.
_LIKED = {"done": 45, "confirm": 45, "until": 35, "show": 15, "not": 5}
_LINK = re.compile(r'href="(mailto:[^"?]+\?[^"]+)"')
_LINE = re.compile(r"^(?P<case>\d\d/\S+): $", re.MULTILINE)  # of a case of a meeting, left open
_HELLO = "{said}\n\nRegards\n{name}\n"


class _Meeting(NamedTuple):
    """A link with which a chair records what came of a meeting: whose it is, its mail's file, and what it begins."""

    to: str
    file: str
    subject: str
    body: str

    @property
    def cases(self) -> frozenset[str]:
        """The cases whose lines it leaves open."""
        return frozenset(_LINE.findall(self.body))


class Answerers:
    """Everybody who may answer, and the mails that they have read so far."""

    def __init__(self, mails: Path, people: Cast, start: date, seed: int) -> None:
        self._mails, self._start, self._read = mails / "new", start, ""
        self._rng = Random(f"{seed} answers")  # noqa: S311 - repeatable, not secret
        self._names = {contact.email: contact.name for contact in people.contacts}
        self._records = {contact.email for contact in people.contacts if contact.contact_ref == _RECORDS}
        self._meetings: list[_Meeting] = []
        self._teams = {
            contact.email: team
            for team, refs in enumerate(people.teams)
            for contact in people.contacts
            if contact.contact_ref in refs
        }

    def answer(self, day: date) -> list[DemoExchange]:
        """Send this day's replies to the mails that have arrived since the last call, at most one a person."""
        made: dict[str, DemoExchange] = {}
        self._meetings.clear()
        with smtplib.SMTP(str(settings().mail.host), settings().mail.port, timeout=30) as client:
            for path in sorted(path for path in self._mails.iterdir() if path.name > self._read):
                self._read = path.name
                mail = email.message_from_bytes(path.read_bytes(), policy=default)
                to = mail["To"].addresses[0].addr_spec
                self._meetings += _meetings(mail, to, path.name) if to in self._records else ()
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
        return self._written(to, subject, said, f"{day}.{self._rng.getrandbits(40):010x}")

    def record(self, day: date, reports: Iterable[DemoReport]) -> tuple[list[DemoExchange], list[DemoReport]]:
        """Send what a chair records by mail of the day's reports; return these mails, and the other reports."""
        said: dict[_Meeting, list[DemoReview]] = defaultdict(list)
        others: list[DemoReport] = []
        for report in reports:
            of = (each for each in self._meetings if _case(report) in each.cases)
            meeting = next(of, None)
            if meeting and isinstance(report, DemoReview) and report.report.by == _RECORDS:
                said[meeting].append(report)
            else:
                others.append(report)
        return [self._record(day, meeting, told) for meeting, told in said.items()], others

    def _record(self, day: date, meeting: _Meeting, reports: Iterable[DemoReview]) -> DemoExchange:
        told = {_case(report): _outcome(report) for report in reports}
        filled = _LINE.sub(lambda line: f"{line[0]}{told.get(line['case'], '')}", meeting.body)
        reply = self._written(meeting.to, meeting.subject, filled, f"{day}.{meeting.file.partition('.')[0]}")
        with smtplib.SMTP(str(settings().mail.host), settings().mail.port, timeout=30) as client:
            client.send_message(reply)
        lines = "; ".join(f"{case}: {words}" for case, words in told.items())
        return DemoExchange(meeting.file, str(reply["Message-ID"]), meeting.to, day, lines)

    def _written(self, to: str, subject: str, said: str, number: str) -> EmailMessage:
        reply = EmailMessage(policy=SMTP)
        reply["From"], reply["To"], reply["Subject"] = to, settings().replies.address, subject
        reply["Message-ID"] = f"<{number}@phone.demo.police.uk>"
        reply.set_content(_HELLO.format(said=said, name=self._names[to]))
        return reply


def _case(report: DemoReport) -> str:
    return f"{FORCE}/{report.case_ref}"


def _outcome(review: DemoReview) -> str:
    """Return what came of a case in the words of a reply, with the actions that it asks for below."""
    report = review.report
    said = [*(["held"] if report.held else []), *sorted(report.decisions), report.pattern, report.enquiries]
    words = ", ".join(str(each).replace("_", " ") for each in said if each)
    asked = (f"new action: {each.kind}, {each.owner_ref}, {each.due_on:%d/%m/%Y}" for each in sorted(report.actions))
    return "\n".join([words, *asked])


def _meetings(mail: EmailMessage, to: str, file: str) -> list[_Meeting]:
    """Return the links of a mail that record what came of a meeting."""
    page = mail.get_body(("html",))
    found = (_begun(link) for link in _LINK.findall(page.get_content())) if page else ()
    return [_Meeting(to, file, subject, body) for _, subject, body in found if _LINE.search(body)]


def _begun(link: str) -> tuple[str, str, str]:
    """Return to whom the mail of a link goes, its subject and its text."""
    parts = urlsplit(html.unescape(link))
    asked = parse_qs(parts.query)
    return parts.path, asked["subject"][0], asked["body"][0].replace("\r\n", "\n")


def _items(page: str) -> Mapping[str, list[str]]:
    """Return what can be replied about each item of a page: the texts of its links, by their subject."""
    found: dict[str, list[str]] = {}
    for link in _LINK.findall(page):
        to, subject, said = _begun(link)
        to_casebeat = to == settings().replies.address  # and not to people about a grade
        if to_casebeat and said.split()[0] in _LIKED and said not in found.setdefault(subject, []):
            found[subject].append(said)
    return {subject: texts for subject, texts in found.items() if texts}
