"""A random book written directly into the tables: months of obligations, facts, steps and promises of two forces."""

from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import update

from models.cases import OrderRow, PleaRow, ReferralRow
from models.intake import CaseKey, Source
from models.people import Training
from tests.worlds.extracts import send_each_month
from tests.worlds.review_rows import ReviewRows

FIRST = date(2026, 1, 1)
DAYS = 150
RULES = ("joint-review", "action", "action-plan", "no-progress", "charging-decision", "summary-time-limit", "bail-end",
         "custody-limit", "order-expiry", "victim-told", "victim-contact")  # fmt: skip
CODES = ("PH97006", "PH97011", "PH97010a", "PH97004", "SE20002", "CD98077", "AB12345", " ph97006 ")
PAIRS = (("45", "South East"), ("45", "London"), ("46", "South East"))


class RandomBook:
    """Cases of three pairs with everything that the report counts, at random days."""

    def __init__(self, connection, seed: int, cases: int = 30) -> None:
        self.random, self.rows = Random(seed), ReviewRows(connection)  # noqa: S311  a book, and no secret
        connection.execute(update(Source).values(covers=["45", "46"]))
        send_each_month(connection, 2026, 18)
        for number in range(8):
            self._contact(number)
        for number in range(cases):
            self._case(number)
        self._places()

    def day(self, after: date = FIRST, within: int = DAYS) -> date:
        return after + timedelta(days=self.random.randrange(within))

    def maybe(self, value, odds: float = 0.6):
        return value if self.random.random() < odds else None

    def _contact(self, number: int) -> None:
        police, ref = number % 2 == 0, f"c{number}"
        forces = self.random.sample(["45", "46"], self.random.choice([1, 2])) if police else []
        areas = [] if police else self.random.sample(["South East", "London"], self.random.choice([1, 2]))
        self.rows.contact(ref, agency="police" if police else "cps", force_codes=forces, cps_areas=areas)
        for _ in range(self.random.randrange(3)):
            self.rows.add(
                Training, contact_ref=ref, course="spoc_role", completed_on=self.day(), source_id=self.rows.source_id,
                withdrawn_on=self.maybe(self.day(), 0.2),
            )  # fmt: skip
        self._owes(None, "spoc-role" if police else "prosecutor-training", f"contact:{ref}", "police", force=None)

    def _case(self, number: int) -> None:
        random, (force, area) = self.random, self.random.choice(PAIRS)
        if number % 2 == 0:  # the next case may share its URN, in another place
            self.shared = self.maybe(self.rows.put(CaseKey, urn_root=f"45U{number}X{random.random()}"), 0.3)
        shared = self.shared
        case_id = self.rows.case_of(
            f"C{number}", force, area, urn_key_id=shared, withdrawn_on=self.maybe(self.day(), 0.1),
            opened_on=date(2026, 1 + number % 3, 5),
            classification=random.choice(["stalking", "stalking", "harassment", "other"]),
            declassified_on=self.maybe(self.day(), 0.2), finalised_on=self.maybe(self.day(), 0.5),
            finalised_reason=random.choice([None, "nfa_police", "nfa_cps", "other"]),
            nfa_reviewed_on=self.maybe(self.day()), nfa_victim_told_on=self.maybe(self.day()),
        )  # fmt: skip
        for at, rule in enumerate(random.sample(RULES, 6)):
            self._owes(case_id, rule, f"{rule}:{at}", random.choice(["police", "cps", "both"]), force=force)
        self._facts(case_id, number, shared)

    def _owes(self, case_id: int | None, rule: str, subject: str, owed_by: str, force: str | None) -> None:
        random = self.random
        last = random.choice([1, 2, 3])
        for version in range(1, last + 1):
            due_on = self.day()
            ended_on = self.day(due_on - timedelta(days=20), 60)
            ended_on = self.maybe(ended_on) if version == last else ended_on
            reasons = ["met", "met", "moved", "withdrawn", "finalised", "void"]
            reason = random.choice(reasons) if ended_on else None
            made = self.rows.owes(
                case_id, due_on, force, rule=rule, subject=subject, version=version, owed_by=owed_by,
                escalate_on=due_on + timedelta(days=random.randrange(-3, 9)), began_on=due_on - timedelta(days=30),
                ended_on=ended_on, end_reason=reason, stalls=random.random() < 0.7,
                hard=rule in {"summary-time-limit", "bail-end", "custody-limit", "order-expiry"},
                fact_on=self.maybe(ended_on - timedelta(days=random.randrange(3))) if ended_on else None,
                done_on=self.maybe(self.day(), 0.4),
            )  # fmt: skip
            if case_id:
                self._escalated(made, due_on)

    def _escalated(self, obligation_id: int, due_on: date) -> None:
        for step in self.random.sample(range(1, 6), self.random.randrange(3)):
            for ref in self.random.sample([f"c{at}" for at in range(8)], 2):
                self.rows.notification(
                    obligation_id, None, ref, step=step, step_name=f"step-{step}", day=due_on + timedelta(days=step),
                    duty=["chase", "escalate"][step % 2], state=self.random.choice(["sent", "silent", "void"]),
                    happening=self.random.choice(["step", "step", "resolved"]), occasion=f"{self.random.random()}"
                    if self.random.random() < 0.2 else "",
                )  # fmt: skip
        for at in range(self.random.randrange(3)):
            made_on, end = self.day(due_on - timedelta(days=5), 20), self.random.choice(["lapsed", "renewed"])
            over = {"ended_on": made_on + timedelta(days=self.random.randrange(9)), "end": end} if at else {}
            self.rows.promise(
                obligation_id, until_on=made_on + timedelta(days=self.random.randrange(20)), by_ref="c0",
                made_on=made_on, **over,
            )  # fmt: skip

    def _facts(self, case_id: int, number: int, shared: int | None) -> None:
        for key in filter(None, (case_id, shared if number % 2 == 0 else None)):
            if self.random.random() < 0.6:
                codes = self.random.sample(CODES, self.random.randrange(3))
                self.rows.prosecuted(key, "c1", charged_on=self.maybe(self.day()), charged_codes=codes)
        for at in range(4):
            key = self.random.choice([case_id, shared or case_id])
            ref, gone = f"{number}-{at}-{key}", self.maybe(self.day(), 0.1)
            self._police_facts(ref, key, gone)
            self._cps_facts(ref, {"key_id": key, "withdrawn_on": gone, "source_id": self.rows.source_id})

    def _police_facts(self, ref: str, key: int, gone: date | None) -> None:
        random = self.random
        kind = random.choice(["joint", "supervisor"])
        self.rows.review(ref, key, self.day(), cps=random.random() < 0.7, kind=kind, withdrawn_on=gone)
        self.rows.action(
            ref, key, kind=random.choice(["CCTV", "ANPR", "A-NAME"]), owner_agency=random.choice(["police", "cps"]),
            status=random.choice(["done", "pending"]), raised_on=self.day(), closed_on=self.day(), withdrawn_on=gone,
        )  # fmt: skip
        decided, breach = self.maybe(self.day()), random.random() < 0.6
        self.rows.incident(ref, key, self.day(), breach=breach, withdrawn_on=gone, breach_decided_on=decided)

    def _cps_facts(self, ref: str, row: dict[str, Any]) -> None:
        decided = self.maybe(self.day())
        self.rows.add(
            ReferralRow, referral_ref=ref, submitted_on=self.day(), decision_on=decided, checklist_missing=[], **row,
            decision=decided and self.random.choice(["charge", "nfa", "further_work"]),
        )  # fmt: skip
        days = {day: self.maybe(self.day()) for day in ("accepted_on", "victim_consulted_on", "rationale_recorded_on")}
        self.rows.add(PleaRow, plea_ref=ref, offered_on=self.day(), charged_code="a", plea_code="b", **row, **days)
        days = {f"{done}_on": self.maybe(self.day()) for done in ("sought", "made", "served", "victim_told")}
        self.rows.add(OrderRow, order_ref=ref, kind="spo", renewal_decided_on=self.maybe(self.day()), **row, **days)

    def _places(self) -> None:
        for subject in ("force:45", "force:46", "area:London", "area:South East"):
            self._owes(None, "spoc-vacancy", subject, "police", force=None)
