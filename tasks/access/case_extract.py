"""All that is held of a case, for its victim or suspect: by column, as `config.access.case_fields` lets each see."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection

from config.access.case_fields import EARLIER, KNOWS_OF_IT, TABLES, HeldField, HeldTable
from config.terms import Party
from models.errors import Refuse
from models.queries import access as queries
from models.queries.access import CaseMeeting, ToldRole, WorkedOut
from models.queries.obligations.explain import CaseHead
from models.rules.arithmetic import format_day
from models.rules.catalogue.contents import ALL_RULES
from tasks.platform.configuration import Configuration

_Row = Mapping[str, Any]
_OF_SEVERAL = "of several"  # marks a row of one of several suspects or defendants


@dataclass(frozen=True, kw_only=True)
class ShownRow:
    """One row in plain words: each value with its label, and the system that sent it."""

    values: tuple[tuple[str, str], ...]
    source: str


@dataclass(frozen=True, kw_only=True)
class ShownTable:
    """The rows of one kind."""

    title: str
    rows: tuple[ShownRow, ...]


@dataclass(frozen=True, kw_only=True)
class CaseExtract:
    """All that an extract shows. It names the case and its systems, and people by role alone.

    `kept` is how long the case is kept once all of it has ended, and `logged` how long the log of it is.
    """

    day: date
    case: str
    urn: str | None
    party: Party
    held: tuple[ShownTable, ...]
    worked_out: tuple[WorkedOut, ...]
    told: tuple[ToldRole, ...]
    meetings: tuple[CaseMeeting, ...]
    kept: str
    logged: str


class LeftOut(NamedTuple):
    """All that the extract lacks, for the disclosure officer: the kinds of values, and counts."""

    kinds: tuple[str, ...]
    values: int
    shared_rows: int  # under a URN of several cases
    reasons: int  # of promises, in people's own words


def extract(
    configuration: Configuration, connection: Connection, head: CaseHead, party: Party, today: date
) -> tuple[CaseExtract, LeftOut]:
    """Return what a party may see of a case, and counts of what is left out.

    Rows under a URN that other cases share may be about their people: they are left out. Raises Refuse for a suspect
    whom the record does not show to have been spoken to or charged.
    """
    shared = queries.is_shared(connection, head.urn_key_id)
    found = {table.name: _rows(connection, table, [head.id]) for table in TABLES}
    by_urn = {table.name: _rows(connection, table, [head.urn_key_id]) for table in TABLES if head.urn_key_id}
    if not shared:
        found = {name: [*rows, *by_urn.get(name, ())] for name, rows in found.items()}
    if party is Party.SUSPECT:
        _check_known(head, found)
        _set_apart(found)
    keys = [head.id, *([head.urn_key_id] if head.urn_key_id and not shared else [])]
    found[EARLIER.name] = list(_earlier(queries.rows(connection, EARLIER.name, "key_id", keys), found))
    names = queries.source_names(connection, {row["source_id"] for rows in found.values() for row in rows})
    retention = configuration.policy.retention
    rules = [rule.name for rule in ALL_RULES if party in rule.readers]
    case_extract = CaseExtract(
        day=today,
        case=f"{head.force_code}/{head.case_ref}",
        urn=head.urn,
        party=party,
        held=tuple(_shown(table, found[table.name], party, names) for table in (*TABLES, EARLIER)),
        worked_out=tuple(queries.worked_out(connection, head.id, rules)),
        told=tuple(queries.told(connection, head.id, rules)),
        meetings=tuple(queries.meetings(connection, head.id)) if party is Party.VICTIM else (),
        kept=retention.after_finalised.text,
        logged=retention.audit.text,
    )
    left_out = [
        kind for table in (*TABLES, EARLIER) for row in found[table.name] for kind in _left_out(table, row, party)
    ]
    return case_extract, LeftOut(
        kinds=tuple(dict.fromkeys(left_out)),
        values=len(left_out),
        shared_rows=sum(map(len, by_urn.values())) if shared else 0,
        reasons=queries.reasons(connection, head.id),
    )


def _rows(connection: Connection, table: HeldTable, keys: Sequence[int]) -> list[dict[str, Any]]:
    return queries.rows(connection, table.name, "id" if table.name == "cases" else "key_id", keys)


def _earlier(rows: Iterable[_Row], found: Mapping[str, Sequence[_Row]]) -> Iterator[dict[str, Any]]:
    """Yield each day that was replaced as a row of its column, with the source of the row that has another now."""
    tables = ("defendants", "suspects", "cps_cases", "cases")
    sources = {name: row["source_id"] for table in tables for row in found[table] for name in row}
    columns: dict[str, None] = dict.fromkeys(field.column for field in EARLIER.fields)
    for row in rows:
        if row["name"] in columns:
            told = {row["name"]: row["day"], "suspect_status": row["state"]}
            alike = found["defendants" if row["name"] == "ctl_expires_on" else "suspects"] if row["ref"] else ()
            several = {_OF_SEVERAL: True} if any(_OF_SEVERAL in one for one in alike) else {}
            yield {**columns, **told, **several, "source_id": sources[row["name"]], "withdrawn_on": None}


def _check_known(head: CaseHead, found: Mapping[str, Sequence[_Row]]) -> None:
    suspects = [row for row in found["suspects"] if not row["withdrawn_on"]] or found["cases"]
    charged = len(suspects) == 1 and any(row["charged_on"] for row in (*found["cps_cases"], *found["cases"]))
    if not charged and not all(row["charged_on"] or row["suspect_status"] in KNOWS_OF_IT for row in suspects):
        raise Refuse(
            f"By its record the suspect of {head.force_code}/{head.case_ref} has been neither spoken to nor charged: "
            "an extract would tell them of the case (section 45(4) of the Data Protection Act 2018). The disclosure "
            "officer decides, and casebeat explain shows what is held. Nothing was done."
        )


def _set_apart(found: dict[str, list[dict[str, Any]]]) -> None:
    """Leave out what is of one of several suspects or defendants, here and in the row that has the same of one."""
    columns = {table.name: {field.column for field in table.fields} for table in TABLES}
    for table in TABLES:
        if table.of_one and len(found[table.name]) > 1:
            same = dict.fromkeys(columns[table.name] & columns[table.of_one] - {"charged_on"})
            found[table.of_one] = [{**row, **same} for row in found[table.of_one]]
            found[table.name] = [{**row, _OF_SEVERAL: True} for row in found[table.name]]


def _shown(table: HeldTable, rows: Iterable[_Row], party: Party, sources: Mapping[int, str]) -> ShownTable:
    made = [
        ShownRow(values=(*values, *_withdrawn(row)), source=sources.get(row["source_id"], ""))
        for row in rows
        if _is_for(table, row, party) and (values := tuple(_values(table, row, party)))
    ]
    return ShownTable(title=table.title, rows=tuple(made))


def _is_for(table: HeldTable, row: _Row, party: Party) -> bool:
    needed = table.only_with.get(party)
    return _OF_SEVERAL not in row and (needed is None or row[needed] is not None)


def _values(table: HeldTable, row: _Row, party: Party) -> Iterator[tuple[str, str]]:
    for field in table.fields:
        if party in field.to and _is_held(row[field.column]):
            yield field.label, _in_words(field, row[field.column])


def _withdrawn(row: _Row) -> tuple[tuple[str, str], ...]:
    day = row["withdrawn_on"]
    return (("no longer sent by its source since", format_day(date.fromisoformat(day))),) if day else ()


def _left_out(table: HeldTable, row: _Row, party: Party) -> Iterator[str]:
    """Yield the kind of each value of a row that a party does not get."""
    for field in table.fields:
        if _is_held(row[field.column]) and not (party in field.to and _is_for(table, row, party)):
            yield f"{table.title}: {field.label}"


def _is_held(value: object) -> bool:
    return value is not None and value != []


def _in_words(field: HeldField, value: Any) -> str:
    if field.hidden:
        return "recorded"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if field.column.endswith(("_on", "_by")):
        return format_day(date.fromisoformat(value))
    return str(value) if field.column.endswith("_ref") else str(value).replace("_", " ")
