"""Cases and the rows that belong to them, as supplied by the extracts."""

from datetime import date, datetime

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Computed,
    ForeignKey,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from config.terms import (
    ActionSource,
    ActionStatus,
    Agency,
    Classification,
    Decision,
    FinalisedReason,
    OrderKind,
    Relationship,
    ReviewKind,
    Risk,
    SuspectStatus,
)
from models import quorum
from models.base import Base, Numbered, partial_index
from models.intake import Supplied

# Of closed cases, those whose orders are watched on; a transferred one only until another force has it.
KEPT = "finalised_on is not null and (classification <> 'other' or declassified_on is not null)"


class Case(Supplied, Base):
    """The matter as its force records it.

    Its id equals the id of its key. A withdrawn case is missing from its source.
    """

    __tablename__ = "cases"
    __table_args__ = (
        partial_index("ix_cases_urn_key_id", "urn_key_id", where="urn_key_id is not null"),
        partial_index("ix_cases_waiting", "force_code", "id", where="projection <> 'evaluated'"),
        # few distinct values keep it small: it counts open cases by place without reading the cases
        partial_index(
            "ix_cases_open", "force_code", "cps_area", "classification", "projection", where="finalised_on is null"
        ),
        # the same of closed cases that are projected on: an order outlives its case
        partial_index("ix_cases_kept", "force_code", "projection", "finalised_reason", where=KEPT),
        partial_index("ix_cases_oic_ref", "oic_ref", where="finalised_on is null"),
        partial_index("ix_cases_supervisor_ref", "supervisor_ref", where="finalised_on is null"),
        partial_index("ix_cases_spoc_ref", "spoc_ref", where="spoc_ref is not null and finalised_on is null"),
        partial_index("ix_cases_transferred", "id", where="transfer_seen_on is not null"),
        partial_index("ix_cases_restricted", "id", where="restricted"),
        partial_index("ix_cases_barring", "urn_key_id", where="barred_refs <> '{}'::text[]"),
        partial_index("ix_cases_suspect_key", "suspect_key", where="suspect_key is not null"),
        partial_index("ix_cases_victim_key", "victim_key", where="victim_key is not null"),
        CheckConstraint("projection in ('changed', 'evaluated', 'failed')", name="projection"),
    )
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    force_code: Mapped[str]
    case_ref: Mapped[str]
    urn_key_id: Mapped[int | None] = mapped_column(BigInteger)
    urn_suffix: Mapped[str | None]
    cps_area: Mapped[str]
    opened_on: Mapped[date]
    offence_codes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    classification: Mapped[Classification] = mapped_column(Text)
    declassified_on: Mapped[date | None]  # the day an extract changed it from stalking to another classification
    risk: Mapped[Risk] = mapped_column(Text)
    relationship: Mapped[Relationship | None] = mapped_column(Text)
    oic_ref: Mapped[str]
    supervisor_ref: Mapped[str | None]
    spoc_ref: Mapped[str | None]  # the police SPOC who leads on it
    barred_refs: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))  # must hear nothing of it
    suspect_status: Mapped[SuspectStatus | None] = mapped_column(Text)
    status_changed_on: Mapped[date | None]
    status_on: Mapped[date | None]  # the status day, which intake keeps; null while there is no status
    status_seen_on: Mapped[date | None]  # the extract that changed the status, or a day sent no more; null: neither
    bail_ends_on: Mapped[date | None]
    bail_varied_on: Mapped[date | None]
    arrest_attempted_on: Mapped[date | None]  # the latest attempt to arrest, or review of the plan to
    charged_on: Mapped[date | None]  # as police record it: used where CPS gives none
    last_act_on: Mapped[date | None]
    time_limit_noted_on: Mapped[date | None]
    finalised_on: Mapped[date | None]
    finalised_reason: Mapped[FinalisedReason | None] = mapped_column(Text)
    transfer_seen_on: Mapped[date | None]  # the day of the extract that finalised it as transferred; null: none did
    restricted: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    why_not_stalking_on: Mapped[date | None]
    risk_assessed_on: Mapped[date | None]
    risk_ratified_on: Mapped[date | None]  # a supervisor confirmed the grade
    advocate_referred_on: Mapped[date | None]
    advocate_declined_on: Mapped[date | None]
    victim_contacted_on: Mapped[date | None]
    victim_contact_days: Mapped[int | None]
    spo_considered_on: Mapped[date | None]
    pin_issued_on: Mapped[date | None]
    pin_withdrawn_on: Mapped[date | None]
    bail_views_on: Mapped[date | None]
    release_reviewed_on: Mapped[date | None]
    victim_told_on: Mapped[date | None]
    nfa_reviewed_on: Mapped[date | None]
    nfa_victim_told_on: Mapped[date | None]
    suspect_key: Mapped[str | None]
    victim_key: Mapped[str | None]
    projection: Mapped[str] = mapped_column(server_default=text("'changed'"))
    projected_at: Mapped[datetime | None]
    failure: Mapped[str | None]  # an opaque code; null unless the projection failed


class BelongsToCase(Supplied):
    """A row that names its case by a key. It waits while the key has no case."""

    key_id: Mapped[int] = mapped_column(BigInteger, index=True)
    urn_suffix: Mapped[str | None]  # kept where the row names its case by URN; never used for matching


class CpsCase(Supplied, Base):
    """The CPS record of a case. When given by URN, it applies to every linked case."""

    __tablename__ = "cps_cases"
    __table_args__ = (
        # each prosecutor's newest rows first
        partial_index("ix_cps_cases_prosecutor_ref", "prosecutor_ref", "key_id", where="withdrawn_on is null"),
        partial_index("ix_cps_cases_spoc_ref", "spoc_ref", where="spoc_ref is not null and withdrawn_on is null"),
    )
    key_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    urn_suffix: Mapped[str | None]
    prosecutor_ref: Mapped[str | None]
    spoc_ref: Mapped[str | None]  # the CPS SPOC who leads on it
    charge_authorised_on: Mapped[date | None]
    charged_on: Mapped[date | None]
    charged_codes: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    not_stalking_reason_on: Mapped[date | None]
    ctl_expires_on: Mapped[date | None]
    in_custody: Mapped[bool | None]
    next_hearing_on: Mapped[date | None]


class IncidentRow(BelongsToCase, Base):
    """One act in the pattern of behaviour."""

    __tablename__ = "incidents"
    incident_ref: Mapped[str] = mapped_column(primary_key=True)
    occurred_on: Mapped[date]
    reported_on: Mapped[date]
    breach: Mapped[bool] = mapped_column(Boolean)
    breach_decided_on: Mapped[date | None]


class ActionRow(BelongsToCase, Base):
    """An outstanding investigative action."""

    __tablename__ = "actions"
    __table_args__ = (
        partial_index(
            "ix_actions_in_hand",
            "owner_ref",
            where="status in ('pending', 'waiting_third_party') and withdrawn_on is null",
        ),
    )
    action_ref: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    source: Mapped[ActionSource] = mapped_column(Text)
    owner_agency: Mapped[Agency] = mapped_column(Text)
    status: Mapped[ActionStatus] = mapped_column(Text)
    raised_on: Mapped[date]
    owner_ref: Mapped[str | None]
    due_on: Mapped[date | None]
    closed_on: Mapped[date | None]


class Completion(Numbered, Base):
    """A person's statement that an action was done.

    It applies while the action's row keeps the source's own version.
    """

    __tablename__ = "completions"
    action_ref: Mapped[str] = mapped_column(ForeignKey("actions.action_ref"), index=True)
    by_ref: Mapped[str]
    done_on: Mapped[date]
    made_on: Mapped[date]
    made_at: Mapped[datetime]


class ReviewRow(BelongsToCase, Base):
    """A review that was held."""

    __tablename__ = "reviews"
    review_ref: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[ReviewKind] = mapped_column(Text)
    held_on: Mapped[date]
    police_attended: Mapped[bool] = mapped_column(Boolean)
    cps_attended: Mapped[bool] = mapped_column(Boolean)
    quorate: Mapped[bool] = mapped_column(Boolean, Computed(quorum.OF_A_REVIEW, persisted=True))


class ReferralRow(BelongsToCase, Base):
    """A submission to CPS for a charging decision."""

    __tablename__ = "referrals"
    referral_ref: Mapped[str] = mapped_column(primary_key=True)
    submitted_on: Mapped[date]
    decision_required_by: Mapped[date | None]
    decision_on: Mapped[date | None]
    decision: Mapped[Decision | None] = mapped_column(Text)
    checklist_missing: Mapped[list[str]] = mapped_column(ARRAY(Text))


class OrderRow(BelongsToCase, Base):
    """A protective order."""

    __tablename__ = "orders"
    order_ref: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[OrderKind] = mapped_column(Text)
    sought_on: Mapped[date | None]
    made_on: Mapped[date | None]
    served_on: Mapped[date | None]
    notified_on: Mapped[date | None]  # the subject of an SPO gave name and address
    victim_told_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    renewal_decided_on: Mapped[date | None]
    victim_views_on: Mapped[date | None]
    decided_on: Mapped[date | None]


class PleaRow(BelongsToCase, Base):
    """A plea that was offered."""

    __tablename__ = "pleas"
    plea_ref: Mapped[str] = mapped_column(primary_key=True)
    offered_on: Mapped[date]
    charged_code: Mapped[str]
    plea_code: Mapped[str]
    accepted_on: Mapped[date | None]
    victim_consulted_on: Mapped[date | None]
    rationale_recorded_on: Mapped[date | None]
    spoc_reviewed_on: Mapped[date | None]
