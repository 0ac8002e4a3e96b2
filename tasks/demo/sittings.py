"""Sittings of the demo: attendance, decisions, and the way in which each outcome is recorded."""

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

from config.sittings import Enquiries, Pattern, ReviewDecision
from models.queries.demo import CaseAtSitting
from models.rules.reviews.record_review import NewAction, ReviewReport
from tasks.demo.casework import SHORT, add_action, add_review, schedule
from tasks.demo.diary import ForceBook
from tasks.demo.people import diligence
from tasks.demo.prosecution import may_be_referred
from tasks.demo.reports import DemoCompletion, DemoReview
from tasks.demo.rows import CaseFile

PANELS = (Path(__file__).parent / "panels.yaml").read_text("utf-8")
_FORGOTTEN, _NOT_HELD, _ONE_SIDE = 0.05, 0.04, 0.05  # of reviews
_AGAIN = 0.4  # the chance that what failed before fails again
_BY_HAND = 0.3  # of quorate reviews: reported to Casebeat, and not by the records system
_DECISIONS = {
    ReviewDecision.CONTINUE: 55,
    ReviewDecision.FURTHER_ACTIONS: 30,
    ReviewDecision.SUBMIT_TO_CPS: 8,
    ReviewDecision.NFA_PROPOSED: 4,
    ReviewDecision.CLOSE: 3,
}


def hold(book: ForceBook, day: date, before: Iterable[CaseAtSitting]) -> None:
    """Hold the sittings of a day. Each outcome goes into the records system, to Casebeat, or is forgotten."""
    for convening in sorted(before):
        file = book.cases[convening.case_ref]
        again = file.failed and book.chance(_AGAIN)
        roll = book.rng.random()
        if roll < _FORGOTTEN:
            continue
        if again or roll < _FORGOTTEN + _NOT_HELD:
            file.failed = True
            _report(
                book,
                convening,
                ReviewReport(convening.chair_ref, held=False, decisions=frozenset({ReviewDecision.NOT_REACHED})),
            )
        elif roll < _FORGOTTEN + _NOT_HELD + _ONE_SIDE:
            file.failed = True
            add_review(book, file, "joint", day, quorate=False)
        else:
            file.failed = False
            _review(book, file, convening, day)


def _review(book: ForceBook, file: CaseFile, convening: CaseAtSitting, day: date) -> None:
    """Hold a quorate review, recorded by the records system or the chair; it may raise an action."""
    if book.chance(_BY_HAND):
        _report(book, convening, _word(book, file, convening.chair_ref, day))
        return
    add_review(book, file, "joint", day, quorate=True)
    if book.chance(0.5):
        late = not book.chance(diligence(file.team, (day - book.start).days))
        schedule(book, file, add_action(book, file, day), late=late)


def _word(book: ForceBook, file: CaseFile, by: str, day: date) -> ReviewReport:
    decision = book.rng.choices(list(_DECISIONS), list(_DECISIONS.values()))[0]
    if decision is ReviewDecision.SUBMIT_TO_CPS and (file.referrals or not may_be_referred(file)):
        decision = ReviewDecision.CONTINUE
    owner = book.rng.choice(book.people.teams[file.team])
    asked = frozenset({NewAction(book.rng.choice(SHORT), owner, day + timedelta(days=7))})
    gaps = decision is ReviewDecision.FURTHER_ACTIONS
    return ReviewReport(
        by, held=True, police=True, cps=True, decisions=frozenset({decision}), pattern=Pattern.STALKING,
        actions=asked if gaps else frozenset(), enquiries=Enquiries.GAPS_FOUND if gaps else Enquiries.ALL_PURSUED,
    )  # fmt: skip


def _report(book: ForceBook, convening: CaseAtSitting, report: ReviewReport) -> None:
    book.reports.append(DemoReview(convening.sitting_ref, convening.case_ref, report))


def report_late(book: ForceBook, file: CaseFile, sitting_ref: str, _day: date) -> None:
    """Report late an outcome that was forgotten, after a request for it."""
    report = ReviewReport(
        file.case.supervisor_ref, held=True, police=True, cps=True, decisions=frozenset({ReviewDecision.CONTINUE}),
        enquiries=Enquiries.NOT_LOOKED_AT,
    )  # fmt: skip
    book.reports.append(DemoReview(sitting_ref, file.case.case_ref, report))


def finish(book: ForceBook, file: CaseFile, action_ref: str, day: date) -> None:
    """Report an action that a review raised as done."""
    book.reports.append(DemoCompletion(file.case.case_ref, action_ref, file.case.supervisor_ref, day))
