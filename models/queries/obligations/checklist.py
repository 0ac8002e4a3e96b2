"""The referrals of one case with what their checklists lack, and who answers for the case."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from config.terms import Decision, OwedBy
from models.queries.driver import fetch
from models.rules.people.addressing import Parties


class ChecklistReferral(NamedTuple):
    """A supplied referral of the case, or of its URN."""

    ref: str
    submitted_on: date
    decision_on: date | None
    decision: Decision | None
    missing: tuple[str, ...]


def referrals(connection: Connection, case_id: int, urn_key_id: int | None) -> list[ChecklistReferral]:
    """The supplied referrals of a case and of its URN, the undecided first, each kind the latest first."""
    rows = fetch(
        connection,
        """select referral_ref, submitted_on, decision_on, decision, checklist_missing from referrals
           where key_id in (%(case)s, %(urn)s) and withdrawn_on is null
           order by decision_on is not null, submitted_on desc, referral_ref""",
        {"case": case_id, "urn": urn_key_id},
    )
    return [
        ChecklistReferral(row[0], row[1], row[2], Decision(row[3]) if row[3] else None, tuple(row[4])) for row in rows
    ]


def police_matter(connection: Connection, case_id: int) -> Parties:
    """What decides who on the police's side answers for a case's referral."""
    ((force_code, cps_area, oic_ref, supervisor_ref),) = fetch(
        connection, "select force_code, cps_area, oic_ref, supervisor_ref from cases where id = %s", (case_id,)
    )
    return Parties(OwedBy.POLICE, (force_code,), (cps_area,), oic_ref, supervisor_ref)
