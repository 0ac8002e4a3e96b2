"""Lines of rows that differ in their names only, as one line."""

import re
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

WIDTH = 118
_ADDRESSEE = re.compile(r"; addressee (\w+)")


class _Parts(NamedTuple):
    """A line: how it begins, the name of its row, and its values."""

    sign: str
    name: str
    values: str


def grouped(table: str, lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines of a table, with rows in one of which the same is to be told."""
    together: dict[tuple[str, str], list[str]] = defaultdict(list)
    for line in lines:
        sign, name, values = _parts(table, line)
        together[sign, values].append(name)
    for (sign, values), names in together.items():
        if not any(names):
            yield f"{sign}{values}: {len(names)}"
        elif len(names) == 1:
            yield _wrapped(f"{sign} {names[0]}{values}")
        else:
            counted = (f"{name} x{number}" if number > 1 else name for name, number in sorted(Counter(names).items()))
            yield _wrapped(f"{sign}{values}: {', '.join(counted)}")


def _parts(table: str, line: str) -> _Parts:
    row, mark, values = line.partition(";")
    values = mark + values
    if table == "source_columns":
        sign, source, file, column = row.split(" ")
        return _Parts(f"{sign} {source} {file}", column, values)
    if table == "audit":
        what, _, ref = row.partition(":")
        known = what.endswith(" step")  # the table of steps has them
        return _Parts(what, "" if known else ref.partition(" to ")[2] or ref, values)
    if table == "notifications" and (found := _ADDRESSEE.search(values)):
        about, _, who = row.rpartition(" to ")
        return _Parts(about, f"{who} as {found[1]}", values.replace(found[0], "", 1))
    return _Parts(row[0], row[2:], values)


def _wrapped(line: str) -> str:
    return "\n      ".join(textwrap.wrap(line, WIDTH, break_long_words=False, break_on_hyphens=False))
