"""The words of panels, sittings and joint reviews: one enumeration per idea, stored by value."""

from enum import StrEnum


class NonWorkingDay(StrEnum):
    """What a panel does where a sitting would fall on a day that is not worked."""

    NEXT = "next"
    SKIP = "skip"


class Because(StrEnum):
    """Why a case was given the sitting it has."""

    DUE = "due"
    NEW_INCIDENT = "new_incident"
    BREACH = "breach"
    RISK = "risk"
    CHOSEN = "chosen"  # a person moved it there
    GAVE_WAY = "gave_way"  # to a case of a higher class, which would otherwise have been late
    PANEL = "panel"  # the panel changed, and its sitting went
    ROOM = "room"  # it would have sat late, and there came to be room for it sooner
    NOT_HELD = "not_held"  # the review before was not held, not reached, or not quorate
    UNRECORDED = "unrecorded"  # nobody said what came of the sitting before


class ConveningEnd(StrEnum):
    """How it ended that a case was convened to a sitting."""

    HELD = "held"  # quorate: the review counts
    NOT_HELD = "not_held"  # not held, not reached, or not quorate
    UNRECORDED = "unrecorded"  # its outcome is overdue; it is convened again, and the outcome is still owed
    MOVED = "moved"
    CANCELLED = "cancelled"  # the sitting went
    MORE_ROOM = "more_room"  # it would have sat late, and there came to be room for it sooner
    NOT_OWED = "not_owed"  # the case owes no review inside the horizon any more


class ReviewDecision(StrEnum):
    """What a joint review decided."""

    CONTINUE = "continue"
    SUBMIT_TO_CPS = "submit_to_cps"
    FURTHER_ACTIONS = "further_actions"
    NFA_PROPOSED = "nfa_proposed"
    CLOSE = "close"
    NOT_REACHED = "not_reached"


class Pattern(StrEnum):
    """What a joint review made of the pattern of behaviour."""

    STALKING = "stalking"
    HARASSMENT_WITH_RATIONALE = "harassment_with_rationale"


class AgendaOccasion(StrEnum):
    """When an agenda is sent: some working days before the sitting, and again on its morning if it changed."""

    BEFORE = "before"
    MORNING = "morning"


class Part(StrEnum):
    """In what someone is invited to a sitting: the first two for the whole of it, the others for their own case."""

    CHAIR = "chair"
    SPOC = "spoc"
    OFFICER = "officer"
    PROSECUTOR = "prosecutor"


class EventNews(StrEnum):
    """What a message about someone's calendar event tells them."""

    INVITED = "invited"
    CHANGED = "changed"
    CANCELLED = "cancelled"


class EventGone(StrEnum):
    """Why someone's calendar event is cancelled."""

    SITTING = "sitting"  # it does not take place
    EMPTY = "empty"  # no case is left that would be reviewed there
    OTHERS = "others"  # somebody else attends now
    CASES = "cases"  # the cases for which they were to come are not reviewed there
