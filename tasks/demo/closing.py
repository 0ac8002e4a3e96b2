"""The end of the demo's cases: no further action, a sentence with its order, and a case that is opened again."""

from datetime import date, timedelta

from config.days.duration import Duration, Unit
from tasks.demo.diary import ForceBook
from tasks.demo.orders import make
from tasks.demo.rows import CaseFile
from tasks.demo.victims import close_well, prompt

_SENTENCED = 0.6  # of hearings; the others are adjourned
_TERMS = (365, 731, 1096, 1826)  # days of a restraining order
_ADJOURNED = timedelta(days=28)
_WORKING_DAY = Duration(0, Unit.WORKING_DAYS)  # the day itself if courts sit, else the next on which they do


def finalise(book: ForceBook, file: CaseFile, day: date, reason: str) -> None:
    """Finalise a case. The supervisor reviews no further action, and the victim hears of it, mostly the same day."""
    file.case.finalised_on, file.case.finalised_reason = day, reason
    for action in file.live_actions():
        action.status, action.closed_on, action.closed_reason = "cancelled", day, "the case was finalised"
    close_well(book, file, prompt(book, file))


def hear(book: ForceBook, day: date) -> None:
    """Hold the hearings of a day: many end in a sentence with a restraining order, the others are adjourned."""
    for file in book.ordinary():
        if file.cps is None or file.cps.next_hearing_on != day or not file.open:
            continue
        if book.chance(_SENTENCED):
            expires = day + timedelta(days=book.rng.choice(_TERMS))
            make(book, file, "restraining_order", day, expires, prompt(book, file))
            finalise(book, file, day, "charged_and_disposed")
        else:
            file.cps.next_hearing_on = book.calendar.plus(day + _ADJOURNED, _WORKING_DAY)


def close(book: ForceBook, file: CaseFile, _ref: str, day: date) -> None:
    """Close a case without further action."""
    finalise(book, file, day, "nfa_police")


def transfer(book: ForceBook, file: CaseFile, _ref: str, day: date) -> None:
    """Transfer a case to another force."""
    finalise(book, file, day, "transferred")


def reopen(_book: ForceBook, file: CaseFile, _ref: str, _day: date) -> None:
    """Open a case again, since the review that the victim asked for found that it was closed too early."""
    file.case.finalised_on, file.case.finalised_reason = None, ""


DEEDS = {"close": close, "transfer": transfer, "reopen": reopen}
