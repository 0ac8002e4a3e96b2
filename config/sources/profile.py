"""`sources/<source>.yaml`: a source's own export, described: its files, and how the extract's columns are made."""

import codecs
import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from config import strict_yaml
from config.days.duration import Duration, DurationText, MinutesText
from config.forces import ForceCode
from config.plain_yaml import shown
from config.sources.cells import (
    Blanks,
    CodeTable,
    Conditions,
    OwnName,
    OwnNames,
    RecipeOrName,
    Take,
    one_or_several,
    several,
    some,
    table_of,
)
from config.sources.day_forms import DayForms
from config.sources.home_office import TABLE, home_office_table
from config.sources.look_ups import LookUp
from config.strict_yaml import Strict
from config.terms import Agency

SUFFIX = ".yaml"
SETTLED = timedelta(minutes=10)
MOST_HEADER_LINES = 50
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}", re.ASCII)
_SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
_FILE = re.compile(r"[^/\\\x00]{1,120}")


def _separator(value: Any) -> Any:
    text = _SEPARATORS.get(value, value) if isinstance(value, str) else value
    if not isinstance(text, str) or len(text) != 1 or text in '"\r\n' or not text.isascii():
        raise ValueError("is comma, semicolon, tab or pipe, or one sign in quotes")
    return text


def _encoding(value: Any) -> Any:
    try:
        codec = codecs.lookup(value)
    except (LookupError, TypeError, ValueError):
        raise ValueError(f'"{shown(value)}" is no encoding of text. Write utf-8, windows-1252 or utf-16') from None
    if not codec._is_text_encoding:  # noqa: SLF001  Python has no other way to ask
        raise ValueError(f'"{shown(value)}" is no encoding of text. Write utf-8, windows-1252 or utf-16')
    return codec.name


def _lines(value: Any) -> Any:
    lines = value if isinstance(value, list) else [value]
    whole = [line for line in lines if isinstance(line, int) and not isinstance(line, bool)]
    if len(whole) < len(lines) or not whole or whole != list(range(whole[0], whole[0] + len(whole))):
        raise ValueError("is the number of the header's line, or the numbers of its lines, as [2, 3]")
    if not 1 <= whole[0] <= whole[-1] <= MOST_HEADER_LINES or len(whole) > 3:
        raise ValueError(f"is at most three lines, among the first {MOST_HEADER_LINES}")
    return tuple(whole)


def _file_name(value: Any) -> Any:
    if not isinstance(value, str) or not _FILE.fullmatch(value) or value.startswith("."):
        raise ValueError("is the name of a file, in which * is for any letters and {YYYYMMDD} for a day")
    return value


FileName = Annotated[str, BeforeValidator(_file_name)]


class MadeRows(Strict):
    """The rows of one file of the extract that are made from the rows of a source's file."""

    rows_of: str
    only: Conditions | None = None  # all of them hold
    one_row_for: OwnNames | None = None
    in_order_of: OwnName | None = None
    take: Take | None = None  # of each column that does not say
    merged_by: OwnNames | None = None  # columns that are made: rows of several parts that share them become one
    ask: Annotated[dict[str, OwnNames], AfterValidator(some)] = Field(default_factory=dict)  # open questions
    columns: Annotated[dict[str, RecipeOrName], AfterValidator(some)]

    @model_validator(mode="after")
    def _asks_what_it_does_not_answer(self) -> Self:
        if answered := [shown(name) for name in self.ask if name in self.columns]:
            raise ValueError(f"ask: {', '.join(answered)} stands under columns too: take the question away")
        return self

    @model_validator(mode="after")
    def _orders_what_it_gathers(self) -> Self:
        taken = self.take or any(column.take for column in self.columns.values())
        if self.one_row_for is None and (taken or self.in_order_of):
            raise ValueError("take and in_order_of choose among several rows: name what they share in one_row_for")
        if self.take is Take.ALL:
            raise ValueError("take: all is for a list: write it in the column")
        return self


class ExportFile(Strict):
    """A file of the source: how it is read, and what is made from it."""

    read: FileName
    every: DurationText | None = None  # how often it comes, where not with each export: it may be that much older
    sheet: str | None = Field(None, max_length=100)
    separator: Annotated[str, BeforeValidator(_separator)] = ","
    quotes: bool = True
    encoding: Annotated[str, BeforeValidator(_encoding)] | None = None
    header: Annotated[tuple[int, ...], BeforeValidator(_lines)] = (1,)
    days: DayForms | None = None
    blanks: Blanks | None = None
    fill_down: OwnNames | None = None
    leave_out: Conditions | None = None  # one of them is enough
    struck_through: Literal["leave_out", "column"] | None = None
    look_up: Annotated[tuple[LookUp, ...], BeforeValidator(one_or_several), AfterValidator(some)] = ()
    makes: Annotated[tuple[MadeRows, ...], AfterValidator(some)] = ()  # none of a file that is only looked up

    @property
    def is_workbook(self) -> bool:
        """Return whether it is a spreadsheet's own file."""
        return self.read.lower().endswith(".xlsx")

    @field_validator("every")
    @classmethod
    def _comes_again(cls, value: Duration | None) -> Duration | None:
        if value is not None and value.number <= 0:
            raise ValueError("is how often the file comes, as 7d")
        return value

    @model_validator(mode="after")
    def _is_read_in_one_way(self) -> Self:
        text_only = {"separator", "quotes", "encoding"} & self.model_fields_set
        if self.is_workbook and text_only:
            raise ValueError(f"{', '.join(sorted(text_only))}: a spreadsheet's own file has none")
        if self.sheet is not None and not self.is_workbook:
            raise ValueError("sheet: only an .xlsx file has sheets")
        if self.struck_through is not None and not self.is_workbook:
            raise ValueError("struck_through: only a spreadsheet's own file has such cells")
        if self.look_up and not self.makes:
            raise ValueError("look_up: nothing is made from the rows of this file")
        return self


class Profile(Strict):
    """The whole file."""

    agency: Agency
    covers: Annotated[tuple[ForceCode, ...], BeforeValidator(several), AfterValidator(some)]
    mode: Annotated[str, Field(pattern="^(snapshot|delta)$")] = "snapshot"
    complete_when: FileName | None = None
    unchanged_for: MinutesText = SETTLED
    days: DayForms | None = None
    blanks: Blanks | None = None
    codes: dict[str, CodeTable] = Field(default_factory=dict)
    files: Annotated[tuple[ExportFile, ...], AfterValidator(some)]

    @field_validator("codes")
    @classmethod
    def _are_told_apart(cls, value: dict[str, CodeTable]) -> dict[str, CodeTable]:
        for name, table in value.items():
            try:
                table_of(table)
            except ValueError as error:
                raise ValueError(f"{shown(name)}: {error}") from None
        return value

    def table(self, name: str) -> CodeTable | None:
        """Return a code table by its name: the profile's own, or that of the Home Office's classes."""
        return self.codes.get(name) or (home_office_table() if name == TABLE else None)

    def looked_up(self, look_up: LookUp) -> "ExportFile":
        """Return the file in which something is looked up. Raises ValueError if none is named so, or several are."""
        named = [file for file in self.files if file.read == look_up.in_ and look_up.sheet in {None, file.sheet}]
        if not named:
            raise ValueError(
                f'"{shown(look_up.in_)}" is none of the files: describe it there, without makes if need be'
            )
        if len(named) > 1:
            raise ValueError(f'"{shown(look_up.in_)}" is read {len(named)} times: name its sheet')
        return named[0]

    @model_validator(mode="after")
    def _has_a_day(self) -> Self:
        """Refuse a profile of which no file comes with each export: nothing would say of which day it is."""
        if all(file.every is not None for file in self.files):
            raise ValueError("files: one of them at least comes with each export, without every")
        if len({(file.read, file.every) for file in self.files}) > len({file.read for file in self.files}):
            raise ValueError("files: sheets of one file have the same every")
        return self

    @model_validator(mode="after")
    def _waits_in_one_way(self) -> Self:
        if self.complete_when is not None and "unchanged_for" in self.model_fields_set:
            raise ValueError("complete_when and unchanged_for: write one of the two")
        return self


def is_name(source: str) -> bool:
    """Return whether a source may have this name."""
    return _NAME.fullmatch(source) is not None


def load_profile(path: Path) -> Profile:
    """Read the file. Raises `config.strict_yaml.Faults` with every fault and its path."""
    return strict_yaml.load(path, Profile)
