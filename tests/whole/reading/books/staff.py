"""The sources of a random book, what their files lack, and who works there."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import count

from tests.whole.reading.books import protocol_rows, suspects
from tests.whole.reading.books.extracts import Source
from tests.whole.reading.books.keys import account_of
from tests.whole.reading.panels import Panel
from tests.whole.reading.reviews import Reviews
from tests.whole.reading.sheets import OPTIONAL, Row

FORCES = {"45": "se", "46": "se", "43": "tv", "01": "tv"}
AREAS = ("South East", "Thames and Chiltern", "London North")
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
    *("advocate-referral", "danger", "order-served", "suspect-wanted"),
)


class Staff:
    """The sources and their contacts; `rng` decides everything."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)  # noqa: S311
        self.day = date(2026, 1, 5) + timedelta(days=self.rng.randrange(365))
        self.numbers = count(1)
        self.police = {
            "se": Source("niche-se", "police", ["45", "46"]),
            "tv": Source("athena-tv", "police", ["43", "01"]),
        }
        self.cps = Source("cms-1", "cps", ["01", "43", "45", "46"])
        self.people: dict[str, list[str]] = {}
        for source in self.sources:
            source.held = {name: {} for name in (POLICE_FILES if source.agency == "police" else CPS_FILES)}
            suspects.files_of(self, source)
            self._gaps(source)
        self._contacts()
        panels = [Panel(self._panel(pair)) for pair in PAIRS if self.maybe(0.75)]
        panels += [Panel(one.entry | {"starts": SECOND}) for one in panels if self.maybe(0.1)]
        self.reviews = Reviews(panels)  # so that the outcomes of sittings can be drawn too
        self.since = self._since()
        self.presumed, self.secrets = suspects.policy_of(self)

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
                "slack_user_id": account_of(ref),
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
        """Give who must hear nothing of a case, in any case of letters: mostly nobody, and nobody who chairs."""
        chairs = {panel.entry["chair"] for panel in self.reviews.panels}
        everyone = [key[0] for source in self.sources for key in source.held["contacts"] if key[0] not in chairs]
        refs = self.rng.sample(everyone, self.rng.choice([1, 1, 2, 6])) if self.maybe(0.15) else []
        return [ref.swapcase() if sum(map(ord, ref)) % 2 else ref for ref in refs]

    def add_absence(self) -> None:
        source = self.rng.choice(self.sources)
        ref = self.rng.choice(list(source.held["contacts"]))[0]
        start = self.after(12)
        row = {"contact_ref": ref, "from_on": start, "to_on": start + timedelta(days=self.rng.randrange(12))}
        source.put("absences", (ref, str(start), str(row["to_on"])), row)


def source_refs(everyone: list[tuple[Source, Row]], agency: str) -> list[str]:
    """Give the references of all contacts of an agency."""
    return [row["contact_ref"] for _, row in everyone if row["agency"] == agency]
