"""The force that joins in the second week: its people, a book that is late in places, and its nightly extracts."""

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from config.policy import load_policy
from tasks.demo.extracts import write_extract
from tasks.demo.people_rows import ContactCsvRow, TrainingCsvRow
from tasks.demo.rows import ActionCsvRow, CaseCsvRow, IncidentCsvRow, OrderCsvRow

JOINING, JOINING_AREA = "53", "South West"  # Gloucestershire
_SENDS_AFTER, _JOINS_AFTER = 4, 8  # days: from its first extract on nobody is written to until it joins
_CASES, _OFFICERS = 30, 4
_WEEK = 7  # working off what is late: each case has its turn within so many days
PANEL = """\
  - {force_code: "53", cps_area: South West, from: 2026-04-14, rrule: "FREQ=WEEKLY;BYDAY=WE,TH", starts: "10:00",
     cases: 8, minutes_per_case: 10, chair: P53-SPOC1, spocs: {police: P53-SPOC1, cps: CSW-SPOC1}, place: Room 5,
     non_working_day: skip, horizon: 21d}
"""  # its first meeting is after the demo


def joins_on(start: date) -> date:
    """Return the day on which the force joins a demo that begins on `start`."""
    return start + timedelta(days=_JOINS_AFTER)


def policy_text(start: date) -> str:
    """Return the demo's own policy: the shipped one, with the day on which the force joins."""
    return f'edition: "{load_policy().edition}"\nstarts: {{"{JOINING}": {joins_on(start)}}}\n'


class JoiningForce:
    """The force's book as of any night. It is the same in every demo."""

    def __init__(self, start: date) -> None:
        self._start, self._joins = start, joins_on(start)
        self.contacts = [*_police(), *_cps()]
        self._cases: list[CaseCsvRow] = []
        self._incidents: list[IncidentCsvRow] = []
        self._actions: list[ActionCsvRow] = []
        rng = Random(JOINING)  # noqa: S311 - repeatable, not secret
        for number in range(_CASES):
            self._add(number, start - timedelta(days=rng.randint(15, 330)), rng)

    def write(self, folder: Path, day: date) -> list[Path]:
        """Write the snapshots that arrive in the early morning of `day`; none before its first night."""
        if day < self._start + timedelta(days=_SENDS_AFTER):
            return []
        if day > self._joins:
            self._work_off(day)
        police: dict[str, Iterable[Any]] = {
            "contacts.csv": [row for row in self.contacts if row.agency == "police"],
            "absences.csv": (),
            "training.csv": [TrainingCsvRow("P53-SPOC1", "spoc_role", self._start - timedelta(days=100))],
            "cases.csv": self._cases,
            "incidents.csv": self._incidents,
            "actions.csv": self._actions,
            "reviews.csv": (),
            "orders.csv": [self._order()],
        }
        cps: dict[str, Iterable[Any]] = {
            "contacts.csv": [row for row in self.contacts if row.agency == "cps"],
            "absences.csv": (),
            "training.csv": [
                TrainingCsvRow("CSW-SPOC1", "spoc_role", self._start - timedelta(days=100)),
                TrainingCsvRow("CSW-001", "stalking_prosecutor", self._start - timedelta(days=300)),
            ],
            **dict.fromkeys(("cps_cases.csv", "actions.csv", "referrals.csv", "pleas.csv"), ()),
        }
        return [
            write_extract(folder / f"{source}-{day:%Y%m%d}", agency, files, day, (), covers=JOINING)
            for source, agency, files in (("crimes-53", "police", police), ("cms-sw", "cps", cps))
        ]

    def _add(self, number: int, opened: date, rng: Random) -> None:
        ref, officer = f"53{opened:%y}{number:05}", f"P53-{number % _OFFICERS + 1:03}"
        looked_at = opened + timedelta(days=1)
        code = rng.choice(("PH97010", "PH97010", "PH97006", "PH97008"))
        self._cases.append(CaseCsvRow(
            JOINING, ref, opened, (code,), officer, "P53-S01", JOINING_AREA, classification="stalking",
            risk=rng.choice(("high", "medium", "medium", "standard")), relationship="ex_partner",
            suspect_status=rng.choice(("at_large", "voluntary", "rui")), last_act_on=opened, status_changed_on=opened,
            risk_assessed_on=looked_at, victim_contacted_on=looked_at, victim_told_on=looked_at,
        ))  # fmt: skip
        self._incidents.append(IncidentCsvRow(JOINING, ref, f"53-I{number:03}", opened, opened, "following"))
        self._actions.append(ActionCsvRow(
            f"53-A{number:03}", JOINING, ref, "", rng.choice(("CCTV", "STATEMENT", "PHONE_DOWNLOAD")), "investigation",
            "police", "pending", opened + timedelta(days=2), owner_ref=officer,
        ))  # fmt: skip

    def _order(self) -> OrderCsvRow:
        """Return an order that ends soon after the force joins: of it SPOCs and leads hear before."""
        case, ends = self._cases[0], self._joins + timedelta(days=12)
        day = case.opened_on + timedelta(days=5)
        return OrderCsvRow("53-O001", JOINING, case.case_ref, "interim_spo", day, day, day, day, day, expires_on=ends)

    def _work_off(self, day: date) -> None:
        """Have each officer see to a few cases: the victim, the risk, and the action that waited."""
        yesterday = day - timedelta(days=1)
        for number, (case, action) in enumerate(zip(self._cases, self._actions, strict=True)):
            if number % _WEEK == day.toordinal() % _WEEK:
                case.risk_assessed_on = case.victim_contacted_on = case.spo_considered_on = yesterday
                action.status, action.closed_on, action.closed_reason = "done", action.closed_on or yesterday, "done"


def _police() -> list[ContactCsvRow]:
    def of(ref: str, name: str, *roles: str) -> ContactCsvRow:
        return ContactCsvRow(ref, "police", name, _mailbox(name, "demo.police.uk"), roles, JOINING)

    officers = ("Robin Alder", "Wren Aspen", "Martin Sallow", "Swift Limewood")
    return [
        *(of(f"P53-{place:03}", name, "officer") for place, name in enumerate(officers, 1)),
        of("P53-S01", "Swallow Medlar", "supervisor"),
        of("P53-SPOC1", "Heron Tamarisk", "spoc"),
        of("P53-LEAD", "Osprey Whitebeam", "lead"),
    ]


def _cps() -> list[ContactCsvRow]:
    def of(ref: str, name: str, *roles: str) -> ContactCsvRow:
        mailbox = _mailbox(name, "demo.cps.gov.uk")
        return ContactCsvRow(ref, "cps", name, mailbox, roles, cps_area=JOINING_AREA)

    return [
        of("CSW-001", "Plover Spindle", "prosecutor"),
        of("CSW-M1", "Siskin Poplar", "legal_manager"),
        of("CSW-SPOC1", "Teal Sequoia", "spoc"),
        of("CSW-LEAD", "Whimbrel Dogwood", "lead"),
    ]


def _mailbox(name: str, domain: str) -> str:
    return f"{name.lower().replace(' ', '.')}@{domain}"
