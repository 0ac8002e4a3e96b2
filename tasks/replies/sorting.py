"""Sorting of new mails by their headers alone: those that prove themselves are read first, and strangers' never."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import IntEnum
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.replies import arriving
from tasks.replies.envelope import Envelope
from tasks.replies.outcomes import MailOutcome
from tasks.replies.proof import answered_mails, open_keys


class Rank(IntEnum):
    """The order of reading."""

    PROVEN = 0  # a good key of its sender's, or the Message-ID of a mail to its sender
    KNOWN = 1  # from a known address, which may be forged; a key may lie in the quoted text
    REPORT = 2  # perhaps a bounce; only its bytes are searched
    IGNORED = 3  # its body is not read


MOST = {Rank.PROVEN: 100, Rank.KNOWN: 50, Rank.REPORT: 50}  # mails read in a run, so that none uses up others' turn


class SortedMail(NamedTuple):
    """A mail's rank; its outcome where its body is not read."""

    uid: str
    rank: Rank
    sender: str
    outcome: MailOutcome | None = None


def sort(connection: Connection, arrived: Mapping[str, Envelope | None], today: date) -> list[SortedMail]:
    """Sort mails, in the order in which they lie in the inbox; None is a header that cannot be read."""
    headers = {uid: envelope for uid, envelope in arrived.items() if envelope is not None}
    contacts = arriving.contacts_at(connection, sorted({header.sender for header in headers.values()}), today)
    answered = {
        uid: answered_mails(envelope.answers, today)
        for uid, envelope in headers.items()
        if envelope.answers and envelope.sender in contacts
    }
    readers = arriving.readers_of(connection, sorted({ref for refs in answered.values() for ref in refs}))
    made = []
    for uid, envelope in arrived.items():
        refs = contacts.get(envelope.sender, []) if envelope else []
        written_to = {readers[ref] for ref in answered.get(uid, []) if ref in readers}
        made.append(ranked(uid, envelope, refs, written_to, today))
    return made


def ranked(uid: str, envelope: Envelope | None, refs: Sequence[str], written_to: set[str], today: date) -> SortedMail:
    """Rank one mail by its header, the contacts at its sender's address, and whom the mails that it answers went to."""
    if envelope is None:
        return SortedMail(uid, Rank.IGNORED, "", MailOutcome.UNREADABLE)
    if envelope.report:
        return SortedMail(uid, Rank.REPORT, "")
    if envelope.automatic and (refs or envelope.own):
        return SortedMail(uid, Rank.IGNORED, "", MailOutcome.AUTOMATIC)
    if not refs:
        return SortedMail(uid, Rank.IGNORED, "", MailOutcome.STRANGER)
    proven = bool(written_to & set(refs)) or any(key.person_ref in refs for key in open_keys(envelope.keys, today).good)
    return SortedMail(uid, Rank.PROVEN if proven else Rank.KNOWN, envelope.sender)


def to_read(mails: Iterable[SortedMail]) -> list[SortedMail]:
    """List the mails whose turn it is: by rank, then each sender's first before anybody's second."""
    turns: Counter[tuple[Rank, str]] = Counter()
    waiting: dict[Rank, list[tuple[int, int, SortedMail]]] = {rank: [] for rank in MOST}
    for place, mail in enumerate(sorted_mail for sorted_mail in mails if sorted_mail.rank in MOST):
        turns[mail.rank, mail.sender] += 1
        waiting[mail.rank].append((turns[mail.rank, mail.sender], place, mail))
    return [mail for rank, found in waiting.items() for _, _, mail in sorted(found)[: MOST[rank]]]
