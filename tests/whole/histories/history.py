"""A published review as a made-up case: what was recorded, night by night, and who has to know by which day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from tests.worlds.days import day
from tests.worlds.extracts import a_case

FOLDER = Path(__file__).with_name("reviews")
FORCE = "45"
FILES = {"incidents": "incident_ref", "actions": "action_ref", "orders": "order_ref"}  # the key of each
WEEKDAYS = {"Mon ", "Tue ", "Wed ", "Thu ", "Fri ", "Sat ", "Sun "}
Rows = dict[str, dict[str, str]]  # by their reference
# The failures that the reviews found, in the order in which they are counted.
FAILURES = {
    "recorded": "recorded as harassment, or not linked",
    "graded": "graded low or not at all, or lowered without a question",
    "breach": "a breach without an answer, or bail given again",
    "at large": "not arrested, or wanted, for days",
    "notice": "a notice in place of a crime",
    "earlier": "no answer to earlier victims",
    "closed": "closed with lines of enquiry open",
    "phone": "the victim's phone kept",
    "elsewhere": "told to another agency alone",
}


@dataclass(frozen=True)
class Message:
    """A message that has to reach a role: words that its letter has of the case, and the last day."""

    role: str
    says: str
    by: date


@dataclass(frozen=True)
class History:
    """A review: its number, publisher and year, what it found, and its made-up case of 2026."""

    number: int
    publisher: str
    year: int
    read: str  # where: the publisher's page, press; or "from memory"
    found: str
    failures: tuple[str, ...]
    reported_on: date  # the day after which somebody has to know; the day of the death where no extract knows
    death: date
    messages: tuple[Message, ...]
    unknown: str  # why no extract knows
    nights: dict[date, dict[str, Any]]  # what is new in the extract of that morning

    @property
    def ref(self) -> str:
        """Return the reference of its case."""
        return f"H{self.number:02}"

    def before(self, told_on: date) -> int:
        """Return the days from a message to the death."""
        return (self.death - told_on).days

    def recorded(self, night: date) -> dict[str, Rows]:
        """Return the rows of each file as they are known on the morning of a day."""
        rows: dict[str, Rows] = {"cases": {}, "cps_cases": {}, **{name: {} for name in FILES}}
        for morning, news in self.nights.items():
            if morning <= night:
                self._add(rows, news)
        return rows

    def _add(self, rows: dict[str, Rows], news: dict[str, Any]) -> None:
        if "case" in news:
            self._case(rows["cases"], self.ref, news["case"])
        if "earlier" in news:
            self._case(rows["cases"], f"{self.ref}E", news["earlier"])
        if "cps" in news:
            rows["cps_cases"].setdefault(self.ref, self._of_case()).update(_cells(news["cps"]))
        for name, key in FILES.items():
            for number, cells in news.get(name, {}).items():
                ref = f"{self.ref}-{number}"
                rows[name].setdefault(ref, {key: ref, **self._of_case()}).update(_cells(cells))

    def _of_case(self) -> dict[str, str]:
        return {"force_code": FORCE, "case_ref": self.ref}

    def _case(self, cases: Rows, ref: str, cells: dict[str, Any]) -> None:
        people = {"oic_ref": f"P{self.number:02}", "supervisor_ref": f"S{self.number:02}"}
        led = {"spoc_ref": f"SP{self.number:02}", "offence_codes": "PH97004"}
        cases.setdefault(ref, a_case(ref, **people, **led)).update(_cells(cells))


def _cells(values: dict[str, Any]) -> dict[str, str]:
    return {name: _cell(str(value)) for name, value in values.items()}


def _cell(text: str) -> str:
    return day(text).isoformat() if text[:4] in WEEKDAYS else text


def read(path: Path) -> History:
    """Read the file of a review."""
    told = yaml.safe_load(path.read_text("utf-8"))
    nights = {day(morning): news for morning, news in told["nights"].items()}
    return History(
        number=int(path.stem),
        publisher=told["publisher"],
        year=told["year"],
        read=told["read"],
        found=told["found"],
        failures=tuple(told["failures"]),
        reported_on=day(told.get("reported_on", told["death"])),
        death=day(told["death"]),
        messages=tuple(Message(one["to"], one["says"], day(one["by"])) for one in told.get("messages", ())),
        unknown=told.get("unknown", ""),
        nights=nights,
    )


def histories() -> list[History]:
    """Read all reviews, by number."""
    return [read(path) for path in sorted(FOLDER.glob("*.yaml"))]


def mornings(all_of_them: list[History]) -> list[date]:
    """Return the mornings that matter: of each extract that brings news, and those by which somebody has to know."""
    found = [{*one.nights, *(message.by for message in one.messages)} for one in all_of_them]
    return sorted(set().union(*found))
