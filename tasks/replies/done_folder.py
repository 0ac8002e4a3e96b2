"""The folder of handled mails on a mail server: counting those from before a day, and erasing them."""

from collections.abc import Callable
from datetime import date
from typing import Any

from config.replies import ReplyMailbox
from models.errors import Retry
from tasks.replies import imap

_AT_ONCE = 200  # mails of one command
_WINDOW = 5_000  # mails that are searched at once
_MOST_BYTES = 1_000_000  # of one response
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def old_mails(chosen: ReplyMailbox, before: date, *, erase: bool) -> int:
    """Count the handled mails that the server received before a day, and erase them if asked to.

    Raises Retry if the mailbox cannot be used now. A folder that nobody has made yet has none.
    """
    with imap.signed_in(chosen) as session:
        try:
            return _of_folder(session, chosen.done_folder, before, erase=erase)
        except imap.FAILURES as error:
            raise Retry(f"The folder of handled mails cannot be used ({type(error).__name__}).") from None


def _of_folder(session: Any, folder: str, before: date, *, erase: bool) -> int:
    session.wire.allow(size=_MOST_BYTES)
    kind, exist = session.select(f'"{folder}"', readonly=not erase)
    if kind != "OK":
        return 0

    def command(*arguments: str) -> list[Any]:
        session.wire.allow(size=_MOST_BYTES)
        kind, found = session.uid(*arguments)
        if kind != "OK":
            raise Retry("The folder of handled mails refuses a command.")
        return list(found)

    uids = _older(command, int(exist[0] or 0), before)
    if erase:
        for at in range(0, len(uids), _AT_ONCE):
            some = ",".join(uids[at : at + _AT_ONCE])
            command("STORE", some, "+FLAGS.SILENT", r"(\Deleted)")
        session.wire.allow(size=_MOST_BYTES)
        session.close()  # which removes the mails so marked
    return len(uids)


def _older(command: Callable[..., list[Any]], number: int, before: date) -> list[str]:
    """Return the UIDs of the mails from before a day: the server compares its own day of receipt."""
    written = f"{before.day:02}-{_MONTHS[before.month - 1]}-{before.year}"
    uids: list[str] = []
    for first in range(1, number + 1, _WINDOW):
        found = command("SEARCH", f"{first}:{min(first + _WINDOW - 1, number)}", "BEFORE", written)
        uids += b" ".join(part for part in found if isinstance(part, bytes)).decode("ascii", "replace").split()
    return uids
