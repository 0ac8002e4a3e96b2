"""Examples of harassment that may be stalking, and of a case with the same suspect."""

from datetime import timedelta

from tasks.demo.diary import ForceBook
from tasks.demo.examples.ordinary import add_act, ordinary
from tasks.demo.rows import CaseFile

_KEY = "5a1fc0de" * 4  # as a source would make it of the suspect, with a secret of its own


def goes_on(book: ForceBook) -> CaseFile:
    """Harassment by a former partner: a second incident after the reason why it is not stalking was recorded."""
    file = _apart(book, 20, "PH97004", "harassment")
    file.case.relationship, file.case.risk = "ex_partner", "high"
    add_act(book, file, book.today - timedelta(days=4), book.today - timedelta(days=3))
    file.case.last_act_on = book.today - timedelta(days=4)
    return file


def earlier(book: ForceBook) -> CaseFile:
    """Stalking of somebody else, by whom the source knows as the same suspect."""
    return _apart(book, 45, "PH97010", "stalking")


def _apart(book: ForceBook, age: int, code: str, kind: str) -> CaseFile:
    """Add an ordinary case with the key, and leave the book's chances as they were."""
    state = book.rng.getstate()
    file = ordinary(book, age, code, kind=kind)
    book.rng.setstate(state)
    file.case.suspect_key = _KEY
    return file
