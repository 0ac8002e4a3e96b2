"""Rows of an extract that tell of a case; each field is a column of the row's file."""

from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from tasks.demo.people_rows import AbsenceCsvRow, ContactCsvRow, TrainingCsvRow
from tasks.demo.prosecution_rows import CpsCaseCsvRow, DefendantCsvRow, PleaCsvRow, ReferralCsvRow

FORCE = "45"
AREA, NEXT_AREA = "South East", "London South"  # the second prosecutes for the teams next to London


@dataclass
class CaseCsvRow:
    """A row of cases.csv."""

    force_code: str
    case_ref: str
    opened_on: date
    offence_codes: tuple[str, ...]
    oic_ref: str
    supervisor_ref: str
    cps_area: str = AREA
    urn: str = ""
    classification: str = ""
    risk: str = ""
    relationship: str = ""
    suspect_status: str = ""
    bail_ends_on: date | None = None
    last_act_on: date | None = None
    time_limit_noted_on: date | None = None
    finalised_on: date | None = None
    finalised_reason: str = ""
    restricted: bool = False
    why_not_stalking_on: date | None = None
    risk_assessed_on: date | None = None
    victim_contacted_on: date | None = None
    victim_contact_days: int | None = None
    spo_considered_on: date | None = None
    pin_issued_on: date | None = None
    pin_withdrawn_on: date | None = None
    barred_refs: tuple[str, ...] = ()
    status_changed_on: date | None = None
    bail_views_on: date | None = None
    release_reviewed_on: date | None = None
    victim_told_on: date | None = None
    nfa_reviewed_on: date | None = None
    nfa_victim_told_on: date | None = None
    spoc_ref: str = ""
    suspect_key: str = ""
    victim_key: str = ""
    bail_varied_on: date | None = None
    arrest_attempted_on: date | None = None
    risk_ratified_on: date | None = None
    advocate_referred_on: date | None = None
    advocate_declined_on: date | None = None


@dataclass
class SuspectCsvRow:
    """A row of suspects.csv: one of several suspects of a case."""

    force_code: str
    case_ref: str
    suspect_ref: str
    suspect_status: str = ""
    status_changed_on: date | None = None
    bail_ends_on: date | None = None
    bail_varied_on: date | None = None
    bail_views_on: date | None = None
    release_reviewed_on: date | None = None
    arrest_attempted_on: date | None = None
    charged_on: date | None = None
    suspect_key: str = ""


@dataclass
class IncidentCsvRow:
    """A row of incidents.csv."""

    force_code: str
    case_ref: str
    incident_ref: str
    occurred_on: date
    reported_on: date
    kind: str
    breach: bool = False
    breach_decided_on: date | None = None


@dataclass
class ActionCsvRow:
    """A row of actions.csv. CPS fills `urn`; police fill force and case."""

    action_ref: str
    force_code: str
    case_ref: str
    urn: str
    kind: str
    source: str
    owner_agency: str
    status: str
    raised_on: date
    owner_ref: str = ""
    due_on: date | None = None
    closed_on: date | None = None
    closed_reason: str = ""


@dataclass
class ReviewCsvRow:
    """A row of reviews.csv."""

    review_ref: str
    force_code: str
    case_ref: str
    urn: str
    kind: str
    held_on: date
    police_attended: bool
    cps_attended: bool


@dataclass
class OrderCsvRow:
    """A row of orders.csv."""

    order_ref: str
    force_code: str
    case_ref: str
    kind: str
    sought_on: date | None = None
    made_on: date | None = None
    served_on: date | None = None
    notified_on: date | None = None
    victim_told_on: date | None = None
    expires_on: date | None = None
    renewal_decided_on: date | None = None
    victim_views_on: date | None = None
    decided_on: date | None = None


@dataclass
class CaseFile:
    """One case with all its rows, and its team."""

    case: CaseCsvRow
    team: int
    cps: CpsCaseCsvRow | None = None
    incidents: list[IncidentCsvRow] = field(default_factory=list)
    actions: list[ActionCsvRow] = field(default_factory=list)
    reviews: list[ReviewCsvRow] = field(default_factory=list)
    referrals: list[ReferralCsvRow] = field(default_factory=list)
    orders: list[OrderCsvRow] = field(default_factory=list)
    pleas: list[PleaCsvRow] = field(default_factory=list)
    second: SuspectCsvRow | None = None  # who acted with the suspect of the case's own row
    heedless: bool = False  # whether nobody acts on its messages
    failed: bool = False  # whether its last joint review did not count

    @property
    def open(self) -> bool:
        """Return whether it is not finalised."""
        return self.case.finalised_on is None

    @property
    def stalking(self) -> bool:
        """Return whether it owes joint reviews while it is open."""
        return self.case.classification == "stalking"

    @property
    def charged(self) -> bool:
        """Return whether the suspect was charged."""
        return self.cps is not None and self.cps.charged_on is not None

    def suspect(self, ref: str) -> CaseCsvRow | SuspectCsvRow:
        """Return the row that tells of the suspect with a reference."""
        return self.second if self.second is not None and self.second.suspect_ref == ref else self.case

    def suspects(self) -> list[SuspectCsvRow]:
        """List its rows of suspects.csv: none where its own row tells of its one suspect."""
        if self.second is None:
            return []
        names = [column.name for column in fields(SuspectCsvRow) if column.name not in ("suspect_ref", "charged_on")]
        own = {name: getattr(self.case, name) for name in names}
        charged = self.cps.charged_on if self.cps else None
        return [SuspectCsvRow(suspect_ref=f"{self.case.case_ref}-A", charged_on=charged, **own), self.second]

    def defendants(self) -> list[DefendantCsvRow]:
        """List its rows of defendants.csv: none where its row of cps_cases.csv tells of its one defendant."""
        if self.second is None or self.cps is None or not self.cps.urn or self.second.charged_on is None:
            return []
        first = DefendantCsvRow(f"{self.cps.urn}-A", self.cps.urn, self.cps.in_custody, self.cps.ctl_expires_on)
        return [first, DefendantCsvRow(f"{self.cps.urn}-B", self.cps.urn, in_custody=False)]

    def live_actions(self) -> list[ActionCsvRow]:
        """List the actions that are not closed."""
        return [action for action in self.actions if action.status in ("pending", "waiting_third_party")]


SHAPES: dict[str, type[Any]] = {
    "contacts.csv": ContactCsvRow,
    "absences.csv": AbsenceCsvRow,
    "training.csv": TrainingCsvRow,
    "cases.csv": CaseCsvRow,
    "incidents.csv": IncidentCsvRow,
    "actions.csv": ActionCsvRow,
    "reviews.csv": ReviewCsvRow,
    "cps_cases.csv": CpsCaseCsvRow,
    "referrals.csv": ReferralCsvRow,
    "orders.csv": OrderCsvRow,
    "pleas.csv": PleaCsvRow,
    "suspects.csv": SuspectCsvRow,
    "defendants.csv": DefendantCsvRow,
}
