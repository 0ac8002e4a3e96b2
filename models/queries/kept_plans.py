"""Statements of which PostgreSQL keeps the plan while a connection lasts: planning them costs more than their work."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection


class Kept(str):
    """A statement with named parameters of which PostgreSQL keeps the plan while the connection lasts.

    It is for a statement that each force's round runs: planning it costs more than its work on a normal day.
    """

    __slots__ = ()


def run(connection: Connection, cursor: Any, statement: str, parameters: Sequence[Any] | Mapping[str, Any]) -> None:
    """Run a statement. The plan of one that is kept reads by index: a table may be empty now, and large tonight."""
    if not isinstance(statement, Kept) or not isinstance(parameters, Mapping):
        cursor.execute(statement, parameters or None)
        return
    name = _name(statement)
    is_new = name not in connection.info
    execution = planned(connection, cursor, name, statement, parameters)
    if is_new:
        cursor.execute(b"set local enable_seqscan = off; explain " + execution + b"; set local enable_seqscan = on")
    cursor.execute(execution)


@cache
def _name(statement: str) -> str:
    return f"kept_{blake2b(statement.encode(), digest_size=16).hexdigest()}"


@cache
def _names(statement: str) -> list[str]:
    """Return the names that a statement has parameters for: others that are given are not used."""
    return sorted(set(re.findall(r"%\((\w+)\)s", statement)))


def planned(connection: Connection, cursor: Any, name: str, statement: str, parameters: Mapping[str, Any]) -> bytes:
    """Return the SQL that executes a prepared statement, and prepare it where the connection has no plan of it yet.

    `info` lasts as long as the driver's connection, and so as long as the plans.
    """
    names = _names(statement)
    if name not in connection.info:
        numbered = {each: f"${number}" for number, each in enumerate(names, 1)}
        cursor.execute(f"prepare {name} as {statement % numbered}")
        connection.info[name] = True
    made: bytes = cursor.mogrify(
        f"execute {name} ({', '.join(['%s'] * len(names))})", [parameters[each] for each in names]
    )
    return made
