"""The aims of the house in numbers: how large it is, and in how many files a new thing of a kind has to be written.

`make aims` prints them, and a test holds them. A new thing is written in the files that list all of its kind, and in
its own. A file lists a kind if it names at least nine in ten of it: that is counted. How many are its own is said here.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from config.message_kinds import MessageKind
from config.routes import Channel
from config.terms import State
from models.rules.obligations.rulebook import RULES
from tests.house.source import LAYERS, ROOT

TEXTS = {".py", ".yaml", ".txt", ".html", ".md"}
# What is no list: what made-up people and samples say, and the rules that the first version had.
INVENTED = ("tasks/demo/", "config/samples/", "models/queries/obligations/met_rules.py")
MADE = re.compile(r"<!-- (\w+): made by .*?<!-- end of \1 -->", re.DOTALL)  # by a command, from the code


class Aim(NamedTuple):
    """What is counted, how much of it there may be, and how much there is."""

    what: str
    most: int
    counted: Callable[[], int]

    @property
    def line(self) -> str:
        """Return it as it is printed."""
        return f"{self.what:<42} {self.counted():>7,} of at most {self.most:>7,}"


def _files(*folders: str, suffixes: Iterable[str]) -> Iterator[Path]:
    for folder in folders:
        found = (ROOT / folder).rglob("*") if (ROOT / folder).is_dir() else [ROOT / folder]
        yield from (path for path in sorted(found) if path.suffix in suffixes and "__pycache__" not in path.parts)


def _lines(*folders: str) -> int:
    return sum(len(path.read_text("utf-8").splitlines()) for path in _files(*folders, suffixes={".py"}))


def _modules(*folders: str) -> int:
    return sum(1 for _ in _files(*folders, suffixes={".py"}))


def lists(names: Iterable[str], *folders: str) -> list[str]:
    """Return the files that list a kind of thing: those that name at least nine in ten, each by its pattern."""
    patterns = [re.compile(name) for name in names]
    return sorted(
        str(path.relative_to(ROOT))
        for path in _files(*folders, suffixes=TEXTS)
        if "migrations" not in path.parts and not str(path.relative_to(ROOT)).startswith(INVENTED)
        if _named(patterns, MADE.sub("", path.read_text("utf-8", errors="replace"))) * 10 >= len(patterns) * 9
    )


def _named(patterns: Iterable[re.Pattern[str]], text: str) -> int:
    return sum(1 for pattern in patterns if pattern.search(text))


def of_rules() -> list[str]:
    """Return the files that list the rules."""
    either = (f"{name}|{name.replace('-', '_')}" for name in RULES)
    return lists((rf"(?<![\w-])(?:{name})(?![\w-])" for name in either), *LAYERS, "docs", "README.md")


def of_states() -> list[str]:
    """Return the files that list the states of a message."""
    return lists((rf"\bState\.{state.name}\b|['\"]{state}['\"]" for state in State), *LAYERS)


def of_kinds() -> list[str]:
    """Return the files that list the kinds of messages."""
    return lists((rf"\bMessageKind\.{kind.name}\b|['\"]{kind}['\"]" for kind in MessageKind), *LAYERS)


def of_carriers() -> list[str]:
    """Return the files that list the carriers; that of letters is called by its channel or mail."""
    return lists((rf"\b(?:{channel}|{channel.removeprefix('e')})\b" for channel in Channel), *LAYERS)


OWN_OF_RULE = 1  # its module of the catalogue
OWN_OF_KIND = 7  # its module, four templates, its query, and the place that decides it
OWN_OF_CARRIER = 4  # its settings, the carrier and its package, and what the doctor asks of it
AIMS = (
    Aim("lines of the product, in Python", 82_000, lambda: _lines(*LAYERS)),
    Aim("modules of the product", 908, lambda: _modules(*LAYERS)),
    Aim("lines of tests, in Python", 118_700, lambda: _lines("tests")),
    Aim("files of a new rule, without its tests", 6, lambda: len(of_rules()) + OWN_OF_RULE),
    Aim("files of a new state of a message", 3, lambda: len(of_states())),
    Aim("files of a new kind of message", 8, lambda: len(of_kinds()) + OWN_OF_KIND),
    Aim("files of a new carrier", 8, lambda: len(of_carriers()) + OWN_OF_CARRIER),
)


if __name__ == "__main__":
    for aim in AIMS:
        print(aim.line)  # noqa: T201
