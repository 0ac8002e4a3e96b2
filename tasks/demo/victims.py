"""Duties to the demo's victims, who are informed and asked: of arrest, release, charge, bail and no further action."""

from datetime import date, timedelta

from models.rules.catalogue import bail_views, nfa_review, release_review, suspect_wanted, victim_told
from tasks.demo.diary import ForceBook, Work, recorded
from tasks.demo.people import diligence
from tasks.demo.rows import FORCE, CaseFile, SuspectCsvRow

ANSWERS = {
    victim_told.RULE.name: "tell",
    bail_views.RULE.name: "ask views",
    release_review.RULE.name: "review release",
    nfa_review.RULE.name: "review closure",
    suspect_wanted.RULE.name: "pursue",
}
SOUGHT = ("at_large", "wanted")
_TRIED = {"high": 0.85, "medium": 0.5, "standard": 0.25, "": 0.85}  # a working day: an attempt to arrest, by risk
_ARRESTED = 0.15  # of attempts
_SAME_DAY = 0.92  # of what a diligent team owes a victim is done on the day; the rest waits for a reminder


def prompt(book: ForceBook, file: CaseFile) -> float:
    """Return how likely a case's team does on the day what it owes the victim, now that the demo runs."""
    return _SAME_DAY * diligence(file.team, (book.today - book.start).days)


def tell(book: ForceBook, file: CaseFile, happened_on: date, odds: float) -> None:
    """Tell the victim on the day what happened, with the probability `odds`."""
    if book.chance(odds):
        told = file.case.victim_told_on
        file.case.victim_told_on = max(told or happened_on, happened_on)


def set_status(book: ForceBook, file: CaseFile, status: str, day: date, odds: float) -> None:
    """Change the suspect's status, and do what it asks for on the same day, each with the probability `odds`."""
    case = file.case
    case.suspect_status, case.status_changed_on = status, day
    if not file.stalking:
        return
    tell(book, file, day, odds)
    if status == "bail" and not file.charged and book.chance(odds):
        case.bail_views_on = day
    if status in ("rui", "voluntary") and case.risk in ("high", "") and book.chance(odds):
        case.release_reviewed_on = day


def pursue(book: ForceBook, day: date) -> None:
    """Look for those who are sought: an attempt is recorded, and some are arrested and bailed."""
    for file in book.ordinary():
        case = file.case
        if not file.open or case.suspect_status not in SOUGHT:
            continue
        if book.chance(_TRIED[case.risk] * diligence(file.team, (day - book.start).days)):
            _try(book, file, "", day)


def _try(book: ForceBook, file: CaseFile, _ref: str, day: date) -> None:
    if file.case.suspect_status not in SOUGHT:
        return
    file.case.arrest_attempted_on = day
    if not file.charged and book.chance(_ARRESTED):
        file.case.bail_ends_on = day + timedelta(days=91)
        set_status(book, file, "bail", day, prompt(book, file))


def add_second_suspect(book: ForceBook, file: CaseFile) -> None:
    """Add somebody who acted with the suspect, and is on bail or released without it."""
    case, day = file.case, max(file.case.opened_on, file.case.status_changed_on or file.case.opened_on)
    second = SuspectCsvRow(FORCE, case.case_ref, f"{case.case_ref}-B", book.rng.choice(("bail", "rui")), day)
    if second.suspect_status == "bail":
        second.bail_views_on, second.bail_ends_on = day, book.today + book.days(20, 60)
    else:
        second.release_reviewed_on = day
    file.second = second


def _of_suspect(column: str) -> Work:
    """Return the work of which only the day is recorded, of the suspect that the reference names."""
    return lambda _book, file, ref, day: setattr(file.suspect(ref), column, day)


def close_well(book: ForceBook, file: CaseFile, odds: float) -> None:
    """Review a case of no further action, and tell the victim why, each on the day with the probability `odds`."""
    if not file.stalking or file.case.finalised_reason not in ("nfa_police", "nfa_cps"):
        return
    day = file.case.finalised_on
    file.case.nfa_reviewed_on = day if book.chance(odds) else None
    file.case.nfa_victim_told_on = day if book.chance(odds) else None


def closure_reviewed(_book: ForceBook, file: CaseFile, _ref: str, day: date) -> None:
    """Review no further action and tell the victim, after a reminder."""
    case = file.case
    case.nfa_reviewed_on, case.nfa_victim_told_on = case.nfa_reviewed_on or day, case.nfa_victim_told_on or day


DEEDS: dict[str, Work] = {  # late, after a reminder
    "tell": recorded("victim_told_on"),
    "ask views": _of_suspect("bail_views_on"),
    "review release": _of_suspect("release_reviewed_on"),
    "pursue": _try,
    "review closure": closure_reviewed,
}
