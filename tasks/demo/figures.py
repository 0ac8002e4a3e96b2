"""The figures of the demo's mails: how many each person gets, how long a letter is, and what leaves together."""

import email
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from email.policy import default
from pathlib import Path
from statistics import median
from typing import NamedTuple

from models.rules.catalogue import bail_end, custody_limit, order_expiry, summary_time_limit
from models.rules.obligations.rulebook import RULES

_PLURALS = {
    "officer": "officers",
    "supervisor": "supervisors",
    "prosecutor": "prosecutors",
    "legal_manager": "legal managers",
    "spoc": "SPOCs",
    "lead": "leads",
}
LONGEST_SUBJECT = 60  # characters that a phone shows
_NEVER_CUT_SHORT = [
    RULES[name].title
    for name in (summary_time_limit.RULE.name, bail_end.RULE.name, custody_limit.RULE.name, order_expiry.RULE.name)
]


class SentMail(NamedTuple):
    """A mail as it was sent: its plain part, and whether it is a calendar's or answers a reply."""

    to: str
    at: datetime
    subject: str
    text: str
    calendar: bool
    answer: bool


class RoleFigures(NamedTuple):
    """The mails to each person of a role on a working day, the answers to their own replies aside."""

    people: str
    mean: float
    median: float
    most: int


class MailFigures(NamedTuple):
    """The figures of all mails to people. Of a letter's words, those of attachments and links do not count."""

    roles: tuple[RoleFigures, ...]
    letters: int
    median_words: float
    most_words: int
    most_words_without_limit: int  # of the letters that tell of no time limit and no order
    together: int  # times that two mails or more left for one person in one minute, those of the calendar aside
    long_subjects: int
    mails: int


def sent_mails(maildir: Path) -> list[SentMail]:
    """Read the mails that a server kept, in the order of their arrival."""
    return [_read(path.read_bytes()) for path in sorted((maildir / "new").iterdir())]


def _read(content: bytes) -> SentMail:
    message = email.message_from_bytes(content, policy=default)
    plain = message.get_body(("plain",))
    return SentMail(
        to=message["To"].addresses[0].addr_spec,
        at=message["Date"].datetime,
        subject=str(message["Subject"]).strip(),  # a long subject is folded at its beginning
        text=str(plain.get_content()) if plain else "",
        calendar=any(part.get_content_type() == "text/calendar" for part in message.walk()),
        answer=message["Auto-Submitted"] == "auto-replied",
    )


def figures(mails: Iterable[SentMail], roles: Mapping[str, Collection[str]], days: Collection[date]) -> MailFigures:
    """Work out the figures. `roles` are those of each address, `days` the working days."""
    to_people = [mail for mail in mails if mail.to in roles]
    unasked = [mail for mail in to_people if not mail.answer]
    letters = [mail for mail in unasked if not mail.calendar]
    lengths = [_words(mail.text) for mail in letters]
    unlimited = [_words(mail.text) for mail in letters if not any(title in mail.text for title in _NEVER_CUT_SHORT)]
    minutes = Counter((mail.to, mail.at.replace(second=0, microsecond=0)) for mail in letters)
    return MailFigures(
        roles=tuple(_roles(unasked, roles, days)),
        letters=len(letters),
        median_words=median(lengths or [0]),
        most_words=max(lengths, default=0),
        most_words_without_limit=max(unlimited, default=0),
        together=sum(number > 1 for number in minutes.values()),
        long_subjects=sum(len(mail.subject) > LONGEST_SUBJECT for mail in to_people),
        mails=len(to_people),
    )


def _roles(
    mails: Sequence[SentMail], roles: Mapping[str, Collection[str]], days: Collection[date]
) -> Iterable[RoleFigures]:
    """Yield the figures of each role. A day without a mail counts; a mail of a day off counts to no median."""
    counts = Counter((mail.to, mail.at.date()) for mail in mails)
    for role, plural in _PLURALS.items():
        people = [address for address, theirs in roles.items() if role in theirs]
        if people and days:
            working = [counts[address, day] for address in people for day in days]
            every = [number for (address, _), number in counts.items() if address in people]
            yield RoleFigures(plural, sum(every) / len(working), median(working), max(every, default=0))


def _words(text: str) -> int:
    return sum(any(map(str.isalnum, word)) and not word.startswith(("mailto:", "http")) for word in text.split())
