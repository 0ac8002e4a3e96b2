"""Everything that is known of one case's obligations: for `explain`."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.terms import OwedBy
from models.queries.driver import fetch
from models.queries.obligations.case_facts import Link
from models.rules.people.addressing import Parties


class CaseHead(NamedTuple):
    """A case by its references, and how it stands."""

    id: int
    force_code: str
    case_ref: str
    urn: str | None
    cps_area: str
    opened_on: date
    classification: str
    risk: str
    finalised_on: date | None
    withdrawn_on: date | None
    restricted: bool
    projection: str
    failure: str | None
    urn_key_id: int | None


class VersionRow(NamedTuple):
    """One version of one of its obligations, live or ended."""

    id: int
    rule: str
    subject: str
    version: int
    chain_from: int
    edition: str
    owed_by: str
    due_on: date
    remind_on: date
    escalate_on: date
    hard: bool
    stalls: bool
    because: list[list[str | None]]
    note: str
    began_on: date
    ended_on: date | None
    end_reason: str | None
    last_step: int
    taken_on: list[date | None]


class StepRow(NamedTuple):
    """A step that was taken, superseded or deliberately silent."""

    obligation_id: int
    step: str
    on: date
    outcome: str
    reason: str


class PromiseRow(NamedTuple):
    """A promise, with the reason that is shown here only. `end` is None while it stands."""

    obligation_id: int
    by_ref: str
    made_on: date
    until_on: date
    renewals: int
    type: str | None
    reason: str
    ended_on: date | None
    end: str | None


class NotificationHistoryRow(NamedTuple):
    """One notification, and what became of it. `contact_ref` is None for operations."""

    obligation_id: int
    day: date
    happening: str
    step: str
    addressee: str
    contact_ref: str | None
    channel: str
    note: str
    state: str
    reason: str


class SourceRow(NamedTuple):
    """A system that facts of the case came from, and its latest extract."""

    name: str
    agency: str
    extracted_at: datetime
    extract_id: str | None


def head(connection: Connection, force_code: str, case_ref: str) -> CaseHead | None:
    """A case by its references; None where it is not known."""
    found = fetch(
        connection,
        """select c.id, c.force_code, c.case_ref, k.urn_root, c.cps_area, c.opened_on, c.classification, c.risk,
                  c.finalised_on, c.withdrawn_on, c.restricted, c.projection, c.failure, c.urn_key_id
           from case_keys own join cases c on c.id = own.id left join case_keys k on k.id = c.urn_key_id
           where own.force_code = %s and own.case_ref = %s""",
        (force_code, case_ref),
    )
    return CaseHead(*found[0]) if found else None


def by_reference(connection: Connection, case_ref: str) -> list[str]:
    """The cases of any force that have this case reference, the first three, each as FORCE/CASE_REF."""
    found = fetch(
        connection,
        """select k.force_code || '/' || k.case_ref from case_keys k join cases c on c.id = k.id
           where k.case_ref = %s order by k.force_code limit 3""",
        (case_ref,),
    )
    return [row[0] for row in found]


def links(connection: Connection, urn_key_id: int | None) -> list[Link]:
    """The cases that share a URN root, the principal first."""
    rows = fetch(
        connection,
        """select finalised_on is not null or classification <> 'stalking', finalised_on is not null, opened_on,
                  case_ref, force_code, id from cases where urn_key_id = %s""",
        (urn_key_id,),
    )
    return sorted(Link(*row) for row in rows)


def versions(connection: Connection, case_id: int) -> list[VersionRow]:
    """Every version of every obligation of a case, by rule, subject and version."""
    rows = fetch(
        connection,
        """select id, rule, subject, version, chain_from, edition, owed_by, due_on, remind_on, escalate_on, hard,
                  stalls, because, note, began_on, ended_on, end_reason, last_step, taken_on
           from obligations where case_id = %s order by rule collate "C", subject collate "C", version""",
        (case_id,),
    )
    return [VersionRow(*row) for row in rows]


def matters(connection: Connection, case_id: int) -> dict[int, Parties]:
    """What decides whom each of a case's live obligations concerns, by the obligation's id."""
    rows = fetch(
        connection,
        """select o.id, o.owed_by, c.force_code, c.cps_area, c.oic_ref, c.supervisor_ref,
                  coalesce(own.prosecutor_ref, shared.prosecutor_ref), a.owner_ref
           from obligations o join cases c on c.id = o.case_id
           left join cps_cases own on own.key_id = c.id and own.withdrawn_on is null
           left join cps_cases shared on shared.key_id = c.urn_key_id and shared.withdrawn_on is null
           left join actions a on o.subject like 'action:%%' and a.action_ref = substr(o.subject, 8)
           where o.case_id = %s and o.ended_on is null""",
        (case_id,),
    )
    return {row[0]: Parties(OwedBy(row[1]), (row[2],), (row[3],), *row[4:8]) for row in rows}


class CaseSitting(NamedTuple):
    """The sitting that a case has, to come or with its outcome awaited."""

    ref: str
    day: date
    at: datetime


def sits(connection: Connection, case_id: int) -> CaseSitting | None:
    """The sitting that a case has, to come or with its outcome awaited."""
    rows = fetch(
        connection,
        """select s.ref, s.day, s.starts_at from convenings v join sittings s on s.id = v.sitting_id
           where v.case_id = %s and v.ended_on is null""",
        (case_id,),
    )
    return CaseSitting(*rows[0]) if rows else None


def steps(connection: Connection, obligation_ids: Sequence[int]) -> list[StepRow]:
    """What became of each step of these versions, in the order in which it did."""
    rows = fetch(
        connection,
        """select obligation_id, name, on_day, outcome, reason from steps
           where obligation_id = any(%s) order by on_day, obligation_id, step, id""",
        (list(obligation_ids),),
    )
    return [StepRow(*row) for row in rows]


def promises(connection: Connection, obligation_ids: Sequence[int]) -> list[PromiseRow]:
    """Every promise about these versions, the oldest first."""
    rows = fetch(
        connection,
        """select obligation_id, by_ref, made_on, until_on, renewals, type, reason, ended_on, "end" from promises
           where obligation_id = any(%s) order by id""",
        (list(obligation_ids),),
    )
    return [PromiseRow(*row) for row in rows]


def said(connection: Connection, obligation_ids: Sequence[int]) -> list[NotificationHistoryRow]:
    """Every notification about these versions, in the order in which it was decided."""
    rows = fetch(
        connection,
        """select obligation_id, day, happening, step_name, addressee, contact_ref, channel, note, state, reason
           from notifications where obligation_id = any(%s) order by day, obligation_id, id""",
        (list(obligation_ids),),
    )
    return [NotificationHistoryRow(*row) for row in rows]


def sources(connection: Connection, keys: Sequence[int]) -> list[SourceRow]:
    """The systems that sent any row of a case, each with the latest extract that was loaded from it."""
    rows = fetch(
        connection,
        """select s.name, s.agency, s.last_extracted_at,
                  (select e.extract_id from extracts e where e.source_name = s.name and e.state = 'loaded'
                   order by e.extracted_at desc, e.id desc limit 1)
           from sources s
           where s.agency is not null and (
                 exists (select from cases r where r.source_id = s.id and r.id = any(%(keys)s))
              or exists (select from cps_cases r where r.source_id = s.id and r.key_id = any(%(keys)s))
              or exists (select from incidents r where r.source_id = s.id and r.key_id = any(%(keys)s))
              or exists (select from actions r where r.source_id = s.id and r.key_id = any(%(keys)s))
              or exists (select from pleas r where r.source_id = s.id and r.key_id = any(%(keys)s))
              or exists (select from reviews r where r.source_id = s.id and r.key_id = any(%(keys)s))
              or exists (select from referrals r where r.source_id = s.id and r.key_id = any(%(keys)s))
              or exists (select from orders r where r.source_id = s.id and r.key_id = any(%(keys)s)))
           order by s.agency desc, s.name""",
        {"keys": list(keys)},
    )
    return [SourceRow(*row) for row in rows]
