"""Books that are drawn by a seed, with a case that is kept from some people, and the twin of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from tests.worlds.extracts import a_case, an_action
from tests.worlds.twin_people import AWAY, CHAIR, MAY_BE_BARRED, SAME_ADDRESS, Circle, Guard, barring

FIRST, MONDAY, TODAY, AFTER = "Thu 12 Mar 2026", "Mon 16 Mar 2026", "Tue 17 Mar 2026", "Wed 18 Mar 2026"
SITTING, NEXT = "45-south-east-2026-03-17", "45-south-east-2026-03-24"
KEY = "5c" * 12  # of a suspect
ELSEWHERE = "X1"  # the case of another force
Row = dict[str, str]
Files = dict[str, list[Row]]


@dataclass(frozen=True)
class DrawnCase:
    """The rows of one case by file, of each night; they name it by `{ref}`."""

    name: str
    circle: Circle
    rows: Mapping[str, Sequence[Row]]
    later: Mapping[str, Sequence[Row]]  # from Monday on, instead of rows of the same files

    def files(self, on: str) -> Files:
        """Its rows on a night, under its name."""
        known = {**self.rows, **(self.later if on != FIRST else {})}
        return {file: [_named(row, self.name) for row in rows] for file, rows in known.items()}


def _named(row: Row, name: str) -> Row:
    return {column: value.replace("{ref}", name) for column, value in row.items()}


@dataclass(frozen=True)
class DrawnBook:
    """A book as a seed draws it: the cases that everybody may know, the hidden one, its guard, and the panel."""

    seed: int
    hidden: tuple[DrawnCase, ...]  # itself, and the case that is linked with it and carries its mark, if one does
    others: tuple[DrawnCase, ...]
    guard: Guard
    panel: Mapping[str, Any]
    newcomers: frozenset[str]

    @property
    def name(self) -> str:
        """The hidden case's reference."""
        return self.hidden[0].name

    def without(self) -> "DrawnBook":
        """The twin: without the hidden case where it bars people, under another name where it is restricted."""
        if self.guard.access is None:
            return replace(self, hidden=())
        return replace(self, hidden=tuple(replace(one, name=f"{one.name[:-1]}2") for one in self.hidden))


def drawn(seed: int) -> DrawnBook:
    """Draw a book: seeds take turns in how its case is hidden."""
    random = Random(seed)  # noqa: S311  a book, no secret
    guard, linked = _guard(random, restricted=seed % 3 == 1), seed % 3 == 2 or random.random() < 0.2
    listed = random.choice(";,| ").join(guard.listed)
    mark = {"barred_refs": listed} if guard.access is None else {"restricted": "yes"}
    name = random.choice(["HIDE1", "ZIDE1"])
    circle = Circle(
        random.choice(["OIC1", "OIC2"]), random.choice(["SUP1", AWAY]), random.choice(["PRO1", "PRO2"]),
        random.choice(["OWN1", "OWN2"]),
    )  # fmt: skip
    hidden = [_case(random, name, circle, urn="45ZZ0000126" if linked else "", rich=True, mark={} if linked else mark)]
    if linked:
        hidden.append(_over(f"{name[:-1]}L1", circle, mark))
    others = [
        _case(random, f"V{number}", _others(random), urn=f"45AB000000{number}", rich=random.random() < 0.5, mark={})
        for number in range(random.randint(2, 4))
    ]
    others.append(elsewhere())
    return DrawnBook(seed, tuple(hidden), tuple(others), guard, _panel(random), frozenset({circle.prosecutor}))


def _guard(random: Random, *, restricted: bool) -> Guard:
    people = random.sample(MAY_BE_BARRED, random.randint(2, 5))
    if restricted:
        return Guard(access=frozenset(MAY_BE_BARRED) - set(people) | {SAME_ADDRESS})
    spelled = random.random() < 0.3
    return barring(*people, by_other_contact=spelled)


def _others(random: Random) -> Circle:
    return Circle("OIC1", random.choice(["SUP1", AWAY]), "PRO1", "OWN1")


def _panel(random: Random) -> dict[str, Any]:
    return {
        "force_code": "45", "cps_area": "South East", "from": "2026-01-06", "rrule": "FREQ=WEEKLY;BYDAY=TU",
        "starts": "10:00", "cases": random.randint(1, 3), "minutes_per_case": 10, "place": "Room 2", "horizon": "21d",
        "chair": random.choice(["SPOC1", CHAIR]), "spocs": {"police": "SPOC1", "cps": "CSPOC1"},
    }  # fmt: skip


def _over(name: str, circle: Circle, mark: Row) -> DrawnCase:
    """A case that is over, linked with the hidden one, which carries its mark."""
    row = a_case(
        "{ref}", opened_on="2026-02-02", offence_codes="PH97011", oic_ref=circle.officer, urn="45ZZ0000126",
        finalised_on="2026-02-20", finalised_reason="other", **mark,
    )  # fmt: skip
    return DrawnCase(name, circle, {"cases.csv": [row]}, {})


def elsewhere() -> DrawnCase:
    """The case of another force and Area, with a row in every file, so that each twin's sources send the same files."""
    circle, named = Circle("XOFF", "XOFF", "XCSPOC", "XOFF"), {"force_code": "44", "case_ref": "{ref}"}
    over, done = "2026-02-20", {"status": "done", "closed_on": "2026-02-20"}
    row = a_case("{ref}", force_code="44", opened_on="2026-02-02", offence_codes="PH97011", oic_ref="XOFF")
    incident = {"incident_ref": "I{ref}", "occurred_on": "2026-02-02", "breach": "no"}
    order = {"order_ref": "O{ref}", "kind": "restraining_order", "made_on": over, "victim_told_on": over}
    referral = {"referral_ref": "R{ref}", "submitted_on": over, "decision_on": over, "decision": "nfa"}
    plea = {"plea_ref": "P{ref}", "offered_on": over, "charged_code": "PH97011", "plea_code": "PH97011"}
    action = an_action("A{ref}1", "{ref}", force_code="44", raised_on="2026-02-09", owner_ref="XOFF", **done)
    files = {
        "cases.csv": row, "actions.csv": action, "incidents.csv": named | incident, "orders.csv": named | order,
        "cps_cases.csv": named | {"prosecutor_ref": "XCSPOC"}, "referrals.csv": named | referral,
        "pleas.csv": named | plea,
    }  # fmt: skip
    return DrawnCase(ELSEWHERE, circle, {file: [values] for file, values in files.items()}, {})


def _case(random: Random, name: str, circle: Circle, *, urn: str, rich: bool, mark: Row) -> DrawnCase:
    """A stalking case; a rich one owes something under most rules."""
    row = a_case(
        "{ref}", opened_on=random.choice(["2025-11-20", *(f"2026-02-{on:02}" for on in (2, 9, 16, 23, 27))]),
        offence_codes=random.choice(["PH97011", "PH97006"]),
        risk=random.choice(["high", "medium", "standard"]), oic_ref=circle.officer, supervisor_ref=circle.supervisor,
        urn=urn, suspect_key=random.choice([KEY, "", f"{len(name)}{random.randrange(10**30):031}"]), **mark,
    )  # fmt: skip
    actions = [_action(random, circle, number) for number in range(1, 3)]
    rows = {
        "cases.csv": [row],
        "actions.csv": actions,
        "cps_cases.csv": [_at_cps(circle)],
        **(_rich(random) if rich else {}),
    }
    if rich:
        row |= {"suspect_status": "bail", "status_changed_on": "2026-02-27", "bail_ends_on": "2026-03-25"}
    done = {"status": "done", "closed_on": "2026-03-14"}
    changed = {**row, "risk": "high"} if random.random() < 0.3 else row
    return DrawnCase(name, circle, rows, {"cases.csv": [changed], "actions.csv": [actions[0], {**actions[1], **done}]})


def _action(random: Random, circle: Circle, number: int) -> Row:
    due_on = f"2026-03-{random.randint(2, 19):02}"
    return an_action(f"A{{ref}}{number}", "{ref}", raised_on="2026-02-27", owner_ref=circle.owner, due_on=due_on)


def _at_cps(circle: Circle) -> Row:
    return {"force_code": "45", "case_ref": "{ref}", "prosecutor_ref": circle.prosecutor}


def _rich(random: Random) -> dict[str, list[Row]]:
    """Rows of which each owes something: a breach, a referral, an order, a plea."""
    named = {"force_code": "45", "case_ref": "{ref}"}
    reported = f"2026-03-{random.randint(2, 10):02}"
    incident = {"incident_ref": "I{ref}", "occurred_on": reported, "breach": "yes"}
    referral = {"referral_ref": "R{ref}", "submitted_on": "2026-03-09", "checklist_missing": "C02;C04"}
    order = {"order_ref": "O{ref}", "kind": "spo", "made_on": "2026-02-20", "expires_on": "2026-04-10"}
    plea = {"plea_ref": "P{ref}", "offered_on": "2026-03-10", "charged_code": "PH97011", "plea_code": "PH97004"}
    return {
        "incidents.csv": [named | incident], "referrals.csv": [named | referral], "orders.csv": [named | order],
        "pleas.csv": [named | plea],
    }  # fmt: skip
