"""CPS rows of the demo's cases: prosecutor, referral, action plan, charge, hearing, orders and pleas."""

from datetime import date, timedelta

from tasks.demo.diary import Deed, ForceBook
from tasks.demo.rows import FORCE, ActionCsvRow, CaseFile, CpsCaseCsvRow, OrderCsvRow, PleaCsvRow, ReferralCsvRow

CPS_KINDS = ("DISCLOSURE_REVIEW", "FURTHER_REVIEW", "RESTRAINING_ORDER_APPLICATION", "VICTIM_LETTER")
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
    if file.cps and referral.decision == "charge":
        authorised = file.cps.charge_authorised_on = referral.decision_on
        if authorised < book.today - timedelta(days=20) or book.chance(0.5):
            charged(book, file, min(book.yesterday, authorised + book.days(1, 12)))
        else:
            book.plan(Deed(file.case.case_ref, "charge"), authorised + timedelta(days=22), keeps=0.85)


def charged(book: ForceBook, file: CaseFile, day: date) -> None:
    """Charge the suspect, some of whom wait in custody under a time limit."""
    if file.cps is None:
        return
    file.cps.charged_on = day
    file.cps.next_hearing_on = day + book.days(21, 90)
    file.case.bail_ends_on, file.case.suspect_status = None, "rui"
    if book.chance(0.6):
        _before_court(book, file, day)
    if book.chance(0.25):
        file.case.suspect_status = "custody"
        file.cps.ctl_expires_on = day + timedelta(days=book.rng.choice((56, 70, 182)))
        book.diary[Deed(file.case.case_ref, "custody")] = file.cps.ctl_expires_on - book.days(2, 12)


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
    views = day if book.chance(0.7) else None
    file.orders.append(
        OrderCsvRow(
            f"OR{book.number('order'):05}",
            FORCE,
            file.case.case_ref,
            "restraining_order",
            sought_on=day,
            victim_views_on=views,
            decided_on=views,
        )
    )
    if file.stalking and book.chance(0.08):
        consulted = day if book.chance(0.7) else None
        file.pleas.append(
            PleaCsvRow(
                f"PL{book.number('plea'):05}", file.case.urn, day, "PH97010", "PH97009", None, consulted, consulted
            )
        )
