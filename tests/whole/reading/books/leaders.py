"""The SPOCs who lead in a random book: by cases' own rows, or by the panels of their pairs; some cannot."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from tests.whole.reading.books.keys import keys_of
from tests.whole.reading.panels import Panel

if TYPE_CHECKING:
    from tests.whole.reading.books.book import Book
    from tests.whole.reading.sheets import Row

NEVER = ("NOBODY-4",)  # leads on nothing: no contact has the reference


class Leaders:
    """Who is named; `rng` is the naming's own, so that a book is otherwise as it would be without."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(f"leaders {seed}")  # noqa: S311

    def name(self, book: Book) -> None:
        """Name somebody for each new row, and somebody else for a few; let some panels name their SPOCs."""
        for source in book.sources:
            for name, agency in (("cases", "police"), ("cps_cases", "cps")):
                for row in source.held.get(name, {}).values():
                    row.update(keys_of(row) if name == "cases" and "suspect_key" not in row else {})
                    if "spoc_ref" not in row or self.rng.random() < 0.02:
                        row["spoc_ref"] = self._one(book, agency, 0.6)
        panels = book.reviews.panels
        named: dict[tuple[str, str], Row | None] = {}
        for index, panel in enumerate(panels):
            again = "spocs" not in panel.entry or self.rng.random() < 0.1
            if panel.pair not in named:
                named[panel.pair] = self._panel(book) if again else panel.entry["spocs"]
            panels[index] = Panel({**panel.entry, "spocs": named[panel.pair]})

    def _panel(self, book: Book) -> Row | None:
        found = {agency: self._one(book, agency, 0.2) for agency in ("police", "cps")}
        return None if self.rng.random() < 0.25 else {agency: ref for agency, ref in found.items() if ref}

    def _one(self, book: Book, agency: str, nobody: float) -> str | None:
        """Give a SPOC of an agency: mostly of any place, now and then a contact without the role, or nobody at all."""
        if self.rng.random() < nobody:
            return None
        rows = [row for source in book.sources for row in source.held["contacts"].values()]
        own = [row["contact_ref"] for row in rows if row["agency"] == agency]
        spocs = [row["contact_ref"] for row in rows if row["agency"] == agency and "spoc" in row["roles"]]
        return self.rng.choice([*spocs * 4, *own[:3], *NEVER])
