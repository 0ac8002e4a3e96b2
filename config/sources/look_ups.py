"""Look-ups of a file of a source in another of its files: by which key, and which of several rows counts."""

from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from config.sources.cells import CellTexts, Conditions, OwnName, RecipeOrName, own_name, recipe, some
from config.strict_yaml import Strict


class SharedKey(Strict):
    """A cell that two rows share which belong together: of the own file, and of the one that is looked up."""

    own: RecipeOrName
    theirs: RecipeOrName

    @model_validator(mode="after")
    def _is_of_the_row(self) -> Self:
        for side in (self.own, self.theirs):
            if side.from_ is None or side.list_at is not None or side.take is not None:
                raise ValueError("is made from one cell of the row: from, without always, list_at or take")
        return self


def _keys(value: Any) -> Any:
    """Return each key by its two sides. A text is a column that both files have."""
    keys = value if isinstance(value, list | tuple) else [value]
    return tuple({"own": recipe(key), "theirs": recipe(key)} if isinstance(key, str) else key for key in keys)


class WorstOf(Strict):
    """An order of a column's cells, the worst first: the row of the worst counts."""

    column: OwnName
    order: CellTexts


class LookUp(Strict):
    """A look-up: the columns of what it finds are named `NAME / Column`."""

    as_: Annotated[OwnName, Field(alias="as", max_length=60)]
    in_: Annotated[OwnName, Field(alias="in")]  # what a file of the profile says under read
    sheet: str | None = Field(None, max_length=100)
    by: Annotated[tuple[SharedKey, ...], BeforeValidator(_keys), AfterValidator(some)]
    where: Conditions | None = None  # all of them hold of a row that may be found
    newest_by: OwnName | None = None
    oldest_by: OwnName | None = None
    highest_by: OwnName | None = None
    worst_of: WorstOf | None = None
    all_: bool = Field(False, alias="all")

    @model_validator(mode="after")
    def _chooses_in_one_way(self) -> Self:
        ways = (self.newest_by, self.oldest_by, self.highest_by, self.worst_of, self.all_)
        if sum(map(bool, ways)) > 1:
            raise ValueError(
                "one row of several counts by one of newest_by, oldest_by, highest_by and worst_of, or all of them do"
            )
        return self

    @property
    def begins(self) -> str:
        """The beginning of its columns' names, as they are compared."""
        return f"{own_name(self.as_)} / "

    @property
    def chooses(self) -> bool:
        """Whether it says what counts of several rows."""
        return bool(self.ordered_by or self.worst_of or self.all_)

    @property
    def in_order_of(self) -> str | None:
        """The column of days that says which row counts."""
        return self.newest_by or self.oldest_by

    @property
    def ordered_by(self) -> str | None:
        """The column of days, or of numbers, that says which row counts."""
        return self.in_order_of or self.highest_by

    @property
    def theirs(self) -> frozenset[str]:
        """The columns that it needs to find a row, as they are compared."""
        sides = [name for key in self.by for name in key.theirs.named()]
        asked = [condition.column for condition in self.where or ()]
        chosen = [self.ordered_by] if self.ordered_by else []
        chosen += [self.worst_of.column] if self.worst_of else []
        return frozenset(map(own_name, (*sides, *asked, *chosen)))

    @property
    def own(self) -> frozenset[str]:
        """The columns of the file's own rows that it needs, as they are compared."""
        return frozenset(own_name(name) for key in self.by for name in key.own.named())
