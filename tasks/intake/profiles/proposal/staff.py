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
        numbers = frozenset(filter(None, map(folded, looked.cells(named[0])))) if named and people else frozenset()
        if numbers and all(map(str.isdigit, numbers)) and len({len(number) for number in numbers}) == 1:
            return numbers
    return frozenset()


def _names() -> tuple[frozenset[str], frozenset[str]]:
    return names_of("contact_ref"), names_of("email") | names_of("roles")


def of_staff(cells: Sequence[str], numbers: Collection[str], recipe: dict[str, Any]) -> int | None:
    """Return to how many digits a cell's own are padded to be a number of staff; None if most are none, or are one."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    digits, enough = len(next(iter(numbers), "")), ENOUGH * len(filled)
    padded = ["".join(filter(str.isdigit, cell)).rjust(digits, "0") for cell in filled]
    if digits < 2 or not filled or sum(number in numbers for number in padded) < enough:
        return None
    return None if sum(folded(part_of(cell, recipe)) in numbers for cell in filled) >= enough else digits
