"""Rows of which it is not sure what they say: they are rejected, and what guards their cases counts all the same."""

from collections.abc import Sequence

from tasks.intake.tables import DoubtfulRow

UNSURE = "is one row with another of which it is not sure what was found for it"
_NAMES_A_CASE = {"case_ref", "urn"}
_RESTRICTED, _BARRED = "restricted", "barred_refs"


def rejected(header: Sequence[str], meant: Sequence[Sequence[str]], problem: str) -> DoubtfulRow | str:
    """Return the row that may be any of these: a cell is empty where they differ, but for the marks of a case.

    It is restricted if it may be, and bars everybody whom it may bar. One that may be of several cases is its problem
    alone.
    """
    cells = {name: _cell(name, each) for name, each in zip(header, zip(*meant, strict=True), strict=True)}
    named = _NAMES_A_CASE & cells.keys()
    return problem if named and not any(map(cells.get, named)) else DoubtfulRow(cells.values(), problem)


def _cell(name: str, meant: Sequence[str]) -> str:
    several = dict.fromkeys(meant)
    filled = [*filter(None, several)]
    if name == _BARRED:
        return ";".join(filled)
    if name == _RESTRICTED:
        return "yes" if len(filled) > 1 else "".join(filled)
    return meant[0] if len(several) == 1 else ""
