"""Reads of everything that is known of one case's obligations, for `explain`."""

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.terms import EndReason, Happening, State, StepOutcome
from models.queries.driver import fetch_as, first_as, keyed_as
from models.queries.obligations.case_facts import LINK, Link
from models.queries.obligations.met_rules import NEW_ON
from models.queries.obligations.versions import EXTRACT_ON
from models.rules.references import CaseReference, slips
from models.rules.result import CASE

SHOWN = f"case o.subject when '{CASE}' then '' else o.subject end as subject"  # of an obligation o


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
    end_reason: EndReason | None
    fact: str
    fact_on: date | None
    extract_on: date | None
    lost: bool
    last_step: int
    taken_on: list[date | None]
    new_on: date | None = None  # the day on which its rule was new to the book


class ExplainedStep(NamedTuple):
    """A step and its outcome: taken, superseded, or silent on purpose."""

    step: str
    on: date
    outcome: str
    reason: str
    version: int


class ExplainedPromise(NamedTuple):
    """An acknowledgement, with the reason that is shown here only. `end` is None while it is live."""

    by: str
    made_on: date
    until_on: date
    renewals: int
    type: str | None
    reason: str
    ended_on: date | None
    end: str | None


class ExplainedNotification(NamedTuple):
    """A notification to one addressee (without `contact_ref`: operations), or a silence, which has no addressee."""

    on: date
    rule: str
    subject: str
    version: int
    step: str
    happening: str
    addressee: str | None
    contact_ref: str | None
    channel: str | None
    state: str
    reason: str


def head(connection: Connection, force_code: str, case_ref: str) -> CaseHead | None:
    """Return a case by its references; None where it is not known."""
    statement = """
        select c.id, c.force_code, c.case_ref, k.urn_root as urn, c.cps_area, c.opened_on, c.classification, c.risk,
               c.finalised_on, c.withdrawn_on, c.is_restricted as restricted, c.restricted_by_link,
               c.projection, c.failure, c.urn_key_id
        from case_keys own join disclosed c on c.id = own.id left join case_keys k on k.id = c.urn_key_id
        where own.force_code = %s and own.case_ref = %s"""
    return first_as(connection, CaseHead, statement, (force_code, case_ref))


def similar_references(connection: Connection, case: CaseReference) -> list[CaseReference]:
    """Return three cases at most that may be meant, since many case references begin with a force code.

    Another force has this reference, the force's own begins with its code, or one is a slip of the pen away. A
    restricted case, and one that bars anybody, is left out: several people may read the answer.
    """
    same = [str(case), case.case_ref]
    statement = """
        select k.force_code, k.case_ref from case_keys k join disclosed c on c.id = k.id
        where k.case_ref = any(%(near)s) and (k.force_code = %(force)s or k.case_ref = any(%(same)s))
          and not c.kept_apart and (k.force_code, k.case_ref) <> (%(force)s, %(case)s)
        order by k.case_ref = any(%(same)s) desc, k.force_code, k.case_ref limit 3"""
    near = [*same, *slips(case.case_ref), *slips(str(case))]
    given = {"near": near, "same": same, "force": case.force_code, "case": case.case_ref}
    return fetch_as(connection, CaseReference, statement, given)


def links(connection: Connection, urn_key_id: int | None, harassment_in: Collection[str]) -> list[Link]:
    """Return the cases that share a URN root, the principal first."""
    given = {"key": urn_key_id, "harassment_in": list(harassment_in)}
    return sorted(fetch_as(connection, Link, f"select {LINK} from cases where urn_key_id = %(key)s", given))


def versions(connection: Connection, case_id: int) -> list[VersionRow]:
    """Return every version of every obligation of a case, by rule, subject and version."""
    statement = f"""
        select o.id, rule, subject, version, chain_from, edition, owed_by, due_on, remind_on, escalate_on, hard,
               stalls, because, note, began_on, ended_on, end_reason, fact, fact_on, {EXTRACT_ON} as extract_on, lost,
               last_step, taken_on, {NEW_ON} as new_on
        from obligations o cross join lateral (select id, urn_key_id, source_id from cases where id = o.case_id) c
        where case_id = %s order by rule collate "C", subject collate "C", version"""
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


def steps(connection: Connection, case_id: int) -> list[tuple[int, ExplainedStep]]:
    """Return the outcome of each step of a case's obligations with the version's id, in order of time."""
    statement = """
        select s.obligation_id, s.name as step, s.on_day as "on", s.outcome, s.reason, o.version
        from steps s join obligations o on o.id = s.obligation_id
        where o.case_id = %s order by s.on_day, s.obligation_id, s.step, s.id"""
    return keyed_as(connection, "obligation_id", ExplainedStep, statement, (case_id,))


def promises(connection: Connection, case_id: int) -> list[tuple[int, ExplainedPromise]]:
    """Return every promise about a case's obligations with the version's id, the oldest first."""
    statement = """
        select p.obligation_id, p.by_ref as by, p.made_on, p.until_on, p.renewals, p.type, p.reason, p.ended_on, p."end"
        from promises p join obligations o on o.id = p.obligation_id where o.case_id = %s order by p.id"""
    return keyed_as(connection, "obligation_id", ExplainedPromise, statement, (case_id,))


def notifications(connection: Connection, case_id: int) -> list[ExplainedNotification]:
    """Return every notification and every silence about a case's obligations, in the order of their days."""
    statement = f"""
        select t."on", o.rule, {SHOWN}, o.version, t.step, t.happening, t.addressee, t.contact_ref, t.channel, t.state,
               t.reason
        from obligations o cross join lateral (
            select day as "on", step_name as step, happening, addressee, contact_ref, channel, state,
                   concat_ws('; ', nullif(note, ''), nullif(reason, '')) as reason, 0 as number, id
            from notifications where obligation_id = o.id
            union all
            select on_day, name, '{Happening.STEP}', null, null, null, '{State.SILENT}', reason, step, id
            from steps where obligation_id = o.id and outcome = '{StepOutcome.SILENT}') t
        where o.case_id = %s order by t."on", t.number > 0, o.id, t.number, t.id"""
    return fetch_as(connection, ExplainedNotification, statement, (case_id,))
