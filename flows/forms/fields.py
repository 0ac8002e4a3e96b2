"""The fields of forms: each has a label, and the way to write it in plain English in place of a pattern.

A form holds references, days and codes only, since Prefect keeps whatever is typed.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema
from pydantic.fields import FieldInfo

from config.acknowledgement import PromiseType
from config.checklist import SAFETY_FIRST
from config.sittings import Enquiries, Pattern, ReviewDecision
from models.rules.catalogue.action import LONG_LEAD
from models.rules.obligations.rulebook import RULES


class Attendance(StrEnum):
    """Whether a review was held, and who attended it."""

    BOTH = "held, police and CPS attended"
    POLICE = "held, only police attended"
    CPS = "held, only CPS attended"
    NOT_HELD = "not held"

    @property
    def held(self) -> bool:
        """Return whether it was held."""
        return self is not Attendance.NOT_HELD

    @property
    def police(self) -> bool | None:
        """Return whether police attended; None if it was not held."""
        return self is not Attendance.CPS if self.held else None

    @property
    def cps(self) -> bool | None:
        """Return whether CPS attended; None if it was not held."""
        return self is not Attendance.POLICE if self.held else None


class ExtractChoice(StrEnum):
    """The decision on an extract that is held."""

    TAKE = "it is meant: load it"
    REFUSE = "it is not meant: refuse it"

    @property
    def takes(self) -> bool:
        """Return whether it is to be loaded."""
        return self is ExtractChoice.TAKE

    @property
    def option(self) -> str:
        """Return the option of the command that decides the same."""
        return "--accept" if self.takes else "--refuse"


def _field(label: str, how: str, schema: dict[str, Any], check: Callable[[Any], Any], unless: str = "") -> Any:
    """Describe a field. Prefect replaces other labels by the parameter's name, and other help by the docstring's.

    `unless` is the choice for None: the pages send a null where a default is null, and the server would
    refuse it by its type.
    """

    def read(typed: object) -> object:
        return None if unless and typed in (unless, None) else check(typed)

    default = {"default": unless} if unless else {}
    made = Field(json_schema_extra={"title": label, "description": f"{how[0].upper()}{how[1:]}.", **default})
    made.metadata.extend([WithJsonSchema(schema), BeforeValidator(read)])
    return made


def _text(label: str, how: str, pattern: str = r"[A-Za-z0-9/_.-]{1,64}", unless: str = "", **schema: Any) -> Any:
    """Describe a field of text, which is refused by a sentence where it does not fit the pattern.

    The server would show the expression of a `pattern`. A person may turn its check off for one run, so that the flow
    checks again.
    """

    def check(text: object) -> object:
        if isinstance(text, str) and not re.fullmatch(pattern, text):
            raise ValueError(how)
        return text

    either = f"{pattern}|{unless}" if unless else pattern
    words = {"if": {"pattern": rf"^(?:{either})\Z"}, "else": {"const": f"Write {how}"}}
    return _field(label, how, {"type": "string", **schema, **words}, check, unless)


def _day(label: str, how: str, unless: str = "") -> Any:
    """Describe a field for a day. One that may be left out is a text, since a calendar would refuse `unless`."""
    schema = {} if unless else {"format": "date"}
    return _text(label, how, r"[0-9]{4}-[0-9]{2}-[0-9]{2}", unless, **schema)


def _one_of(label: str, how: str, codes: Iterable[str], unless: str = "") -> Any:
    """Describe a field that offers codes, to be read as English."""
    known = {_english(code): code for code in codes}
    offered = [unless, *known] if unless else [*known]
    told = f"{how}; the arrows open the list"  # a click beside them does not, in these pages
    return _field(label, told, {"type": "string", "enum": offered}, partial(_code, known), unless)


def _some_of(label: str, how: str, codes: Iterable[str]) -> Any:
    """Describe a field that offers codes of which several may be chosen."""
    known = {_english(code): code for code in codes}
    items = {"type": "string", "enum": [*known]}
    return _field(label, how, {"type": "array", "items": items}, lambda some: [_code(known, one) for one in some])


def _english(code: str) -> str:
    return str(code).replace("_", " ")


def _code(known: dict[str, str], chosen: object) -> str:
    if not isinstance(chosen, str) or chosen not in known:
        raise ValueError("no choice")
    return known[chosen]


CaseField = Annotated[
    str,
    _text(
        "Case",
        "the force, a slash and the case reference, as 45/1234 (or 45/45/1234 where the reference begins with 45/)",
        r"[0-9]{2}/[A-Za-z0-9/_.-]{1,64}",
    ),
]
By = Annotated[
    str, _text("By", "your own contact reference, as P45of1; your next letter says what was done in your name")
]
Owed = Annotated[str, _one_of("What is owed", "the rule under which it is owed", RULES)]
Subject = Annotated[
    str | None,
    _text(
        "Which one",
        "which one, as action:A1, where the case owes several under the rule",
        r"[a-z]+(:[A-Za-z0-9/_.-]{1,64})?",
        unless="the only one",
    ),
]
Until = Annotated[date, _day("Until", "the working day until which you take it on, as 2026-03-17")]
LongerReason = Annotated[
    PromiseType | None,
    _one_of("How long", "for leads: why it may be longer than for others", PromiseType, unless="no longer than others"),
]
ActionRef = Annotated[str, _text("Action", "the action's reference, as A1")]
HeldExtract = Annotated[
    str,
    _text("Extract", "the id of the extract that is held, as niche-45-20260316", r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}"),
]
ExtractDecision = Annotated[
    ExtractChoice, _one_of("Decision", "whether it is meant, as its source will know", ExtractChoice)
]
DoneOn = Annotated[date | None, _day("Done on", "the day on which it was done, as 2026-03-17", unless="today")]
Sitting = Annotated[str, _text("Sitting", "the sitting, as 45-south-east-2026-03-17")]
Attended = Annotated[
    Attendance,
    _one_of("Held", "whether it was held, and who attended; a review that was not reached was not held", Attendance),
]
Decisions = Annotated[
    Sequence[ReviewDecision], _some_of("Decisions", "the decisions, at least one if it was held", ReviewDecision)
]
PatternFound = Annotated[
    Pattern | None, _one_of("Pattern", "the finding on the pattern of behaviour", Pattern, unless="no finding")
]
EnquiriesFound = Annotated[
    Enquiries | None,
    _one_of(
        "Lines of enquiry",
        "whether every line of enquiry was looked at; the next agenda shows it",
        Enquiries,
        unless="not recorded",
    ),
]
ItemsThere = Annotated[
    Sequence[str],
    _some_of("There", "each item that is there and complete", [f"{item.code} {item.asks}" for item in SAFETY_FIRST]),
]


def fault_of(field: Any) -> str:
    """Return the sentence for a value that does not fit its field. It never repeats what was typed."""
    label, how = next(
        (one.json_schema_extra["title"], one.json_schema_extra["description"])
        for one in field.__metadata__
        if isinstance(one, FieldInfo) and isinstance(one.json_schema_extra, dict)
    )
    return f"{label} does not fit: {how}"


class AskedAction(BaseModel):
    """An action that the review asks for."""

    kind: Annotated[
        str,
        _text("Kind", f"a code, as CCTV, WITNESS_STATEMENT or {', '.join(sorted(LONG_LEAD))}", r"[A-Za-z0-9_-]{1,64}"),
    ]
    owner: Annotated[str, _text("Owner", "the contact reference of the person who does it")]
    due_on: Annotated[date, _day("Due on", "the day by which it is due, as 2026-03-31")]


Actions = Annotated[
    Sequence[AskedAction],
    Field(
        json_schema_extra={
            "title": "Actions",
            "description": "Each with its kind, its owner and its day; they need the decision further actions.",
        }
    ),
]
