"""Duties that are counted by the day on which they came due: decisions, charges, actions, limits, ends of orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.whole.reading.codes import BREACHES, EITHER, codes
from tests.whole.reading.days import add, by_risk
from tests.whole.reading.duties.clocks import LIMIT, WARNED
from tests.whole.reading.duties.rules import action_day, referral_day
from tests.whole.recount.counting import Counting, Duty, key_of, sender
from tests.whole.recount.history import DAY, day_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from tests.whole.reading.facts import Facts
    from tests.whole.recount.history import Run, Said

FAMILY = {"spo": "spo", "interim_spo": "spo"}


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


def _spans(said: list[Said], column: str) -> Iterator[tuple[Said, date | None, date | None]]:
    """Yield each value of a column, as first told, with the next value and the day of the extract that told it."""
    for index, one in enumerate(said):
        if one.row.get(column) and (index == 0 or said[index - 1].row.get(column) != one.row[column]):
            following = next((two for two in said[index + 1 :] if two.row.get(column) != one.row[column]), None)
            yield one, day_of(following, column), following.day if following else None


def bail_ends(facts: Facts, count: Counting) -> Iterator[Duty]:
    """Yield each end of pre-charge bail that came."""
    clock = facts.kind != "other" or bool(codes(facts.case["offence_codes"]) & EITHER)
    for said, following, moved in _spans(count.history.all_said("cases", facts.key), "bail_ends_on") if clock else ():
        end = said.row["bail_ends_on"]
        run = _run_at(facts, count, min(said.day, end))
        charged = facts.charged_on
        if run.status != "bail" or not count.holds(end) or (charged and charged < said.day - DAY):
            continue
        moved_in_time = moved is not None and moved - DAY <= end
        if moved_in_time and (following is None or following < end):
            continue  # corrected to an earlier end, or taken back
        ways = [charged, run.until, moved - DAY if moved and moved_in_time else None]
        done = min((day for day in ways if day and day <= end), default=None)
        yield Duty((facts.key, end), facts, sender(facts.case), end, done)


def _run_at(facts: Facts, count: Counting, day: date) -> Run:
    runs = [run for run in count.history.runs[facts.key] if run.since <= day]
    return runs[-1] if runs else count.history.runs[facts.key][0]


def custody_limits(facts: Facts, count: Counting) -> Iterator[Duty]:
    """Yield each custody time limit that came."""
    clock = facts.kind != "other" or bool(codes(facts.case["offence_codes"]) & EITHER)
    for row in facts.cps if clock else ():
        key = key_of(row, "cps_cases", facts)
        for said, following, moved in _spans(count.history.all_said("cps_cases", key), "ctl_expires_on"):
            end = said.row["ctl_expires_on"]
            run = _run_at(facts, count, min(said.day, end))
            if run.status != "custody" or not count.holds(end):
                continue
            moved_in_time = moved is not None and moved - DAY <= end
            if moved_in_time and (following is None or following < end):
                continue
            charged = facts.charged_on if facts.charged_on and facts.charged_on >= said.day else None
            ways = [charged, run.until, moved - DAY if moved and moved_in_time else None]
            done = min((day for day in ways if day and day <= end), default=None)
            yield Duty((key, end), facts, sender(row), end, done)


def order_ends(facts: Facts, count: Counting) -> Iterator[Duty]:
    """Yield each order whose end came: the renewal was decided by then, or a later order of the family made."""
    for row in facts.own("orders") if facts.kept else ():
        end = row["expires_on"]
        if count.holds(end):
            made = [
                other["made_on"] for other in facts.own("orders")
                if FAMILY.get(other["kind"], other["kind"]) == FAMILY.get(row["kind"], row["kind"])
                and row["made_on"] and other["made_on"] and row["made_on"] < other["made_on"] <= end
            ]  # fmt: skip
            days = [day for day in (row["renewal_decided_on"], min(made, default=None)) if day]
            yield Duty(row["order_ref"], facts, sender(row), end, min(days, default=None), outlives=True)


BY_DUE_DAY = {
    "charging-decision": (charging_decision, ("referrals.decision_on",)),
    "awaiting-charge": (awaiting_charge, ("cps_cases.charged_on",)),
    "action": (lambda facts, count: actions(facts, count, plan=False), ("actions.",)),
    "action-plan": (lambda facts, count: actions(facts, count, plan=True), ("actions.",)),
    "summary-time-limit": (
        lambda facts, count: (duty for duty, _ in summary_limits(facts, count)),
        ("cps_cases.charged_codes", "cps_cases.charged_on"),
    ),
    "bail-end": (bail_ends, ("cases.bail_ends_on",)),
    "custody-limit": (custody_limits, ("cps_cases.ctl_expires_on",)),
    "order-expiry": (order_ends, ("orders.renewal_decided_on",)),
}
