"""Reads of all that is held of one case, or of one member of staff, for whom it is about. The caller leaves out."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection

from config.access.staff_columns import StaffColumn
from config.days.london import LONDON
from models.queries.driver import fetch_as, first_as, one_as, scalar, scalars
from models.rules.outbox.message_states import LEFT


class WorkedOut(NamedTuple):
    """A duty that was worked out: how many versions of it, and the first and the last day on which it was due."""

    rule: str
    times: int
    live: bool
    first: date
    last: date


class ToldRole(NamedTuple):
    """A role that heard of a duty: how often, and when first and last."""

    rule: str
    addressee: str
    times: int
    first: date
    last: date


class CaseMeeting(NamedTuple):
    """A meeting to which the case was listed, and whether its review was held; None where nobody recorded it."""

    day: date
    held: bool | None


def rows(connection: Connection, table: str, key: str, keys: Sequence[int]) -> list[dict[str, Any]]:
    """Return the rows of a table under these keys, each as a mapping of its columns, days as ISO text."""
    return scalars(connection, f"select to_jsonb(r) from {table} r where r.{key} = any(%s) order by 1", (list(keys),))


def is_shared(connection: Connection, urn_key_id: int | None) -> bool:
    """Return whether a URN is that of several cases, so that its rows may be about another case's people."""
    return bool(scalar(connection, "select count(*) > 1 from cases where urn_key_id = %s", (urn_key_id,)))


def source_names(connection: Connection, ids: Collection[int]) -> dict[int, str]:
    """Return the names of sources by their ids."""
    return dict(scalars(connection, "select jsonb_build_array(id, name) from sources where id = any(%s)", (list(ids),)))


def worked_out(connection: Connection, case_id: int, rules: Collection[str]) -> list[WorkedOut]:
    """Return what was worked out under these rules, without what an undone round had made."""
    statement = """
        select rule, count(*) as times, bool_or(ended_on is null) as live, min(due_on) as first, max(due_on) as last
        from obligations
        where case_id = %s and rule = any(%s) and end_reason is distinct from 'void'
        group by rule order by rule collate "C\""""
    return fetch_as(connection, WorkedOut, statement, (case_id, list(rules)))


def told(connection: Connection, case_id: int, rules: Collection[str]) -> list[ToldRole]:
    """Return the roles that heard of these duties, by what has left."""
    statement = f"""
        select o.rule, n.addressee, count(*) as times, min(n.day) as first, max(n.day) as last
        from notifications n join obligations o on o.id = n.obligation_id
        where o.case_id = %s and o.rule = any(%s) and n.state in {LEFT}
        group by o.rule, n.addressee order by o.rule collate "C", n.addressee collate "C\""""
    return fetch_as(connection, ToldRole, statement, (case_id, list(rules)))


def meetings(connection: Connection, case_id: int) -> list[CaseMeeting]:
    """Return the meetings to which a case was listed and that were not given up, in the order of their days."""
    statement = """
        select s.day, u.held from convenings v join sittings s on s.id = v.sitting_id
        left join outcomes u on u.convening_id = v.id and u.stands
        where v.case_id = %s and (v."end" is null or v."end" in ('held', 'not_held', 'unrecorded'))
        order by s.day, v.id"""
    return fetch_as(connection, CaseMeeting, statement, (case_id,))


def reasons(connection: Connection, case_id: int) -> int:
    """Return how many promises about a case hold a reason in somebody's own words."""
    statement = """select count(*) from promises p join obligations o on o.id = p.obligation_id
                   where o.case_id = %s and p.reason <> ''"""
    return int(scalar(connection, statement, (case_id,)))


class HeldRows(NamedTuple):
    """How many rows hold a person in a column, and their first and last day; None where none has a day."""

    rows: int
    first: date | None
    last: date | None


class KnownPerson(NamedTuple):
    """A contact as its source last sent it, by reference."""

    agency: str
    active_to: date | None
    withdrawn_on: date | None
    slack_user_id: str | None


def person(connection: Connection, contact_ref: str) -> KnownPerson | None:
    """Return a contact; None where no row of it is left."""
    statement = "select agency, active_to, withdrawn_on, slack_user_id from contacts where contact_ref = %s"
    return first_as(connection, KnownPerson, statement, (contact_ref,))


# The case, or the key, that a row of a table is about; tables that are not here are about none.
_ABOUT = {
    "cases": "cases.id",
    **dict.fromkeys(("obligations", "convenings", "acts", "holds", "confirmations"), "case_id"),
    **dict.fromkeys(("cps_cases", "actions"), "key_id"),
    **dict.fromkeys(
        ("promises", "notifications", "replies"), "(select o.case_id from obligations o where o.id = obligation_id)"
    ),
    "completions": "(select a.key_id from actions a where a.action_ref = completions.action_ref)",
    "outcomes": "(select v.case_id from convenings v where v.id = convening_id)",
}


def held(connection: Connection, where: StaffColumn, ref: str, hidden: Collection[int] = ()) -> HeldRows:
    """Return how many rows of a column hold a reference, and their days in London.

    Those about the `hidden` cases are left out.
    """
    holds = f"%(ref)s = any({where.column})" if where.many else f"{where.column} = %(ref)s"
    is_moment = f"_{where.day}".endswith("_at")
    day = f"timezone('{LONDON.key}', {where.day})::date" if is_moment else where.day
    days = f"min({day}) as first, max({day}) as last" if day else "null::date as first, null::date as last"
    shown = f"""not exists (select from cases hidden where hidden.id = any(%(hidden)s::bigint[])
                            and {_ABOUT.get(where.table, "null")} in (hidden.id, hidden.urn_key_id))"""
    statement = f"select count(*) as rows, {days} from {where.table} where {holds} and {shown}"
    return one_as(connection, HeldRows, statement, {"ref": f"{where.prefix}{ref}", "hidden": list(hidden)})
