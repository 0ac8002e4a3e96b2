"""Examples of what victims are owed: their safety, word of what happens, orders that outlive the case."""

from datetime import timedelta

from tasks.demo.diary import Deed, ForceBook
from tasks.demo.examples.ordinary import add_act, add_kind, charge, closed, ordinary
from tasks.demo.orders import TWO_YEARS, make
from tasks.demo.rows import AbsenceCsvRow, CaseFile


def breach_assessed(book: ForceBook) -> CaseFile:
    """Assess the risk after a breach, without a decision on the breach itself."""
    file = ordinary(book, 60)
    add_act(book, file, book.today - timedelta(days=4), book.today - timedelta(days=4), breach=True)
    file.case.risk_assessed_on = book.today - timedelta(days=4)
    return file


def considered_before(book: ForceBook) -> CaseFile:
    """Consider a stalking protection order once; the suspect acts again."""
    file = ordinary(book, 60)
    file.case.spo_considered_on = book.today - timedelta(days=40)
    add_act(book, file, book.today - timedelta(days=5), book.today - timedelta(days=5))
    return file


def closed_without_review(book: ForceBook) -> CaseFile:
    """Close a case of stalking without further action; nobody reviewed it or told the victim."""
    file = closed(book, 70, book.today - timedelta(days=3), "nfa_police")
    file.case.nfa_reviewed_on = file.case.nfa_victim_told_on = None
    return file


def closed_administratively(book: ForceBook) -> CaseFile:
    """Close a case of stalking administratively, without a joint review."""
    return closed(book, 75, book.today - timedelta(days=3), "administrative")


def cctv(book: ForceBook) -> CaseFile:
    """Ask for CCTV, which is overwritten within days."""
    file = ordinary(book, 20)
    add_kind(book, file, "CCTV", book.today - timedelta(days=4))
    return file


def untold_of_charge(book: ForceBook) -> CaseFile:
    """Charge the suspect without informing the victim."""
    file = ordinary(book, 55)
    charge(book, file, book.today - timedelta(days=3), "PH97010")
    file.case.victim_told_on = file.case.opened_on
    return file


def bail_unasked(book: ForceBook) -> CaseFile:
    """Bail the suspect without the victim's views."""
    file = ordinary(book, 30)
    file.case.suspect_status, file.case.bail_ends_on = "bail", book.today + timedelta(days=70)
    file.case.status_changed_on = file.case.victim_told_on = book.today - timedelta(days=3)
    return file


def released_at_high_risk(book: ForceBook) -> CaseFile:
    """Release a suspect without bail at high risk, without a review of it."""
    file = ordinary(book, 12, risk="high")
    file.case.suspect_status = "rui"
    file.case.status_changed_on = file.case.victim_told_on = book.today - timedelta(days=3)
    return file


def order_about_to_end(book: ForceBook) -> CaseFile:
    """Let a restraining order end soon, whose case is closed; nobody decides whether to apply for another term."""
    day = book.today - timedelta(days=340)
    file = closed(book, 500, day)
    make(book, file, "restraining_order", day, book.today + timedelta(days=25), 1.0)
    file.heedless = True
    return file


def untold_of_order(book: ForceBook) -> CaseFile:
    """Make a restraining order in a case that is closed, without informing the victim."""
    day = book.today - timedelta(days=3)
    file = closed(book, 140, day)
    make(book, file, "restraining_order", day, day + TWO_YEARS, 0.0)
    return file


def no_notice(book: ForceBook) -> CaseFile:
    """Serve a stalking protection order, whose subject gives neither name nor address; the case is closed."""
    day = book.today - timedelta(days=3)
    file = closed(book, 90, day, "nfa_police")
    make(book, file, "spo", day, day + TWO_YEARS, 1.0).notified_on = None
    return file


def opened_again(book: ForceBook) -> CaseFile:
    """Close a case on the second day; the review that the victim asks for opens it again on the ninth."""
    file = ordinary(book, 45)
    book.diary[Deed(file.case.case_ref, "close")] = book.today + timedelta(days=1)
    book.diary[Deed(file.case.case_ref, "reopen")] = book.today + timedelta(days=8)
    return file


def transferred(book: ForceBook) -> CaseFile:
    """Transfer a case to another force on the fourth day, with an order that runs."""
    file = ordinary(book, 65)
    day = book.today - timedelta(days=30)
    make(book, file, "spo", day, day + TWO_YEARS, 1.0)
    book.diary[Deed(file.case.case_ref, "transfer")] = book.today + timedelta(days=3)
    return file


def barred_colleague(book: ForceBook) -> CaseFile:
    """Bar the deputy of the officer in charge from the case; the officer is away for a week."""
    file = ordinary(book, 25)
    file.case.barred_refs = tuple(
        contact.deputy_ref for contact in book.people.contacts if contact.contact_ref == file.case.oic_ref
    )
    book.people.absences.append(AbsenceCsvRow(file.case.oic_ref, book.today, book.today + timedelta(days=6)))
    add_kind(book, file, "CCTV", book.today - timedelta(days=4))
    return file
