"""Offences of a case as a column has them: codes, Home Office classes or titles."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from config.sources.cells import folded
from config.sources.home_office import TABLE, home_office_table
from config.sources.offence_titles import code_of_title
from tasks.intake.profiles.proposal.fits import Fit, best

_OFFENCE = re.compile(r"[A-Za-z]{2}[0-9]{5}[A-Za-z]?", re.ASCII)
_BETWEEN = (";", " / ", ",", " ")  # members of a list
_PARTS: tuple[dict[str, Any], ...] = ({}, {"split_at": " - ", "part": 1}, {"split_at": " ", "part": 1})


def offences_fit(filled: Sequence[str]) -> Fit:
    """Return which part of the cells, or of the members of their lists, is an offence code, or is made into one."""
    sign = (
        _sign(filled, _is_offence) or _sign(filled, _is_known) or (";" if any("\n" in text for text in filled) else "")
    )
    each = _members(filled, sign)
    found = best(each, _is_offence, _PARTS)
    classes = sum(folded(text) in home_office_table() for text in each)
    if classes > found.read:
        found = Fit({"codes": TABLE}, classes, len(each))
    titles = sum(code_of_title(text) is not None for text in each)
    if titles > found.read:
        found = Fit(_titles(each), titles, len(each))
    return found._replace(recipe=({"list_at": sign} if sign else {}) | found.recipe)


def _titles(each: Sequence[str]) -> dict[str, Any]:
    """Return the code table of titles, and those of which nothing is known, each with how many there are."""
    counted, distinct = Counter(map(folded, each)), _distinct(each)
    codes = {text: code_of_title(text) for text in distinct.values()}
    unknown = {text: counted[folded(text)] for text, code in codes.items() if code is None}
    return {"codes": {text: code for text, code in codes.items() if code}, "unknown": unknown}


def _distinct(each: Sequence[str]) -> dict[str, str]:
    """Return each text once, as it is first written, by how it is compared."""
    found: dict[str, str] = {}
    for text in each:
        found.setdefault(folded(text), text)
    return found


def _sign(filled: Sequence[str], is_one: Callable[[str], bool]) -> str | None:
    """Return what parts the members of lists, if each cell with it is a list of such members alone."""
    for sign in _BETWEEN:
        lists = [text for text in filled if sign in text]
        if lists and all(map(is_one, _members(lists, sign))):
            return sign
    return None


def _members(filled: Sequence[str], sign: str) -> list[str]:
    lines = [line for text in filled for line in text.splitlines()]
    return [part for line in lines for text in (line.split(sign) if sign else [line]) if (part := text.strip())]


def _is_offence(text: str) -> bool:
    return _OFFENCE.fullmatch(text) is not None


def _is_known(text: str) -> bool:
    return folded(text) in home_office_table() or code_of_title(text) is not None
