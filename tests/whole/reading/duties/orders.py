"""The obligations of a case's court orders under the protocol rules of specification 3, from the text alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.whole.reading.days import add
from tests.whole.reading.duties.owed import Debt
from tests.whole.reading.seen import blind, seen
from tests.whole.reading.sheets import Row

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from tests.whole.reading.facts import Facts

PROTECTION = {"spo", "interim_spo"}
POLICE_ORDERS = {"dvpn", "dvpo"}
SERVED = {*PROTECTION, *POLICE_ORDERS, "dapo"}  # police see to it that these are served


def replaced(order: Row, orders: list[Row]) -> bool:
    """Return whether an order of the same family was made later."""
    families = (PROTECTION, POLICE_ORDERS, {order["kind"]})
    family = next(kinds for kinds in families if order["kind"] in kinds)
    made = [row["made_on"] for row in orders if row["kind"] in family and row["made_on"]]
    return bool(order["made_on"]) and any(day > order["made_on"] for day in made)


def notifiable(order: Row, orders: list[Row]) -> bool:
    """Return whether the subject of an order has to give name and address for it."""
    if not order["served_on"]:
        return False
    interim = any(row["kind"] == "interim_spo" and row["served_on"] for row in orders)
    return order["kind"] in ("interim_spo", "dapo") or (order["kind"] == "spo" and not interim)


def of_orders(facts: Facts) -> Iterator[Debt]:
    """Yield the debts of the orders of a case that is kept."""
    orders = facts.own("orders")
    for row in orders:
        subject, made = f"order:{row['order_ref']}", row["made_on"]
        old = replaced(row, orders)
        over = row["renewal_decided_on"] or old
        if row["expires_on"] and not over and not blind("order-expiry", facts, row):
            first = "-14d" if row["kind"] == "interim_spo" else "-3m"
            by = "both" if row["kind"] == "restraining_order" else "police"
            yield Debt("order-expiry", subject, by, row["expires_on"], began=made, remind_by=first)
        if made and not old and not row["victim_told_on"] and not blind("order-told", facts, row):
            yield Debt("order-told", subject, "police", add(made, "1wd"), began=made)
        served = row["served_on"] or row["renewal_decided_on"] or blind("order-served", facts, row)
        if made and row["kind"] in SERVED and not old and not served:
            yield Debt("order-served", subject, "police", add(made, "2wd"), began=made)
        told = row["notified_on"] or blind("spo-notification", facts, row)
        if notifiable(row, orders) and not told:
            yield Debt("spo-notification", subject, "police", add(row["served_on"], "2d"), began=row["served_on"])


def restraining_order(facts: Facts) -> Iterator[Debt]:
    """Yield the debt of a restraining order before the next hearing of a charge."""
    charged, hearing = facts.charged_on, facts.earliest("next_hearing_on")
    orders = [row for row in facts.own("orders") if row["kind"] == "restraining_order"]
    if not charged or not hearing or (not orders and blind("restraining-order", facts)):
        return
    for row in orders:
        told = seen("restraining-order", facts, row)
        views = row["victim_views_on"] or "orders.victim_views_on" not in told
        decided = (row["decided_on"] and row["decided_on"] >= charged) or "orders.decided_on" not in told
        if views and decided:
            return
    yield Debt("restraining-order", "case", "both", max(charged, add(hearing, "-10wd")), began=charged)


def runs(orders: list[Row], day: date) -> bool:
    """Return whether a protection order is made and does not end before a day."""
    ends = [row["expires_on"] for row in orders if row["kind"] in PROTECTION and row["made_on"]]
    return any(end is None or end >= day for end in ends)
