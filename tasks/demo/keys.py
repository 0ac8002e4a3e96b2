"""The keys by which the demo's force knows a suspect or a victim again, without a name."""

from hashlib import sha256

from tasks.demo.diary import ForceBook
from tasks.demo.rows import CaseFile

_AGAIN, _BOTH, _BACK = 20, 40, 7  # every so many cases: the same suspect, the victim too, as so many cases before


def give_keys(book: ForceBook, file: CaseFile) -> None:
    """Give a case its keys. They follow from its place in the book, and change nothing else of it."""
    place = book.number("key")
    file.case.suspect_key = _key("suspect", place - _BACK if place % _AGAIN == 0 else place)
    file.case.victim_key = _key("victim", place - _BACK if place % _BOTH == 0 else place)


def _key(who: str, number: int) -> str:
    return sha256(f"the demo's secret {who} {number}".encode()).hexdigest()[:32]
