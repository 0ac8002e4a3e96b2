"""Making of cells: one column of an extract from columns of a source's file, a batch of rows at a time."""

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from config.sources.cells import Condition, Recipe, folded, own_name, table_of
from config.sources.day_forms import ALWAYS, DayForm, order_of, read_day
from config.sources.profile import Profile
from tasks.intake.forms import NAME_ALONE, REST_EMPTY
from tasks.intake.unread_days import NotDay

REMEMBERED = 20_000  # cached cells of a column; a full cache is cleared, so that memory stays flat
KEY_DIGITS = 32
_NO_DIGIT = re.compile("[^0-9]+")
CellColumn = Sequence[str]
Maker = Callable[..., str]
Secret = Callable[[], bytes]


class CellCache(dict[Any, str]):
    """A cache of what cells are made into. `make` takes a cell, or a tuple of them."""

    def __init__(self, make: Maker, *, of_several: bool) -> None:
        super().__init__()
        self._maker, self._of_several = make, of_several

    def __missing__(self, cells: Any) -> str:
        made = self._maker(*cells) if self._of_several else self._maker(cells)
        if len(self) >= REMEMBERED:
            self.clear()
        self[cells] = made
        return made


class MadeColumn(NamedTuple):
    """One column ready to be made: the places of the columns that it needs, and the function of their cells."""

    needs: tuple[int, ...]
    cells: CellCache | None  # None: the cell as it is
    always: str = ""

    def of(self, columns: Sequence[CellColumn], rows: int) -> Iterable[str]:
        """Yield the cells of a batch, which is given by columns."""
        if not self.needs:
            return (self.always,) * rows
        if self.cells is None:
            return columns[self.needs[0]]
        if len(self.needs) == 1:
            return map(self.cells.__getitem__, columns[self.needs[0]])
        return map(self.cells.__getitem__, zip(*(columns[place] for place in self.needs), strict=True))


class Making(NamedTuple):
    """The shared part of a file's recipes: where its columns are, code tables, forms of days, the secret of keys."""

    at: dict[str, int]
    profile: Profile
    days: tuple[DayForm, ...] | None
    secret: Secret
    always: tuple[DayForm, ...] = ALWAYS  # forms of days that need no word in the profile

    def column(self, recipe: Recipe, *, is_day: bool) -> MadeColumn:
        """Return one column, ready to be made."""
        asked = recipe.where or ()
        needs = [self.at[own_name(name)] for name in recipe.from_ or ()]
        if recipe.always is not None and not asked:
            return MadeColumn((), None, recipe.always)
        make = self._read_as(recipe, is_day=is_day)
        if make is None and recipe.model_fields_set <= {"from_", "take"} and len(needs) == 1:
            return MadeColumn(tuple(needs), None)
        wanted = (*needs, *(self.at[own_name(condition.column)] for condition in asked))
        return MadeColumn(wanted, CellCache(_composed(recipe, make, len(needs)), of_several=len(wanted) > 1))

    def holds(self, conditions: Sequence[Condition], every: bool) -> MadeColumn:  # noqa: FBT001  which of two words
        """Return a column that is filled where these conditions hold: every one, or any."""
        enough = all if every else any
        needs = tuple(self.at[own_name(condition.column)] for condition in conditions)

        def make(*cells: str) -> str:
            return (
                "x" if enough(condition.holds(cell) for condition, cell in zip(conditions, cells, strict=True)) else ""
            )

        return MadeColumn(needs, CellCache(make, of_several=len(needs) > 1))

    def _read_as(self, recipe: Recipe, *, is_day: bool) -> Maker | None:
        """Return how one text is read; None if it is taken as it is."""
        forms = recipe.day or (self.days if is_day else None)
        if recipe.codes is not None:
            return _by_codes(self._table(recipe.codes), recipe.otherwise, self._as_day(forms) if forms else str)
        if recipe.when_filled is not None:
            filled = recipe.when_filled
            return lambda text: filled if text else ""
        if recipe.key:
            return _as_key(self.secret(), (*(self.days or ()), *self.always))
        return self._as_day(forms) if forms else None

    def order(self, name: str) -> MadeColumn:
        """Return a column of days and times as texts that sort as they do; a NotDay for a cell that is none."""
        forms = (*(self.days or ()), *self.always)
        written = _written(self.days or self.always)

        def make(cell: str) -> str:
            text = cell.strip()
            return (order_of(text, forms) or NotDay(text, written)) if text else ""

        return MadeColumn((self.at[own_name(name)],), CellCache(make, of_several=False))

    def _as_day(self, forms: tuple[DayForm, ...]) -> Maker:
        written, others = _written(forms), self.always

        def make(text: str) -> str:
            day = read_day(text, forms) or read_day(text, others)
            return day.isoformat() if day else NotDay(text, written)

        return make

    def _table(self, codes: Any) -> dict[str, str]:
        return table_of((self.profile.table(codes) or {}) if isinstance(codes, str) else codes)


def _composed(recipe: Recipe, read: Maker | None, own: int) -> Maker:
    """Return the function from all cells of a recipe to the one that is made."""
    asked, empty, always = recipe.where or (), recipe.when_empty or "", recipe.always
    pick = _picked(recipe)

    begin, replaced = recipe.without or "", recipe.replace or {}

    def one(text: str) -> str:
        plain = text.removeprefix(begin)
        for old, new in replaced.items():
            plain = plain.replace(old, new)
        part = _plain(_part(plain.strip(), recipe), recipe)
        return read(part) if read and part else part

    def make(*cells: str) -> str:
        if not all(one_asked.holds(cell) for one_asked, cell in zip(asked, cells[own:], strict=True)):
            return empty
        if always is not None:
            return always
        if recipe.list_at is not None:
            lines = (line for cell in cells[:own] for line in cell.splitlines())
            parts = (one(each.strip()) for line in lines for each in line.split(recipe.list_at))
            return ";".join(dict.fromkeys(filter(None, parts))) or empty
        made = one(pick(cells[:own])) or empty
        return REST_EMPTY if made == NAME_ALONE and not all(map(str.strip, cells[:own])) else made

    return make


def _picked(recipe: Recipe) -> Callable[[Sequence[str]], str]:
    between = recipe.joined
    if between is not None:
        return lambda cells: between.join(filter(None, map(str.strip, cells)))
    return lambda cells: next(filter(None, map(str.strip, cells)), "")


def _part(text: str, recipe: Recipe) -> str:
    if recipe.split_at is None or recipe.part is None:
        return text
    parts = [character.strip() for character in text.split(recipe.split_at)]
    place = recipe.part - 1 if recipe.part > 0 else len(parts) + recipe.part
    return parts[place] if 0 <= place < len(parts) else ""


def _plain(text: str, recipe: Recipe) -> str:
    """Return a text in the signs that its recipe asks for."""
    kept = _NO_DIGIT.sub("", text) if recipe.digits else text
    large = kept.upper() if recipe.upper else kept
    return large.rjust(recipe.pad, "0") if recipe.pad and large else large


def _by_codes(table: dict[str, str], otherwise: str | None, others: Maker) -> Maker:
    def make(text: str) -> str:
        code = folded(text)
        if code in table:
            return table[code]
        return others(text) if otherwise is None else otherwise

    return make


def _written(forms: Sequence[DayForm]) -> str:
    return " or ".join(form.text for form in forms)


def _as_key(secret: bytes, days: tuple[DayForm, ...]) -> Maker:
    """Return how a text becomes a key; one without a digit is a name, and a day is anybody's: neither is one."""

    def make(text: str) -> str:
        if not any(map(str.isdigit, text)) or read_day(text, days):
            return NAME_ALONE
        return hmac.digest(secret, folded(text).encode(), hashlib.sha256).hex()[:KEY_DIGITS]

    return make
