"""Every link of a day's mails, answered in copies of the day's database: each has to be done.

A copy takes one answer a case, so that no answer changes what another is about; *show* and *status* change nothing.
"""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from sqlalchemy import create_engine, text

from config.days.london import at_london
from flows.configured import configured
from flows.demo import NOON
from tasks.demo.mail_sink import REPLIES
from tasks.replies import read_mailbox
from tasks.servers import database, postgres
from tests.support.copies import as_superuser, copy_database
from tests.whole.truth.mails import Mail, read

CHANGES_NOTHING = ("show", "status")
DONE = {
    "until": "promised",
    "done": "completed",
    "not": "passed on",
    "show": "shown",
    "status": "standing",
    "undo": "taken back",
    "recorded": "recorded",
    "confirm": "confirmed",
}
RAISED = "Please look at the grade of "  # begins a mail to a case's officer and supervisor
LINE = re.compile(r"^\d\d/\S+: $", re.MULTILINE)
SAID = ("held, continue", "CPS only, submit to CPS", "not reached", "police only continue, stalking, gaps found")
WEEK = timedelta(days=7)
COPY = "links_answered"
MOST = 1_000_000  # more than any case has links


class Link(NamedTuple):
    """A link of a mail: its reader, and the mail that it begins."""

    to: str
    subject: str
    body: str

    @property
    def case(self) -> str:
        """The reference of the case that it is about."""
        return self.subject.split()[1]

    @property
    def word(self) -> str:
        """What it answers: until, done, not, show, status, undo; or recorded, of a meeting with a line a case."""
        return "recorded" if LINE.search(self.body) else self.body.split()[0]

    def written(self, ref: str, day: date) -> str:
        """Give the mail as its reader sends it: as it is, but for the lines of a meeting, which wait for a chair."""
        said = cycle((f"held, further actions\nnew action: CCTV, {ref}, {day + WEEK:%d/%m/%Y}", *SAID))
        return LINE.sub(lambda line: f"{line[0]}{next(said)}", self.body)


class Answered(NamedTuple):
    """A link that was answered, and what became of it, with the reason where it was refused."""

    day: date
    link: Link
    answered: str
    because: str

    @property
    def done(self) -> bool:
        """Return whether what the link says was done."""
        return self.answered == DONE.get(self.link.word)


def links(mails: Iterable[Mail]) -> list[Link]:
    """Give the links of mails that come to Casebeat, each once; one that raises a grade goes to a case's people."""
    found = {}
    for mail in mails:
        for href in mail.links:
            asked = parse_qs(urlsplit(href).query)
            if asked["body"][0].startswith(RAISED):
                continue
            link = Link(mail.to, asked["subject"][0], asked["body"][0].replace("\r\n", "\n"))
            found[link] = unquote(urlsplit(href).path)
    assert set(found.values()) <= {REPLIES}, f"a link goes elsewhere: {set(found.values())}"
    return list(found)


def batches(found: Iterable[Link]) -> list[list[Link]]:
    """Put links into batches with at most one a case that changes something."""
    whole: dict[int, list[Link]] = defaultdict(list)
    places: Counter[str] = Counter()
    for link in found:
        place = 0 if link.word in CHANGES_NOTHING else places[link.case]
        place += MOST * (link.word == "recorded")  # a copy of its own: it changes every case of the meeting
        places[link.case] += link.word not in CHANGES_NOTHING
        whole[place].append(link)
    return [whole[place] for place in sorted(whole)]


def answer(server: Path, of: str, batch: list[Link], day: date, folder: Path) -> Iterator[Answered]:
    """Answer links at noon of a day in a copy of a database of a server; give what became of each."""
    database.close()
    as_superuser(server, f"drop database if exists {COPY} with (force)")
    copy_database(server, of, COPY)
    url = postgres.url(server, database=COPY)
    refs, inbox = _people(url), folder / "new"
    for part in ("new", "cur", "tmp"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    for number, link in enumerate(batch):
        (inbox / f"{number:06}.link").write_bytes(_mail(number, link, link.written(refs[link.to], day)))
    with _surrounded(CASEBEAT_DATABASE_URL=url, CASEBEAT_REPLIES__MAILDIR=str(folder)):
        try:
            while waiting := _mails(folder):  # a reading takes a hundred at most
                read_mailbox.read(configured(), day, at_london(day, NOON))
                assert _mails(folder) < waiting, "a mail stays in the mailbox"
        finally:
            database.close()
    rows = _rows(url, "select in_reply_to, answered, because from replies")
    found = {row[0]: (str(row[1]), str(row[2])) for row in rows}
    as_superuser(server, f"drop database {COPY} with (force)")
    for number, link in enumerate(batch):
        yield Answered(day, link, *found.get(_id(number), ("not answered", "")))


def answer_some(server: Path, of: str, home: Path, day: date, seed: str, most: int = 60) -> Iterator[Answered]:
    """Answer some links of a day's letters, drawn by a seed, in one copy of the database."""
    mails = (read(path.read_bytes()) for path in (home / "mail" / "new").iterdir())
    found = sorted(links(mail for mail in mails if mail.day == day and mail.kind == "letters"))
    Random(f"{seed} {day}").shuffle(found)  # noqa: S311
    yield from answer(server, of, batches(found)[0][:most], day, home / "links")


def _mails(folder: Path) -> int:
    return sum(1 for part in ("new", "cur") for _ in (folder / part).iterdir())


def _id(number: int) -> str:
    return f"<link-{number}@phone.demo.police.uk>"


def _people(url: str) -> dict[str, str]:
    """Give the reference of whoever has an address."""
    return dict(map(tuple, _rows(url, "select email, contact_ref from contacts")))


def _rows(url: str, statement: str) -> list[Any]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = list(connection.execute(text(statement)))
    engine.dispose()
    return found


def _mail(number: int, link: Link, written: str) -> bytes:
    reply = EmailMessage(policy=SMTP)
    reply["From"], reply["To"], reply["Subject"], reply["Message-ID"] = link.to, REPLIES, link.subject, _id(number)
    reply.set_content(f"{written}\n")
    return reply.as_bytes()


@contextmanager
def _surrounded(**values: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
