"""The numbers of a page: each with its share, and with what it is without."""

from typing import NamedTuple

from tasks.report.sight import FigureSight, UnseenPart

Number = float | str | None  # a count, a median, HIDDEN; None: not known


class Value(NamedTuple):
    """A printed number, with the share in per cent that it is of its whole, and that whole."""

    number: Number
    share: int | None = None
    of: Number = None
    unseen: UnseenPart | None = None  # how much of it cannot be seen
    without: tuple[str, ...] = ()  # the sources that are not in it


def share_of(number: Number, whole: Number) -> int | None:
    """Return per cent, rounded down where it is not all: 100 means all. None where it is unknown."""
    if not isinstance(number, (int, float)) or not isinstance(whole, (int, float)) or not whole:
        return None
    return int(100 * number // whole)


def as_seen(value: Value, sight: FigureSight | None, whole: FigureSight | None = None) -> Value:
    """Return a number with what it is without: none where nothing is seen, no share where its whole is of others."""
    if sight is None and whole is None:
        return value
    unseen, without = sight or (None, ())
    if unseen in {UnseenPart.BLIND, UnseenPart.SILENT}:
        return Value(None, unseen=unseen, without=without)
    alike = value.of is None or sight == whole
    return value._replace(share=value.share if alike else None, unseen=unseen, without=without)
