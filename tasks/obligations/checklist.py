"""The referral checklist of one case: its items, which of them are missing, and whom to ask."""

from dataclasses import dataclass
from datetime import date

from config.checklist import ITEMS, ChecklistItem
from config.terms import Agency, Decision, OwedBy
from models.queries.intake import source_columns
from models.queries.obligations import checklist, explain
from models.queries.people.parties import case_parties
from models.rules.catalogue.referral_checklist import CHECKLIST_MISSING
from models.rules.people.addressing import ROLE_NAMES, Recipient, owners
from models.rules.references import CaseReference
from tasks.obligations.leading_spocs import ExplainedLead, who_leads
from tasks.obligations.unknown_case import unknown_case
from tasks.pattern import RelatedCases, record_related, related_cases
from tasks.platform.configuration import Configuration
from tasks.platform.consultation import record_consultation
from tasks.platform.directory import directory_on
from tasks.servers.database import transaction


@dataclass(frozen=True, kw_only=True)
class ReferralChecklist:
    """A referral and the items missing from its checklist."""

    referral_ref: str
    submitted_on: date
    decision_on: date | None
    decision: Decision | None
    missing: tuple[str, ...]
    unseen: str  # why what is missing cannot be seen; empty if it can


@dataclass(frozen=True, kw_only=True)
class ChecklistContact:
    """A person to ask: the contact (None: operations), their role, and why they replace the recorded person."""

    contact_ref: str | None
    role: str
    note: str


@dataclass(frozen=True, kw_only=True)
class Checklist:
    """A case's checklist: its referrals, all items, and the people to ask on the day."""

    day: date
    case: str
    referrals: tuple[ReferralChecklist, ...]
    items: tuple[ChecklistItem, ...]
    ask: tuple[ChecklistContact, ...]
    related: tuple[RelatedCases, ...]  # by the key of a suspect or a victim
    leads: tuple[ExplainedLead, ...]


def of_case(
    configuration: Configuration, force_code: str, case_ref: str, today: date, *, by: str | None = None
) -> Checklist:
    """Return the checklists of a case's referrals, as the source last sent them, and audit the consultation.

    `by` is a contact_ref, by default the account that runs this. Raises Refuse if there is no such case.
    """
    with transaction() as connection:
        head = explain.head(connection, force_code, case_ref)
        if head is None:
            raise unknown_case(connection, CaseReference(force_code, case_ref))
        record_consultation(connection, "case", f"{force_code}/{case_ref}", "checklist", by)
        both = case_parties(connection, head.id)
        people = directory_on(configuration, connection, today, [both])
        found = checklist.referrals(connection, head.id, head.urn_key_id)
        related = related_cases(configuration, connection, [head.id]).get(head.id, ())
        record_related(connection, f"{force_code}/{case_ref}", related, by)
        sight = source_columns.sights(connection, [force_code])[force_code]
    return Checklist(
        day=today,
        case=f"{force_code}/{case_ref}",
        referrals=tuple(ReferralChecklist(
            referral_ref=row.ref, submitted_on=row.submitted_on, decision_on=row.decision_on, decision=row.decision,
            missing=row.missing,
            unseen="" if row.missing else sight.blind(CHECKLIST_MISSING, row.source_id, OwedBy.POLICE),
        ) for row in found),
        items=ITEMS,
        ask=tuple(map(_ask, owners(both._replace(owed_by=OwedBy.POLICE), people))),
        related=related,
        leads=who_leads(both, people),
    )  # fmt: skip


def _ask(owner: Recipient) -> ChecklistContact:
    role = ROLE_NAMES[Agency.POLICE, owner.addressee] if owner.contact_ref else "operations"
    return ChecklistContact(contact_ref=owner.contact_ref, role=role, note=owner.note)
