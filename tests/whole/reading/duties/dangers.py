"""The days of danger of a case (specification 3), from the text alone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from tests.whole.reading.days import add
from tests.whole.reading.duties.owed import Debt
from tests.whole.reading.duties.watched import watched_since
from tests.whole.reading.store import SENDER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.whole.reading.facts import Facts

WITHIN, REPORTS = timedelta(days=14), 2  # as the policy says of reports that come faster
OF_STANDARD = 3  # reports from which a grade of standard is in doubt


def _of_reports(facts: Facts) -> Iterator[date]:
    """Yield the days of breaches, of reports that come faster, and of the third and later at standard risk."""
    order = ("reported_on", "incident_ref", "case_ref", "force_code")
    reports = sorted(facts.every("incidents"), key=lambda row: tuple(row[column] for column in order))
    days = [row["reported_on"] for row in reports]
    yield from (row["reported_on"] for row in reports if row["breach"])
    for number, day in enumerate(days, start=1):
        if sum(each >= day - WITHIN for each in days[:number]) >= REPORTS:
            yield day
    yield from days[OF_STANDARD - 1 :] if facts.risk == "standard" else ()


def lowered(facts: Facts) -> Iterator[date]:
    """Yield the days on which intake saw the risk lowered without an assessment."""
    assessed = facts.case["risk_assessed_on"]
    for day, before in facts.store.noticed.lowered.get(facts.key, []):
        if not assessed or assessed < before:
            yield day


def _other_victim(facts: Facts, other: Facts) -> bool:
    """Return whether the victim of another case is somebody else; of a linked case that has to be known."""
    one, two = ((each.case["victim_key"] or "").lower() for each in (facts, other))
    known = bool(one and two)
    linked = facts.root is not None and facts.root == other.root
    return one != two if known else not linked


def _told(facts: Facts, other: Facts) -> bool:
    """Return whether a case is known to another: what is restricted or bars somebody, to its linked cases alone."""
    linked = facts.root is not None and facts.root == other.root
    return linked or not (other.restricted or other.barred)


def of_another_victim(facts: Facts) -> Iterator[Facts]:
    """Yield each case about another victim of a suspect of this one."""
    for other in facts.everyone if facts.suspect_keys else ():
        if other is facts or not facts.suspect_keys & other.suspect_keys:
            continue
        concerned = other.kind != "other" or other.declassified_on is not None
        counts = concerned and facts.store.meet(facts.case[SENDER], other.case[SENDER]) and _told(facts, other)
        if counts and _other_victim(facts, other):
            yield other


def danger_days(facts: Facts) -> list[date]:
    """Give the days of danger, in order, each once; one shortly before a case is watched counts as that day."""
    since = watched_since(facts)
    serial = (max(other.case["opened_on"], since) for other in of_another_victim(facts))
    found = (*_of_reports(facts), *lowered(facts), *serial)
    return sorted({max(day, since) for day in found if day >= since - WITHIN})


def danger(facts: Facts) -> Iterator[Debt]:
    """Yield the debt to confirm the grade of a case in danger, until it is done."""
    done = facts.case["risk_ratified_on"]
    days = [day for day in danger_days(facts) if (not done or day > done) and facts.store.counts("danger", day)]
    if days:
        yield Debt("danger", "case", "police", add(days[0], "1wd"), done, began=days[0], latest=days[-1])
