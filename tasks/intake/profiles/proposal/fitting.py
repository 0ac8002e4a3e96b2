"""How far a column's values are what Casebeat reads, and what a recipe has to do with them."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from typing import Any

from config.forces import FORCES
from config.sources.cells import folded
from config.sources.day_forms import ALWAYS, DayForm, day_form, day_forms, read_day
from tasks.intake.columns import Column
from tasks.intake.forms import CODE, CODES, DAY, FUTURE_DAY, KIND, PERSON, YES_NO, CellSetting, Unfit
from tasks.intake.profiles.proposal.fits import Fit, best
from tasks.intake.profiles.proposal.offences import offences_fit
from tasks.intake.profiles.proposal.vocabulary import vocabulary
from tasks.intake.profiles.proposal.words import words_of
from tasks.platform.configuration import Configuration

_SERIAL = day_form("serial")  # of a spreadsheet, in a text beside days that are written
_LISTS = {"checklist_missing", "barred_refs"}
_GAP = re.compile(r" [/-]|[/-] ")
_NUMBER = re.compile(r"[A-Za-z]*[0-9]{2,}", re.ASCII)  # of a task, and no kind of one


def fit(configuration: Configuration, column: Column, values: Sequence[str], always: Sequence[DayForm] = ALWAYS) -> Fit:
    """Return how a column's values become cells of one that Casebeat reads, as far as they do."""
    filled = [text for value in values if (text := value.strip())]
    if column.form in {DAY, FUTURE_DAY}:
        return days_fit(filled, always)
    if column.name in vocabulary().codes:
        return _codes(column.name, filled)
    if column.form is YES_NO:
        return _flag(filled)
    if column.name.endswith("_key"):
        read = 0 if are_days(filled, always) else sum(any(map(str.isdigit, text)) for text in filled)
        return Fit({"key": True}, read, len(filled))
    return _parts(configuration, column, filled)


def _parts(configuration: Configuration, column: Column, filled: Sequence[str]) -> Fit:
    """Return which part of the cells is read; the whole cell if it is."""
    if column.form in {CODE, CODES}:
        return offences_fit(filled)
    reads = _reads(configuration, column)
    if column.name == "case_ref":
        return _case(filled, reads)
    if column.form is PERSON or column.name == "contact_ref":
        plain = [text.replace("(", "").replace(")", "") for text in filled]
        parts = ({"split_at": " ", "part": part} for part in (1, 2, 3, -1))
        found = best(plain, lambda text: reads(text) and any(map(str.isdigit, text)) and " " not in text, ({}, *parts))
        return found if plain == filled else found._replace(recipe={"replace": {"(": "", ")": ""}} | found.recipe)
    if column.form is KIND:
        return best(filled, lambda text: reads(text) and not _NUMBER.fullmatch(text), ({},))
    if column.name == "force_code":
        return best(filled, FORCES.__contains__, ({}, {"split_at": " ", "part": 1}))
    return _lists(filled, reads) if column.name in _LISTS else best(filled, reads, ({},))


def _case(filled: Sequence[str], reads: Callable[[str], bool]) -> Fit:
    """Return how a case is named: without its force, and without gaps beside signs, of which there may be none."""
    plain, recipe = [*filled], dict[str, Any]()
    if any(_GAP.search(text) for text in filled):
        plain, recipe = [text.replace(" ", "") for text in filled], {"replace": {" ": ""}}
    begins = {text[:3] for text in plain}
    if len(begins) == 1 and (begin := begins.pop())[:2] in FORCES and begin[2:] == "/":
        recipe["without"] = begin
    return Fit(recipe, sum(map(reads, plain)), len(filled))


def _lists(filled: Sequence[str], reads: Callable[[str], bool]) -> Fit:
    sign = next((sign for sign in ("|", ",") if any(sign in text for text in filled)), ";")
    members = [part.strip() for text in filled for part in text.split(sign)]
    return Fit({"list_at": sign}, sum(map(reads, members)), len(members))


def _reads(configuration: Configuration, column: Column) -> Callable[[str], bool]:
    setting = CellSetting(date(2099, 12, 31), frozenset(FORCES), configuration.settings.mail.allowed_domains)

    def reads(text: str) -> bool:
        try:
            column.form.read(text, setting)
        except Unfit:
            return False
        return True

    return reads


def days_fit(cells: Sequence[str], always: Sequence[DayForm] = ALWAYS) -> Fit:
    """Return the forms of days that read the most cells, those of most cells first."""
    filled = [text for cell in cells if (text := cell.strip())]
    left, forms = [text for text in filled if read_day(text, always) is None], []
    already = len(filled) - len(left)
    while left:
        form = max(_forms(), key=lambda one: sum(one.read(text) is not None for text in left))
        rest = [text for text in left if form.read(text) is None]
        if len(rest) == len(left):
            break
        forms.append(form.text)
        left = rest
    if forms and any(map(_SERIAL.read, left)):
        forms, left = [*forms, _SERIAL.text], [text for text in left if _SERIAL.read(text) is None]
    try:
        day_forms(forms)
    except ValueError:
        return Fit({}, 0, len(filled))
    words = sorted({folded(text) for text in left if folded(text) in vocabulary().days.none})
    codes: dict[str, Any] = {"codes": dict.fromkeys(words, "")} if already + len(forms) and words else {}
    return Fit({"days": forms, **codes} if forms else codes, len(filled) - len(left), len(filled))


def are_days(cells: Sequence[str], always: Sequence[DayForm] = ALWAYS) -> bool:
    """Return whether the cells of a column that are filled are days."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    forms = (*always, *_forms())
    return bool(filled) and all(read_day(cell, forms) for cell in filled[:20])


@cache
def _forms() -> tuple[DayForm, ...]:
    days = vocabulary().days
    return tuple(day_form(f"{day}{clock}") for day in days.written for clock in days.clocks)


def _flag(filled: Sequence[str]) -> Fit:
    """Return how a column says yes and no: where some cells say no, the only other one says yes."""
    words, cells = vocabulary().left_out, Counter(map(str.strip, filled))
    said = {
        cell: "yes" if folded(cell) in words.yes else "no" for cell in cells if folded(cell) in (*words.yes, *words.no)
    }
    unknown = [cell for cell in cells if cell not in said]
    if not unknown:
        return Fit({}, len(filled), len(filled))
    if len(unknown) == 1 and {*said.values()} == {"no"}:
        return Fit({"codes": said | {unknown[0]: "yes"}}, len(filled), len(filled))
    left = {cell: cells[cell] for cell in unknown}
    return Fit({"codes": said, "unknown": left}, len(filled) - sum(left.values()), len(filled))


def _codes(name: str, filled: Sequence[str]) -> Fit:
    """Return a code table of the values; a value that nothing is known of is left to whoever reads the proposal."""
    words = words_of(name, filled)
    recipe: dict[str, Any] = {"list_at": words.sign} if words.sign else {}
    return Fit(recipe | {"codes": words.table, "unknown": words.unknown}, words.read, words.filled)
