"""Plain rows, fast: the driver's own cursor inside the connection's transaction."""

import io
from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection

Parameters = Sequence[Any] | Mapping[str, Any]
Statement = tuple[str, Mapping[str, Any]]  # with its named parameters, one at least


def driver_cursor(connection: Connection) -> Any:
    """psycopg2's own cursor, inside the connection's transaction; close it, or use it in a `with`."""
    return connection.connection.cursor()


def fetch(connection: Connection, statement: str, parameters: Parameters = ()) -> list[tuple[Any, ...]]:
    """Every row of a statement, as tuples."""
    with driver_cursor(connection) as cursor:
        cursor.execute(statement, parameters or None)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def execute_batch(connection: Connection, statements: Mapping[str, Statement]) -> list[tuple[Any, ...]]:
    """Several statements sent as one, and the rows of the last: on a connection that commits by itself, all or none.

    PostgreSQL keeps the plan of each, which costs more than the work, under its name while the connection lasts.
    """
    with driver_cursor(connection) as cursor:
        planned = [_planned(connection, cursor, name, *each) for name, each in statements.items()]
        cursor.execute(b";".join(planned))
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _planned(connection: Connection, cursor: Any, name: str, statement: str, parameters: Mapping[str, Any]) -> bytes:
    """What executes a prepared statement; `info` lasts as long as the driver's connection, and so as its plans."""
    names = sorted(parameters)
    if name not in connection.info:
        numbered = {each: f"${number}" for number, each in enumerate(names, 1)}
        cursor.execute(f"prepare {name} as {statement % numbered}")
        connection.info[name] = True
    made: bytes = cursor.mogrify(
        f"execute {name} ({', '.join(['%s'] * len(names))})", [parameters[each] for each in names]
    )
    return made


def readable(connection: Connection, statement: str, parameters: Parameters = ()) -> tuple[list[tuple[Any, ...]], int]:
    """Every row of a statement of which Python can make values, and how many there are of the others."""
    with driver_cursor(connection) as cursor:
        cursor.execute(statement, parameters or None)
        try:
            return cursor.fetchall(), 0
        except ValueError:  # a day beyond Python's years; the driver has passed its row when it says so
            cursor.scroll(0, mode="absolute")
        found: list[tuple[Any, ...]] = []
        for _ in range(cursor.rowcount):
            try:
                found.append(cursor.fetchone())
            except ValueError:
                continue
        return found, cursor.rowcount - len(found)


def execute(connection: Connection, statement: str, parameters: Parameters = ()) -> int:
    """Run a statement; the number of rows it touched."""
    with driver_cursor(connection) as cursor:
        cursor.execute(statement, parameters or None)
        touched: int = cursor.rowcount
        return touched


def copy(connection: Connection, table: str, columns: Sequence[str], lines: Iterable[str]) -> None:
    """COPY text-format lines (tab-separated, each ending in a newline) into a table."""
    with driver_cursor(connection) as cursor:
        cursor.copy_expert(f"copy {table} ({', '.join(columns)}) from stdin", io.StringIO("".join(lines)))


_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def cell(value: object) -> str:
    """One value in COPY's text format; None is null, a sequence an array."""
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
    """Values as the literal of an array, for `unnest`; a tuple among them as the text of an array of its own."""
    return "{" + ",".join(map(cache(_element), values)) + "}"


def _element(value: Hashable) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value)
    text = array(value) if isinstance(value, tuple) else str(value)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
