"""Statements through the driver's own cursor, inside the connection's transaction, and values from their rows.

A row is read by the names of its columns: see `row_values`.
"""

import io
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import IO, Any

from sqlalchemy import Connection, Executable

from models.queries.kept_plans import planned, run
from models.queries.row_values import NO_READS, Reads, T, by_name, check, from_columns, values

Query = str | Executable
Parameters = Sequence[Any] | Mapping[str, Any]
Statement = tuple[str, Mapping[str, Any]]  # with its named parameters, one at least
Names = tuple[str, ...]
_Rows = Sequence[Sequence[Any]]


def driver_cursor(connection: Connection) -> Any:
    """Return psycopg2's own cursor inside the connection's transaction; close it, or use it in a `with`."""
    return connection.connection.cursor()


def fetch_as(
    connection: Connection, row_type: type[T], statement: Query, parameters: Parameters = (), reads: Reads = NO_READS
) -> list[T]:
    """Return a value for every row of a statement; a TypeError tells how its columns differ from the type's fields.

    `reads` says how a column is read where the type of its field does not.
    """
    return values(row_type, *_fetch(connection, statement, parameters), reads)


def first_as(connection: Connection, row_type: type[T], statement: Query, parameters: Parameters = ()) -> T | None:
    """Return the value of a statement's first row; None where it has no row."""
    return next(iter(fetch_as(connection, row_type, statement, parameters)), None)


def one_as(connection: Connection, row_type: type[T], statement: Query, parameters: Parameters = ()) -> T:
    """Return the value of the one row that a statement has, as one that only counts does."""
    (value,) = fetch_as(connection, row_type, statement, parameters)
    return value


def keyed_as(
    connection: Connection,
    key: str | Names,
    row_type: type[T],
    statement: Query,
    parameters: Parameters = (),
    reads: Reads = NO_READS,
) -> list[tuple[Any, T]]:
    """Return the value of every row with its key: one more column, or a tuple of several, which is no field."""
    names, rows = _fetch(connection, statement, parameters)
    asked = (key,) if isinstance(key, str) else key
    if lacking := [name for name in asked if name not in names]:
        raise TypeError(f"The statement of {row_type.__name__} has no column to key it by: {', '.join(lacking)}")
    check(row_type, [name for name in names if name not in asked], reads)
    columns = by_name(names, rows)
    return list(zip(_keys(key, columns), from_columns(row_type, columns, reads), strict=True))


def _keys(key: str | Names, columns: Mapping[str, Sequence[Any]]) -> Iterable[Any]:
    return columns[key] if isinstance(key, str) else zip(*(columns[name] for name in key), strict=True)


def keyed_rows(
    connection: Connection, key: Names, statement: str, parameters: Parameters = ()
) -> list[tuple[tuple[Any, ...], dict[str, Any]]]:
    """Return the columns of every row by their names, with the values of those that are its key before them."""
    columns = by_name(*_fetch(connection, statement, parameters))
    keys = zip(*(columns.pop(name) for name in key), strict=True)
    others = (dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True))
    return list(zip(keys, others, strict=True))


def grouped(pairs: Iterable[tuple[Any, T]]) -> dict[Any, list[T]]:
    """Return the values of each key, in their order."""
    found: dict[Any, list[T]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return dict(found)


def scalars(connection: Connection, statement: Query, parameters: Parameters = ()) -> list[Any]:
    """Return the value of every row of a statement that has one column."""
    names, rows = _fetch(connection, statement, parameters)
    if len(names) != 1:
        raise TypeError(f"A statement of one column is expected, and not of {', '.join(names)}")
    return [value for (value,) in rows]


def scalar(connection: Connection, statement: Query, parameters: Parameters = ()) -> Any:
    """Return the one value of a statement's first row; None where it has no row."""
    return next(iter(scalars(connection, statement, parameters)), None)


def mapping(
    connection: Connection, key: str | Names, value: str, statement: Query, parameters: Parameters = ()
) -> dict[Any, Any]:
    """Return one column of a statement by the others; a TypeError tells where its columns are not these.

    The rows' order is the mapping's.
    """
    names, rows = _fetch(connection, statement, parameters)
    asked = (key, value) if isinstance(key, str) else (*key, value)
    if sorted(names) != sorted(asked):
        raise TypeError(f"A statement of the columns {' and '.join(asked)} is expected, and not of {', '.join(names)}")
    columns = by_name(names, rows)
    return dict(zip(_keys(key, columns), columns[value], strict=True))


def readable_as(
    connection: Connection, row_type: type[T], statement: str, parameters: Parameters = (), reads: Reads = NO_READS
) -> tuple[list[T], list[Any]]:
    """Return a value for every row of which one can be made, and the first column of every other row.

    That is 0 for a row that Python cannot hold: the driver reads no day beyond Python's years.
    """
    names, rows, unread = _readable(connection, statement, parameters)
    broken: list[Any] = [0] * unread
    try:
        return values(row_type, names, rows, reads), broken
    except ValueError:
        found: list[T] = []
    for row in rows:
        try:
            found += values(row_type, names, [row], reads)
        except ValueError:
            broken.append(next(iter(row)))
    return found, broken


def _readable(connection: Connection, statement: str, parameters: Parameters) -> tuple[Names, _Rows, int]:
    with driver_cursor(connection) as cursor:
        run(connection, cursor, statement, parameters)
        names = _names(cursor)
        try:
            return names, cursor.fetchall(), 0
        except ValueError:  # the driver has passed the row when it raises this
            cursor.scroll(0, mode="absolute")
        found: list[tuple[Any, ...]] = []
        for _ in range(cursor.rowcount):
            try:
                found.append(cursor.fetchone())
            except ValueError:
                continue
        return names, found, cursor.rowcount - len(found)


def _fetch(connection: Connection, statement: Query, parameters: Parameters) -> tuple[Names, _Rows]:
    if not isinstance(statement, str):
        result = connection.execute(statement)
        return tuple(result.keys()), result.all()
    with driver_cursor(connection) as cursor:
        run(connection, cursor, statement, parameters)
        return _names(cursor), cursor.fetchall()


def _names(cursor: Any) -> Names:
    return tuple(column.name for column in cursor.description)


def execute_batch(connection: Connection, statements: Mapping[str, Statement]) -> list[tuple[Any, ...]]:
    """Send several statements as one and return the rows of the last.

    On a connection that commits by itself, all of them are done or none.

    PostgreSQL keeps the plan of each under its name while the connection lasts: planning costs more than the work.
    """
    with driver_cursor(connection) as cursor:
        executions = [planned(connection, cursor, name, *each) for name, each in statements.items()]
        cursor.execute(b";".join(executions))
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def execute(connection: Connection, statement: str, parameters: Parameters = ()) -> int:
    """Run a statement and return the number of rows that it touched or found."""
    with driver_cursor(connection) as cursor:
        run(connection, cursor, statement, parameters)
        touched: int = cursor.rowcount
        return touched


def as_text(connection: Connection, statement: str, parameters: Parameters) -> str:
    """Return a statement with its parameters in it, for a session that is not ours."""
    with driver_cursor(connection) as cursor:
        text: bytes = cursor.mogrify(statement, parameters)
        return text.decode()


def copy(connection: Connection, table: str, columns: Sequence[str], lines: Iterable[str]) -> None:
    """Copy text-format lines (tab-separated, each ending in a newline) into a table."""
    with driver_cursor(connection) as cursor:
        cursor.copy_expert(f"copy {table} ({', '.join(columns)}) from stdin", io.StringIO("".join(lines)))


def copy_out(connection: Connection, statement: str, parameters: Parameters, out: IO[bytes]) -> int:
    """Copy the rows that a statement finds into a file as text-format lines, and return their number."""
    with driver_cursor(connection) as cursor:
        query: bytes = cursor.mogrify(statement, parameters)
        cursor.copy_expert(f"copy ({query.decode()}) to stdout", out)
        found: int = cursor.rowcount
        return found


_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def cell(value: object) -> str:
    """Return one value in COPY's text format: None as null, a sequence as an array."""
    if value is None:
        return "\\N"
    if value is True or value is False:
        return "t" if value else "f"
    if isinstance(value, (tuple, list)):
        return "{" + ",".join("NULL" if part is None else _quoted(str(part)) for part in value) + "}"
    text = str(value)
    return text.translate(_ESCAPES) if "\\" in text or "\t" in text or "\n" in text or "\r" in text else text


def _quoted(text: str) -> str:
    inner = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{inner}"'.translate(_ESCAPES)


def array(values: Iterable[Hashable]) -> str:
    """Return values as the literal of an array, for `unnest`; a tuple among them becomes the text of its own array."""
    return "{" + ",".join(map(_element, values)) + "}"


@lru_cache(maxsize=16_384, typed=True)  # typed: 1 is not true
def _element(value: Hashable) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value)
    text = array(value) if isinstance(value, tuple) else str(value)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
