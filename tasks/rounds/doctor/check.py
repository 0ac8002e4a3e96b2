"""A check of `casebeat doctor`, and what it finds: a sentence that tells what is wrong and what to do."""

from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from tasks.platform.configuration import Configuration


class Mark(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARN = "warn"  # the day's work goes on, and something is missed or will be
    FAIL = "fail"  # the day's work, or a part of it, is not done
    SKIP = "skip"  # not looked at: a check that it needs failed, or nothing is there to look at


class Verdict(NamedTuple):
    """One sentence of a check."""

    mark: Mark
    sentence: str


Look = Callable[[Configuration, datetime], Iterable[Verdict]]


class Inspection(NamedTuple):
    """One thing that the doctor looks at, at a moment: it changes nothing. Without a verdict, all is `fine`."""

    name: str
    fine: str  # the sentence that is true where nothing is wrong
    look: Look
    needs: tuple[str, ...] = ()  # names of checks before it
    of_book: bool = False  # looks at what was loaded: where nothing ever was, it would be true of nothing


def inspection(name: str, fine: str, *needs: str, of_book: bool = False) -> Callable[[Look], Inspection]:
    """Make an inspection of the function that looks."""
    return lambda look: Inspection(name, fine, look, needs, of_book)


def ok(sentence: str) -> Verdict:
    """Tell what is right in other words than the check's own."""
    return Verdict(Mark.OK, sentence)


def warn(sentence: str) -> Verdict:
    """Tell what is missed, or will be."""
    return Verdict(Mark.WARN, sentence)


def fail(sentence: str) -> Verdict:
    """Tell what is not done."""
    return Verdict(Mark.FAIL, sentence)


def some(names: Iterable[str], most: int = 5) -> str:
    """Name the first of many things, and count the rest."""
    listed = sorted(set(names))
    rest = len(listed) - most
    return ", ".join(listed[:most]) + (f" and {rest} more" if rest > 0 else "")
