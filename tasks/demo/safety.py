"""The demo's work for the victim's safety: risk assessments, contact, breaches, pleas, and recorded reasons."""

from datetime import date, timedelta

from models.rules.catalogue import (
    advocate_referral,
    breach_unanswered,
    charge_not_stalking,
    danger,
    pin_issued,
    plea,
    referral_checklist,
    risk_assessment,
    spo_considered,
    victim_contact,
    why_not_stalking,
)
from tasks.demo.diary import Deed, ForceBook, Work, recorded
from tasks.demo.rows import CaseFile

ANSWERS = {
    why_not_stalking.RULE.name: "reason",
    referral_checklist.RULE.name: "complete",
    risk_assessment.RULE.name: "assess",
    victim_contact.RULE.name: "contact",
    charge_not_stalking.RULE.name: "reason of charge",
    plea.RULE.name: "justify",
    spo_considered.RULE.name: "consider",
    breach_unanswered.RULE.name: "answer breach",
    pin_issued.RULE.name: "withdraw",
    advocate_referral.RULE.name: "refer",
    danger.RULE.name: "confirm",
}
_ACCEPTED = 0.8  # of victims to whom an advocate is offered
_CONFIRMED = 0.6  # of grades after a report: the supervisor looks at it on the day
_ASSESSED = 28  # days between risk assessments without a new report


def keep_safe(book: ForceBook, file: CaseFile, behind: float) -> None:
    """Record risk assessments and victim contact up to now and plan the next, unless the case is left behind."""
    case, late = file.case, book.chance(behind)
    if not file.stalking:
        return
    _begin(book, file, behind)
    if late:
        return
    case.spo_considered_on = max(case.opened_on, *(incident.reported_on for incident in file.incidents))
    since = max(case.opened_on, book.yesterday - book.days(0, _ASSESSED * 0.8))
    case.risk_assessed_on = max(case.risk_assessed_on or since, since)
    since = max(case.opened_on, book.yesterday - book.days(0, _agreed(file) * 0.8))
    case.victim_contacted_on = max(case.victim_contacted_on or since, since)
    _again(book, file, case.risk_assessed_on, "assess", _ASSESSED)
    _again(book, file, case.victim_contacted_on, "contact", _agreed(file))


def _begin(book: ForceBook, file: CaseFile, behind: float) -> None:
    """Offer an advocate, and confirm the grade after the latest report; what is not done waits for a reminder."""
    case = file.case
    if not book.chance(behind):
        offered = min(case.opened_on + book.days(0, 2), max(case.opened_on, book.yesterday))
        accepted = book.chance(_ACCEPTED)
        case.advocate_referred_on, case.advocate_declined_on = (offered, None) if accepted else (None, offered)
    if not book.chance(behind):
        case.risk_ratified_on = max(case.opened_on, *(incident.reported_on for incident in file.incidents))


def look_again(book: ForceBook, file: CaseFile, day: date) -> None:
    """Have the supervisor confirm the grade on the day of a report, or hear of it on the next morning."""
    if book.chance(_CONFIRMED):
        file.case.risk_ratified_on = day


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


def _complete(_book: ForceBook, file: CaseFile, ref: str, _day: date) -> None:
    for referral in file.referrals:
        if referral.referral_ref == ref:
            referral.checklist_missing = ()


def _justify(_book: ForceBook, file: CaseFile, ref: str, day: date) -> None:
    for offered in file.pleas:
        if offered.plea_ref == ref:
            offered.victim_consulted_on = offered.victim_consulted_on or day
            offered.rationale_recorded_on = offered.rationale_recorded_on or day
            offered.spoc_reviewed_on = day


def _answer_breach(book: ForceBook, file: CaseFile, ref: str, day: date) -> None:
    """Assess the risk again after a breach, and arrest or record why not."""
    for incident in file.incidents:
        if incident.incident_ref == ref:
            incident.breach_decided_on = incident.breach_decided_on or day
    _assess(book, file, ref, day)


def _reason_of_charge(_book: ForceBook, file: CaseFile, _ref: str, day: date) -> None:
    if file.cps:
        file.cps.not_stalking_reason_on = day


DEEDS: dict[str, Work] = {
    "assess": _assess,
    "contact": _contact,
    "consider": recorded("spo_considered_on"),
    "reason": recorded("why_not_stalking_on"),
    "reason of charge": _reason_of_charge,
    "answer breach": _answer_breach,
    "complete": _complete,
    "justify": _justify,
    "withdraw": recorded("pin_withdrawn_on"),
    "refer": recorded("advocate_referred_on"),
    "confirm": recorded("risk_ratified_on"),
}
