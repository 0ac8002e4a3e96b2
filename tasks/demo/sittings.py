"""How the demo's people hold their sittings: who comes, what they decide, and who says so, where and when."""

from collections.abc import Iterable
from datetime import date, timedelta

from config.sittings import Pattern, ReviewDecision
from models.rules.reviews.record_review import NewAction, ReviewReport
from tasks.demo.casework import SHORT, add_action, add_review, schedule
from tasks.demo.diary import ForceBook
from tasks.demo.outcomes import DemoCompletion, DemoConvening, DemoReview
from tasks.demo.people import zeal
from tasks.demo.prosecution import may_be_referred
from tasks.demo.rows import CaseFile

PANELS = """\
panels:
  - {force_code: "45", cps_area: South East, from: 2026-01-05, rrule: "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
     starts: "09:30", cases: 34, minutes_per_case: 6, chair: P45-SPOC1, place: "Room 2 or the usual link",
     non_working_day: skip, horizon: 14d}
  - {force_code: "45", cps_area: London South, from: 2026-01-09, rrule: "FREQ=WEEKLY;BYDAY=FR", starts: "14:00",
     cases: 12, minutes_per_case: 10, chair: CLS-M1, place: "Room 14 or the unit's link", non_working_day: next,
     horizon: 14d}
  # What the first fortnight's word of missing places led to: a second sitting a week after Easter.
  - {force_code: "45", cps_area: London South, from: 2026-04-08, rrule: "FREQ=WEEKLY;BYDAY=WE", starts: "14:00",
     cases: 12, minutes_per_case: 10, chair: CLS-M1, place: "Room 14 or the unit's link", horizon: 14d}
"""
_FORGOTTEN, _NOT_HELD, _ONE_SIDE = 0.03, 0.04, 0.05  # of reviews
_AGAIN = 0.4  # the chance that what failed before fails again
_BY_HAND = 0.3  # of quorate reviews: said by somebody here, and not by the records system
_DECISIONS = {
    ReviewDecision.CONTINUE: 55,
    ReviewDecision.FURTHER_ACTIONS: 30,
    ReviewDecision.SUBMIT_TO_CPS: 8,
    ReviewDecision.NFA_PROPOSED: 4,
    ReviewDecision.CLOSE: 3,
}


def hold(book: ForceBook, day: date, before: Iterable[DemoConvening]) -> None:
    """Hold the sittings of a day: what came of each case goes into the records system, to Casebeat, or nowhere."""
    for one in sorted(before):
        file = book.cases[one.case_ref]
        again = file.failed and book.chance(_AGAIN)
        roll = book.rng.random()
        if roll < _FORGOTTEN:
            continue
        if again or roll < _FORGOTTEN + _NOT_HELD:
            file.failed = True
            _say(book, one, ReviewReport(one.chair_ref, held=False, decisions=frozenset({ReviewDecision.NOT_REACHED})))
        elif roll < _FORGOTTEN + _NOT_HELD + _ONE_SIDE:
            file.failed = True
            add_review(book, file, "joint", day, quorate=False)
        else:
            file.failed = False
            _review(book, file, one, day)


def _review(book: ForceBook, file: CaseFile, one: DemoConvening, day: date) -> None:
    """A quorate review, told by the records system or by the chair; it may ask for more to be done."""
    if book.chance(_BY_HAND):
        _say(book, one, _word(book, file, one.chair_ref, day))
        return
    add_review(book, file, "joint", day, quorate=True)
    if book.chance(0.5):
        late = not book.chance(zeal(file.team, (day - book.start).days))
        schedule(book, file, add_action(book, file, day), late=late)


def _word(book: ForceBook, file: CaseFile, by: str, day: date) -> ReviewReport:
    decision = book.rng.choices(list(_DECISIONS), list(_DECISIONS.values()))[0]
    if decision is ReviewDecision.SUBMIT_TO_CPS and (file.referrals or not may_be_referred(file)):
        decision = ReviewDecision.CONTINUE
    owner = book.rng.choice(book.people.teams[file.team])
    asked = frozenset({NewAction(book.rng.choice(SHORT), owner, day + timedelta(days=7))})
    return ReviewReport(
        by, held=True, police=True, cps=True, decisions=frozenset({decision}), pattern=Pattern.STALKING,
        actions=asked if decision is ReviewDecision.FURTHER_ACTIONS else frozenset(),
    )  # fmt: skip


def _say(book: ForceBook, one: DemoConvening, word: ReviewReport) -> None:
    book.words.append(DemoReview(one.sitting_ref, one.case_ref, word))


def remember(book: ForceBook, file: CaseFile, sitting_ref: str, _day: date) -> None:
    """Somebody who is asked for an outcome says late what everyone had forgotten to record."""
    word = ReviewReport(
        file.case.supervisor_ref, held=True, police=True, cps=True, decisions=frozenset({ReviewDecision.CONTINUE})
    )
    book.words.append(DemoReview(sitting_ref, file.case.case_ref, word))


def finish(book: ForceBook, file: CaseFile, action_ref: str, day: date) -> None:
    """Whoever was asked for an action at a review says that it is done."""
    book.words.append(DemoCompletion(file.case.case_ref, action_ref, file.case.supervisor_ref, day))
