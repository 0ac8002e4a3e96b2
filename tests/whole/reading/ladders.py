"""The ladders of specification 4, and the ladder of each rule."""

from __future__ import annotations

from typing import Any

SIDE = ("owner", "supervisor", "spoc")
EVERYONE = (*SIDE, "counterpart", "lead")
ALL_SPOCS = ("one-week", "last-day", "expired", "unresolved")  # from these steps on, spoc is all of them
UNRESOLVED = ("owner", "supervisor", "spoc", "lead", "counterpart")
# step, counted from, plus, to, manner (None: by risk), duty
SOFT = (
    ("reminder", "remind", "0d", ("owner",), "digest", "chase"),
    ("overdue", "due", "1d", ("owner", "supervisor"), "digest", "chase"),
    ("critical", "escalate", "0d", SIDE, "digest", "escalate"),
    ("unresolved", "escalate", "5wd", UNRESOLVED, None, "escalate"),
)
HARD = (
    ("notice", "remind", "0d", ("owner",), "digest", "chase"),
    ("four-weeks", "due", "-28d", SIDE, "digest", "escalate"),
    ("two-weeks", "due", "-14d", (*SIDE, "counterpart"), "digest", "escalate"),
    ("one-week", "due", "-7d", EVERYONE, "at_once", "escalate"),
    ("last-day", "due", "-1wd", EVERYONE, "at_once", "escalate"),
    ("expired", "due", "1d", EVERYONE, "at_once", "escalate"),
)
ORDER = (
    ("reminder", "remind", "0d", ("owner",), "digest", "chase"),
    ("expiring", "due", "-28d", SIDE, "digest", "escalate"),
    ("two-weeks", "due", "-14d", SIDE, "digest", "escalate"),
    ("one-week", "due", "-7d", SIDE, "digest", "escalate"),
    ("last-day", "due", "-1wd", (*SIDE, "lead"), "at_once", "escalate"),
    ("expired", "due", "1d", (*SIDE, "lead"), "at_once", "escalate"),
)
DANGER = (
    ("raised", "remind", "0d", SIDE, "at_once", "escalate"),
    ("unratified", "due", "1d", (*SIDE, "counterpart"), "at_once", "escalate"),
    ("critical", "escalate", "0d", EVERYONE, "at_once", "escalate"),
)
WANTED = (
    ("reminder", "remind", "0d", ("owner", "supervisor"), "digest", "chase"),
    ("overdue", "due", "1d", SIDE, "digest", "escalate"),
    ("critical", "escalate", "0d", EVERYONE, None, "escalate"),
)
HOUSE = (
    ("reminder", "remind", "0d", ("lead",), "digest", "chase"),
    ("overdue", "due", "1d", ("lead", "operations"), "digest", "escalate"),
    ("unresolved", "escalate", "5wd", ("lead", "operations"), "at_once", "escalate"),
)
FEED = (
    ("late", "due", "0d", ("operations",), "at_once", "escalate"),
    ("silent", "due", "1d", ("operations", "spoc"), "at_once", "escalate"),
)
CLIMBS: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys(("summary-time-limit", "bail-end", "custody-limit"), HARD),
    "order-expiry": ORDER,
    "danger": DANGER,
    "suspect-wanted": WANTED,
    **dict.fromkeys(("prosecutor-training", "spoc-role", "spoc-vacancy", "column-missing"), HOUSE),
    "feed-stale": FEED,
}


def ladder_of(rule: str) -> tuple[Any, ...]:
    """Give the ladder a rule climbs: soft, where no other is named."""
    return CLIMBS.get(rule, SOFT)


def on_any_day(rule: str, step: str) -> bool:
    """Return whether a step is taken on any day; every other one is taken on working days only."""
    return step in ("last-day", "expired") or ladder_of(rule) in (FEED, DANGER)


def awaited(rule: str, step: str) -> str | None:
    """Give the step that must have been taken five working days before this one is reached."""
    if step != "unresolved":
        return None
    return "overdue" if ladder_of(rule) is HOUSE else "critical"
