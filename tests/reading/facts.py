"""The rows of all extracts so far, and the case of each row (specification 2, and linked cases of 3)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

Row = dict[str, Any]
Key = tuple[str, ...]
STALKING = {"PH97006", "PH97010", "PH97011", "PH97007", "PH97008", "CD98077", "CD98078", "CD98079"} | {
    f"ST1900{number}" for number in range(1, 7)
}
HARASSMENT = {
    "PH97004",
    "PH97005",
    "PH97009",
    "PH97012",
    "PH97001",
    "PH97002",
    "PH97003",
    "CD98069",
    "CD98076",
    "SE20002",
    "FL96001",
}
AREA_OF = {"43": "Thames and Chiltern", "45": "South East", "46": "South East", "44": "Wessex"}
LIVE = {"pending", "waiting_third_party"}


def root_of(urn: str | None) -> str | None:
    """Give the eleven characters by which a URN is matched."""
    if not urn:
        return None
    return urn.upper().replace(" ", "").replace("/", "")[:11]


@dataclass
class Held:
    """One row as last sent, and whether its source still supplies it."""

    row: Row
    source: str
    supplied: bool = True
    withdrawn_on: date | None = None

    def withdraw(self, day: date) -> None:
        """Record that the source no longer supplies the row, from a day on."""
        if self.supplied:
            self.supplied, self.withdrawn_on = False, day


@dataclass
class Store:
    """Everything the sources have sent."""

    files: dict[str, dict[Key, Held]] = field(default_factory=lambda: defaultdict(dict))
    last_sent: dict[str, date] = field(default_factory=dict)
    covers: dict[str, list[str]] = field(default_factory=dict)
    first_seen: dict[str, date] = field(default_factory=dict)  # each contact
    declassified: dict[Key, date] = field(default_factory=dict)  # each case that was stalking and later was not

    def load(self, source: str, mode: str, day: date, files: dict[str, list[tuple[Key, Row, bool]]]) -> None:
        """Load one extract: rows as (key, row, withdrawn)."""
        self.last_sent[source] = day
        for name, rows in files.items():
            held = self.files[name]
            for key, row, withdrawn in rows:
                if name == "contacts":
                    self.first_seen.setdefault(row["contact_ref"], day)
                if name == "cases" and key in held and kind_of(held[key].row) == "stalking" != kind_of(row):
                    self.declassified[key] = day
                held[key] = Held(dict(row), source)
                if withdrawn:
                    held[key].withdraw(day)
            if mode == "snapshot":
                sent = {key for key, _, _ in rows}
                for key, old in held.items():
                    if old.source == source and key not in sent:
                        old.withdraw(day)

    def supplied(self, name: str) -> Iterator[Row]:
        """Yield the rows of a file that are not withdrawn."""
        return (held.row for held in self.files[name].values() if held.supplied)

    def rows(self, name: str) -> list[Row]:
        """Give the rows of a file as last sent, withdrawn or not."""
        return [held.row for held in self.files[name].values()]

    def cases(self) -> list[Row]:
        """Give every case ever sent: one that disappears stays."""
        return self.rows("cases")


@dataclass
class Facts:
    """The facts of one case among its linked ones."""

    case: Row
    root: str | None
    principal: bool
    rows: dict[str, list[Row]]
    linked_rows: dict[str, list[Row]]
    cps: list[Row]
    declassified_on: date | None = None

    def own(self, name: str) -> list[Row]:
        """Give the case's own supplied rows of a file."""
        return self.rows.get(name, [])

    def every(self, name: str) -> list[Row]:
        """Give the supplied rows of a file of any linked case."""
        return self.linked_rows.get(name, [])

    @property
    def risk(self) -> str | None:
        """The risk grade, None when unknown."""
        return self.case["risk"]

    @property
    def in_scope(self) -> bool:
        """Whether the case is open and stalking."""
        return in_scope(self.case)

    @property
    def stalking_or_harassment(self) -> bool:
        """Whether the case is open and either."""
        return not self.case["finalised_on"] and kind_of(self.case) != "other"

    @cached_property
    def charged(self) -> bool:
        """Whether a day of charge is known."""
        return any(row["charged_on"] for row in self.cps)

    @cached_property
    def live_actions(self) -> list[Row]:
        """The supplied actions still to be done."""
        return [row for row in self.own("actions") if row["status"] in LIVE]

    @cached_property
    def police_owe_plan(self) -> bool:
        """Whether police owe a live action of an action plan."""
        return any(row["source"] == "action_plan" and row["owner_agency"] == "police" for row in self.live_actions)

    @property
    def prosecutor(self) -> str | None:
        """The allocated prosecutor's reference."""
        return next((row["prosecutor_ref"] for row in self.cps if row["prosecutor_ref"]), None)


def kind_of(case: Row) -> str:
    """Give a case's classification, from its codes where none was given."""
    if case["classification"]:
        return case["classification"]
    codes = {code.upper()[:7] for code in case["offence_codes"]}
    if codes & STALKING:
        return "stalking"
    return "harassment" if codes & HARASSMENT else "other"


def in_scope(case: Row) -> bool:
    """Return whether a case is open and stalking."""
    return not case["finalised_on"] and kind_of(case) == "stalking"


def area_of(case: Row) -> str:
    """Give the case's CPS Area."""
    return (case["cps_area"] or AREA_OF[case["force_code"]]).replace("&", "and").lower()


def _rank(case: Row) -> tuple[Any, ...]:
    shut = bool(case["finalised_on"])
    return not in_scope(case), shut, case["opened_on"], case["case_ref"], case["force_code"]


def assemble(store: Store) -> list[Facts]:
    """Gather each case's facts: rows by URN go to the principal, CPS rows by URN to every linked case."""
    groups: dict[Key, list[Row]] = defaultdict(list)
    for case in store.cases():
        root = root_of(case["urn"])
        groups[(root,) if root else (case["force_code"], case["case_ref"])].append(case)
    owned: dict[Key, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    cps: dict[Key, list[Row]] = defaultdict(list)
    firsts = {key: min(group, key=_rank) for key, group in groups.items()}
    for name in ("incidents", "actions", "reviews", "referrals", "orders", "pleas"):
        for row in store.supplied(name):
            if row.get("urn") and (first := firsts.get((root_of(row["urn"]) or "",))):
                owned[first["force_code"], first["case_ref"]][name].append(row)
            elif not row.get("urn"):
                owned[row["force_code"], row["case_ref"]][name].append(row)
    for row in store.supplied("cps_cases"):
        cps[(root_of(row["urn"]) or "",) if row["urn"] else (row["force_code"], row["case_ref"])].append(row)
    found = [_facts(case, group, firsts[key] is case, owned, cps) for key, group in groups.items() for case in group]
    for facts in found:
        facts.declassified_on = store.declassified.get((facts.case["force_code"], facts.case["case_ref"]))
    return found


def _facts(
    case: Row,
    group: list[Row],
    principal: bool,
    owned: dict[Key, dict[str, list[Row]]],
    cps: dict[Key, list[Row]],
) -> Facts:
    keys = [(each["force_code"], each["case_ref"]) for each in group]
    linked: dict[str, list[Row]] = defaultdict(list)
    for key in keys:
        for name, rows in owned[key].items():
            linked[name].extend(rows)
    root = root_of(case["urn"])
    key = (case["force_code"], case["case_ref"])
    held = cps[key] + (cps[(root,)] if root else [])
    return Facts(case, root, principal, owned[key], linked, held)
