"""Duties that are counted by the day on which they came due: decisions, charges, actions, limits, ends of orders."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tests.whole.reading.codes import BREACHES, EITHER, codes
from tests.whole.reading.days import add, by_risk
from tests.whole.reading.duties.clocks import LIMIT, WARNED
from tests.whole.reading.duties.rules import action_day, referral_day
from tests.whole.recount.counting import Counting, Duty, key_of, sender
from tests.whole.recount.orders import order_ends
from tests.whole.recount.status import bail_ends, custody_limits, searches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.whole.reading.facts import Facts


def charging_decision(facts: Facts, count: Counting) -> Iterator[Duty]:
    """Yield a duty for each referral whose due day came, unless it waited for police to answer an action plan."""
    for row in facts.own("referrals") if facts.kind != "other" else ():
        due = referral_day(row, facts.risk)
        if count.holds(due):
            ref, done = row["referral_ref"], row["decision_on"]
            told = count.history.all_said("referrals", (ref,))[0].day
            early = done is not None and done < told
            duty = Duty(ref, facts, sender(row), due, done, early=early)
            if duty.in_time or not _plan_owed(facts, due):
                yield duty


def _plan_owed(facts: Facts, day: date) -> bool:
    plans = [row for row in facts.own("actions") if row["source"] == "action_plan" and row["owner_agency"] == "police"]
    return any(row["raised_on"] <= day and not (row["closed_on"] and row["closed_on"] <= day) for row in plans)


def awaiting_charge(facts: Facts, count: Counting) -> Iterator[Duty]:
    """Yield the duty of an authorised charge whose due day came."""
    authorised = facts.earliest("charge_authorised_on")
    due = authorised and add(authorised, by_risk(("7d", "14d", "1m"), facts.risk))
    if facts.kind == "stalking" and count.holds(due):
        row = next(row for row in facts.cps if row["charge_authorised_on"] == authorised)
        key = key_of(row, "cps_cases", facts)
        done = facts.charged_on
        told = count.history.first_told("cps_cases", key, "charge_authorised_on", authorised)
        yield Duty(key, facts, sender(row), due, done, early=done is not None and done < told)


def actions(facts: Facts, count: Counting, *, plan: bool) -> Iterator[Duty]:
    """Yield a duty for each action whose due day came, save those cancelled or found not possible by then."""
    for row in facts.own("actions") if facts.kind != "other" else ():
        due, ref = action_day(row), row["action_ref"]
        gone = row["status"] in ("cancelled", "not_possible") and row["closed_on"] <= due
        if (row["source"] == "action_plan") is plan and count.holds(due) and not gone:
            done = row["closed_on"] if row["status"] == "done" else None
            told = count.history.all_said("actions", (ref,))[0].day
            yield Duty(ref, facts, sender(row), due, done, early=done is not None and done < told)


def _acts(facts: Facts) -> list[date]:
    if facts.case["last_act_on"]:
        return [facts.case["last_act_on"]]
    return sorted({row["occurred_on"] for row in facts.own("incidents")})


def summary_limits(facts: Facts, count: Counting) -> Iterator[tuple[Duty, str]]:
    """Yield each six-month limit whose last day came, and how it went: met, noted or lost."""
    codes_ = bool(codes(facts.case["offence_codes"]) & {"PH97006", "PH97004"})
    clock = facts.kind != "other" or bool(codes(facts.case["offence_codes"]) & EITHER)
    for act in _acts(facts) if codes_ and clock else ():
        last = add(act, LIMIT)
        if count.holds(last) and not any(act < other <= last for other in _acts(facts)):
            charged = _pha_charge(facts)
            noted = facts.case["time_limit_noted_on"]
            met = charged is not None and charged <= last
            settled = noted is not None and noted <= last <= add(noted, WARNED)
            how = "met" if met else "noted" if settled else "lost"
            yield Duty((facts.key, last), facts, sender(facts.case), last, last if how != "lost" else None), how


def _pha_charge(facts: Facts) -> date | None:
    rows = [row for row in facts.cps if row["charged_on"] and codes(row["charged_codes"]) & (EITHER - BREACHES)]
    return min((row["charged_on"] for row in rows), default=None)


BY_DUE_DAY = {
    "charging-decision": (charging_decision, ("referrals.decision_on",)),
    "awaiting-charge": (awaiting_charge, ("cps_cases.charged_on",)),
    "action": (lambda facts, count: actions(facts, count, plan=False), ("actions.",)),
    "action-plan": (lambda facts, count: actions(facts, count, plan=True), ("actions.",)),
    "summary-time-limit": (
        lambda facts, count: (duty for duty, _ in summary_limits(facts, count)),
        ("cps_cases.charged_codes", "cps_cases.charged_on"),
    ),
    "suspect-wanted": (searches, ("cases.",)),
    "bail-end": (bail_ends, ("cases.bail_ends_on",)),
    "custody-limit": (custody_limits, ("cps_cases.ctl_expires_on",)),
    "order-expiry": (order_ends, ("orders.renewal_decided_on",)),
}
