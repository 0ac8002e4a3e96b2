"""CPS rows of the demo's cases: prosecutor, referral, action plan, charge, hearing and pleas."""

from datetime import date, timedelta

from config.days.duration import Duration, Unit
from models.rules.catalogue import (
    awaiting_charge,
    charge_code_unknown,
    charging_decision,
    custody_limit,
    custody_limit_unknown,
)
from tasks.demo.closing import finalise
from tasks.demo.diary import Deed, ForceBook
from tasks.demo.orders import seek
from tasks.demo.prosecution_rows import CpsCaseCsvRow, PleaCsvRow, ReferralCsvRow
from tasks.demo.rows import FORCE, ActionCsvRow, CaseFile
from tasks.demo.victims import prompt, set_status, tell

ANSWERS = {
    charging_decision.RULE.name: "decide",
    awaiting_charge.RULE.name: "charge",
    charge_code_unknown.RULE.name: "name charge",
    custody_limit.RULE.name: "custody",
    custody_limit_unknown.RULE.name: "custody",
}
CPS_KINDS = ("DISCLOSURE_REVIEW", "FURTHER_REVIEW", "RESTRAINING_ORDER_APPLICATION", "VICTIM_LETTER")
CHARGE = {"high": 7, "medium": 14, "standard": 28, "": 7}  # days from the authority to the charge, by risk
STALKING = ("PH97006", "PH97010", "PH97011")
_WORKING_DAY = Duration(0, Unit.WORKING_DAYS)
PLAN_KINDS = ("CHRONOLOGY", "VICTIM_PERSONAL_STATEMENT", "SCREENSHOTS", "BAD_CHARACTER", "PHONE_DOWNLOAD_SUSPECT")


def add_cps(book: ForceBook, file: CaseFile, behind: float) -> None:
    """Add the CPS rows of a case, for some of the older ones: prosecutor, referral, action plan."""
    case, yesterday = file.case, book.yesterday
    age = (yesterday - case.opened_on).days
    if file.stalking and book.chance(0.94):
        allocate(book, file)
    if age < 20 or not may_be_referred(file) or not book.chance(0.24):
        return
    allocate(book, file)
    late = book.chance(behind)
    submitted = yesterday - (book.days(32, 45) if late else book.days(0, min(age - 1, 60)))
    add_referral(book, file, max(case.opened_on, submitted), late=late)
    if file.referrals[0].decision_on is None and book.chance(0.2):
        ask_police(book, file, max(file.referrals[0].submitted_on, yesterday - book.days(1, 8)), late=late)
    if book.chance(0.3):
        ask_cps(book, file, max(file.referrals[0].submitted_on, yesterday - book.days(0, 8)))


def allocate(book: ForceBook, file: CaseFile) -> None:
    """Assign the case a prosecutor, who attends its joint reviews and decides on its referral."""
    if file.cps is None:
        case = file.case
        prosecutor = book.rng.choice(book.people.prosecutors[case.cps_area])
        file.cps = CpsCaseCsvRow(case.urn, *(("", "") if case.urn else (FORCE, case.case_ref)), prosecutor)


def may_be_referred(file: CaseFile) -> bool:
    """Return whether the case can be referred to CPS: it has its own URN, and is stalking or harassment."""
    return bool(file.case.urn) and "/" not in file.case.urn and file.case.classification != "other"


def add_referral(book: ForceBook, file: CaseFile, submitted: date, *, late: bool) -> None:
    """Add a submission to CPS. Old submissions are decided, and about half of those are charged."""
    due = submitted + timedelta(days=28)
    referral = ReferralCsvRow(f"CR{book.number('referral'):05}", file.case.urn, submitted, due)
    if book.chance(0.06):
        referral.checklist_missing = ("C04",)
    file.referrals.append(referral)
    deed = Deed(file.case.case_ref, "decide", referral.referral_ref)
    if late or submitted > book.today - timedelta(days=26):
        book.plan(deed, due - timedelta(days=3), keeps=0.0 if late else 0.9)
        return
    referral.decision_on = submitted + book.days(5, 25)
    referral.decision = "charge" if book.chance(0.7) else "further_work"
    tell(book, file, referral.decision_on, 1.0)
    if referral.decision == "charge":
        authorise(book, file, referral.decision_on)


def authorise(book: ForceBook, file: CaseFile, day: date) -> None:
    """Authorise the charge. Police charge within days, sooner at a higher risk, or already have, if the day is past."""
    if file.cps is None:
        return
    file.cps.charge_authorised_on = day
    on = day + book.days(1, CHARGE[file.case.risk] - 2)
    if on < book.today:
        charged(book, file, on, 1.0)
    elif book.chance(0.88):
        book.diary[Deed(file.case.case_ref, "charge")] = on


def charged(book: ForceBook, file: CaseFile, day: date, odds: float) -> None:
    """Charge the suspect, some of whom wait in custody under a time limit. The others are bailed to court.

    What the charge asks for is done on the day, each with the probability `odds`.
    """
    if file.cps is None:
        return
    file.cps.charged_on = day
    if file.second and book.chance(0.5):
        file.second.charged_on = day
    heard = max(day + book.days(21, 90), book.today + book.days(1, 60))
    file.cps.next_hearing_on = book.calendar.plus(heard, _WORKING_DAY)
    file.cps.charged_codes = _codes(book, file)
    if not file.stalking or file.cps.charged_codes[0] not in STALKING:
        file.cps.not_stalking_reason_on = day if book.chance(odds) else None
    if book.chance(0.6):
        _before_court(book, file, day)
    file.case.bail_ends_on = None
    if not book.chance(0.25):
        set_status(book, file, "bail", day, odds)
        return
    set_status(book, file, "custody", day, odds)
    file.cps.in_custody = True
    file.cps.ctl_expires_on = day + timedelta(days=book.rng.choice((56, 70, 182)))
    book.diary[Deed(file.case.case_ref, "custody")] = file.cps.ctl_expires_on - book.days(2, 12)


def _codes(book: ForceBook, file: CaseFile) -> tuple[str, ...]:
    return ("PH97009",) if file.stalking and book.chance(0.1) else file.case.offence_codes


def ask_police(book: ForceBook, file: CaseFile, raised: date, *, late: bool = False) -> None:
    """Add an item of an action plan, which police owe CPS within a fortnight."""
    action = _action(book, file, raised, PLAN_KINDS)
    action.force_code, action.case_ref, action.urn = FORCE, file.case.case_ref, ""
    action.owner_ref = file.case.oic_ref
    deed = Deed(file.case.case_ref, "act", action.action_ref)
    book.plan(deed, raised + timedelta(days=11), keeps=0.0 if late else 0.92)


def ask_cps(book: ForceBook, file: CaseFile, raised: date) -> None:
    """Add an action of the prosecutor, which CPS records by URN."""
    action = _action(book, file, raised, CPS_KINDS)
    action.owner_ref = file.cps.prosecutor_ref if file.cps else ""
    deed = Deed(file.case.case_ref, "act", action.action_ref)
    book.plan(deed, raised + timedelta(days=11), keeps=0.9)


def _action(book: ForceBook, file: CaseFile, raised: date, kinds: tuple[str, ...]) -> ActionCsvRow:
    agency, source = ("police", "action_plan") if kinds is PLAN_KINDS else ("cps", "investigation")
    kind = book.rng.choice(kinds)
    ref = f"{'AC' if agency == 'police' else 'CA'}{book.number('action'):07}"
    due = raised + timedelta(days=28 if kind == "PHONE_DOWNLOAD_SUSPECT" else 14)
    action = ActionCsvRow(ref, "", "", file.case.urn, kind, source, agency, "pending", raised, due_on=due)
    file.actions.append(action)
    return action


def _before_court(book: ForceBook, file: CaseFile, day: date) -> None:
    """Add an order that is sought, and sometimes a plea to the lesser charge."""
    order = seek(book, file, "restraining_order", day)
    order.victim_views_on = order.decided_on = day if book.chance(0.7) else None
    if file.stalking and book.chance(0.08):
        add_plea(book, file, day, "PH97009", consulted=day if book.chance(0.7) else None)


def add_plea(
    book: ForceBook, file: CaseFile, offered: date, plea: str, *, consulted: date | None, accepted: date | None = None
) -> None:
    """Add a plea to another offence than the stalking that is charged."""
    ref = f"PL{book.number('plea'):05}"
    file.pleas.append(PleaCsvRow(ref, file.case.urn, offered, "PH97010", plea, accepted, consulted, consulted))


def _decide(book: ForceBook, file: CaseFile, ref: str, day: date) -> None:
    referral = next((row for row in file.referrals if row.referral_ref == ref and row.decision_on is None), None)
    if referral is None or file.cps is None:
        return
    referral.decision_on = day
    referral.decision = book.rng.choices(("charge", "nfa", "further_work"), (50, 15, 35))[0]
    tell(book, file, day, prompt(book, file))
    if referral.decision == "charge":
        authorise(book, file, day)
    elif referral.decision == "further_work":
        ask_police(book, file, day)
    else:
        finalise(book, file, day, "nfa_cps")


def _charge(book: ForceBook, file: CaseFile, _ref: str, day: date) -> None:
    if file.cps and file.cps.charge_authorised_on and not file.charged:
        charged(book, file, day, prompt(book, file))


def _name_charge(_book: ForceBook, file: CaseFile, _ref: str, _day: date) -> None:
    if file.cps:
        file.cps.charged_codes = file.case.offence_codes


def _custody(_book: ForceBook, file: CaseFile, _ref: str, day: date) -> None:
    if file.cps:
        file.cps.ctl_expires_on = (file.cps.ctl_expires_on or day) + timedelta(days=56)


DEEDS = {"decide": _decide, "charge": _charge, "name charge": _name_charge, "custody": _custody}
