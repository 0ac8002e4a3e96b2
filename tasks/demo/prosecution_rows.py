"""Rows of an extract that tell of a prosecution; each field is a column of the row's file."""

from dataclasses import dataclass
from datetime import date


@dataclass
class CpsCaseCsvRow:
    """A row of cps_cases.csv, by force and case if there is no URN yet."""

    urn: str
    force_code: str
    case_ref: str
    prosecutor_ref: str
    charge_authorised_on: date | None = None
    charged_on: date | None = None
    charged_codes: tuple[str, ...] = ()
    not_stalking_reason_on: date | None = None
    ctl_expires_on: date | None = None
    next_hearing_on: date | None = None
    in_custody: bool = False


@dataclass
class DefendantCsvRow:
    """A row of defendants.csv: one of several defendants of a case."""

    defendant_ref: str
    urn: str
    in_custody: bool
    ctl_expires_on: date | None = None


@dataclass
class ReferralCsvRow:
    """A row of referrals.csv."""

    referral_ref: str
    urn: str
    submitted_on: date
    decision_required_by: date | None = None
    decision_on: date | None = None
    decision: str = ""
    checklist_missing: tuple[str, ...] = ()


@dataclass
class PleaCsvRow:
    """A row of pleas.csv."""

    plea_ref: str
    urn: str
    offered_on: date
    charged_code: str
    plea_code: str
    accepted_on: date | None = None
    victim_consulted_on: date | None = None
    rationale_recorded_on: date | None = None
    spoc_reviewed_on: date | None = None
