"""Names of files as a profile writes them: `*` is for any letters, `{YYYYMMDD}` or `{D MMM YY}` for a day."""

import re
from typing import NamedTuple

from config.plain_yaml import shown
from models.errors import Refuse

_DAY = {  # read from its end
    "YYYY": "(?P<year>[0-9]{4})", "YY": "(?P<short>[0-9]{2})", "MMM": "(?P<name>[a-z]{3,9})",
    "MM": "(?P<month>[0-9]{2})", "M": "(?P<month>[0-9]{1,2})", "DD": "(?P<day>[0-9]{2})", "D": "(?P<day>[0-9]{1,2})",
}  # fmt: skip
_TOKENS = re.compile(r"\{(?P<day>[^{}]*)\}|(?P<star>\*)|.", re.DOTALL)
_DAY_TOKENS = re.compile(r"YYYY|YY|MMM|MM|M|DD|D|.", re.DOTALL)


class NamePattern(NamedTuple):
    """The name of a file in a profile."""

    backwards: re.Pattern[str]  # reads a name from its end

    @property
    def dated(self) -> bool:
        """Return whether it has a day."""
        return self.backwards.groups > 0

    def read(self, name: str) -> dict[str, str] | None:
        """Return the day that a name has, by its parts; None if the name does not fit. Case does not count."""
        match = self.backwards.fullmatch(name[::-1])
        return {part: digits[::-1] for part, digits in match.groupdict().items()} if match else None


def file_name(written: str) -> NamePattern:
    """Read the name of a file in a profile. Raises Refuse if its day is not whole.

    Of several places for what stands between two stars the last counts, and no other is tried: the time of a match
    grows with the lengths of both names, not with the number of stars.
    """
    parts: list[list[str]] = [[]]
    tokens = list(_TOKENS.finditer(written))
    for token in tokens:
        if token["star"]:
            parts.append([])
        elif token["day"] is None:
            parts[-1].append(re.escape(token[0]))
        else:
            parts[-1] += [_DAY.get(each, re.escape(each)) for each in _DAY_TOKENS.findall(token["day"])]
    first, *others = ("".join(reversed(part)) for part in parts)
    between = [f"(?>.*?{part})" for part in others[-2::-1]]
    try:
        whole = re.compile("".join([*others[-1:], *between, *[".*"] * bool(others), first]), re.IGNORECASE | re.DOTALL)
    except re.error:
        whole = None
    braced = any(token["day"] is not None for token in tokens)
    if whole is None or whole.groups != (3 if braced else 0) or (braced and not _is_day(set(whole.groupindex))):
        raise Refuse(f'"{shown(written)}" has no day like {{YYYYMMDD}} in its braces.')
    return NamePattern(whole)


def _is_day(parts: set[str]) -> bool:
    return all(parts & either for either in ({"year", "short"}, {"month", "name"}, {"day"}))
