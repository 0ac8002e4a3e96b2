"""Proof that a mail answers one of ours: a key that we made, or the Message-ID of a mail to its sender."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from models.errors import Refuse
from models.queries.replies import arriving
from tasks.platform import tokens
from tasks.platform.tokens import Key, NotOurs, Purpose


class OpenedKeys(NamedTuple):
    """The keys of a mail that are good, why the last of the others is refused, and whether we made any of them."""

    good: frozenset[Key]
    refused: Refuse | None
    ours: bool


def open_keys(written: Iterable[str], today: date) -> OpenedKeys:
    """Open the keys that a mail holds."""
    good, refused, ours = set(), None, False
    for each in written:
        try:
            good.add(tokens.read(each, Purpose.REPLY, today, Purpose.ACT, Purpose.OUTCOME))
        except Refuse as unreadable:
            refused, ours = unreadable, ours or not isinstance(unreadable, NotOurs)
    return OpenedKeys(frozenset(good), refused, ours or bool(good))


def answered_mails(refs: Iterable[str], today: date) -> list[str]:
    """Return the names of the mails of ours among these left sides of Message-IDs."""
    found = []
    for ref in refs:
        with suppress(Refuse):
            found.append(tokens.read_mail_ref(ref, today))
    return found


def answers_ours(connection: Connection, refs: Sequence[str], senders: Sequence[str], today: date) -> bool:
    """Return whether a mail answers one that was addressed to its sender."""
    answered = answered_mails(refs, today)
    return bool(answered) and bool(set(arriving.readers_of(connection, answered).values()) & set(senders))
