"""A random book: the cases and their rows, drawn from a seed."""

from __future__ import annotations

from datetime import date, timedelta

from tests.whole.reading.books import protocol_rows, suspects
from tests.whole.reading.books.extracts import Source
from tests.whole.reading.books.leaders import Leaders
from tests.whole.reading.books.staff import AREAS, FORCES, Staff
from tests.whole.reading.books.starts import starts_of
from tests.whole.reading.sheets import Key, Row
from tests.whole.reading.store import root_of

CODES = ("PH97006", "PH97004", "PH97010", "PH97011B", "ph97006a", "ST19001", "PH97009", "CD98077", "TH68001")
KINDS = ("CCTV", "dashcam", "VICTIM_STATEMENT", "PHONE_DOWNLOAD_VICTIM", "cell_site", "Search", "BANK_RECORDS", "Visit")
ACTS = ("following", "messages", None)


class Book(Staff):
    """The present state of the sources."""

    def __init__(self, seed: int, cases: int) -> None:
        super().__init__(seed)
        self.size = cases
        for _ in range(cases):
            self.add_case()
        self.starts = starts_of(seed, list(FORCES), self.day)
        self.leaders = Leaders(seed)
        self.leaders.name(self)

    def offences(self) -> list[str]:
        """Give the offence codes of a case."""
        return self.rng.sample(CODES + suspects.CODES, self.rng.choice([1, 1, 2]))

    def add_case(self) -> None:
        force = self.rng.choice(list(FORCES))
        opened = self.before(self.rng.choice([3, 10, 20, 45, 180])) - timedelta(days=1)
        ref = f"{force}/{self.rng.randrange(10**5):05}/{next(self.numbers)}"
        row: Row = {
            "force_code": force,
            "case_ref": ref,
            "opened_on": opened,
            "offence_codes": self.offences(),
            "oic_ref": self.pick(f"officer:{force}") or "NOBODY-3",
            "urn": self.urn(force) if self.maybe(0.6) else None,
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
        row |= suspects.case_columns(self, opened)
        row["suspect_status"] = self.rng.choice([row["suspect_status"], *suspects.STATUSES])
        self.police[FORCES[force]].put("cases", (force, ref), row)
        for name, most in (("incident", 3), ("action", 3), ("review", 2), ("referral", 1), ("order", 2), ("plea", 1)):
            for _ in range(self.rng.randint(0, most)):
                getattr(self, f"add_{name}")(row)
        if self.maybe(0.5):
            self.put_cps_case(row)
        if self.maybe(0.3):
            suspects.add_suspects(self, row)
        if self.maybe(0.2):
            suspects.add_defendants(self, row)

    def urn(self, force: str) -> str:
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
        row["in_custody"] = suspects.custody(self)
        row["ctl_expires_on"] = self.after(70) if self.maybe(0.4) else None
        row["next_hearing_on"] = self.after(45) if self.maybe(0.5) else None
        self.cps.put("cps_cases", key, row)
