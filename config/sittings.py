"""Enumerations for panels, sittings and joint reviews, stored by value."""

from enum import StrEnum


class NonWorkingDay(StrEnum):
    """How a panel handles a sitting that would fall on a non-working day."""

    NEXT = "next"
    SKIP = "skip"


class ConveningReason(StrEnum):
    """Why a case has its sitting."""

    DUE = "due"
    NEW_INCIDENT = "new_incident"
    BREACH = "breach"
    RISK = "risk"
    CHOSEN = "chosen"  # a person moved it there
    GAVE_WAY = "gave_way"  # gave its place to a case of a higher class that would have been late
    PANEL = "panel"  # the panel changed and its earlier sitting was dropped
    ROOM = "room"  # its sitting was late, and an earlier place became free
    NOT_HELD = "not_held"  # the previous review was not held, not reached or not quorate
    UNRECORDED = "unrecorded"  # no outcome was recorded for the previous sitting


class ConveningEnd(StrEnum):
    """How a case's place at a sitting ended."""

    HELD = "held"  # held and quorate, so the review counts
    NOT_HELD = "not_held"  # not held, not reached or not quorate
    UNRECORDED = "unrecorded"  # the outcome is overdue: the case is convened again and the outcome is still owed
    MOVED = "moved"
    CANCELLED = "cancelled"  # the sitting was cancelled
    MORE_ROOM = "more_room"  # its sitting was late, and an earlier place became free
    BARRED = "barred"  # the chair of its sitting must hear nothing of it
    NOT_OWED = "not_owed"  # the case no longer owes a review within the horizon
    VOID = "void"  # the round that gave the place, or ended it, was undone


class ReviewDecision(StrEnum):
    """The decisions of a joint review."""

    CONTINUE = "continue"
    SUBMIT_TO_CPS = "submit_to_cps"
    FURTHER_ACTIONS = "further_actions"
    NFA_PROPOSED = "nfa_proposed"
    CLOSE = "close"
    NOT_REACHED = "not_reached"


class Pattern(StrEnum):
    """A joint review's finding on the pattern of behaviour."""

    STALKING = "stalking"
    HARASSMENT_WITH_RATIONALE = "harassment_with_rationale"


class Enquiries(StrEnum):
    """Whether a joint review looked at every line of enquiry, and what it found."""

    ALL_PURSUED = "all_pursued"
    GAPS_FOUND = "gaps_found"
    NOT_LOOKED_AT = "not_looked_at"


class AgendaOccasion(StrEnum):
    """When an agenda is sent: some working days before the sitting, and again on its morning if it changed."""

    BEFORE = "before"
    MORNING = "morning"


class Part(StrEnum):
    """A person's part in a sitting: chair and SPOC attend all of it, the others only for their own case."""

    CHAIR = "chair"
    SPOC = "spoc"
    OFFICER = "officer"
    PROSECUTOR = "prosecutor"


class EventNews(StrEnum):
    """The change that a message about a calendar event reports."""

    INVITED = "invited"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    ENDED = "ended"  # a series has no more meetings after a day


class EventGone(StrEnum):
    """Why a calendar event, or a meeting of a series, is cancelled."""

    SITTING = "sitting"  # the sitting does not take place
    EMPTY = "empty"  # no case is left to review there
    OTHERS = "others"  # someone else attends instead
    CASES = "cases"  # the cases they were to attend for are not reviewed there
    HOLIDAY = "holiday"  # no sitting of a series was planned for that day, which is no working day
    RULE = "rule"  # the panel sits by another rule from now on, or not at all
