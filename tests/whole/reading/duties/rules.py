"""The obligations of each case under the core rules of specification 3, without its clocks, from the text alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.whole.reading.days import add, by_risk
from tests.whole.reading.duties.owed import Debt
from tests.whole.reading.seen import blind
from tests.whole.reading.sheets import Row

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from tests.whole.reading.facts import Facts

LONG_LEAD = frozenset(
    [
        *("PHONE_DOWNLOAD_VICTIM", "PHONE_DOWNLOAD_SUSPECT", "DEVICE_EXAMINATION", "TRACKER_EXAMINATION"),
        *("COMMUNICATIONS_DATA", "CELL_SITE", "PLATFORM_DATA", "FORENSIC_RESULT", "FINGERPRINT_RESULT", "HANDWRITING"),
        *("EXPERT_REPORT", "MEDICAL_EVIDENCE", "PSYCHIATRIC_REPORT", "THIRD_PARTY_MATERIAL", "FAMILY_COURT_MATERIAL"),
        *("BANK_RECORDS", "FOREIGN_CONVICTIONS", "TRANSLATION"),
    ]
)
SHORT_LEAD = frozenset(["CCTV", "DOORBELL_VIDEO", "DASHCAM", "TRANSPORT_VIDEO", "PLATFORM_PRESERVATION"])


def action_day(action: Row) -> date:
    """Give the day an action is due by the formula of its rule."""
    kind = (action["kind"] or "").upper()
    within = "28d" if kind in LONG_LEAD else "5d" if kind in SHORT_LEAD else "14d"
    return action["due_on"] or add(action["raised_on"], within)


def referral_day(referral: Row, risk: str | None) -> date:
    """Give the day a charging decision is due by the formula of its rule."""
    within = by_risk(("5d", "28d", "28d"), risk)
    return referral["decision_required_by"] or add(referral["submitted_on"], within)


def quorate(review: Row) -> bool:
    """Return whether both agencies attended a joint review."""
    both = review["police_attended"] and review["cps_attended"]
    return review["kind"] == "joint" and bool(both)


def _joint_review(facts: Facts) -> Debt:
    held = [row["held_on"] for row in facts.every("reviews") if quorate(row)]
    done = max(held, default=None)
    anchor = done or facts.case["opened_on"]
    due = add(anchor, by_risk(("10wd", "20wd", "40wd"), facts.risk))
    since = [day for row in facts.every("incidents") if (day := row["reported_on"]) > anchor]
    return Debt("joint-review", "case", "both", min(due, add(min(since), "5wd")) if since else due, done)


def _supervisor_review(facts: Facts) -> Debt:
    held = [row["held_on"] for row in facts.own("reviews") if row["kind"] == "supervisor" or quorate(row)]
    done = max(held, default=None)
    every = by_risk(("7d", "14d", "28d"), facts.risk)
    return Debt("supervisor-review", "case", "police", add(done or facts.case["opened_on"], every), done)


def progress(facts: Facts) -> date:
    days = [facts.case["opened_on"]]
    days += [row["closed_on"] for row in facts.own("actions") if row["status"] == "done"]
    days += [row["held_on"] for row in facts.own("reviews") if quorate(row)]
    for row in facts.own("referrals"):
        days += [row["submitted_on"], row["decision_on"]]
    days += [*(row["charge_authorised_on"] for row in facts.cps), facts.charged_on]
    days += [row["charged_on"] for row in facts.cps]
    days += [row["made_on"] for row in facts.own("orders")]
    return max(day for day in days if day)


def _no_progress(facts: Facts) -> Debt:
    last = progress(facts)
    within = by_risk(("14d", "21d", "28d"), facts.risk)
    undecided = [row for row in facts.own("referrals") if not facts.decided(row)]
    under_way = [action_day(row) for row in facts.live_actions]
    under_way += [referral_day(row, facts.risk) for row in undecided]
    due = add(last, within)
    if under_way:
        due = max(due, min(max(under_way), add(due, within)))
    return Debt("no-progress", "case", "cps" if undecided and not facts.police_owe_plan else "police", due, last)


def _subjects(facts: Facts) -> Iterator[Debt]:
    for row in facts.live_actions:
        rule = "action-plan" if row["source"] == "action_plan" else "action"
        yield Debt(rule, f"action:{row['action_ref']}", row["owner_agency"], action_day(row))
    for row in facts.own("referrals"):
        if not row["decision_on"] and not facts.police_owe_plan and not blind("charging-decision", facts, row):
            day = referral_day(row, facts.risk)
            yield Debt("charging-decision", f"referral:{row['referral_ref']}", "cps", day, began=row["submitted_on"])


def of_the_core(facts: Facts, *, reviewed: bool) -> Iterator[Debt]:
    """Yield the debts of one case; a closed case owes nothing of these."""
    if reviewed and facts.principal:
        yield _joint_review(facts)
    if reviewed and not facts.charged:
        yield _supervisor_review(facts)
        yield _no_progress(facts)
        authorised = facts.earliest("charge_authorised_on")
        if authorised and not blind("awaiting-charge", facts):
            within = by_risk(("7d", "14d", "1m"), facts.risk)
            yield Debt("awaiting-charge", "case", "police", add(authorised, within), began=authorised)
    if facts.stalking_or_harassment:
        yield from _subjects(facts)
