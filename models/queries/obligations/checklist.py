"""Reads of one case's referrals with what their checklists lack."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from config.terms import Decision
from models.queries.driver import fetch_as


class ChecklistReferral(NamedTuple):
    """A supplied referral of the case or of its URN."""

    ref: str
    submitted_on: date
    decision_on: date | None
    decision: Decision | None
    missing: tuple[str, ...]
    source_id: int


def referrals(connection: Connection, case_id: int, urn_key_id: int | None) -> list[ChecklistReferral]:
    """Return the supplied referrals of a case and of its URN: those without a decision first, then the latest first."""
    statement = """
        select referral_ref as ref, submitted_on, decision_on, decision, checklist_missing as missing, source_id
        from referrals
        where key_id in (%(case)s, %(urn)s) and withdrawn_on is null
        order by decision_on is not null, submitted_on desc, referral_ref"""
    return fetch_as(connection, ChecklistReferral, statement, {"case": case_id, "urn": urn_key_id})
