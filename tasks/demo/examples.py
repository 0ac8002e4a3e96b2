"""The examples: each an ordinary case in good order, to which `examples.yaml` adds the one fact that matters."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, RootModel

from config import strict_yaml
from tasks.demo.casework import add_review, schedule
from tasks.demo.diary import Deed, ForceBook
from tasks.demo.orders import make, seek
from tasks.demo.people import NEXT_DOOR
from tasks.demo.people_rows import AbsenceCsvRow
from tasks.demo.prosecution import add_plea, add_referral, allocate
from tasks.demo.rows import AREA, FORCE, ActionCsvRow, CaseCsvRow, CaseFile, IncidentCsvRow
from tasks.demo.victims import close_well

_TEAMS = (0, 1, 3, 4, 5, 7, 9)  # with neither a backlog nor too few people
_NEXT_DOOR = NEXT_DOOR[-1]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _End(_Strict):
    day: int
    reason: str


class _Act(_Strict):
    occurred_on: int
    reported_on: int
    breach: bool = False


class _Action(_Strict):
    kind: str
    raised_on: int


class _Charge(_Strict):
    day: int
    codes: tuple[str, ...] = ()
    status: str = "bail"


class _Plea(_Strict):
    offered_on: int
    code: str


class _Order(_Strict):
    kind: str
    made_on: int
    expires_on: int
    victim_told: bool = True
    also: dict[str, int | None] = {}  # other columns of its row


class Example(_Strict):
    """What one example gives. A whole number, but for `age`, is a day, counted from the demo's first morning."""

    age: int
    code: str = "PH97010"
    kind: str = "stalking"
    risk: str = "medium"
    area: str = AREA
    closed: _End | None = None
    acts: tuple[_Act, ...] = ()
    action: _Action | None = None
    charge: _Charge | None = None
    referred_on: int | None = None
    plea: _Plea | None = None
    order: _Order | None = None
    case: dict[str, int | str | None] = {}  # columns of the rows of the case
    cps: dict[str, int] = {}
    diary: dict[str, int] = {}
    heedless: bool = False
    deputy_barred: bool = False


@cache
def examples() -> Mapping[str, Example]:
    """Return every example by what it shows."""
    return strict_yaml.load(Path(__file__).with_suffix(".yaml"), RootModel[dict[str, Example]]).root


def add_examples(book: ForceBook) -> None:
    """Add a case for each example, and keep its reference."""
    for what, example in examples().items():
        book.examples[what] = _add(book, example).case.case_ref


def list_examples(book: ForceBook, file: Path) -> None:
    """Write a line for each example: its case, and what it shows."""
    lines = (f"{FORCE}/{ref}  {what}\n" for what, ref in book.examples.items())
    file.write_text("".join(lines), encoding="utf-8")


def _add(book: ForceBook, example: Example) -> CaseFile:
    if example.closed:
        file = closed(book, example.age, _day(book, example.closed.day), example.closed.reason)
    else:
        file = ordinary(book, example.age, example.code, kind=example.kind, risk=example.risk, area=example.area)
    for act in example.acts:
        _add_act(book, file, _day(book, act.occurred_on), _day(book, act.reported_on), breach=act.breach)
    if example.action:
        _add_action(book, file, example.action.kind, _day(book, example.action.raised_on))
    _prosecute(book, file, example)
    if example.order:
        _make(book, file, example.order)
    file.case = replace(file.case, **_days(book, example.case))
    file.cps = file.cps and replace(file.cps, **_days(book, example.cps))
    book.diary |= {Deed(file.case.case_ref, work): _day(book, on) for work, on in example.diary.items()}
    file.heedless = example.heedless
    if example.deputy_barred:
        _bar_deputy(book, file)
    return file


def _day(book: ForceBook, number: int) -> date:
    return book.today + timedelta(days=number)


def _days(book: ForceBook, columns: Mapping[str, int | str | None]) -> dict[str, Any]:
    return {name: _day(book, value) if isinstance(value, int) else value for name, value in columns.items()}


def _prosecute(book: ForceBook, file: CaseFile, example: Example) -> None:
    if example.charge:
        _charge(book, file, _day(book, example.charge.day), example.charge)
    if example.referred_on is not None:
        add_referral(book, file, _day(book, example.referred_on), late=True)
    if example.plea:
        add_plea(book, file, _day(book, example.plea.offered_on), example.plea.code, consulted=None)


def _make(book: ForceBook, file: CaseFile, order: _Order) -> None:
    """Make an order, whatever was sought before."""
    file.orders.clear()
    made_on, expires_on = _day(book, order.made_on), _day(book, order.expires_on)
    made = make(book, file, order.kind, made_on, expires_on, 1.0 if order.victim_told else 0.0)
    file.orders = [replace(made, **_days(book, order.also))]


def _bar_deputy(book: ForceBook, file: CaseFile) -> None:
    """Bar the deputy of the officer in charge, who is away for a week."""
    officer = file.case.oic_ref
    deputies = (contact.deputy_ref for contact in book.people.contacts if contact.contact_ref == officer)
    file.case.barred_refs = tuple(deputies)
    book.people.absences.append(AbsenceCsvRow(officer, book.today, _day(book, 6)))


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
        "not_identified", last_act_on=opened, status_changed_on=opened, victim_told_on=opened, victim_contact_days=28,
    )  # fmt: skip
    file = book.cases[case.case_ref] = CaseFile(case, team)
    lately = max(opened, book.today - timedelta(days=5))
    case.risk_assessed_on = case.victim_contacted_on = case.spo_considered_on = case.risk_ratified_on = lately
    case.advocate_referred_on = opened
    if kind != "stalking":
        case.why_not_stalking_on = opened
    _add_act(book, file, opened, opened)
    add_review(book, file, "joint", lately)
    add_review(book, file, "supervisor", lately)
    schedule(book, file, _add_action(book, file, "VICTIM_STATEMENT", lately))
    for work in ("supervisor", "assess", "contact"):
        book.diary[Deed(case.case_ref, work)] = book.today
    allocate(book, file)
    return file


def _add_act(book: ForceBook, file: CaseFile, occurred: date, reported: date, *, breach: bool = False) -> None:
    """Add an incident without any answer to it."""
    ref = f"IN{book.number('incident'):07}"
    row = IncidentCsvRow(FORCE, file.case.case_ref, ref, occurred, reported, "following", breach=breach)
    file.incidents.append(row)


def _add_action(book: ForceBook, file: CaseFile, kind: str, raised: date) -> ActionCsvRow:
    """Add a pending action of a kind, which the officer in charge owns."""
    ref = f"AC{book.number('action'):07}"
    case = file.case
    file.actions.append(
        ActionCsvRow(
            ref, FORCE, case.case_ref, "", kind, "investigation", "police", "pending", raised, owner_ref=case.oic_ref
        )
    )
    return file.actions[-1]


def _charge(book: ForceBook, file: CaseFile, day: date, charge: _Charge) -> None:
    """Charge the suspect, with all that this asks for done on the day, but for a reason why it is not stalking."""
    if file.cps is None:
        return
    file.cps.charge_authorised_on = file.cps.charged_on = day
    file.cps.charged_codes = charge.codes
    file.cps.next_hearing_on = book.start + timedelta(days=60)
    file.case.suspect_status, file.case.status_changed_on, file.case.victim_told_on = charge.status, day, day
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
