"""Numbers of staff in an export, to which other references are padded."""

from collections.abc import Collection, Sequence
from typing import Any

from config.sources.cells import folded
from tasks.intake.profiles.proposal.fits import part_of
from tasks.intake.profiles.proposal.looking import LookedAt
from tasks.intake.profiles.proposal.naming import names_of, title_words

ENOUGH = 0.8  # of the cells


def staff_numbers(files: Sequence[LookedAt]) -> frozenset[str]:
    """Return the numbers of staff in the export, where all have as many digits, so that others are padded to them."""
    for looked in files:
        titles = [title for title in looked.header.written if title and looked.columns]
        named, people = ([one for one in titles if title_words(one) in names] for names in _names())
        all_of_them = {*filter(None, map(folded, looked.cells(named[0])))} if named and people else set()
        numbers = frozenset(filter(str.isdigit, all_of_them))  # a queue may have a name
        if len(numbers) >= max(1, ENOUGH * len(all_of_them)) and len({len(number) for number in numbers}) == 1:
            return numbers
    return frozenset()


def _names() -> tuple[frozenset[str], frozenset[str]]:
    return names_of("contact_ref"), names_of("email") | names_of("roles")


def of_staff(cells: Sequence[str], numbers: Collection[str], recipe: dict[str, Any]) -> dict[str, Any] | None:
    """Return how a cell becomes a number of staff, padded to its digits; None if most are none, or are one."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    digits, enough = len(next(iter(numbers), "")), ENOUGH * len(filled)
    padded = ["".join(filter(str.isdigit, cell)).rjust(digits, "0") for cell in filled]
    if digits < 2 or not filled or sum(number in numbers for number in padded) < enough:
        return None
    if sum(folded(part_of(cell, recipe)) in numbers for cell in filled) >= enough:
        return None
    are_digits = sum(map(str.isdigit, filled)) >= enough  # others may be queues, and stay as they are
    return {"pad": digits} if are_digits else {"digits": True, "pad": digits}
