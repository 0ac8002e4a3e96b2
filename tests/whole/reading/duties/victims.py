"""What a victim is asked and told, and who reviews a release or an end (specification 3), from the text alone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from tests.whole.reading.days import add, by_risk
from tests.whole.reading.duties.owed import Debt
from tests.whole.reading.duties.watched import unanswered
from tests.whole.reading.seen import blind, seen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.whole.reading.facts import Facts
    from tests.whole.reading.suspects import Suspect

EARLY = timedelta(days=28)


def no_further_action(facts: Facts) -> bool:
    """Return whether a case that is, was or may be stalking was closed without a charge."""
    stalking = facts.kind == "stalking" or facts.declassified_on is not None
    harassment = facts.kind == "harassment" and unanswered(facts)
    return (stalking or harassment) and not facts.open and facts.case["finalised_reason"] in ("nfa_police", "nfa_cps")


def _bail_views(facts: Facts, suspect: Suspect) -> Iterator[Debt]:
    """Yield the debt to seek the victim's views on bail, and on each variation."""
    if not suspect.on_bail() or suspect.charged or blind("bail-views", facts, suspect.row):
        return
    sought, varied = suspect.row["bail_views_on"], suspect.row["bail_varied_on"]
    if not suspect.status.since_then(sought) or (varied and sought < varied):
        day = max(suspect.status.day, varied or suspect.status.day)
        yield Debt("bail-views", suspect.subject, "police", add(day, "1wd"), began=day)


def _release_review(facts: Facts, suspect: Suspect) -> Iterator[Debt]:
    """Yield the debt to review a release without bail."""
    high = facts.risk in (None, "high")
    done = suspect.status.since_then(suspect.row["release_reviewed_on"])
    if high and suspect.free() and not done and not blind("release-review", facts, suspect.row):
        day = suspect.status.day
        yield Debt("release-review", suspect.subject, "police", add(day, "2wd"), began=day)


def _wanted(facts: Facts, suspect: Suspect) -> Iterator[Debt]:
    """Yield the debt to find a suspect."""
    if suspect.wanted():
        day, tried = suspect.status.day, suspect.row["arrest_attempted_on"]
        done = tried if suspect.status.since_then(tried) else None
        due = add(max(day, done or day), by_risk(("1wd", "2wd", "5wd"), facts.risk))
        yield Debt("suspect-wanted", suspect.subject, "police", due, done, began=day)


def _events(facts: Facts) -> Iterator[date | None]:
    """Yield the days of what a victim is told, each if known."""
    for suspect in facts.suspects:
        yield (suspect.status.changed_on or suspect.status.seen_on) if suspect.row["suspect_status"] else None
        yield suspect.charged_on
        yield suspect.row["bail_varied_on"]
        yield from suspect.put_off
    charges = [row["charged_on"] for row in facts.cps if row["charged_on"]]
    yield from charges or [facts.charged_on]
    yield from (row["decision_on"] for row in facts.own("referrals"))
    yield from (row["made_on"] for row in facts.own("orders"))


def victim_told(facts: Facts) -> Iterator[Debt]:
    """Yield the debt to tell the victim of the first event that is not told."""
    told = facts.case["victim_told_on"]
    days = (day for day in _events(facts) if day and (not told or day > told))
    first = min((day for day in days if facts.store.counts("victim-told", day)), default=None)
    if first and not blind("victim-told", facts):
        yield Debt("victim-told", "case", "police", add(first, "1wd"), told, began=first)


def of_suspects(facts: Facts) -> Iterator[Debt]:
    """Yield the debts about each suspect of a guarded case that are no clocks."""
    for suspect in facts.suspects:
        yield from _bail_views(facts, suspect)
        yield from _release_review(facts, suspect)
        yield from _wanted(facts, suspect)


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
