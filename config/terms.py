"""Enumerations shared by all of Casebeat: one for each idea, stored by value."""

from enum import StrEnum


class Agency(StrEnum):
    """The agency that sends an extract or employs a contact."""

    POLICE = "police"
    CPS = "cps"


class OwedBy(StrEnum):
    """The side that owes an obligation."""

    POLICE = "police"
    CPS = "cps"
    BOTH = "both"
    OPERATIONS = "operations"


class Role(StrEnum):
    """A contact's role in stalking casework."""

    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    PROSECUTOR = "prosecutor"
    LEGAL_MANAGER = "legal_manager"
    SPOC = "spoc"
    LEAD = "lead"


class Classification(StrEnum):
    """The recorded classification of the conduct."""

    STALKING = "stalking"
    HARASSMENT = "harassment"
    OTHER = "other"


class Risk(StrEnum):
    """DASH risk levels. An empty level is unknown, and counts as high everywhere."""

    HIGH = "high"
    MEDIUM = "medium"
    STANDARD = "standard"
    UNKNOWN = "unknown"

    @property
    def treated_as(self) -> "Risk":
        """Return high for unknown, otherwise the level itself."""
        return Risk.HIGH if self is Risk.UNKNOWN else self


class SuspectStatus(StrEnum):
    """The status of the suspect."""

    NOT_IDENTIFIED = "not_identified"
    AT_LARGE = "at_large"
    WANTED = "wanted"  # a warrant is out, or the suspect failed to surrender
    VOLUNTARY = "voluntary"
    RUI = "rui"
    BAIL = "bail"
    CUSTODY = "custody"


class Relationship(StrEnum):
    """The relationship of the suspect to the victim."""

    EX_PARTNER = "ex_partner"
    PARTNER = "partner"
    FAMILY = "family"
    ACQUAINTANCE = "acquaintance"
    STRANGER = "stranger"
    OTHER = "other"


class FinalisedReason(StrEnum):
    """How a case ended."""

    CHARGED_AND_DISPOSED = "charged_and_disposed"
    NFA_POLICE = "nfa_police"
    NFA_CPS = "nfa_cps"
    ADMINISTRATIVE = "administrative"
    TRANSFERRED = "transferred"
    OTHER = "other"


class ActionSource(StrEnum):
    """The origin of an outstanding investigative action."""

    INVESTIGATION = "investigation"
    ACTION_PLAN = "action_plan"
    JOINT_REVIEW = "joint_review"


class ActionStatus(StrEnum):
    """The progress of an action."""

    PENDING = "pending"
    WAITING_THIRD_PARTY = "waiting_third_party"
    DONE = "done"
    CANCELLED = "cancelled"
    NOT_POSSIBLE = "not_possible"


class ReviewKind(StrEnum):
    """Who reviewed the case."""

    JOINT = "joint"
    SUPERVISOR = "supervisor"


class Decision(StrEnum):
    """The CPS decision on a referral."""

    CHARGE = "charge"
    NFA = "nfa"
    FURTHER_WORK = "further_work"


class OrderKind(StrEnum):
    """Protective orders."""

    SPO = "spo"
    INTERIM_SPO = "interim_spo"
    DAPO = "dapo"
    RESTRAINING_ORDER = "restraining_order"
    NON_MOLESTATION = "non_molestation"
    DVPN = "dvpn"
    DVPO = "dvpo"
    OCCUPATION_ORDER = "occupation_order"
    CIVIL_INJUNCTION = "civil_injunction"


class Severity(StrEnum):
    """The CPS's own four terms for lateness."""

    NOT_DUE_YET = "not due yet"
    DUE_SOON = "due soon"
    OVERDUE = "overdue"
    CRITICALLY_OVERDUE = "critically overdue"


class EndReason(StrEnum):
    """Why a version of an obligation ended."""

    MET = "met"
    MOVED = "moved"
    RENEWED = "renewed"  # there is danger again: it is owed for a later day too
    WITHDRAWN = "withdrawn"
    OUT_OF_SCOPE = "out_of_scope"
    FINALISED = "finalised"
    POLICY = "policy"
    UNSEEN = "unseen"  # a source's file has lost the column that would tell
    VOID = "void"  # the version began in a round, or by a fact, that was taken back


class Manner(StrEnum):
    """How a step is announced."""

    DIGEST = "digest"
    AT_ONCE = "at_once"


class Duty(StrEnum):
    """Chase approaches the owner and supervisor; escalate approaches the SPOCs and leads."""

    CHASE = "chase"
    ESCALATE = "escalate"


class Addressee(StrEnum):
    """The names a ladder uses for the people a step goes to."""

    OWNER = "owner"
    SUPERVISOR = "supervisor"
    SPOC = "spoc"
    LEAD = "lead"
    COUNTERPART = "counterpart"
    OPERATIONS = "operations"


class StepOutcome(StrEnum):
    """The outcome of a ladder step."""

    TAKEN = "taken"
    SUPERSEDED = "superseded"
    SILENT = "silent"
    VOID = "void"  # the round that decided it was undone


class Happening(StrEnum):
    """The event a notification reports: a step, or one of the four that follow from one."""

    STEP = "step"
    RESOLVED = "resolved"
    HANDED_OVER = "handed_over"
    OPENED = "opened"  # its reader may know the case now, and could not when they were notified of the step
    LAPSED = "lapsed"


class State(StrEnum):
    """The state of a notification or message, from queued to sent."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    SHOWN = "shown"
    UNKNOWN = "unknown"
    RETRY = "retry"
    DEAD = "dead"
    SILENT = "silent"
    VOID = "void"  # the round that decided it was undone: it counts no more, whatever became of it


class Verb(StrEnum):
    """The processing operations that DPA 2018 s.62 requires to be logged."""

    COLLECTION = "collection"
    ALTERATION = "alteration"
    CONSULTATION = "consultation"
    DISCLOSURE = "disclosure"
    COMBINATION = "combination"
    ERASURE = "erasure"


class Authority(StrEnum):
    """Who set a duty, or its number of days. What is published (protocol, code, guidance) is not law."""

    LAW = "law"
    COURT_ORDER = "court order"
    PUBLISHED = "published"  # a protocol, a code or guidance
    LOCAL = "local"


class Party(StrEnum):
    """The person whom an extract of a case is for."""

    VICTIM = "victim"
    SUSPECT = "suspect"


Readers = frozenset[Party]
VICTIM, SUSPECT = frozenset({Party.VICTIM}), frozenset({Party.SUSPECT})
BOTH: Readers = VICTIM | SUSPECT
NOBODY: Readers = frozenset()
