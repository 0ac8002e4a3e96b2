"""A book with its people and cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.whole.recount.book import DAY, FIRST, FORCES, Book
from tests.whole.recount.life import Life

if TYPE_CHECKING:
    from tests.whole.reading.books.extracts import Source

PEOPLE = {
    "police": (("officer", "P"), ("supervisor", "S"), ("spoc", "SP"), ("lead", "L")),
    "cps": (("prosecutor", "C"), ("legal_manager", "M"), ("spoc", "CS"), ("lead", "CL")),
}


def lived(book: Book, cases: int) -> Book:
    """Fill a book with people and cases."""
    for force in FORCES:
        _staff(book, book.police[force], "police", force)
    _staff(book, book.cps, "cps", "SE")
    for source in book.sources:
        for name in FILES[source.agency]:
            book.lines[source.name].setdefault(name, {})
    for number in range(cases):
        Life(book, list(FORCES)[number % 2], number)
    return book


FILES = {
    "police": ("cases", "suspects", "incidents", "actions", "reviews", "referrals", "orders"),
    "cps": ("referrals", "pleas", "cps_cases", "defendants"),
}


def _staff(book: Book, source: Source, agency: str, place: str) -> None:
    domain = "surrey.police.uk" if agency == "police" else "cps.gov.uk"
    for role, letter in PEOPLE[agency]:
        ref = f"{letter}{place}"
        book.put(
            source, "contacts", (ref,), FIRST - DAY, contact_ref=ref, agency=agency, name=f"Contact {ref}",
            email=f"{ref.lower()}@{domain}", roles=[role], force_code=[place] if agency == "police" else [],
            cps_area=["South East"] if agency == "cps" else [], restricted_access=True,
        )  # fmt: skip
