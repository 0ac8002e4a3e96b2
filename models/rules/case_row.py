from datetime import date
from typing import NamedTuple

from config.terms import Classification, FinalisedReason, Relationship, Risk, SuspectStatus

SOUGHT = frozenset({SuspectStatus.AT_LARGE, SuspectStatus.WANTED})


class CaseRow(NamedTuple):
    """The case's own row, with the CPS columns (cps_cases) included."""

    case_id: int
    force_code: str
    case_ref: str
    urn_root: str | None
    cps_area: str
    opened_on: date
    classification: Classification
    risk: Risk
    relationship: Relationship | None
    offence_codes: tuple[str, ...]
    suspect_status: SuspectStatus | None
    status_changed_on: date | None
    status_on: date | None  # the status day, kept by intake
    status_seen_on: date | None  # the extract that changed the status, or a day sent no more; None: neither
    bail_ends_on: date | None
    bail_varied_on: date | None
    arrest_attempted_on: date | None  # the latest attempt to arrest, or review of the plan to
    last_act_on: date | None
    time_limit_noted_on: date | None
    finalised_on: date | None
    finalised_reason: FinalisedReason | None
    charge_authorised_on: date | None
    charged_on: date | None  # as CPS sends it, else as police do
    charged_codes: tuple[str, ...]
    not_stalking_reason_on: date | None
    in_custody: bool | None  # as CPS sends it
    ctl_expires_on: date | None
    next_hearing_on: date | None
    declassified_on: date | None  # the day an extract changed it from stalking to another classification
    why_not_stalking_on: date | None
    risk_assessed_on: date | None
    risk_ratified_on: date | None  # a supervisor confirmed the grade, there or here
    advocate_referred_on: date | None
    advocate_declined_on: date | None
    victim_contacted_on: date | None
    victim_contact_days: int | None
    spo_considered_on: date | None
    pin_issued_on: date | None
    pin_withdrawn_on: date | None
    bail_views_on: date | None
    release_reviewed_on: date | None
    victim_told_on: date | None
    nfa_reviewed_on: date | None
    nfa_victim_told_on: date | None
    suspect_key: str | None
    victim_key: str | None
    source_id: int
    cps_source_id: int | None  # of the row of cps_cases.csv; None if CPS has sent none

    @property
    def closed(self) -> bool:
        """Return whether it is finalised."""
        return self.finalised_on is not None

    @property
    def not_stalking(self) -> bool:
        """Return whether it is recorded as something other than stalking."""
        return self.classification is not Classification.STALKING

    @property
    def uncharged(self) -> bool:
        """Return whether nobody is charged."""
        return self.charged_on is None

    @property
    def on_bail(self) -> bool:
        """Return whether the suspect is on bail."""
        return self.suspect_status is SuspectStatus.BAIL

    @property
    def sought(self) -> bool:
        """Return whether the suspect is still to be found: at large, or wanted."""
        return self.suspect_status in SOUGHT

    @property
    def why_not_answered(self) -> bool:
        """Return whether it is recorded why it is not stalking; before it stopped being that, this answered nothing."""
        reason, since = self.why_not_stalking_on, self.declassified_on
        return reason is not None and (since is None or reason >= since)

    @property
    def held(self) -> bool:
        """Return whether the suspect is in custody."""
        return self.suspect_status is SuspectStatus.CUSTODY
