"""The demo's cases: created for the first morning, and updated each night with the work of the day."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from models.queries.demo import CaseAtSitting, NotifiedStep, RepliedObligation
from models.rules.calendar import WorkingCalendar
from tasks.demo.casework import add_case
from tasks.demo.diary import ForceBook
from tasks.demo.examples import add_examples, closed
from tasks.demo.extracts import CPS, FaultyRow, write_extracts
from tasks.demo.keys import give_keys
from tasks.demo.orders import TWO_YEARS, make
from tasks.demo.people import cast
from tasks.demo.people_rows import ContactCsvRow
from tasks.demo.prosecution import add_plea
from tasks.demo.rows import CaseFile
from tasks.demo.workday import work_day

OPEN_CASES = 900
SILENT = (13, 14)  # nights without an extract of South East, counted from the first: Easter Sunday and Monday
_SUMMARY_ONLY = ("PH97006", "PH97004")


@dataclass
class DemoState:
    """The state of the demo: its book, the folder of its extracts, and the rows with typing errors."""

    book: ForceBook
    folder: Path
    faults: tuple[FaultyRow, ...]


def write_book(folder: Path, start: date, seed: int, *, cases: int = OPEN_CASES) -> tuple[DemoState, list[Path]]:
    """Create the book as of the morning of `start` and write its first extracts under `folder`.

    The same seed and day produce the same bytes.
    """
    rng = Random(seed)  # noqa: S311 - repeatable, not secret
    book = ForceBook(rng, start, start, cast(rng, start), WorkingCalendar())
    oldest = (math.ceil(rng.expovariate(1 / 50)) for _ in range(cases))
    for age in sorted((min(165, age) for age in oldest), reverse=True):
        add_case(book, start - timedelta(days=age), backlog=0.018)
    _add_special_cases(book)
    add_examples(book)
    for file in book.cases.values():
        give_keys(book, file)
    state = DemoState(book, folder, _faults(book))
    return state, write_extracts(book, folder, start, state.faults)


def answer_night(
    state: DemoState,
    day: date,
    notifications: Iterable[NotifiedStep],
    before: Iterable[CaseAtSitting] = (),
    replied: Iterable[RepliedObligation] = (),
) -> list[Path]:
    """Simulate `day` with its notifications, replies, and cases before its sittings; write the next morning's extracts.

    Afterwards the book's `reports` hold what people report to Casebeat itself.
    """
    work_day(state.book, day, notifications, before, replied)
    nights = (day - state.book.start).days + 1
    return write_extracts(
        state.book, state.folder, day + timedelta(days=1), state.faults, silent=CPS if nights in SILENT else ""
    )


def _add_special_cases(book: ForceBook) -> None:
    """Add special cases: near a time limit, restricted, linked, or with many incidents."""
    files = list(book.cases.values())
    summary = [f for f in files if f.case.offence_codes[0] in _SUMMARY_ONLY and not f.charged]
    for file, back in zip(_some(book, summary, 9), (181, 176, 174, 168, 160, 150, 141, 135, 130), strict=False):
        cutoff = file.case.last_act_on = book.today - timedelta(days=back)
        for incident in file.incidents:
            incident.occurred_on = min(incident.occurred_on, cutoff)
    for file in [f for f in summary if (book.today - f.case.opened_on).days in range(6, 40)][-2:]:
        file.case.last_act_on, file.incidents = None, []
    for file in [*_some(book, [f for f in files if f.stalking], 5), *_long_overdue(book, files)]:
        team = book.people.supervisors.index(file.case.supervisor_ref) % len(book.people.restricted_officers)
        file.case.restricted, file.case.spoc_ref = True, ""
        file.case.oic_ref = book.people.restricted_officers[team]
    _orders_and_notices(book, [f for f in files if f.stalking and not f.case.restricted])
    with_urn = [f for f in files if f.case.urn and not f.referrals and f.stalking]
    for earlier, later in zip(with_urn[:2], with_urn[-2:], strict=True):
        later.case.urn, later.cps = f"{earlier.case.urn}/2", None


def _orders_and_notices(book: ForceBook, files: list[CaseFile]) -> None:
    """Add orders that begin and that end, Police Information Notices, and pleas just accepted.

    A stalking protection order lasts two years or more, so that one that ends soon is of a case long closed.
    """
    for ahead in (4, 12, 19, 26, 30, 50, 70, 120):
        expires = book.today + timedelta(days=ahead)
        day = expires - TWO_YEARS
        file = closed(book, (book.today - day).days + 60, day + timedelta(days=200))
        make(book, file, "spo", day, expires, 1.0)
    for file in _some(book, files, 8):
        kind, ahead = book.rng.choice((("spo", 760), ("interim_spo", 24), ("interim_spo", 45)))
        day = max(file.case.opened_on, book.today - timedelta(days=book.rng.randint(2, 30)))
        make(book, file, kind, day, book.today + timedelta(days=ahead), 1.0)
    for file in _some(book, files, 2):
        file.case.pin_issued_on = min(book.yesterday, file.case.opened_on + timedelta(days=2))
    for file in _some(book, [f for f in files if f.charged], 3):
        add_plea(book, file, book.yesterday, "PH97009", consulted=None, accepted=book.yesterday)


def _some(book: ForceBook, files: list[CaseFile], number: int) -> list[CaseFile]:
    """Return `number` random files, or all if there are fewer."""
    return book.rng.sample(files, min(number, len(files)))


def _long_overdue(book: ForceBook, files: list[CaseFile]) -> list[CaseFile]:
    """Return the high-risk case with the longest waiting action, which is stalled on the first morning."""
    waiting = [
        (action.raised_on, number)
        for number, file in enumerate(files)
        if file.stalking and file.case.risk == "high"
        for action in file.live_actions()
        if action.status == "pending" and action.raised_on < book.today - timedelta(days=20)
    ]
    return [files[number] for _, number in sorted(waiting)[:1]]


def _faults(book: ForceBook) -> tuple[FaultyRow, ...]:
    """Return typing errors in rows, and the days on which they are corrected; none is of a stalking case."""
    strays_case = list(book.cases.values())[30]
    files = [file for file in book.cases.values() if file.case.classification == "harassment"]
    fourth, ninth, never = (book.start + timedelta(days=days) for days in (4, 9, 365))
    stray = ContactCsvRow("P45-061", "police", "Rook Wildapple", "rook.wildapple@post.example", ("officer",), "45")
    book.people.contacts.append(stray)
    strays_case.case.oic_ref = stray.contact_ref
    return (
        FaultyRow("cases.csv", files[5].case.case_ref, {"risk": "V.High"}, fourth),
        FaultyRow(
            "cases.csv", files[10].case.case_ref, {"opened_on": "31/02/2026", "suspect_status": "on bail"}, ninth
        ),
        FaultyRow("incidents.csv", files[15].incidents[0].incident_ref, {"occurred_on": "2027-01-09"}, fourth),
        FaultyRow("actions.csv", files[20].actions[0].action_ref, {"source": "Casework", "raised_on": ""}, never),
        FaultyRow("actions.csv", files[25].actions[0].action_ref, {"status": "closed"}, ninth),
    )
