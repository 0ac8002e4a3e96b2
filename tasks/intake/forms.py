"""Forms of cells: each turns trimmed text into COPY text, or raises Unfit with the reason."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from config import mailbox
from config.forces import AREA_BY_SPELLING, FORCES, spelling
from models.rules.calendar import FIRST, LAST

NULL = r"\N"
NO_URN = f"{NULL}\t{NULL}"  # a URN fills two columns: its root and its suffix


class Unfit(ValueError):
    """A cell does not fit its form. The text follows the column's name and the value in the problem."""


class NotStored(Unfit):
    """A cell may hold free text. Its row loads with `instead` in its place, and a warning says so."""

    def __init__(self, reason: str, instead: str) -> None:
        super().__init__(reason)
        self.instead = instead


class PartlyUnfit(Unfit):
    """A cell whose row is rejected, and of which `readable` counts all the same where it guards a case."""

    def __init__(self, reason: str, readable: str) -> None:
        super().__init__(reason)
        self.readable = readable


class CellSetting(NamedTuple):
    """The context in which a cell is checked."""

    day: date  # the London day of extracted_at; later days are in the future
    covers: frozenset[str]
    domains: tuple[str, ...]


class Form(NamedTuple):
    """A form of cells: its description for the guide, its reader, and the value of an empty cell."""

    description: str
    read: Callable[[str, CellSetting], str]
    empty: str = NULL
    shown: bool = True  # whether a problem may repeat the cell
    kept: bool = True  # whether the same text occurs often enough to be cached
    plain: re.Pattern[str] | None = None  # matches cells that are already trimmed COPY text


_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)|(\d\d)/(\d\d)/(\d{4})", re.ASCII)
_SIGNS = r"[!-:<-\[\]-~]+"  # ASCII without a space, a semicolon or a backslash
_REF = re.compile(  # a space only beside a digit's word, so that no name and no sentence is taken for a reference
    rf"(?=.{{1,64}}\Z)(?:{_SIGNS}|(?=.*[0-9]){_SIGNS}(?: {_SIGNS}){{1,2}})", re.ASCII
)
_PLAIN_REF = re.compile(r"[A-Za-z0-9/_.-]{1,64}", re.ASCII)
_TEXT = re.compile(r"[^\x00-\x1f\x7f-\x9f\\\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]{1,200}")
_KIND = re.compile(r"(?=.{1,64}\Z)[A-Z0-9_/&-]+(?: [A-Z0-9_/&-]+){0,3}")
_SLACK_USER = re.compile(r"[A-Z0-9]{2,20}")
_CODE = re.compile(r"[A-Z0-9]{5,10}", re.ASCII)
_ITEM = re.compile(r"C(0[1-9]|1[0-5])", re.ASCII)
_KEYED = re.compile(r"[0-9A-Fa-f]{16,64}", re.ASCII)
_YES_NO = {**dict.fromkeys(("yes", "y", "true", "1"), "t"), **dict.fromkeys(("no", "n", "false", "0"), "f")}
UNSTATED = "UNSTATED"  # the kind of an action whose source sent what may be free text
NAME_ALONE = "a name alone"  # or a day, in place of a key, for whose making a profile names nothing else
REST_EMPTY = "a name, and the rest empty"  # the same, where the profile joins more, and this row has none
_NO_KEY = {
    NAME_ALONE: "is made from a name or a day alone, and two people may share one, or one be written in two ways: it "
    "was loaded without. Make it from a number, or join the date of birth to the name",
    REST_EMPTY: "has no date of birth or number beside the name, or no name beside the day: it was loaded without",
}
LONGEST_AGREED_DAYS = 999
MOST_LISTED = 100


def civil_day(text: str) -> date:
    """Parse a day written YYYY-MM-DD or DD/MM/YYYY, within the calendar's years. Raises Unfit."""
    match = _DAY.fullmatch(text)
    if not match:
        raise Unfit("is not a day written YYYY-MM-DD or DD/MM/YYYY")
    year, month, day = match.group(1, 2, 3) if match[1] else match.group(6, 5, 4)
    try:
        read = date(int(year), int(month), int(day))
    except ValueError:
        raise Unfit("is not a day of the calendar") from None
    if not FIRST <= read <= LAST:
        raise Unfit(f"is outside the years {FIRST.year} to {LAST.year}")
    return read


def _day(text: str, setting: CellSetting) -> str:
    read = civil_day(text)
    if read > setting.day:
        raise Unfit(f"is in the future: the extract was taken on {setting.day:%a %-d %b %Y}")
    return read.isoformat()


def one_of(values: type[StrEnum], empty: str = NULL, *, but: StrEnum | None = None) -> Form:
    """Make the form of one value of an enumeration, in any letter case. Only an empty cell can have the value `but`."""
    listing = ", ".join(value for value in values if value is not but)
    known = {value.value for value in values if value is not but}

    def read(text: str, _: CellSetting) -> str:
        if text.lower() not in known:
            raise Unfit(f"is not one of {listing}")
        return text.lower()

    return Form(f"one of {listing}", read, empty)


def listed(description: str, each: Callable[[str, CellSetting], str]) -> Form:
    """Make the form of a `;` list, in which each value is kept once, in the order given."""

    def read(text: str, setting: CellSetting) -> str:
        parts = [part for part in map(str.strip, text.split(";")) if part]
        if not parts:
            raise Unfit("names nothing between its semicolons")
        if len(parts) > MOST_LISTED:
            raise Unfit(f"lists more than {MOST_LISTED} values")
        if '"' in text:
            raise Unfit("has a quotation mark in its list")
        return array(dict.fromkeys(each(part, setting) for part in parts))

    return Form(description, read, empty="{}")


def array(values: Iterable[str]) -> str:
    """Write a text array for COPY; the values contain no quotation mark and no backslash."""
    return "{" + ",".join(f'"{value}"' for value in values) + "}"


def members(text: str) -> list[str]:
    """Read back the values of an array written by `array`."""
    return text[2:-2].split('","') if len(text) > 2 else []


def roles(values: type[StrEnum]) -> Form:
    """Make the form of a `;` list of values of an enumeration."""
    return listed(f"`;` list of {', '.join(values)}", one_of(values).read)


def _matching(pattern: re.Pattern[str], problem: str) -> Callable[[str, CellSetting], str]:
    def read(text: str, _: CellSetting) -> str:
        if not pattern.fullmatch(text):
            raise Unfit(problem)
        return text

    return read


def _ref(text: str, _: CellSetting) -> str:
    if _REF.fullmatch(text):
        return text
    if " " in text and not any(sign.isdigit() for sign in text) and text.isprintable():
        raise Unfit(
            "is words without a number, as a name is: two people may share a name, and one may be written in two ways. "
            "Send the number that the records system has for it"
        )
    raise Unfit("is not a reference: 1 to 64 plain characters, and spaces only beside a number")


def _keyed(text: str, _: CellSetting) -> str:
    if text in _NO_KEY:
        raise NotStored(_NO_KEY[text], NULL)
    if not _KEYED.fullmatch(text):
        raise Unfit("is not a key of 16 to 64 hex digits")
    return text.lower()


def _upper(read: Callable[[str, CellSetting], str]) -> Callable[[str, CellSetting], str]:
    return lambda text, setting: read(text.upper(), setting)


def _force(text: str, setting: CellSetting) -> str:
    if text not in FORCES:
        raise Unfit("is not the two-digit code of a force")
    if text not in setting.covers:
        raise Unfit("is a force that the manifest's covers does not name")
    return text


def _area(text: str, _: CellSetting) -> str:
    if spelling(text) not in AREA_BY_SPELLING:
        raise Unfit("is not a CPS Area")
    return AREA_BY_SPELLING[spelling(text)]


def _yes_no(text: str, _: CellSetting) -> str:
    if text.lower() not in _YES_NO:
        raise Unfit("is not yes or no")
    return _YES_NO[text.lower()]


def _whole_number(text: str, _: CellSetting) -> str:
    if not re.fullmatch(r"[0-9]{1,9}", text, re.ASCII) or int(text) > LONGEST_AGREED_DAYS:
        raise Unfit(f"is not a whole number of days, at most {LONGEST_AGREED_DAYS}")
    return str(int(text))


def _email(text: str, setting: CellSetting) -> str:
    if mailbox.domain_of(text) is None:
        raise Unfit("is not one plain e-mail address")
    if not mailbox.allowed(text, setting.domains):
        raise Unfit(f"is not in an allowed domain ({', '.join(setting.domains)})")
    return text


def _kind(text: str, _: CellSetting) -> str:
    if not _KIND.fullmatch(text.upper()):
        words = "is not a kind in one to four words of letters and digits, at most 64 characters"
        raise NotStored(f"{words}: it was loaded as {UNSTATED}", UNSTATED)
    return text.upper()


_ANY_TEXT = _matching(_TEXT, "is too long, or holds characters that cannot be shown")
DAY = Form("day", _day)
FUTURE_DAY = Form("day, may be in the future", lambda text, _: civil_day(text).isoformat())
REF = Form(
    "reference, at most 64 characters; two or three words only if they have a digit",
    _ref,
    kept=False,
    plain=_PLAIN_REF,
)
PERSON = Form("contact_ref", REF.read)
KEYED = Form(
    "key that the source makes with a secret of its own, 16 to 64 hex digits",
    _keyed,
    shown=False,
    kept=False,
)
TEXT = Form("text, never repeated in a message", _ANY_TEXT, shown=False, kept=False)
KIND = Form(f"one to four words, at most 64 characters; anything else is loaded as {UNSTATED}", _kind)
SLACK_USER = Form("Slack user id", _matching(_SLACK_USER, "is not the id of a Slack user"), kept=False)
UNSTORED = Form("text, checked to be there and not stored", lambda _text, _setting: "t", shown=False, kept=False)
YES_NO = Form("yes or no", _yes_no, empty="f")
MAYBE = Form("yes or no; empty is unknown", _yes_no)
NUMBER = Form("whole number", _whole_number)
EMAIL = Form("e-mail address in an allowed domain", _email, shown=False, kept=False)
FORCE = Form("force code", _force)
FORCES_LIST = listed("`;` list of force codes", _force)
AREA = Form("CPS Area", _area)
AREAS_LIST = listed("`;` list of CPS Areas", _area)
CODE = Form("CJS code", _upper(_matching(_CODE, "is not a CJS offence code")))
CODES = listed("`;` list of CJS codes", _upper(_matching(_CODE, "is not a list of CJS offence codes")))
ITEMS = listed("`;` list of item codes C01 to C15", _upper(_matching(_ITEM, "is not a list of items C01 to C15")))
