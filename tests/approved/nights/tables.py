"""Every table of a database as values, and what changed in it between two moments as readable lines."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Engine, text

from models.base import Base
from tests.approved.nights.grouping import grouped
from tests.approved.nights.naming import NAMES, POINTS_TO, Names, Row, Tables
from tests.approved.nights.plain import NOTHING, Plain, shortened

WITHOUT = {  # the number of the row itself, wall-clock times, random tokens, digests, bytes, and what others hold
    "*": {"id", "lease_until", "lease_token"},
    "agendas": {"digest"},
    "audit": {"at", "by"},
    "audit_seals": {"sealed_at", "ids", "reach", "marks", "digest"},
    "cases": {"projected_at"},
    "clicks": {"key", "ts"},
    "contacts": {"name", "email", "slack_user_id"},
    "extracts": {"content", "marks", "source_name"},
    "messages": {"body", "remote_ref", "first_tried_at", "contact_ref", "kind"},
    "notifications": {"step"},
    "obligations": {"force_code", "due_on", "escalate_on", "hard", "stalls"},
    "replies": {"identity", "in_reply_to"},
    "source_files": {"sent_at"},
    "steps": {"step"},
    "threads": {"shown"},
}
ORDINARY = {  # values that a new row has unless its line tells another
    "actions": {"owner_agency": "police", "source": "investigation", "source_id": "niche-45"},
    "cases": {"source_id": "niche-45", "projection": "evaluated"},
    "contacts": {"force_codes": "45", "source_id": "niche-45", "first_seen_on": "today"},
    "incidents": {"source_id": "niche-45"},
    "invitations": {"told_on": "today"},
    "messages": {"channel": "email", "day": "today", "state": "sent", "sent_at": "today 08:00", "attempts": "1"},
    "notifications": {"live": "yes", "state": "sent", "manner": "digest", "day": "today", "channel": "email"},
    "obligations": {"chain_from": "1", "edition": "2026-11", "owed_by": "police", "began_on": "today"},
    "reviews": {"source_id": "niche-45"},
    "sittings": {
        "force_code": "45",
        "cps_area": "South East",
        "chair_ref": "P45-SPOC1",
        "place": "Room 2 or the usual link",
        "places": "2",
        "minutes_per_case": "6",
        "rule": "2026-01-05 09:30 FREQ=WEEKLY;BYDAY=TU,WE,TH",
    },
    "steps": {"on_day": "today", "outcome": "taken"},
}
SAME = {  # columns that a new row's line leaves out where they hold what another does
    "messages": {"sending_at": "sent_at", "due_at": "sent_at"},
    "obligations": {"through": "addressed"},
    "cases": {"status_on": "status_changed_on"},
}
_COLUMNS = {table.name: [column.name for column in table.columns] for table in Base.metadata.sorted_tables}
_KEYS = {table.name: [column.name for column in table.primary_key] for table in Base.metadata.sorted_tables}
_OWN_DIGEST = re.compile(r"letter:[^:]+:[^:]+:\d{4}-\d\d-\d\d")
TABLES = frozenset(_COLUMNS) - {"erasures", "holds"}  # a purge has its own tests


class _Seen(NamedTuple):
    """The tables at one moment, the names of their rows, and the way in which values are written."""

    tables: Tables
    names: Names
    plain: Plain

    def shown(self, table: str, row: Row) -> dict[str, str]:
        """Return the columns of a row as text, without those that its name holds."""
        without = WITHOUT["*"] | WITHOUT.get(table, set()) | NAMES[table].columns
        if table == "obligations":
            row = {**row, "remind_on": [row["remind_on"], row["due_on"], row["escalate_on"]]}
            row["because"] = [[label, number, note] for label, _, number, _, note in row["because"]]
        if table == "audit" and row["about"] == "extract":
            row = {**row, "detail": None}  # the table of extracts has its counts
        if table == "messages" and row["kind"] == "act":
            row = {**row, "about": None}  # its key has it
        if table == "messages" and row["attempts"] > 1:
            row = {**row, "due_at": None}  # the moment of another try is drawn by lot
        return {column: self._value(table, column, row[column]) for column in _COLUMNS[table] if column not in without}

    def _value(self, table: str, column: str, value: Any) -> str:
        if value is not None and column in POINTS_TO:
            name = self.names.of(POINTS_TO[column], value)
            return "letter" if _OWN_DIGEST.fullmatch(name) and column in {"message_id", "letter_id"} else name
        return self.plain.of(table, column, value)


def every_row(engine: Engine) -> Tables:
    """Read every table, with each row by its primary key."""
    found: dict[str, dict[Any, Row]] = {}
    with engine.connect() as connection:
        for table, columns in _COLUMNS.items():
            listed = ", ".join(f'"{column}"' for column in columns)
            rows = connection.execute(text(f"select {listed} from {table}")).mappings()
            found[table] = {_key(table, row): dict(row) for row in rows}
    return found


def changes(before: Tables, after: Tables, today: date) -> Iterator[str]:
    """Yield each table that changed, and its new, changed and removed rows in the order of their names."""
    old, new = (_Seen(one, names := Names(one), Plain(names, today)) for one in (before, after))
    for table in sorted(after):
        lines = sorted(grouped(table, _changes(table, old, new)))
        if lines:
            yield f"{table}:"
            yield from (
                f"  {shortened(line).replace(today.isoformat(), 'today').replace(':email:today', '')}" for line in lines
            )


def _changes(table: str, old: _Seen, new: _Seen) -> Iterator[str]:
    before, after = old.tables.get(table, {}), new.tables[table]
    for key, row in after.items():
        if key not in before:
            name = new.names.of(table, key)
            yield f"+ {name}" + _written(table, name, new.shown(table, row))
        elif row != before[key]:
            moved = _moved(old.shown(table, before[key]), new.shown(table, row))
            if moved:
                yield f"~ {new.names.of(table, key)}" + moved
    for key in before.keys() - after.keys():
        yield f"- {old.names.of(table, key)}"


def _written(table: str, name: str, shown: Mapping[str, str]) -> str:
    ordinary, same = ORDINARY.get(table, {}), SAME.get(table, {})
    return "".join(
        f"; {_short(column)} {value}".removesuffix(" yes")
        for column, value in shown.items()
        if value != ordinary.get(column)
        and not (value in NOTHING and column not in ordinary)
        and not (column in same and value == shown[same[column]])
        and not (table == "messages" and value in name)
        and not (table == "obligations" and _follows(column, value, name, shown))
    )


def _follows(column: str, value: str, name: str, shown: Mapping[str, str]) -> bool:
    """Return whether an obligation's value follows from the others: its own run, a next step that is the reminder."""
    days = shown["remind_on"].split(",")
    return (column == "chain_from" and name.endswith(f" v{value}")) or (column == "next_step_on" and value == days[0])


def _moved(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """Return the columns that changed; the old value is left out where it is nothing, or the new one is long."""
    return "".join(
        f"; {_short(column)} {value}" if before[column] == "-" or len(value) > 60
        else f"; {_short(column)} {before[column]} > {value}"
        for column, value in after.items()
        if before[column] != value and not (column == "next_step_on" and after["ended_on"] != before["ended_on"])
    )  # fmt: skip


def _short(column: str) -> str:
    """Return a column's name without what its value shows. The three days of an obligation stand together."""
    if column == "remind_on":
        return "days"
    return re.sub(r"_(on|ref|id|at)$", "", column)


def _key(table: str, row: Any) -> Any:
    key = tuple(row[column] for column in _KEYS[table])
    return key[0] if len(key) == 1 else key
