"""Read audit rows for an inspector: by case, by person, by period. Rows hold references only."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from models.queries.driver import fetch_as, scalar
from models.queries.outbox.naming import messages_naming
from models.rules.references import CaseReference

_AT_ONCE = 2_000  # rows of one statement
# Of an erased case, the row of its erasing names what was its own. A case that was sent again later has both.
# Not by disclosed: for operations at their machine
_OF_CASE = f"""
with asked as (
    select (select id from case_keys where force_code = %(force_code)s and case_ref = %(case_ref)s) as id,
           %(force_code)s || '/' || %(case_ref)s as ref, %(case_ref)s as case_ref
), erased as (
    select e.detail from audit e join asked on e.about = 'case' and e.ref = asked.ref and e.verb = 'erasure'
), owed as (
    select o.id from obligations o join asked on asked.id = o.case_id
    union select jsonb_array_elements_text(detail->'obligations')::bigint from erased
), named as (
    select message_id from ({messages_naming("select id from asked")}) found
    union select jsonb_array_elements_text(detail->'messages')::bigint from erased
), subjects (about, ref) as (
    select kind.about, owed.id::text
    from owed cross join (values ('step'), ('promise'), ('promise taken back')) kind (about)
    union select 'message', unnest(array[m.key, regexp_replace(m.key, '^void:[0-9]+:', '')])
          from messages m join named on named.message_id = m.id
    union select 'reply', r.id::text from replies r join owed on owed.id = r.obligation_id
    union select 'action', a.action_ref from actions a join asked on asked.id = a.key_id
    union select 'reply', jsonb_array_elements_text(detail->'replies') from erased
    union select 'outcome', jsonb_array_elements_text(erased.detail->'sittings') || '/' || asked.case_ref
          from erased, asked
    union select 'action', jsonb_array_elements_text(detail->'actions') from erased
    union select 'outcome', s.ref || '/' || asked.case_ref
          from asked join convenings v on v.case_id = asked.id join sittings s on s.id = v.sitting_id
    union select kind.about, asked.ref from asked cross join (values ('convening'), ('case')) kind (about)
)"""
_SUBJECT = """
  and (exists (select from subjects s where s.about = a.about
               and s.ref in (a.ref, case when a.about in ('step', 'promise', 'promise taken back', 'action', 'outcome')
                                    then regexp_replace(a.ref, ':[^:]*$', '') end))
       or a.verb = 'combination' and a.about = 'case' and a.detail->'cases' ? (select ref from asked))"""
_ROWS = """
{subjects}
select a.id, a.at, a.verb, a.by, a.about, a.ref, a.to_ref, a.reason, a.detail,
       (select s.number from audit_seals s where s.ids @> a.id limit 1) as seal
from audit a
where a.id > %(after)s and a.id <= %(last)s
  and (%(since)s::timestamptz is null or a.at >= %(since)s) and (%(before)s::timestamptz is null or a.at < %(before)s)
  and (%(person)s::text is null or a.by = %(person)s or a.to_ref = %(person)s) {of_subject}
order by a.id limit %(most)s"""


class Asked(NamedTuple):
    """The rows that are wanted; None leaves a choice open. A person is named in `by` or `to_ref`."""

    case: CaseReference | None = None
    person: str | None = None
    since: datetime | None = None
    before: datetime | None = None


class ExportedRow(NamedTuple):
    """One audit row, and the number of its seal; None while it has none."""

    id: int
    at: datetime
    verb: str
    by: str
    about: str
    ref: str
    to_ref: str | None
    reason: str
    detail: dict[str, Any] | None
    seal: int | None


def is_known(connection: Connection, case: CaseReference) -> bool:
    """Return whether a case is stored, or was erased."""
    # Not by disclosed: whether it is stored, for operations at their machine
    statement = """
        select exists (select from case_keys where force_code = %(force_code)s and case_ref = %(case_ref)s)
            or exists (select from audit where verb = 'erasure' and about = 'case'
                       and ref = %(force_code)s || '/' || %(case_ref)s)"""
    return bool(scalar(connection, statement, case._asdict()))


def last_id(connection: Connection) -> int:
    """Return the largest id of a row; 0 in an empty log."""
    return int(scalar(connection, "select coalesce(max(id), 0) from audit"))


def rows(connection: Connection, asked: Asked, last: int) -> Iterator[ExportedRow]:
    """Yield the rows up to an id, by id, and a few thousand in memory at a time."""
    given = {
        "person": asked.person, "since": asked.since, "before": asked.before, "last": last, "most": _AT_ONCE,
        **(asked.case._asdict() if asked.case else {}),
    }  # fmt: skip
    statement = _ROWS.format(subjects=_OF_CASE if asked.case else "", of_subject=_SUBJECT if asked.case else "")
    after = 0
    while found := fetch_as(connection, ExportedRow, statement, {**given, "after": after}):
        yield from found
        after = max(row.id for row in found)
