"""Duties of the orders of a case: told, served, notified, and decided on before they end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.whole.reading.days import add
from tests.whole.reading.duties.orders import SERVED, notifiable
from tests.whole.recount.counting import Counting, Duty, is_early, sender

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from tests.whole.reading.facts import Facts
    from tests.whole.reading.sheets import Row

FAMILY = {"spo": "spo", "interim_spo": "spo"}
PROTECTION = {"spo", "interim_spo"}


def _replaced_by(order: Row, facts: Facts, day: date) -> bool:
    family = PROTECTION if order["kind"] in PROTECTION else {order["kind"]}
    made = [row["made_on"] for row in facts.own("orders") if row["kind"] in family and row["made_on"]]
    return any(order["made_on"] < other <= day for other in made)


def order_told(facts: Facts, count: Counting) -> Iterator[Duty]:
    """Yield a duty for each order made."""
    for row in facts.own("orders") if facts.kept else ():
        if count.holds(row["made_on"]):
            due, ref = add(row["made_on"], "1wd"), row["order_ref"]
            if not _replaced_by(row, facts, due):
                early = is_early("orders", ref, row["victim_told_on"], count)
                yield Duty(ref, facts, sender(row), due, row["victim_told_on"], outlives=True, early=early)


def order_served(facts: Facts, count: Counting) -> Iterator[Duty]:
    """Yield a duty for each order made that police serve."""
    for row in facts.own("orders") if facts.kept else ():
        if row["kind"] in SERVED and count.holds(row["made_on"]):
            due, ref = add(row["made_on"], "2wd"), row["order_ref"]
            done = row["served_on"] or row["renewal_decided_on"]
            if not _replaced_by(row, facts, due):
                early = is_early("orders", ref, done, count)
                yield Duty(ref, facts, sender(row), due, done, outlives=True, early=early)


def spo_notification(facts: Facts, count: Counting) -> Iterator[Duty]:
    """Yield a duty for each order served that obliges its subject to give name and address."""
    for row in facts.own("orders") if facts.kept else ():
        if count.holds(row["served_on"]) and notifiable(row, facts.own("orders")):
            ref, done = row["order_ref"], row["notified_on"]
            served = count.history.first_told("orders", (ref,), "served_on", row["served_on"])
            early = done is not None and done < served
            yield Duty(ref, facts, sender(row), add(row["served_on"], "2d"), done, outlives=True, early=early)


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
