"""Reads of one case's referrals with what their checklists lack, and of the police parties of the case."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from config.terms import Decision
from models.queries.driver import fetch_as
from models.queries.people.barring import BARRED
from models.rules.people.addressing import Parties


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
    return fetch_as(
        connection,
        ChecklistReferral,
        """select referral_ref as ref, submitted_on, decision_on, decision, checklist_missing as missing, source_id
           from referrals
           where key_id in (%(case)s, %(urn)s) and withdrawn_on is null
           order by decision_on is not null, submitted_on desc, referral_ref""",
        {"case": case_id, "urn": urn_key_id},
    )


def police_parties(connection: Connection, case_id: int) -> Parties:
    """Return the parties on the police's side who answer for a case's referral."""
    (found,) = fetch_as(
        connection,
        Parties,
        f"""select 'police' as owed_by, array[force_code] as force_codes, array[cps_area] as cps_areas, oic_ref,
                  supervisor_ref, null as prosecutor_ref, null as action_owner_ref,
                  {BARRED} as barred
           from cases c where c.id = %s""",
        (case_id,),
    )
    return found
