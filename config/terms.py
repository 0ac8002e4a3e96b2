"""The words everyone in Casebeat speaks: one enumeration per idea, stored by value."""

from enum import StrEnum


class Agency(StrEnum):
    """Who sends an extract, and whose person a contact is."""

    POLICE = "police"
    CPS = "cps"


class OwedBy(StrEnum):
    """Who owes an obligation."""

    POLICE = "police"
    CPS = "cps"
    BOTH = "both"
    OPERATIONS = "operations"


class Mode(StrEnum):
    """Whether an extract holds all its source holds, or only what changed."""

    SNAPSHOT = "snapshot"
    DELTA = "delta"


class Role(StrEnum):
    """What a contact does in stalking casework."""

    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    PROSECUTOR = "prosecutor"
    LEGAL_MANAGER = "legal_manager"
    SPOC = "spoc"
    LEAD = "lead"


class Classification(StrEnum):
    """What the conduct is recorded as."""

    STALKING = "stalking"
    HARASSMENT = "harassment"
    OTHER = "other"


class Risk(StrEnum):
    """DASH levels; an empty one is unknown and is treated as high everywhere."""

    HIGH = "high"
    MEDIUM = "medium"
    STANDARD = "standard"
    UNKNOWN = "unknown"

    @property
    def treated_as(self) -> "Risk":
        """Unknown reads as high."""
        return Risk.HIGH if self is Risk.UNKNOWN else self


class SuspectStatus(StrEnum):
    """Where the suspect stands."""

    NOT_IDENTIFIED = "not_identified"
    AT_LARGE = "at_large"
    VOLUNTARY = "voluntary"
    RUI = "rui"
    BAIL = "bail"
    CUSTODY = "custody"


class Relationship(StrEnum):
    """What suspect and victim are to each other."""

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
    """Where an outstanding investigative action came from."""

    INVESTIGATION = "investigation"
    ACTION_PLAN = "action_plan"
    JOINT_REVIEW = "joint_review"


class ActionStatus(StrEnum):
    """How far an action is."""

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
    """What CPS decided on a referral."""

    CHARGE = "charge"
    NFA = "nfa"
    FURTHER_WORK = "further_work"


class OrderKind(StrEnum):
    """The orders that protect someone."""

    SPO = "spo"
    INTERIM_SPO = "interim_spo"
    RESTRAINING_ORDER = "restraining_order"
    NON_MOLESTATION = "non_molestation"


class Course(StrEnum):
    """Training the protocol asks for."""

    STALKING_PROSECUTOR = "stalking_prosecutor"
    SPOC_ROLE = "spoc_role"


class Severity(StrEnum):
    """The CPS's own four words for lateness."""

    NOT_DUE_YET = "not due yet"
    DUE_SOON = "due soon"
    OVERDUE = "overdue"
    CRITICALLY_OVERDUE = "critically overdue"


class EndReason(StrEnum):
    """Why a version of an obligation ended."""

    MET = "met"
    MOVED = "moved"
    WITHDRAWN = "withdrawn"
    OUT_OF_SCOPE = "out_of_scope"
    FINALISED = "finalised"
    POLICY = "policy"


class Manner(StrEnum):
    """How a step is said."""

    DIGEST = "digest"
    AT_ONCE = "at_once"


class Duty(StrEnum):
    """To chase is to approach owner and supervisor; to escalate, the SPOCs and leads."""

    CHASE = "chase"
    ESCALATE = "escalate"


class Addressee(StrEnum):
    """The words a ladder uses for whom a step is told."""

    OWNER = "owner"
    SUPERVISOR = "supervisor"
    SPOC = "spoc"
    LEAD = "lead"
    COUNTERPART = "counterpart"
    OPERATIONS = "operations"


class Channel(StrEnum):
    """The wires a message can take."""

    EMAIL = "email"
    SLACK = "slack"


class StepOutcome(StrEnum):
    """What became of a step of a ladder."""

    TAKEN = "taken"
    SUPERSEDED = "superseded"
    SILENT = "silent"


class Happening(StrEnum):
    """What a notification tells: a step, or one of the four things that follow from one."""

    STEP = "step"
    RESOLVED = "resolved"
    HANDED_OVER = "handed_over"
    LAPSED = "lapsed"


class MessageKind(StrEnum):
    """The forms in which notifications reach people."""

    DIGEST = "digest"
    AT_ONCE = "at_once"
    OPERATIONS = "operations"
    ANSWER = "answer"
    THREAD = "thread"  # a case's, in the Slack channel of a force or CPS Area
    POST = "post"  # a step, in a case's thread
    INVITATION = "invitation"  # a calendar event of a sitting
    AGENDA = "agenda"  # of a sitting, to its chair and the SPOCs
    UNHELD = "unheld"  # a case's joint review failed again
    CONVENING = "convening"  # reviews of a pair without a place in time, or without a panel


class State(StrEnum):
    """Where a notification or message stands between decided and said."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    SHOWN = "shown"
    UNKNOWN = "unknown"
    RETRY = "retry"
    DEAD = "dead"
    SILENT = "silent"


class Verb(StrEnum):
    """The processing operations that DPA 2018 s.62 wants logged."""

    COLLECTION = "collection"
    ALTERATION = "alteration"
    CONSULTATION = "consultation"
    DISCLOSURE = "disclosure"
    COMBINATION = "combination"
    ERASURE = "erasure"
