"""Examples of the work with prosecutors: charge, plea, referral and court."""

from datetime import timedelta

from tasks.demo.diary import ForceBook
from tasks.demo.examples.ordinary import charge, ordinary
from tasks.demo.orders import make
from tasks.demo.prosecution import add_plea, add_referral
from tasks.demo.rows import NEXT_AREA, CaseFile


def charged_as_harassment(book: ForceBook) -> CaseFile:
    """Charge harassment in a case of stalking, without a recorded reason."""
    file = ordinary(book, 50)
    charge(book, file, book.today - timedelta(days=3), "PH97009")
    return file


def referred_harassment(book: ForceBook) -> CaseFile:
    """Refer harassment to CPS, without a recorded reason why it is not stalking."""
    file = ordinary(book, 40, "PH97009", kind="harassment")
    file.case.why_not_stalking_on = None
    add_referral(book, file, book.today - timedelta(days=2), late=True)
    return file


def authorised_high(book: ForceBook) -> CaseFile:
    """Authorise a charge at high risk, which police have yet to make."""
    file = ordinary(book, 30, risk="high")
    if file.cps:
        file.cps.charge_authorised_on = book.today - timedelta(days=5)
    return file


def lesser_stalking(book: ForceBook) -> CaseFile:
    """Offer a plea to the lesser stalking offence, on which nobody has consulted the victim."""
    file = ordinary(book, 90)
    charge(book, file, book.today - timedelta(days=40), "PH97010")
    add_plea(book, file, book.yesterday, "PH97006", consulted=None)
    return file


def earlier_order(book: ForceBook) -> CaseFile:
    """Charge again a suspect under a restraining order of an earlier case; the hearing is near."""
    file = ordinary(book, 40)
    charge(book, file, book.today - timedelta(days=15), "PH97010")
    if file.cps:
        file.cps.next_hearing_on = book.today + timedelta(days=24)
    file.orders.clear()
    day = book.today - timedelta(days=400)
    earlier = make(book, file, "restraining_order", day, day + timedelta(days=1461), 1.0)
    earlier.victim_views_on = earlier.decided_on = day
    return file


def unseen_checklist(book: ForceBook) -> CaseFile:
    """Refer a case to an Area whose source does not send what the checklist lacks; it is not decided."""
    file = ordinary(book, 35, area=NEXT_AREA)
    add_referral(book, file, book.today - timedelta(days=4), late=True)
    return file
