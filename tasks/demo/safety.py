"""The demo's work for the victim's safety: risk assessments, contact, orders, pleas, and recorded reasons."""

from collections.abc import Callable
from datetime import date, timedelta

from tasks.demo.diary import Deed, ForceBook
from tasks.demo.rows import FORCE, CaseFile, OrderCsvRow

ANSWERS = {
    "why-not-stalking": "reason",
    "referral-checklist": "complete",
    "risk-assessment": "assess",
    "victim-contact": "contact",
    "plea": "justify",
    "restraining-order": "views",
    "spo-considered": "consider",
    "breach-unanswered": "assess",
    "pin-issued": "withdraw",
    "order-expiry": "renew",
}
_ASSESSED = 28  # days between risk assessments without a new report


def keep_safe(book: ForceBook, file: CaseFile, behind: float) -> None:
    """Record risk assessments and victim contact up to now and plan the next, unless the case is left behind."""
    case, late = file.case, book.chance(behind)
    if not file.stalking or late:
        return
    since = max(case.opened_on, book.yesterday - book.days(0, _ASSESSED * 0.8))
    case.risk_assessed_on = max(case.risk_assessed_on or since, since)
    since = max(case.opened_on, book.yesterday - book.days(0, _agreed(file) * 0.8))
    case.victim_contacted_on = max(case.victim_contacted_on or since, since)
    _again(book, file, case.risk_assessed_on, "assess", _ASSESSED)
    _again(book, file, case.victim_contacted_on, "contact", _agreed(file))


def _again(book: ForceBook, file: CaseFile, done_on: date, work: str, every: int) -> None:
    book.plan(Deed(file.case.case_ref, work), done_on + timedelta(days=every - 2), keeps=0.93)


def _agreed(file: CaseFile) -> int:
    return file.case.victim_contact_days or _ASSESSED


def _assess(book: ForceBook, file: CaseFile, _ref: str, day: date) -> None:
    file.case.risk_assessed_on = day
    _again(book, file, day, "assess", _ASSESSED)


def _contact(book: ForceBook, file: CaseFile, _ref: str, day: date) -> None:
    file.case.victim_contacted_on = day
    _again(book, file, day, "contact", _agreed(file))


def _consider(_book: ForceBook, file: CaseFile, _ref: str, day: date) -> None:
    file.case.spo_considered_on = day


def _reason(_book: ForceBook, file: CaseFile, _ref: str, day: date) -> None:
    file.case.why_not_stalking_on = day


def _complete(_book: ForceBook, file: CaseFile, ref: str, _day: date) -> None:
    for referral in file.referrals:
        if referral.referral_ref == ref:
            referral.checklist_missing = ()


def _justify(_book: ForceBook, file: CaseFile, ref: str, day: date) -> None:
    for plea in file.pleas:
        if plea.plea_ref == ref:
            plea.victim_consulted_on = plea.victim_consulted_on or day
            plea.rationale_recorded_on = plea.rationale_recorded_on or day
            plea.spoc_reviewed_on = day


def _views(book: ForceBook, file: CaseFile, _ref: str, day: date) -> None:
    sought = next((order for order in file.orders if order.kind == "restraining_order"), None)
    if sought is None:
        ref = f"OR{book.number('order'):05}"
        sought = OrderCsvRow(ref, FORCE, file.case.case_ref, "restraining_order", sought_on=day)
        file.orders.append(sought)
    sought.victim_views_on, sought.decided_on = day, day


def _withdraw(_book: ForceBook, file: CaseFile, _ref: str, day: date) -> None:
    file.case.pin_withdrawn_on = day


def _renew(_book: ForceBook, file: CaseFile, ref: str, day: date) -> None:
    for order in file.orders:
        if order.order_ref == ref:
            order.renewal_decided_on = day


DEEDS: dict[str, Callable[[ForceBook, CaseFile, str, date], None]] = {
    "assess": _assess,
    "contact": _contact,
    "consider": _consider,
    "reason": _reason,
    "complete": _complete,
    "justify": _justify,
    "views": _views,
    "withdraw": _withdraw,
    "renew": _renew,
}
