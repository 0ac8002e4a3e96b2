"""The files of specification 2: their columns, which of those a file may lack, and a file as one extract sends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]
Key = tuple[str, ...]
OF_A_CASE = "urn force_code case_ref"
REQUIRED = {
    "contacts": "contact_ref agency name email roles force_code cps_area deputy_ref active_from active_to "
    "restricted_access slack_user_id",
    "absences": "contact_ref from_on to_on",
    "training": "contact_ref course completed_on expires_on",
    "cases": "force_code case_ref opened_on offence_codes oic_ref urn cps_area classification risk relationship "
    "supervisor_ref spoc_ref suspect_status finalised_on finalised_reason restricted barred_refs time_limit_noted_on "
    "victim_contact_days suspect_key victim_key",
    "suspects": "force_code case_ref suspect_ref suspect_status status_changed_on suspect_key",
    "incidents": "force_code case_ref incident_ref occurred_on reported_on kind",
    "actions": f"action_ref {OF_A_CASE} kind source owner_agency status raised_on owner_ref due_on closed_on "
    "closed_reason",
    "reviews": f"review_ref {OF_A_CASE} kind held_on",
    "cps_cases": f"{OF_A_CASE} prosecutor_ref spoc_ref charge_authorised_on next_hearing_on",
    "defendants": f"defendant_ref {OF_A_CASE}",
    "referrals": f"referral_ref {OF_A_CASE} submitted_on decision_required_by",
    "orders": f"order_ref {OF_A_CASE} kind sought_on made_on expires_on",
    "pleas": f"plea_ref {OF_A_CASE} offered_on charged_code plea_code accepted_on",
}
# what a file may lack in a random book: each that a rule needs, and others that begin a duty
OPTIONAL = {
    "cases": "bail_ends_on last_act_on why_not_stalking_on risk_assessed_on victim_contacted_on spo_considered_on "
    "pin_issued_on pin_withdrawn_on status_changed_on bail_views_on release_reviewed_on victim_told_on nfa_reviewed_on "
    "nfa_victim_told_on arrest_attempted_on risk_ratified_on bail_varied_on advocate_referred_on advocate_declined_on "
    "charged_on",
    "incidents": "breach breach_decided_on",
    "reviews": "police_attended cps_attended",
    "cps_cases": "charged_on charged_codes not_stalking_reason_on ctl_expires_on in_custody",
    "referrals": "decision_on decision checklist_missing",
    "orders": "served_on notified_on victim_told_on renewal_decided_on victim_views_on decided_on",
    "pleas": "victim_consulted_on rationale_recorded_on spoc_reviewed_on",
    "suspects": "bail_ends_on bail_varied_on bail_views_on release_reviewed_on arrest_attempted_on charged_on",
    "defendants": "in_custody ctl_expires_on",
}
COLUMNS = {name: tuple(f"{columns} {OPTIONAL.get(name, '')}".split()) for name, columns in REQUIRED.items()}
# the values that stay where a snapshot no longer has their column: the days of hard clocks, and of orders
LASTING = {
    "cases": {"bail_ends_on", "last_act_on", "restricted", "barred_refs", "time_limit_noted_on"},
    "suspects": {"bail_ends_on"},
    "cps_cases": {"ctl_expires_on"},
    "defendants": {"ctl_expires_on"},
    "orders": {column for column in COLUMNS["orders"] if column.endswith("_on")},
}


@dataclass
class Sheet:
    """One file of an extract: its columns, and each row with its key and whether it is marked as withdrawn."""

    columns: tuple[str, ...]
    rows: list[tuple[Key, Row, bool]]

    @classmethod
    def whole(cls, name: str, rows: list[tuple[Key, Row, bool]]) -> Sheet:
        """Give a file that has every column."""
        return cls(COLUMNS[name], rows)
