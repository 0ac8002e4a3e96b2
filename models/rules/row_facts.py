"""The rows of a case as plain values: its incidents, actions, reviews, suspects, defendants, orders and so on."""

from datetime import date
from typing import NamedTuple

from config.seen import SeenKind
from config.terms import (
    ActionSource,
    ActionStatus,
    Agency,
    OrderKind,
    ReviewKind,
    SuspectStatus,
)

LIVE_STATUSES = frozenset({ActionStatus.PENDING, ActionStatus.WAITING_THIRD_PARTY})


class IncidentFact(NamedTuple):
    """One act in the pattern of behaviour."""

    ref: str
    occurred_on: date
    reported_on: date
    breach: bool
    breach_decided_on: date | None
    source_id: int
    supplied: bool


class ActionFact(NamedTuple):
    """An outstanding investigative action."""

    ref: str
    kind: str
    source: ActionSource
    owner_agency: Agency
    status: ActionStatus
    raised_on: date
    due_on: date | None
    closed_on: date | None
    owner_ref: str | None
    source_id: int
    supplied: bool

    @property
    def live(self) -> bool:
        """Return whether it is supplied, and pending or waiting for a third party."""
        return self.supplied and self.status in LIVE_STATUSES


class ReviewFact(NamedTuple):
    """A review of the case that was held."""

    ref: str
    kind: ReviewKind
    held_on: date
    quorate: bool  # the database's column
    source_id: int
    supplied: bool

    @property
    def counts(self) -> bool:
        """Return whether it is quorate and still supplied."""
        return self.supplied and self.quorate


class ReferralFact(NamedTuple):
    """The submission to CPS for a charging decision."""

    ref: str
    submitted_on: date
    decision_required_by: date | None
    decision_on: date | None
    checklist_missing: tuple[str, ...]
    source_id: int
    supplied: bool

    @property
    def undecided(self) -> bool:
        """Return whether it is supplied and has no decision yet."""
        return self.supplied and self.decision_on is None


class OrderFact(NamedTuple):
    """A protective order."""

    ref: str
    kind: OrderKind
    made_on: date | None
    served_on: date | None
    notified_on: date | None
    victim_told_on: date | None
    expires_on: date | None
    renewal_decided_on: date | None
    victim_views_on: date | None
    decided_on: date | None
    source_id: int
    supplied: bool


class PleaFact(NamedTuple):
    """A plea that was offered."""

    ref: str
    offered_on: date
    charged_code: str
    plea_code: str
    victim_consulted_on: date | None
    rationale_recorded_on: date | None
    spoc_reviewed_on: date | None
    source_id: int
    supplied: bool


class SittingFact(NamedTuple):
    """One sitting of the case. `convened` is false if the case was moved away or the sitting was cancelled."""

    ref: str
    day: date
    chair: Agency | None  # the chair's agency; None if the chair is not known
    recorded_on: date | None  # of an outcome that an extract told: the day on which it was held
    convened: bool


class SuspectFact(NamedTuple):
    """One row of suspects.csv. A column that its source does not send is None: the case's own row tells it instead."""

    ref: str
    suspect_status: SuspectStatus | None
    status_changed_on: date | None
    status_on: date | None  # the status day, kept by intake
    status_seen_on: date | None  # the extract that changed the status, or a day sent no more; None: neither
    bail_ends_on: date | None
    bail_varied_on: date | None
    bail_views_on: date | None
    release_reviewed_on: date | None
    arrest_attempted_on: date | None
    charged_on: date | None
    suspect_key: str | None
    source_id: int
    supplied: bool


class DefendantFact(NamedTuple):
    """One row of defendants.csv. A column that its source does not send is None: its cps_cases row tells it instead."""

    ref: str
    in_custody: bool | None
    ctl_expires_on: date | None
    source_id: int
    supplied: bool


class SeenChange(NamedTuple):
    """A change that intake saw between two extracts of a source, and that no column tells."""

    kind: SeenKind
    suspect_ref: str | None  # None: of the case's own row
    seen_on: date  # the London day of the extract that told it
    since_on: date  # that of the extract before


class OtherCase(NamedTuple):
    """Another case, stalking, harassment or once stalking, open or not, with the key of a suspect of this one."""

    force_code: str
    case_ref: str
    opened_on: date
    finalised_on: date | None
    victim_key: str | None
    linked: bool
