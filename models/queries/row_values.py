"""Values from rows: each column of a statement becomes the field of its name."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cache
from itertools import repeat
from types import MappingProxyType, NoneType, UnionType
from typing import Any, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T", bound=NamedTuple)
Reads = Mapping[
    str, Callable[[Any], Any]
]  # how to read a column of this name, where the type of its field does not tell
NO_READS: Reads = MappingProxyType({})


def values(row_type: type[T], names: Sequence[str], rows: Sequence[Sequence[Any]], reads: Reads = NO_READS) -> list[T]:
    """Make a value of each row; a TypeError names the columns that are missing and those that are not expected.

    A field's type says how its column is read: an enumeration by the stored value, an array as a tuple or a frozenset,
    a bytea as bytes. A ValueError names a value that the enumeration lacks. A field that is a named tuple itself
    is read from the columns `field.name`; where it may be None, it is None in the rows in which all of these columns
    are null. A column that `reads` names is read by that instead.
    """
    wanted = check(row_type, names, reads)
    if not rows:
        return []
    if tuple(names) == wanted and not reads and _is_plain(row_type):
        return list(map(row_type._make, rows))
    return from_columns(row_type, by_name(names, rows), reads)


def by_name(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> dict[str, Sequence[Any]]:
    """Return the columns of rows by their names; each is empty where there are no rows."""
    columns: Iterable[Sequence[Any]] = zip(*rows, strict=True) if rows else repeat(())
    return dict(zip(names, columns, strict=False))


def from_columns(row_type: type[T], columns: Mapping[str, Sequence[Any]], reads: Reads = NO_READS) -> list[T]:
    """Make the values of columns whose names are checked."""
    return list(_made(row_type, columns, reads, ""))


def check(row_type: type[NamedTuple], names: Sequence[str], reads: Reads = NO_READS) -> tuple[str, ...]:
    """Return the columns that a row type is made of; a TypeError tells how these names differ from them."""
    wanted = _columns(row_type, frozenset(reads), "")
    if tuple(names) == wanted:
        return wanted
    faults = {
        "missing": [name for name in wanted if name not in names],
        "unexpected": [name for name in names if name not in wanted],
        "repeated": sorted({name for name in names if list(names).count(name) > 1}),
    }
    if any(faults.values()):
        told = "; ".join(f"{fault}: {', '.join(which)}" for fault, which in faults.items() if which)
        raise TypeError(f"{row_type.__name__} does not match the columns of its statement. {told}")
    return wanted


def _made(row_type: type[T], columns: Mapping[str, Sequence[Any]], reads: Reads, prefix: str) -> Iterator[T]:
    return map(row_type._make, zip(*_field_values(row_type, columns, reads, prefix), strict=True))


def _field_values(
    row_type: type[NamedTuple], columns: Mapping[str, Sequence[Any]], reads: Reads, prefix: str
) -> Iterator[Iterable[Any]]:
    for field, (kind, optional) in _fields(row_type).items():
        name = prefix + field
        if name in reads or not _is_row_type(kind):
            read = reads.get(name) or _reader(kind, optional=optional)
            yield map(read, columns[name]) if read else columns[name]
        elif optional:
            yield _optional(kind, columns, reads, f"{name}.")
        else:
            yield _made(kind, columns, reads, f"{name}.")


def _optional(row_type: type[T], columns: Mapping[str, Sequence[Any]], reads: Reads, prefix: str) -> Iterator[T | None]:
    own = {name: column for name, column in columns.items() if name.startswith(prefix)}
    rows = list(zip(*own.values(), strict=True))
    there = [any(value is not None for value in row) for row in rows]
    kept = zip(*(row for row, is_there in zip(rows, there, strict=True) if is_there), strict=True)
    made = _made(row_type, dict(zip(own, kept, strict=False)), reads, prefix) if any(there) else iter(())
    return (next(made) if is_there else None for is_there in there)


@cache
def _fields(row_type: type[NamedTuple]) -> dict[str, tuple[Any, bool]]:
    """Return each field with its type, and whether it may be None."""
    hints = get_type_hints(row_type)
    return {field: _without_none(hints[field]) for field in row_type._fields}


def _without_none(kind: Any) -> tuple[Any, bool]:
    if get_origin(kind) not in {Union, UnionType}:
        return kind, False
    kinds = [each for each in get_args(kind) if each is not NoneType]
    return (kinds[0] if len(kinds) == 1 else kind), NoneType in get_args(kind)


@cache
def _columns(row_type: type[NamedTuple], read: frozenset[str], prefix: str) -> tuple[str, ...]:
    """Return the names of the columns that a row type is made of, in the order of its fields."""
    found: list[str] = []
    for field, (kind, _) in _fields(row_type).items():
        name = prefix + field
        found += _columns(kind, read, f"{name}.") if _is_row_type(kind) and name not in read else [name]
    return tuple(found)


@cache
def _is_plain(row_type: type[NamedTuple]) -> bool:
    """Return whether the driver's own values are the fields' values."""
    kinds = _fields(row_type).values()
    return all(not _is_row_type(kind) and _reader(kind, optional=optional) is None for kind, optional in kinds)


def _is_row_type(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, tuple) and hasattr(kind, "_fields")


@cache
def _reader(kind: Any, *, optional: bool) -> Callable[[Any], Any] | None:
    """Return how a value of the driver becomes one of this type; None where it is one already."""
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _Members(kind, optional=optional).__getitem__
    collection = get_origin(kind)
    if collection in {tuple, frozenset}:
        item, *_ = get_args(kind)
        is_member = isinstance(item, type) and issubclass(item, Enum)
        read = _collected(collection, _Members(item, optional=False).__getitem__) if is_member else collection
    elif kind is bytes:
        read = bytes
    else:
        return None
    return _unless_none(read) if optional else read


class _Members(dict[Any, Any]):
    """The members of an enumeration by value; any other value raises the enumeration's own ValueError."""

    def __init__(self, kind: type[Enum], *, optional: bool) -> None:
        super().__init__({member.value: member for member in kind})
        if optional:
            self[None] = None
        self._kind = kind

    def __missing__(self, value: Any) -> Enum:
        return self._kind(value)


def _collected(collection: Callable[[Any], Any], read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda items: collection(map(read, items))


def _unless_none(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else read(value)
