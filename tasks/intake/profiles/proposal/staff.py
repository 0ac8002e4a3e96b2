"""Numbers of staff in an export, to which other references are padded."""

from collections.abc import Collection, Sequence

from config.sources.cells import folded
from tasks.intake.profiles.proposal.looking import LookedAt
from tasks.intake.profiles.proposal.naming import names_of, title_words

ENOUGH = 0.8  # of the cells


def staff_numbers(files: Sequence[LookedAt]) -> frozenset[str]:
    """Return the numbers of staff in the export, where all have as many digits, so that others are padded to them."""
    for looked in files:
        titles = [title for title in looked.header.written if title and looked.columns]
        named, people = ([one for one in titles if title_words(one) in names] for names in _names())
        numbers = frozenset(filter(None, map(folded, looked.cells(named[0])))) if named and people else frozenset()
        if numbers and all(map(str.isdigit, numbers)) and len({len(number) for number in numbers}) == 1:
            return numbers
    return frozenset()


def _names() -> tuple[frozenset[str], frozenset[str]]:
    return names_of("contact_ref"), names_of("email") | names_of("roles")


def of_staff(cells: Sequence[str], numbers: Collection[str]) -> int | None:
    """Return to how many digits a cell's own are padded to be a number of staff; None if most are none."""
    filled = ["".join(filter(str.isdigit, cell)) for cell in cells if cell.strip()]
    digits = len(next(iter(numbers), ""))
    found = sum(number.rjust(digits, "0") in numbers for number in filled if number)
    return digits if digits > 1 and filled and found >= ENOUGH * len(filled) else None
