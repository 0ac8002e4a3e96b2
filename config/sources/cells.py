"""How one column that Casebeat reads is made from the columns that a source has."""

from enum import StrEnum
from typing import Annotated, Any, Self, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from config.plain_yaml import shown
from config.sources.day_forms import DayForms
from config.strict_yaml import Strict

T = TypeVar("T")


def _text(value: Any) -> Any:
    """Return a value of the file as the text that was meant: yes and no are texts here, and a number is its digits."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value) if isinstance(value, int) else value


def several(value: Any) -> Any:
    """Return one value or several as texts."""
    return tuple(map(_text, value)) if isinstance(value, list | tuple) else (_text(value),)


def own_name(text: str) -> str:
    """Return a column's name as it is compared: in small letters, each gap one space."""
    return " ".join(text.split()).lower()


def some(value: T) -> T:
    """Return a list or a mapping that holds something. Raises ValueError for an empty one."""
    if not value:
        raise ValueError("is empty: write at least one, or leave the line out")
    return value


def _blanks(value: Any) -> Any:
    """Return texts: a bare NULL, which YAML reads as nothing, is meant as it is written."""
    texts = value if isinstance(value, list | tuple) else [value]
    return tuple("NULL" if text is None else text for text in texts)


Cell = Annotated[str, BeforeValidator(_text), Field(max_length=200)]
CellTexts = Annotated[tuple[Annotated[str, Field(max_length=200)], ...], BeforeValidator(several), AfterValidator(some)]
Blanks = Annotated[CellTexts, BeforeValidator(_blanks)]
OwnName = Annotated[str, BeforeValidator(_text), Field(min_length=1, max_length=200)]
OwnNames = Annotated[tuple[OwnName, ...], BeforeValidator(several), AfterValidator(some)]
CodeTable = dict[str, Cell]
Replacements = Annotated[dict[Annotated[str, Field(min_length=1, max_length=200)], Cell], AfterValidator(some)]


def folded(text: str) -> str:
    """Return a cell as code tables and conditions compare it."""
    return " ".join(text.split()).casefold()


class Condition(Strict):
    """Something that is so of a row, or is not. Case and gaps do not count."""

    column: OwnName
    is_: CellTexts | None = Field(None, alias="is")
    is_not: CellTexts | None = None
    begins: CellTexts | None = None
    filled: bool | None = None

    @model_validator(mode="after")
    def _asks_one_thing(self) -> Self:
        asked = [self.is_, self.is_not, self.begins, self.filled]
        if sum(each is not None for each in asked) != 1:
            raise ValueError("asks one thing of its column: is, is_not, begins or filled")
        return self

    def holds(self, cell: str) -> bool:
        """Return whether it is so of a cell of its column."""
        text = folded(cell)
        if self.filled is not None:
            return bool(text) is self.filled
        if self.begins is not None:
            return text.startswith(tuple(map(folded, self.begins)))
        if self.is_ is not None:
            return text in map(folded, self.is_)
        return text not in map(folded, self.is_not or ())


def one_or_several(value: Any) -> Any:
    """Return a list of mappings, of which one may stand alone."""
    return value if isinstance(value, list | tuple) else (value,)


Conditions = Annotated[tuple[Condition, ...], BeforeValidator(one_or_several), AfterValidator(some)]


class Take(StrEnum):
    """Which of several rows' cells counts."""

    FIRST = "first"  # that is filled
    LAST = "last"  # that is filled
    NEWEST = "newest"  # the last row's, filled or not
    ALL = "all"


class Recipe(Strict):
    """How the cells of one column are made: from the first filled of the source's columns, unless it says otherwise."""

    from_: OwnNames | None = Field(None, alias="from")
    always: Cell | None = None
    where: Conditions | None = None
    joined: Annotated[str, Field(max_length=10)] | None = None
    without: Cell | None = None  # taken off the cell's beginning
    replace: Replacements | None = None  # each wherever it stands, one after the other
    split_at: Annotated[str, Field(min_length=1, max_length=10)] | None = None
    part: int | None = Field(None, ge=-9, le=9)
    list_at: Annotated[str, Field(min_length=1, max_length=10)] | None = None
    digits: bool = False  # nothing else is kept
    upper: bool = False
    pad: int | None = Field(None, ge=2, le=20)  # with zeros on the left, to so many characters
    codes: CodeTable | str | None = None
    otherwise: Cell | None = None
    day: DayForms | None = None
    when_filled: Cell | None = None
    when_empty: Cell | None = None
    key: bool = False
    take: Take | None = None

    def named(self) -> list[str]:
        """Return the columns that it needs."""
        return [*(self.from_ or ()), *(condition.column for condition in self.where or ())]

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if (self.from_ is None) == (self.always is None):
            raise ValueError("is made from a column (from) or is the same in each row (always): one of the two")
        if self.always is not None and self.model_fields_set - {"always", "where", "when_empty"}:
            raise ValueError("always: nothing else is done with a value that is the same in each row")
        if (self.split_at is None) != (self.part is None) or self.part == 0:
            raise ValueError("split_at and part go together: part 1 is the first, -1 the last")
        if self.otherwise is not None and self.codes is None:
            raise ValueError("otherwise is for a cell that a code table (codes) does not have")
        read_as = [self.codes is not None or self.day is not None, self.when_filled is not None, self.key]
        if sum(read_as) > 1:
            raise ValueError("is read in one way: by codes and as a day, by when_filled, or as a key")
        if self.take is Take.ALL and self.list_at is None:
            raise ValueError("take: all is for a list, whose members list_at parts")
        if self.joined is not None and self.list_at is not None:
            raise ValueError("joined makes one cell, list_at a list of every column's members: leave joined out")
        if self.joined is not None and len(self.from_ or ()) < 2:
            raise ValueError("joined is for several columns that make one cell: name them all under from")
        return self


def recipe(value: Any) -> Any:
    """Read a recipe; a text or a list of texts is the column, or the columns, that it is made from."""
    if value is None:
        raise ValueError('names no column. Write its name, or always: ""')
    if isinstance(value, str | bool | int | list | tuple):
        return {"from": value}
    return value


def table_of(codes: CodeTable) -> dict[str, str]:
    """Return a code table as it is looked up. Raises ValueError if two of its codes are one."""
    found = {folded(code): value for code, value in codes.items()}
    if len(found) < len(codes):
        raise ValueError(f"two of its codes differ in case or gaps alone, as {shown(_repeated(codes))}")
    return found


def _repeated(codes: CodeTable) -> str:
    seen: set[str] = set()
    return next(code for code in codes if folded(code) in seen or seen.add(folded(code)))  # type: ignore[func-returns-value]


RecipeOrName = Annotated[Recipe, BeforeValidator(recipe)]
