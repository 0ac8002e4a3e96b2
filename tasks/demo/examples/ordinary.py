"""An ordinary case in good order, to which an example adds the one fact that matters."""

from datetime import date, timedelta

from tasks.demo.casework import add_review, schedule
from tasks.demo.diary import Deed, ForceBook
from tasks.demo.orders import seek
from tasks.demo.people import NEXT_DOOR
from tasks.demo.prosecution import allocate
from tasks.demo.rows import AREA, FORCE, ActionCsvRow, CaseCsvRow, CaseFile, IncidentCsvRow
from tasks.demo.victims import close_well

_TEAMS = (0, 1, 3, 4, 5, 7, 9)  # with neither a backlog nor too few people
_NEXT_DOOR = NEXT_DOOR[-1]


def ordinary(
    book: ForceBook, age: int, code: str = "PH97010", *, kind: str = "stalking", risk: str = "medium", area: str = AREA
) -> CaseFile:
    """Add a case opened `age` days ago, with all that it owes done in time and one incident."""
    opened = book.today - timedelta(days=age)
    number = book.number("example")
    team = _TEAMS[number % len(_TEAMS)] if area == AREA else _NEXT_DOOR
    case = CaseCsvRow(
        FORCE, f"45{opened:%y}{book.number('case'):06}", opened, (code,), book.people.teams[team][number % 4],
        book.people.supervisors[team], area, f"45EX{book.number('urn'):05}{opened:%y}", kind, risk, "acquaintance",
        "at_large", last_act_on=opened, status_changed_on=opened, victim_told_on=opened, victim_contact_days=28,
    )  # fmt: skip
    file = book.cases[case.case_ref] = CaseFile(case, team)
    lately = max(opened, book.today - timedelta(days=5))
    case.risk_assessed_on = case.victim_contacted_on = case.spo_considered_on = lately
    if kind != "stalking":
        case.why_not_stalking_on = opened
    add_act(book, file, opened, opened)
    add_review(book, file, "joint", lately)
    add_review(book, file, "supervisor", lately)
    schedule(book, file, add_kind(book, file, "VICTIM_STATEMENT", lately))
    for work in ("supervisor", "assess", "contact"):
        book.diary[Deed(case.case_ref, work)] = book.today
    allocate(book, file)
    return file


def add_act(book: ForceBook, file: CaseFile, occurred: date, reported: date, *, breach: bool = False) -> None:
    """Add an incident without any answer to it."""
    ref = f"IN{book.number('incident'):07}"
    row = IncidentCsvRow(FORCE, file.case.case_ref, ref, occurred, reported, "following", breach=breach)
    file.incidents.append(row)


def add_kind(book: ForceBook, file: CaseFile, kind: str, raised: date) -> ActionCsvRow:
    """Add a pending action of a kind, which the officer in charge owns."""
    ref = f"AC{book.number('action'):07}"
    case = file.case
    file.actions.append(
        ActionCsvRow(
            ref, FORCE, case.case_ref, "", kind, "investigation", "police", "pending", raised, owner_ref=case.oic_ref
        )
    )
    return file.actions[-1]


def charge(book: ForceBook, file: CaseFile, day: date, *codes: str, status: str = "bail") -> None:
    """Charge the suspect, with all that this asks for done on the day, but for a reason why it is not stalking."""
    if file.cps is None:
        return
    file.cps.charge_authorised_on = file.cps.charged_on = day
    file.cps.charged_codes = codes
    file.cps.next_hearing_on = book.start + timedelta(days=60)
    file.case.suspect_status, file.case.status_changed_on, file.case.victim_told_on = status, day, day
    order = seek(book, file, "restraining_order", day)
    order.victim_views_on = order.decided_on = day


def closed(book: ForceBook, age: int, closed_on: date, reason: str = "charged_and_disposed") -> CaseFile:
    """Add a case that was opened `age` days ago and is closed, with nothing left to do but what is added."""
    file = ordinary(book, age)
    case = file.case
    case.finalised_on, case.finalised_reason, case.suspect_status = closed_on, reason, "not_identified"
    close_well(book, file, 1.0)
    file.actions.clear()
    return file
