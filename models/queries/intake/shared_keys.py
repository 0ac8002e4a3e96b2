"""Cases that have the key of a suspect of another case which an extract changes: what they owe follows from it too."""

from typing import Any, cast

from sqlalchemy import (
    Connection,
    FromClause,
    Select,
    SelectBase,
    Table,
    Text,
    insert,
    literal,
    or_,
    select,
    true,
    union,
    union_all,
)
from sqlalchemy.dialects.postgresql import array

from models.cases import Case
from models.queries.intake.staged import TOUCHED, RowEffect, Staged, wanted
from models.suspects import SuspectRow

MOST_OF_ONE_KEY = 50  # cases: a key of more of them names no person, but an empty cell that a source made a key of
_CASES, _SUSPECTS = (cast("Table", model.__table__) for model in (Case, SuspectRow))
# What a case tells the others with the same key, and what decides whether they are told.
_TOLD = (
    "suspect_key",
    "victim_key",
    "classification",
    "opened_on",
    "finalised_on",
    "urn_key_id",
    "restricted",
    "barred_refs",
)
_Keys = Select[Any]


def touch_of_new(connection: Connection, file: Staged, rows: FromClause) -> None:
    """Note the cases that share a key with new cases or suspects, or with one that a new case keeps apart."""
    if not _has_keys(file):
        return
    ids = select(rows.c.key_id)
    if file.of_cases:
        guarding = or_(rows.c.restricted, rows.c.barred_refs != array([], type_=Text))
        ids = _with_linked(ids, select(rows.c.urn_key_id).where(guarding))
    _touch(connection, ids, select(rows.c.suspect_key))


def touch_of_changed(connection: Connection, file: Staged) -> None:
    """Note those that share a key with rows that are about to change, or will share it."""
    if not _has_keys(file):
        return
    stored, changed = file.target, wanted(file)
    told = _TOLD if file.of_cases else ("suspect_key", "key_id", "withdrawn_on")
    now = [changed.c.get(name) for name in told]
    differs = or_(*(stored.c[name].is_distinct_from(value) for name, value in zip(told, now, strict=True)))
    which = (file.match(stored, changed), changed.c.what == RowEffect.CHANGED, differs)
    if file.of_cases:
        urns = union(*(select(of.c.urn_key_id).where(*which) for of in (stored, changed)))
        ids = _with_linked(select(changed.c.key_id).where(*which), select(urns.subquery("urns")))
    else:
        both = union(*(select(column).where(*which) for column in (changed.c.key_id, changed.c.old_key_id)))
        ids = select(both.subquery("ids"))
    _touch(connection, ids, select(changed.c.suspect_key).where(*which))


def touch_of_gone(connection: Connection, file: Staged) -> None:
    """Note those that share a key with suspects that are withdrawn; a case that is missing goes on as it is."""
    if _has_keys(file) and not file.of_cases:
        changed = wanted(file)
        _touch(connection, select(changed.c.old_key_id).where(changed.c.what == RowEffect.GONE))


def touch_of_guarded(connection: Connection) -> None:
    """Note those that share a key with the cases noted so far, or linked with them: rejected rows keep them apart."""
    noted = select(TOUCHED.c.key_id)
    _touch(connection, _with_linked(noted, union(noted, select(_CASES.c.urn_key_id).where(_CASES.c.id.in_(noted)))))


def _with_linked(ids: Select[Any], urn_key_ids: SelectBase) -> Select[Any]:
    """Return ids of cases, and those of the cases with one of these URNs."""
    linked = select(_CASES.c.id).where(_CASES.c.urn_key_id.in_(urn_key_ids))
    return select(union(ids, linked).subquery("ids"))


def _has_keys(file: Staged) -> bool:
    return "suspect_key" in file.target.c


def _touch(connection: Connection, case_ids: Select[Any], *new: _Keys) -> None:
    """Note all cases with a key that these cases or their suspects have, or with a `new` one."""
    stored = (
        select(_CASES.c.suspect_key).where(_CASES.c.id.in_(case_ids)),
        select(_SUSPECTS.c.suspect_key).where(_SUSPECTS.c.key_id.in_(case_ids)),
    )
    keys = union(*stored, *new).subquery("keys")
    of_key = union_all(
        select(_CASES.c.id).where(_CASES.c.suspect_key == keys.c.suspect_key),
        select(_SUSPECTS.c.key_id).where(_SUSPECTS.c.suspect_key == keys.c.suspect_key),
    )
    sharing = of_key.limit(MOST_OF_ONE_KEY + 1).lateral("sharing")
    found = select(sharing.c.id, literal(0)).select_from(keys.join(sharing, true())).distinct()
    connection.execute(insert(TOUCHED).from_select(["key_id", "rows"], found))
