"""Examples of time limits, bail and custody: what silences them, and what does not."""

from datetime import timedelta

from tasks.demo.diary import Deed, ForceBook
from tasks.demo.examples.ordinary import add_act, charge, ordinary
from tasks.demo.rows import NEXT_AREA, CaseFile

_SUMMARY_ONLY = "PH97006"  # stalking that only a magistrates' court tries, within six months
_COMMON_ASSAULT = "CJ88116"


def later_act(book: ForceBook) -> CaseFile:
    """Note an earlier limit; the suspect acts again after it was noted."""
    file = ordinary(book, 160, _SUMMARY_ONLY)
    file.case.last_act_on = book.today - timedelta(days=256)
    file.case.time_limit_noted_on = book.today - timedelta(days=123)
    add_act(book, file, book.today - timedelta(days=112), book.today - timedelta(days=110))
    return file


def later_incident(book: ForceBook) -> CaseFile:
    """Record the last act; a later incident may or may not belong to the same course, and nobody says which."""
    file = ordinary(book, 120, _SUMMARY_ONLY)
    file.case.last_act_on = book.today - timedelta(days=115)
    add_act(book, file, book.today - timedelta(days=20), book.today - timedelta(days=19))
    file.heedless = True
    return file


def other_class(book: ForceBook) -> CaseFile:
    """Record the case under another principal crime."""
    file = ordinary(book, 118, _SUMMARY_ONLY, kind="other")
    file.case.last_act_on = book.today - timedelta(days=120)
    return file


def other_charge(book: ForceBook) -> CaseFile:
    """Charge an assault alone; the reason why not stalking is recorded."""
    file = ordinary(book, 148, _SUMMARY_ONLY)
    file.case.last_act_on = book.today - timedelta(days=150)
    charge(book, file, book.today - timedelta(days=30), _COMMON_ASSAULT)
    if file.cps:
        file.cps.not_stalking_reason_on = file.cps.charged_on
    return file


def unnamed_charge(book: ForceBook) -> CaseFile:
    """Charge without a record of the offence."""
    file = ordinary(book, 60, _SUMMARY_ONLY)
    charge(book, file, book.today - timedelta(days=3))
    return file


def unseen_charge(book: ForceBook) -> CaseFile:
    """Charge on the third day, where the source does not send of what."""
    file = ordinary(book, 128, _SUMMARY_ONLY, area=NEXT_AREA)
    file.case.last_act_on = book.today - timedelta(days=130)
    _charged_soon(book, file)
    return file


def bail_charged(book: ForceBook) -> CaseFile:
    """Charge on the third day a suspect whose bail was to end."""
    file = ordinary(book, 80)
    file.case.suspect_status, file.case.bail_ends_on = "bail", book.today + timedelta(days=20)
    file.case.bail_views_on = file.case.opened_on
    _charged_soon(book, file)
    return file


def bail_without_end(book: ForceBook) -> CaseFile:
    """Bail without a record of its end."""
    file = ordinary(book, 30)
    file.case.suspect_status, file.case.status_changed_on = "bail", book.yesterday
    file.case.victim_told_on = file.case.bail_views_on = book.yesterday
    return file


def custody_without_limit(book: ForceBook) -> CaseFile:
    """Charge and remand, without a record of the custody time limit."""
    file = ordinary(book, 45)
    charge(book, file, book.today - timedelta(days=3), "PH97010", status="custody")
    return file


def _charged_soon(book: ForceBook, file: CaseFile) -> None:
    if file.cps:
        file.cps.charge_authorised_on = book.yesterday
    book.diary[Deed(file.case.case_ref, "charge")] = book.today + timedelta(days=2)
