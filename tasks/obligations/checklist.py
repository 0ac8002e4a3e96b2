"""The referral checklist of one case, item by item: what is there, what is missing, and whom to ask."""

import getpass
from dataclasses import dataclass
from datetime import date

from config.checklist import ITEMS, ChecklistItem
from config.terms import Addressee, Agency, Decision, Verb
from models.queries import audit
from models.queries.obligations import checklist, explain
from models.queries.people import contacts
from models.rules.people.addressing import WORDS, Directory, Recipient, address
from models.rules.references import CaseReference
from tasks.obligations.unknown_case import unknown_case
from tasks.platform.database import transaction


@dataclass(frozen=True, kw_only=True)
class ReferralChecklist:
    """One referral, and which items its checklist lacks."""

    referral_ref: str
    submitted_on: date
    decision_on: date | None
    decision: Decision | None
    missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ChecklistContact:
    """Whom to ask: a contact (operations where None), as what, and why it is not who is recorded."""

    contact_ref: str | None
    role: str
    note: str


@dataclass(frozen=True, kw_only=True)
class Checklist:
    """A case's checklist: its referrals, every item, and whom to ask on the day."""

    day: date
    case: str
    referrals: tuple[ReferralChecklist, ...]
    items: tuple[ChecklistItem, ...]
    ask: tuple[ChecklistContact, ...]


def of_case(force_code: str, case_ref: str, today: date, *, by: str | None = None) -> Checklist:
    """The checklist of each of a case's referrals, as its source last sent it. The audit log says who asked.

    `by` is a contact_ref, or by default the account that runs this. Raises Refuse where there is no such case.
    """
    with transaction() as connection:
        head = explain.head(connection, force_code, case_ref)
        if head is None:
            raise unknown_case(connection, CaseReference(force_code, case_ref))
        audit.record(connection, [audit.AuditEntry(
            verb=Verb.CONSULTATION, by=by or getpass.getuser(), about="case", ref=f"{force_code}/{case_ref}",
            to_ref=None, reason="checklist",
        )])  # fmt: skip
        matter = checklist.police_matter(connection, head.id)
        told = address((Addressee.OWNER,), matter, Directory(contacts.on_duty(connection, today, [matter])))
        found = checklist.referrals(connection, head.id, head.urn_key_id)
    return Checklist(
        day=today,
        case=f"{force_code}/{case_ref}",
        referrals=tuple(ReferralChecklist(
            referral_ref=row.ref, submitted_on=row.submitted_on, decision_on=row.decision_on, decision=row.decision,
            missing=row.missing,
        ) for row in found),
        items=ITEMS,
        ask=tuple(map(_ask, told)),
    )  # fmt: skip


def _ask(told: Recipient) -> ChecklistContact:
    role = WORDS[Agency.POLICE, told.addressee] if told.contact_ref else "operations"
    return ChecklistContact(contact_ref=told.contact_ref, role=role, note=told.note)
