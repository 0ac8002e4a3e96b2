"""Protective orders of the demo: made, served, notified, known to the victim, and renewed or left to end."""

from datetime import date, timedelta

from models.rules.catalogue import order_expiry, order_served, order_told, restraining_order, spo_notification
from tasks.demo.diary import ForceBook
from tasks.demo.rows import FORCE, CaseFile, OrderCsvRow
from tasks.demo.victims import tell

ANSWERS = {
    restraining_order.RULE.name: "views",
    order_expiry.RULE.name: "renew",
    order_told.RULE.name: "tell order",
    order_served.RULE.name: "serve",
    spo_notification.RULE.name: "notify",
}
_HARD_TO_FIND = 0.3  # of interim orders
TWO_YEARS = timedelta(days=731)  # the shortest term of a stalking protection order: Stalking Protection Act 2019 s.3


def seek(book: ForceBook, file: CaseFile, kind: str, day: date) -> OrderCsvRow:
    """Add an order that is sought."""
    order = OrderCsvRow(f"OR{book.number('order'):05}", FORCE, file.case.case_ref, kind, sought_on=day)
    file.orders.append(order)
    return order


def make(book: ForceBook, file: CaseFile, kind: str, day: date, expires: date, odds: float) -> OrderCsvRow:
    """Add an order that the court made, or make the one that was sought. Most are served at once.

    That the victim is told on the day, and that the subject gives notice in time, each has the probability `odds`.
    """
    order = _sought(file, kind) or seek(book, file, kind, day)
    order.made_on, order.expires_on = day, expires
    order.served_on = None if kind == "interim_spo" and book.chance(_HARD_TO_FIND) else day
    if book.chance(odds):
        order.victim_told_on = day
        tell(book, file, day, 1.0)
    if kind in ("spo", "interim_spo") and order.served_on and book.chance(odds):
        order.notified_on = min(day + timedelta(days=1), max(day, book.yesterday))
    return order


def _sought(file: CaseFile, kind: str) -> OrderCsvRow | None:
    return next((order for order in file.orders if order.kind == kind and order.made_on is None), None)


def _the(file: CaseFile, ref: str) -> OrderCsvRow:
    return next(order for order in file.orders if order.order_ref == ref)


def views(book: ForceBook, file: CaseFile, _ref: str, day: date) -> None:
    """Ask the victim's views on a restraining order of this charge, and decide on it."""
    sought = _sought(file, "restraining_order") or seek(book, file, "restraining_order", day)
    sought.victim_views_on, sought.decided_on = day, day


def renew(_book: ForceBook, file: CaseFile, ref: str, day: date) -> None:
    """Decide whether to apply for another term of an order."""
    _the(file, ref).renewal_decided_on = day


def told_of_order(book: ForceBook, file: CaseFile, ref: str, day: date) -> None:
    """Tell the victim of an order late, after a reminder."""
    _the(file, ref).victim_told_on = day
    tell(book, file, day, 1.0)


def served(_book: ForceBook, file: CaseFile, ref: str, day: date) -> None:
    """Serve an order on a subject who was not found at first, and take name and address."""
    order = _the(file, ref)
    order.served_on = order.notified_on = day


def notified(_book: ForceBook, file: CaseFile, ref: str, day: date) -> None:
    """Record that the subject of an order gave name and address."""
    _the(file, ref).notified_on = day


DEEDS = {"views": views, "renew": renew, "tell order": told_of_order, "serve": served, "notify": notified}
