"""Reads of everything that is known of one case's obligations, for `explain`."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import fetch_as, first_as, scalars
from models.queries.obligations.case_facts import LINK, Link
from models.rules.references import CaseReference, slips


class CaseHead(NamedTuple):
    """A case by its references, with its present state."""

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
    restricted_by_link: bool
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
    """A step that was taken, superseded or silent on purpose."""

    obligation_id: int
    step: str
    on: date
    outcome: str
    reason: str


class PromiseRow(NamedTuple):
    """A promise, with the reason that is shown here only. `end` is None while it is live."""

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
    """One notification with its outcome. `contact_ref` is None for operations."""

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
    """A system that sent facts of the case, and its latest extract."""

    name: str
    agency: str
    extracted_at: datetime
    extract_id: str | None


def head(connection: Connection, force_code: str, case_ref: str) -> CaseHead | None:
    """Return a case by its references; None where it is not known."""
    statement = """
        select c.id, c.force_code, c.case_ref, k.urn_root as urn, c.cps_area, c.opened_on, c.classification, c.risk,
               c.finalised_on, c.withdrawn_on, c.is_restricted as restricted, c.restricted_by_link,
               c.projection, c.failure, c.urn_key_id
        from case_keys own join disclosed c on c.id = own.id left join case_keys k on k.id = c.urn_key_id
        where own.force_code = %s and own.case_ref = %s"""
    return first_as(connection, CaseHead, statement, (force_code, case_ref))


def similar_references(connection: Connection, case: CaseReference) -> list[str]:
    """Return three cases at most that may be meant, each as FORCE/CASE_REF.

    Another force has this reference, the force's own begins with its code, or one is a slip of the pen away. A
    restricted case, and one that bars anybody, is left out: several people may read the answer.
    """
    same = [str(case), case.case_ref]
    statement = """
        select k.force_code || '/' || k.case_ref from case_keys k join disclosed c on c.id = k.id
        where k.case_ref = any(%(near)s) and (k.force_code = %(force)s or k.case_ref = any(%(same)s))
          and not c.kept_apart
        order by k.case_ref = any(%(same)s) desc, k.force_code, k.case_ref limit 3"""
    given = {"near": [*same, *slips(case.case_ref), *slips(str(case))], "same": same, "force": case.force_code}
    return scalars(connection, statement, given)


def links(connection: Connection, urn_key_id: int | None, harassment_in: Collection[str]) -> list[Link]:
    """Return the cases that share a URN root, the principal first."""
    given = {"key": urn_key_id, "harassment_in": list(harassment_in)}
    return sorted(fetch_as(connection, Link, f"select {LINK} from cases where urn_key_id = %(key)s", given))


def versions(connection: Connection, case_id: int) -> list[VersionRow]:
    """Return every version of every obligation of a case, by rule, subject and version."""
    statement = """
        select id, rule, subject, version, chain_from, edition, owed_by, due_on, remind_on, escalate_on, hard,
               stalls, because, note, began_on, ended_on, end_reason, last_step, taken_on
        from obligations where case_id = %s order by rule collate "C", subject collate "C", version"""
    return fetch_as(connection, VersionRow, statement, (case_id,))


class CaseSitting(NamedTuple):
    """The sitting of a case, to come or with its outcome awaited."""

    ref: str
    day: date
    at: datetime


def sitting(connection: Connection, case_id: int) -> CaseSitting | None:
    """Return the sitting of a case, to come or with its outcome awaited; None where it has none."""
    statement = """
        select s.ref, s.day, s.starts_at as at from convenings v join sittings s on s.id = v.sitting_id
        where v.case_id = %s and v.ended_on is null"""
    return first_as(connection, CaseSitting, statement, (case_id,))


def steps(connection: Connection, obligation_ids: Sequence[int]) -> list[StepRow]:
    """Return the outcome of each step of these versions, in order of time."""
    statement = """
        select obligation_id, name as step, on_day as "on", outcome, reason from steps
        where obligation_id = any(%s) order by on_day, obligation_id, steps.step, id"""
    return fetch_as(connection, StepRow, statement, (list(obligation_ids),))


def promises(connection: Connection, obligation_ids: Sequence[int]) -> list[PromiseRow]:
    """Return every promise about these versions, the oldest first."""
    statement = """
        select obligation_id, by_ref, made_on, until_on, renewals, type, reason, ended_on, "end" from promises
        where obligation_id = any(%s) order by id"""
    return fetch_as(connection, PromiseRow, statement, (list(obligation_ids),))


def notifications(connection: Connection, obligation_ids: Sequence[int]) -> list[NotificationHistoryRow]:
    """Return every notification about these versions, in the order in which they were decided."""
    statement = """
        select obligation_id, day, happening, step_name as step, addressee, contact_ref, channel, note, state, reason
        from notifications where obligation_id = any(%s) order by day, obligation_id, id"""
    return fetch_as(connection, NotificationHistoryRow, statement, (list(obligation_ids),))


def sources(connection: Connection, keys: Sequence[int]) -> list[SourceRow]:
    """Return the systems that sent any row of a case, each with its latest loaded extract."""
    statement = """
        select s.name, s.agency, s.last_extracted_at as extracted_at,
               (select e.extract_id from extracts e where e.source_name = s.name and e.state = 'loaded'
                order by e.extracted_at desc, e.id desc limit 1) as extract_id
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
        order by s.agency desc, s.name"""
    return fetch_as(connection, SourceRow, statement, {"keys": list(keys)})
