"""A random book: contacts, cases and their rows, drawn from a seed."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import count

from tests.reading import protocol_rows
from tests.reading.extracts import Source
from tests.reading.panels import Panel
from tests.reading.reviews import Reviews
from tests.reading.sheets import OPTIONAL, Key, Row
from tests.reading.store import root_of

FORCES = {"45": "se", "46": "se", "43": "tv", "01": "tv"}
AREAS = ("South East", "Thames and Chiltern", "London North")
CODES = ("PH97006", "PH97004", "PH97010", "PH97011B", "ph97006a", "ST19001", "PH97009", "CD98077", "TH68001")
KINDS = ("CCTV", "dashcam", "VICTIM_STATEMENT", "PHONE_DOWNLOAD_VICTIM", "cell_site", "Search", "BANK_RECORDS", "Visit")
ACTS = ("following", "messages", None)
PAIRS = (
    ("45", "South East"),
    ("46", "South East"),
    ("43", "Thames and Chiltern"),
    ("43", "South East"),
    ("01", "London North"),
)
RULES = (
    *(
        "FREQ=WEEKLY;BYDAY=TU",
        "FREQ=WEEKLY;BYDAY=TH",
        "FREQ=WEEKLY;BYDAY=MO,TH",
        "FREQ=WEEKLY;BYDAY=MO,TU",
        "FREQ=WEEKLY;BYDAY=SA,FR",
    ),
    *(
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE",
        "FREQ=MONTHLY;BYDAY=2TU",
        "FREQ=MONTHLY;BYDAY=-1FR",
        "FREQ=MONTHLY;BYMONTHDAY=15",
    ),
)
HOURS, SECOND = ("09:30", "10:00", "14:15"), "13:30"
FILES = [
    "contacts",
    "absences",
    "training",
    "cases",
    "incidents",
    "actions",
    "reviews",
    "cps_cases",
    "referrals",
    "orders",
    "pleas",
]


POLICE_FILES = [name for name in FILES if name != "cps_cases"]
CPS_FILES = [name for name in FILES if name not in ("cases", "incidents")]


NEW_RULES = (
    *("charge-not-stalking", "order-told", "spo-notification", "bail-views", "release-review", "victim-told"),
    *("nfa-review", "spo-considered", "breach-unanswered", "charge-code-unknown", "bail-end-unknown"),
)


class Book:
    """The present state of the sources; `rng` decides everything."""

    def __init__(self, seed: int, cases: int) -> None:
        self.rng = random.Random(seed)  # noqa: S311
        self.day = date(2026, 1, 5) + timedelta(days=self.rng.randrange(365))
        self.numbers = count(1)
        self.size = cases
        self.police = {
            "se": Source("niche-se", "police", ["45", "46"]),
            "tv": Source("athena-tv", "police", ["43", "01"]),
        }
        self.cps = Source("cms-1", "cps", ["01", "43", "45", "46"])
        self.people: dict[str, list[str]] = {}
        for source in self.sources:
            source.held = {name: {} for name in (POLICE_FILES if source.agency == "police" else CPS_FILES)}
            self._gaps(source)
        self._contacts()
        panels = [Panel(self._panel(pair)) for pair in PAIRS if self.maybe(0.75)]
        panels += [Panel(one.entry | {"starts": SECOND}) for one in panels if self.maybe(0.1)]
        self.reviews = Reviews(panels)  # so that the outcomes of sittings can be drawn too
        self.since = self._since()
        for _ in range(cases):
            self.add_case()

    def _since(self) -> dict[str, date]:
        """Give the rules that count only from a day, as an upgrade proposes it for new ones: in some books, some."""
        some = self.rng.sample(NEW_RULES, 3) if self.maybe(0.4) else []
        return {rule: self.before(20) for rule in some}

    @property
    def sources(self) -> list[Source]:
        return [*self.police.values(), self.cps]

    def _gaps(self, source: Source) -> None:
        """Let a source lack some columns from the start, and perhaps a whole file; some lack nothing."""
        if self.maybe(0.4):
            return
        for name in [name for name in source.held if name in OPTIONAL]:
            for column in OPTIONAL[name].split():
                if self.maybe(0.06):
                    source.lacks.setdefault(name, set()).update(protocol_rows.together(column))
        if self.maybe(0.4):
            source.silent.add(self.rng.choice(["training", "pleas", "orders", "reviews"]))

    def before(self, most: int, since: date | None = None) -> date:
        """Give a day up to `most` days back, not before `since`."""
        day = self.day - timedelta(days=self.rng.randrange(most + 1))
        return max(day, since) if since else day

    def after(self, most: int) -> date:
        """Give a day from ten back to `most` ahead."""
        return self.day + timedelta(days=self.rng.randrange(-10, most))

    def maybe(self, chance: float) -> bool:
        return self.rng.random() < chance

    def pick(self, group: str, missing: float = 0.1) -> str | None:
        """Give a contact of a group, sometimes nobody, or an unknown one."""
        if self.maybe(missing):
            return self.rng.choice([None, "NOBODY-1"])
        return self.rng.choice(self.people[group])

    def _contacts(self) -> None:
        for force, team in FORCES.items():
            for role, most in (("officer", 4), ("supervisor", 2), ("spoc", 2), ("lead", 1)):
                self._group("police", self.police[team], role, force, most)
        for area in AREAS:
            for role, most in (("prosecutor", 3), ("legal_manager", 2), ("spoc", 2), ("lead", 1)):
                self._group("cps", self.cps, role, area, most)
        everyone = [(source, row) for source in self.sources for row in source.held["contacts"].values()]
        for _, row in everyone:
            if self.maybe(0.5):
                row["deputy_ref"] = self.rng.choice([*source_refs(everyone, row["agency"]), "NOBODY-2"])
        for _ in range(len(everyone) // 4):
            self.add_absence()
            protocol_rows.add_training(self)

    def _group(self, agency: str, source: Source, role: str, place: str, most: int) -> None:
        least = 2 if role in ("officer", "prosecutor") else 0
        refs = self.people.setdefault(f"{role}:{place}", [])
        for _ in range(self.rng.randint(least, most)):
            ref = f"{agency[0].upper()}-{role[:4]}-{next(self.numbers)}"
            refs.append(ref)
            places = [place]
            if agency == "police" and role in ("spoc", "lead") and self.maybe(0.4):
                places = source.covers
            domain = "surrey.police.uk" if agency == "police" else "cps.gov.uk"
            row: Row = {
                "contact_ref": ref,
                "agency": agency,
                "name": f"Contact {ref}",
                "email": f"{ref.lower()}@{domain}",
                "roles": [role] + (["spoc"] if role == "lead" and self.maybe(0.2) else []),
                "force_code": places if agency == "police" else [],
                "cps_area": places if agency == "cps" else [],
                "deputy_ref": None,
                "active_from": self.after(3) if self.maybe(0.1) else None,
                "active_to": self.after(20) if self.maybe(0.12) else None,
                "restricted_access": self.maybe(0.3),
            }
            if row["active_from"] and row["active_to"]:
                row["active_from"] = None
            source.put("contacts", (ref,), row)

    def _panel(self, pair: tuple[str, str]) -> Row:
        everyone = [row for source in self.sources for row in source.held["contacts"]]
        return {
            "force_code": pair[0],
            "cps_area": pair[1],
            "from": self.day + timedelta(days=self.rng.randrange(-60, 8)),
            "rrule": self.rng.choice(RULES),
            "starts": self.rng.choice(HOURS),
            "cases": self.rng.choice([1, 1, 1, 2, 3]),
            "minutes_per_case": 10,
            "chair": self.rng.choice(everyone)[0],
            "place": "Room 2",
            "non_working_day": self.rng.choice(["next", "skip"]),
            "horizon": self.rng.choice(["14d", "42d", "42d", "63d"]),
        }

    def change_panel(self) -> None:
        """Let a panel take another number of cases, sit on other days, or at another hour."""
        panels = self.reviews.panels
        if panels:
            index, what = self.rng.randrange(len(panels)), self.rng.randrange(4)
            entry = dict(panels[index].entry)
            if what < 2:
                entry["cases"] = self.rng.choice([1, 1, 2, 3])
            elif what == 2:
                entry["rrule"] = self.rng.choice(RULES)
            elif entry["starts"] != SECOND:  # so that no two of a pair sit at the same hour
                entry["starts"] = self.rng.choice(HOURS)
            panels[index] = Panel(entry)

    def bar(self) -> list[str]:
        """Give who must hear nothing of a case: mostly nobody, and nobody who chairs."""
        chairs = {panel.entry["chair"] for panel in self.reviews.panels}
        everyone = [key[0] for source in self.sources for key in source.held["contacts"] if key[0] not in chairs]
        return self.rng.sample(everyone, self.rng.choice([1, 1, 2, 6])) if self.maybe(0.15) else []

    def add_absence(self) -> None:
        source = self.rng.choice(self.sources)
        ref = self.rng.choice(list(source.held["contacts"]))[0]
        start = self.after(12)
        row = {"contact_ref": ref, "from_on": start, "to_on": start + timedelta(days=self.rng.randrange(12))}
        source.put("absences", (ref, str(start), str(row["to_on"])), row)

    def add_case(self) -> None:
        force = self.rng.choice(list(FORCES))
        opened = self.before(self.rng.choice([3, 10, 20, 45, 180])) - timedelta(days=1)
        ref = f"{force}/{self.rng.randrange(10**5):05}/{next(self.numbers)}"
        row: Row = {
            "force_code": force,
            "case_ref": ref,
            "opened_on": opened,
            "offence_codes": self.rng.sample(CODES, self.rng.choice([1, 1, 2])),
            "oic_ref": self.pick(f"officer:{force}") or "NOBODY-3",
            "urn": self._urn(force) if self.maybe(0.6) else None,
            "cps_area": "London North" if force == "01" else self.rng.choice([None, None, None, "south east"]),
            "classification": self.rng.choice(protocol_rows.CLASSES),
            "risk": self.rng.choice([None, "high", "medium", "standard"]),
            "supervisor_ref": self.pick(f"supervisor:{force}") if self.people[f"supervisor:{force}"] else None,
            "suspect_status": self.rng.choice([None, "at_large", "rui", "voluntary", "bail", "bail", "custody"]),
            "restricted": self.maybe(0.1),
            "finalised_on": None,
            "finalised_reason": None,
            "barred_refs": self.bar(),
        }
        row["last_act_on"] = self.before(200) if self.maybe(0.3) else None
        row["bail_ends_on"] = self.after(70) if self.maybe(0.5) else None
        row["status_changed_on"] = self.before(9, opened) if row["suspect_status"] and self.maybe(0.4) else None
        row["time_limit_noted_on"] = self.before(9, opened) if self.maybe(0.1) else None
        if self.maybe(0.15):
            row["finalised_on"] = self.before(9, opened)
            row["finalised_reason"] = self.rng.choice(protocol_rows.FINALISED)
        row |= protocol_rows.case_columns(self, opened)
        self.police[FORCES[force]].put("cases", (force, ref), row)
        for name, most in (("incident", 3), ("action", 3), ("review", 2), ("referral", 1), ("order", 2), ("plea", 1)):
            for _ in range(self.rng.randint(0, most)):
                getattr(self, f"add_{name}")(row)
        if self.maybe(0.5):
            self.put_cps_case(row)

    def _urn(self, force: str) -> str:
        used = [row["urn"] for source in self.police.values() for row in source.held["cases"].values() if row["urn"]]
        if used and self.maybe(0.35):
            return self.rng.choice(used)[:12] + self.rng.choice(["", "M", "(M)", "/1", "S"])
        return f"{force}{self.rng.choice(['AB', '7x', 'zd'])}/{self.rng.randrange(10**7):07}"

    def source_of(self, case: Row) -> Source:
        return self.police[FORCES[case["force_code"]]]

    def place(self, case: Row) -> tuple[Source, Row]:
        """Give the sender of a row of a case, and how it names the case: sometimes by URN, as CPS does."""
        if case["urn"] and self.maybe(0.4):
            return self.cps, {"urn": case["urn"], "force_code": None, "case_ref": None}
        case_of = {"urn": None, "force_code": case["force_code"], "case_ref": case["case_ref"]}
        return (self.cps if self.maybe(0.1) else self.source_of(case)), case_of

    def progress_day(self, case: Row) -> date:
        """Give a day after the case was opened where one is left, not after today."""
        return min(self.day, self.before(40, case["opened_on"] + timedelta(days=1)))

    def add_incident(self, case: Row) -> None:
        occurred = self.before(60)
        ref = f"I{next(self.numbers)}"
        row = {
            "force_code": case["force_code"],
            "case_ref": case["case_ref"],
            "incident_ref": ref,
            "occurred_on": occurred,
            "reported_on": self.before(30, occurred),
            "kind": self.rng.choice(ACTS),
            "breach": self.maybe(0.2),
            "breach_decided_on": self.before(9) if self.maybe(0.3) else None,
        }
        self.source_of(case).put("incidents", (ref,), row)

    def add_action(self, case: Row) -> None:
        source, row = self.place(case)
        agency = self.rng.choice(["police", "police", "police", "cps"])
        group = f"officer:{case['force_code']}" if agency == "police" else f"prosecutor:{self.rng.choice(AREAS)}"
        ref = f"A{next(self.numbers)}"
        raised = self.progress_day(case)
        row |= {
            "action_ref": ref,
            "kind": self.rng.choice(KINDS),
            "source": self.rng.choice(["investigation", "action_plan", "joint_review"]),
            "owner_agency": agency,
            "status": self.rng.choice(["pending", "waiting_third_party", "pending"]),
            "raised_on": raised,
            "owner_ref": self.pick(group, 0.4),
            "due_on": self.after(40) if self.maybe(0.4) else None,
            "closed_on": None,
            "closed_reason": None,
        }
        if self.maybe(0.2):
            row["status"], row["closed_on"] = "done", self.before(9, raised)
        source.put("actions", (ref,), row)

    def add_review(self, case: Row) -> Row:
        source, row = self.place(case)
        ref = f"R{next(self.numbers)}"
        kind = self.rng.choice(["joint", "joint", "supervisor"])
        row |= {"review_ref": ref, "kind": kind, "held_on": self.progress_day(case)}
        row["police_attended"] = self.maybe(0.85) if kind == "joint" else None
        row["cps_attended"] = self.maybe(0.85) if kind == "joint" else None
        source.put("reviews", (ref,), row)
        return row

    def add_joint_review(self, case: Row) -> Row:
        """Let a joint review be held around this day, as at a sitting, quorate or not."""
        row = self.add_review(case)
        both = self.maybe(0.7)
        row |= {"kind": "joint", "held_on": self.before(3, case["opened_on"])}
        row |= {"police_attended": both or self.maybe(0.5), "cps_attended": both}
        return row

    def add_fresh_incident(self, case: Row) -> None:
        """Let an incident happen around this day and be reported at once."""
        occurred = self.before(3)
        ref = f"I{next(self.numbers)}"
        case_of = {"force_code": case["force_code"], "case_ref": case["case_ref"], "incident_ref": ref}
        days = {"occurred_on": occurred, "reported_on": self.before(2, occurred)}
        row = {**case_of, **days, "kind": self.rng.choice(ACTS), "breach": self.maybe(0.3), "breach_decided_on": None}
        self.source_of(case).put("incidents", (ref,), row)

    def add_referral(self, case: Row) -> None:
        source, row = self.place(case)
        ref = f"F{next(self.numbers)}"
        row |= {"referral_ref": ref, "submitted_on": self.progress_day(case)}
        row["decision_required_by"] = self.after(20) if self.maybe(0.4) else None
        row["decision_on"] = row["decision"] = None
        row["checklist_missing"] = self.rng.sample(protocol_rows.ITEMS, 2) if self.maybe(0.4) else []
        source.put("referrals", (ref,), row)

    def add_order(self, case: Row) -> Row:
        source, row = self.place(case)
        ref = f"O{next(self.numbers)}"
        row |= {"order_ref": ref, **protocol_rows.order(self, case)}
        source.put("orders", (ref,), row)
        return row

    def add_plea(self, case: Row) -> None:
        source, row = self.place(case)
        ref = f"P{next(self.numbers)}"
        source.put("pleas", (ref,), {**row, "plea_ref": ref, **protocol_rows.plea(self, case)})

    def put_cps_case(self, case: Row) -> None:
        area = self.rng.choice(AREAS)
        row: Row = {"urn": None, "force_code": case["force_code"], "case_ref": case["case_ref"]}
        key: Key = (case["force_code"], case["case_ref"])
        if case["urn"]:
            row, key = {"urn": case["urn"], "force_code": None, "case_ref": None}, (root_of(case["urn"]) or "",)
        row["prosecutor_ref"] = self.pick(f"prosecutor:{area}", 0.25)
        authorised = self.progress_day(case) if self.maybe(0.5) else None
        row["charge_authorised_on"] = authorised
        row["charged_on"] = self.before(9, authorised) if authorised and self.maybe(0.6) else None
        row |= protocol_rows.charge(self)
        row["ctl_expires_on"] = self.after(70) if self.maybe(0.4) else None
        row["next_hearing_on"] = self.after(45) if self.maybe(0.5) else None
        self.cps.put("cps_cases", key, row)


def source_refs(everyone: list[tuple[Source, Row]], agency: str) -> list[str]:
    """Give the references of all contacts of an agency."""
    return [row["contact_ref"] for _, row in everyone if row["agency"] == agency]
