"""What a victim is asked and told, and who reviews a release or an end (specification 3), from the text alone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from tests.whole.reading.days import add
from tests.whole.reading.duties.owed import Debt
from tests.whole.reading.seen import blind, seen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.whole.reading.facts import Facts

EARLY = timedelta(days=28)


def released(facts: Facts) -> bool:
    """Return whether the suspect of a case of high or unknown risk is free without bail."""
    high = facts.risk in (None, "high")
    return facts.in_scope and high and facts.case["suspect_status"] in ("rui", "voluntary")


def no_further_action(facts: Facts) -> bool:
    """Return whether a case that is or was stalking was closed without a charge."""
    stalking = facts.kind == "stalking" or facts.declassified_on is not None
    return stalking and not facts.open and facts.case["finalised_reason"] in ("nfa_police", "nfa_cps")


def bail_views(facts: Facts) -> Iterator[Debt]:
    """Yield the debt to seek the victim's views on bail."""
    bail = facts.case["suspect_status"] == "bail" and not facts.charged
    if bail and not facts.since_status(facts.case["bail_views_on"]) and not blind("bail-views", facts):
        day = facts.status_day
        yield Debt("bail-views", "case", "police", add(day, "1wd"), began=day)


def release_review(facts: Facts) -> Iterator[Debt]:
    """Yield the debt to review a release without bail."""
    done = facts.since_status(facts.case["release_reviewed_on"])
    if released(facts) and not done and not blind("release-review", facts):
        day = facts.status_day
        yield Debt("release-review", "case", "police", add(day, "2wd"), began=day)


def victim_told(facts: Facts) -> Iterator[Debt]:
    """Yield the debt to tell the victim of the first event that is not told."""
    told = facts.case["victim_told_on"]
    changed = facts.status.changed_on or facts.status.seen_on
    events: list[date | None] = [changed if facts.case["suspect_status"] else None]
    events += [row["charged_on"] for row in facts.cps]
    events += [row["decision_on"] for row in facts.own("referrals")]
    events += [row["made_on"] for row in facts.own("orders")]
    due = (day for day in events if day and (not told or day > told) and facts.store.counts("victim-told", day))
    first = min(due, default=None)
    if first and not blind("victim-told", facts):
        yield Debt("victim-told", "case", "police", add(first, "1wd"), told, began=first)


def of_no_further_action(facts: Facts) -> Iterator[Debt]:
    """Yield the debt to review an end without a charge, and to tell the victim of it."""
    if not no_further_action(facts):
        return
    asked = [column.partition(".")[2] for column in seen("nfa-review", facts)]
    finalised = facts.case["finalised_on"]
    days = [facts.case[column] for column in asked]
    if not all(day and day >= finalised - EARLY for day in days):
        by = "both" if facts.case["finalised_reason"] == "nfa_cps" else "police"
        yield Debt("nfa-review", "case", by, add(finalised, "1wd"), began=finalised)
