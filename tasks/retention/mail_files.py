"""Mails in the data directory: those of the Maildir, where no mail server is set, and replies that nobody reads."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

from config.days.london import london_day
from config.retention import Held
from models.errors import Refuse
from models.queries.retention import erased_names as stored
from tasks.carriers.mail.maildir import file_name
from tasks.platform.confined import AnsweringChild, Ended
from tasks.replies.mail_reader import LIMITS
from tasks.retention import erased_names
from tasks.retention.account import HeldCount
from tasks.retention.erased_names import ErasedNames
from tasks.servers.database import transaction

_REPLIES = "replies"  # of the demo, beside its Maildir
_CHILD = "tasks.replies.text_child"
_MOST_BYTES = 4 << 20  # of a mail


def old_mails(home: Path, until: date, at: datetime, *, erase: bool) -> HeldCount:
    """Count the mails up to a day, and those that name an erased case whatever their day; delete them if asked to.

    A mail of a message has the message's day, and stays with a case that is held; another has its file's. Raises Refuse
    where a file cannot be deleted.
    """
    left = erased_names.uncleared(Held.MAIL)
    with transaction() as connection:
        kept = frozenset(map(file_name, stored.kept_keys(connection, until)))
        known = frozenset(map(file_name, stored.keys(connection)))

    def is_old(mail: Path) -> bool:
        name = mail.name.partition(":")[0]
        return name not in kept if name in known else _written_on(mail) <= until

    count = _clear(home / "mail", is_old, left.names, erase=erase)
    count += _clear(home / _REPLIES, lambda mail: _written_on(mail) <= until, left.names, erase=erase)
    if erase:
        erased_names.cleared(left, at)
    return HeldCount(Held.MAIL, until, count)


def handled_mails(box: Path, until: date, at: datetime, *, erase: bool) -> int:
    """Count the mails of a Maildir of handled replies up to a day, and those that name an erased case; delete if asked.

    Raises Refuse where a file cannot be deleted.
    """
    left = erased_names.uncleared(Held.MAILBOX)
    count = _clear(box, lambda mail: _written_on(mail) <= until, left.names, erase=erase)
    if erase:
        erased_names.cleared(left, at)
    return count


def _clear(box: Path, is_old: Callable[[Path], bool], names: ErasedNames, *, erase: bool) -> int:
    count = 0
    try:
        with AnsweringChild(_CHILD, LIMITS) as child:
            for mail in _mails(box):
                with suppress(FileNotFoundError):  # somebody else took it away
                    if is_old(mail) or (names.any and names.within(_text(child, mail))):
                        count += 1
                        if erase:
                            mail.unlink()
    except OSError as error:
        raise Refuse(f"{box} cannot be emptied ({error.strerror}): delete what is old, and run it again.") from None
    return count


def _mails(box: Path) -> Iterator[Path]:
    """Yield every mail of a Maildir and of the folders in it."""
    for part in ("tmp", "new", "cur"):
        for mails in sorted({*box.glob(part), *box.glob(f".*/{part}")}):
            yield from (path for path in sorted(mails.iterdir()) if path.is_file() and not path.is_symlink())


def _text(child: AnsweringChild, mail: Path) -> str:
    """Return what a mail says; its beginning as it is where its reader takes too much to tell."""
    with mail.open("rb") as file:
        raw = file.read(_MOST_BYTES)
    try:
        return str(child.ask(raw.decode("latin-1")))
    except Ended:
        return raw.decode("utf-8", "replace")


def _written_on(path: Path) -> date:
    return london_day(datetime.fromtimestamp(path.lstat().st_mtime, UTC))
