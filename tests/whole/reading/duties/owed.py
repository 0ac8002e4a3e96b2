"""An obligation made from facts, and the numbers of every rule (the tables of specification 3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tests.whole.reading.days import add, by_risk

# rule: remind, escalate (by risk where three), hard, recurring
SHAPE = {
    "joint-review": ("-5wd", ("2wd", "5wd", "10wd"), False, True),
    "supervisor-review": ("-2wd", "5wd", False, True),
    "action": ("-2wd", ("3wd", "5wd", "10wd"), False, False),
    "action-plan": ("-2wd", ("2wd", "3wd", "5wd"), False, False),
    "no-progress": ("-3d", "3wd", False, True),
    "charging-decision": ("-2wd", "2wd", False, False),
    "awaiting-charge": ("-5wd", "5wd", False, False),
    "summary-time-limit": ("-56d", "1d", True, False),
    "time-limit-unknown": ("-1wd", "2wd", False, False),
    "charge-code-unknown": ("0d", "1wd", False, False),
    "bail-end": ("-42d", "1d", True, False),
    "bail-end-unknown": ("-1wd", "2wd", False, False),
    "custody-limit": ("-42d", "1d", True, False),
    "custody-limit-unknown": ("0d", "1wd", False, False),
    "feed-stale": ("0d", "1d", False, True),
    "why-not-stalking": ("-1wd", "2wd", False, False),
    "charge-not-stalking": ("-1wd", "2wd", False, False),
    "referral-checklist": ("0d", "2wd", False, False),
    "pin-issued": ("0d", "2wd", False, False),
    "risk-assessment": ("-1wd", "2wd", False, True),
    "victim-contact": ("-3d", "3wd", False, True),
    "plea": ("-1wd", "2wd", False, False),
    "restraining-order": ("-5wd", "3wd", False, False),
    "spo-considered": ("-1wd", "5wd", False, True),
    "order-expiry": ("-3m", "1d", True, False),
    "order-told": ("0d", "2wd", False, False),
    "order-served": ("-1wd", "2wd", False, False),
    "spo-notification": ("-1d", "1d", False, False),
    "breach-unanswered": ("-2wd", "2wd", False, False),
    "bail-views": ("0d", "2wd", False, False),
    "release-review": ("-1wd", "2wd", False, False),
    "victim-told": ("0d", "2wd", False, True),
    "nfa-review": ("0d", "2wd", False, False),
    "advocate-referral": ("-1wd", "2wd", False, False),
    "suspect-wanted": ("-1wd", ("3wd", "5wd", "10wd"), False, True),
    "danger": ("-1wd", ("2wd", "2wd", "3wd"), False, True),
    "closed-silently": ("-1wd", "2wd", False, False),
    "outcome-unrecorded": ("0d", "2wd", False, False),
    "prosecutor-training": ("-1m", "10wd", False, False),
    "column-missing": ("-10wd", "10wd", False, False),
    "spoc-role": ("-5wd", "10wd", False, False),
    "spoc-vacancy": ("-1m", "0d", False, False),
}


@dataclass(frozen=True)
class Debt:
    """What one rule owes on a case, or on one of its rows."""

    rule: str
    subject: str
    owed_by: str
    due: date
    done: date | None = None
    began: date | None = None  # the day of what began it, for the policy's `since`
    remind_by: str | None = None  # where the rule's title depends on its subject
    latest: date | None = None  # of the days of danger


@dataclass(frozen=True)
class Owed:
    """One obligation made from today's facts; it does not depend on time."""

    force: str | None
    case_ref: str | None
    urn: str | None
    rule: str
    subject: str
    owed_by: str
    due: date
    risk: str | None = None
    done: date | None = None
    remind_by: str | None = None
    seen: frozenset[str] = frozenset()  # the columns that could tell that it is done
    began: date | None = None
    latest: date | None = None

    @property
    def identity(self) -> tuple[str | None, str | None, str, str]:
        """Case, rule and subject."""
        return self.force, self.case_ref, self.rule, self.subject

    @property
    def remind(self) -> date:
        """The day of the reminder, never after the due day."""
        return min(self.due, add(self.due, self.remind_by or SHAPE[self.rule][0]))

    @property
    def escalate(self) -> date:
        """The day of escalation, never before the due day."""
        return max(self.due, add(self.due, by_risk(SHAPE[self.rule][1], self.risk)))

    @property
    def hard(self) -> bool:
        """Return whether the day is a limit that nobody can put to sleep."""
        return SHAPE[self.rule][2]

    @property
    def recurring(self) -> bool:
        """Return whether the rule is marked as recurring."""
        return SHAPE[self.rule][3]
