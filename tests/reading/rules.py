"""The obligations of each case under the core rules of specification 3, from the text alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.reading.days import add, by_risk
from tests.reading.owed import Owed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from tests.reading.facts import Facts

Row = dict[str, Any]
LONG_LEAD = frozenset(
    [
        "PHONE_DOWNLOAD_VICTIM",
        "PHONE_DOWNLOAD_SUSPECT",
        "DEVICE_EXAMINATION",
        "TRACKER_EXAMINATION",
        "COMMUNICATIONS_DATA",
        "CELL_SITE",
        "PLATFORM_DATA",
        "FORENSIC_RESULT",
        "FINGERPRINT_RESULT",
        "HANDWRITING",
        "EXPERT_REPORT",
        "MEDICAL_EVIDENCE",
        "PSYCHIATRIC_REPORT",
        "THIRD_PARTY_MATERIAL",
        "FAMILY_COURT_MATERIAL",
        "BANK_RECORDS",
        "FOREIGN_CONVICTIONS",
        "TRANSLATION",
    ]
)
SUMMARY_ONLY = {"PH97006", "PH97004"}


def action_day(action: Row) -> date:
    """Give the day an action is due by the formula of its rule."""
    default = "28d" if action["kind"].upper() in LONG_LEAD else "14d"
    return action["due_on"] or add(action["raised_on"], default)


def referral_day(referral: Row, risk: str | None) -> date:
    """Give the day a charging decision is due by the formula of its rule."""
    within = by_risk(("5d", "28d", "28d"), risk)
    return referral["decision_required_by"] or add(referral["submitted_on"], within)


def quorate(review: Row) -> bool:
    """Return whether both agencies attended a joint review."""
    both = review["police_attended"] and review["cps_attended"]
    return review["kind"] == "joint" and bool(both)


def _joint_review(facts: Facts) -> tuple[date, date | None]:
    held = [row["held_on"] for row in facts.every("reviews") if quorate(row)]
    done = max(held, default=None)
    anchor = done or facts.case["opened_on"]
    due = add(anchor, by_risk(("10wd", "20wd", "40wd"), facts.risk))
    since = [day for row in facts.every("incidents") if (day := row["reported_on"]) > anchor]
    return (min(due, add(min(since), "5wd")) if since else due), done


def _supervisor_review(facts: Facts) -> tuple[date, date | None]:
    held = [row["held_on"] for row in facts.own("reviews") if row["kind"] == "supervisor" or quorate(row)]
    done = max(held, default=None)
    every = by_risk(("7d", "14d", "28d"), facts.risk)
    return add(done or facts.case["opened_on"], every), done


def _progress(facts: Facts) -> date:
    days = [facts.case["opened_on"]]
    days += [row["closed_on"] for row in facts.own("actions") if row["status"] == "done"]
    days += [row["held_on"] for row in facts.own("reviews") if quorate(row)]
    for row in facts.own("referrals"):
        days += [row["submitted_on"], row["decision_on"]]
    days += [row[name] for row in facts.cps for name in ("charge_authorised_on", "charged_on")]
    days += [row["made_on"] for row in facts.own("orders")]
    return max(day for day in days if day)


def _no_progress(facts: Facts) -> tuple[date, date, str]:
    last = _progress(facts)
    within = by_risk(("14d", "21d", "28d"), facts.risk)
    undecided = [row for row in facts.own("referrals") if not row["decision_on"]]
    under_way = [action_day(row) for row in facts.live_actions]
    under_way += [referral_day(row, facts.risk) for row in undecided]
    due = add(last, within)
    if under_way:
        due = max(due, min(max(under_way), add(due, within)))
    return due, last, "cps" if undecided and not facts.police_owe_plan else "police"


def _subjects(facts: Facts) -> Iterator[tuple[str, str, date, str]]:
    for row in facts.live_actions:
        rule = "action-plan" if row["source"] == "action_plan" else "action"
        yield rule, f"action:{row['action_ref']}", action_day(row), row["owner_agency"]
    for row in facts.own("referrals"):
        if not row["decision_on"] and not facts.police_owe_plan:
            day = referral_day(row, facts.risk)
            yield "charging-decision", f"referral:{row['referral_ref']}", day, "cps"


def _clocks(facts: Facts) -> Iterator[tuple[str, str, date, str]]:
    case = facts.case
    codes = {code.upper()[:7] for code in case["offence_codes"]}
    if codes & SUMMARY_ONLY and not facts.charged and not case["time_limit_noted_on"]:
        acts = [case["last_act_on"], *(row["occurred_on"] for row in facts.own("incidents"))]
        last = max((day for day in acts if day), default=None)
        if last:
            yield "summary-time-limit", "case", add(last, "6m"), "both"
        else:
            yield "time-limit-unknown", "case", add(case["opened_on"], "2wd"), "police"
    if case["suspect_status"] == "bail" and case["bail_ends_on"]:
        yield "bail-end", "case", case["bail_ends_on"], "police"
    expires = [row["ctl_expires_on"] for row in facts.cps if row["ctl_expires_on"]]
    if case["suspect_status"] == "custody" and expires:
        yield "custody-limit", "case", min(expires), "cps"


def owed_by_case(facts: Facts) -> Iterator[Owed]:
    """Yield the obligations of one case; a closed case owes nothing under the core rules."""
    head = (facts.case["force_code"], facts.case["case_ref"], facts.root)
    if facts.in_scope and facts.principal:
        due, done = _joint_review(facts)
        yield Owed(*head, "joint-review", "case", "both", due, facts.risk, done)
    if facts.in_scope and not facts.charged:
        due, done = _supervisor_review(facts)
        yield Owed(*head, "supervisor-review", "case", "police", due, facts.risk, done)
        due, done, by = _no_progress(facts)
        yield Owed(*head, "no-progress", "case", by, due, facts.risk, done)
        authorised = [day for row in facts.cps if (day := row["charge_authorised_on"])]
        if authorised:
            day = add(min(authorised), "1m")
            yield Owed(*head, "awaiting-charge", "case", "police", day, facts.risk)
    if facts.stalking_or_harassment:
        for rule, subject, day, by in (*_subjects(facts), *_clocks(facts)):
            yield Owed(*head, rule, subject, by, day, facts.risk)
