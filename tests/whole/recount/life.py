"""The cases of a book: what happened in each, and when what it asked for was done."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from tests.whole.reading.days import add, by_risk
from tests.whole.recount.book import DAY, LAST, Book, Told
from tests.whole.recount.suspect import suspects_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.whole.reading.books.extracts import Source

NFA = ("nfa_reviewed_on", "nfa_victim_told_on")
PLEA = ("victim_consulted_on", "rationale_recorded_on", "spoc_reviewed_on")
RISKS = ("high", "medium", "standard", None)
BEGAN = date(2026, 1, 12)


class Life:
    """One case, as it goes."""

    def __init__(self, book: Book, force: str, number: int) -> None:
        self.book, self.force, self.number = book, force, number
        self.source = book.police[force]
        self.ref = f"{force}/{number}"
        self.opened = book.day(BEGAN, date(2026, 3, 24))
        self.risk = book.rng.choice(RISKS)
        self.kind = "harassment" if number % 6 == 5 else "stalking"
        self.ended = book.day(date(2026, 3, 3), date(2026, 4, 2)) if number % 5 == 4 else None
        self.ended = self.ended if self.ended and self.ended > self.opened + 5 * DAY else None
        self.news: list[date] = []
        self.urn = f"{force}AB{number:07}" if book.maybe(0.5) else None
        self.incidents = sorted(
            book.day(max(self.opened, date(2026, 2, 1)), date(2026, 3, 30)) for _ in range(book.rng.randint(0, 3))
        )
        self.live()

    @property
    def named(self) -> dict[str, Any]:
        """How a row names its case: by URN where it has one and CPS sends the row."""
        return {"force_code": self.force, "case_ref": self.ref, "urn": None}

    def by_urn(self) -> dict[str, Any]:
        """How CPS names it."""
        return {"urn": self.urn, "force_code": None, "case_ref": None} if self.urn else self.named

    def row(self, name: str, letter: str, since: date, *, by: Source | None = None, **cells: Any) -> None:
        """Record a row of the case."""
        own = self.book.lines[(by or self.source).name].setdefault(name, {})
        key = (f"{letter}{self.force}-{self.number}-{len(own)}",)
        ref = {"incidents": "incident_ref", "actions": "action_ref", "reviews": "review_ref", "orders": "order_ref",
               "referrals": "referral_ref", "pleas": "plea_ref"}[name]  # fmt: skip
        named = self.named if by is None else self.by_urn()
        self.book.put(by or self.source, name, key, since, **named, **{ref: key[0]}, **cells)

    def again(self, due: Callable[[date | None], date | None], least: date) -> list[date]:
        """Do what comes again and again; give the days."""
        days: list[date] = []
        for _ in range(15):
            coming = due(days[-1] if days else None)
            done = coming and self.book.done(coming, (days[-1] if days else least) + DAY)
            if not done or done > LAST or (self.ended and done > self.ended):
                break
            days.append(done)
        return days

    def live(self) -> None:
        """Let everything happen."""
        self._reports()
        self._reviews()
        self._actions()
        status = suspects_of(self)
        self._charge()
        self._paper()
        ended = self.ended
        told_on = self.book.recorded(ended) if ended else None
        nfa = {name: self.book.told(self.book.done(add(ended, "1wd"), ended)) for name in NFA if ended}
        told = [self.book.done(add(day, "1wd"), day) for day in sorted(set(self.news))]
        cells = status | nfa | self._kept() | {"victim_told_on": self.book.told(*told)}
        self.book.put(
            self.source, "cases", (self.force, self.ref), self.opened, force_code=self.force, case_ref=self.ref,
            opened_on=self.opened, oic_ref=f"P{self.force}", supervisor_ref=f"S{self.force}", urn=self.urn,
            offence_codes=["PH97006"] if self.number % 2 else ["PH97011"], classification=self.kind, risk=self.risk,
            relationship="ex_partner" if self.number % 2 else "stranger", restricted=False, barred_refs=[],
            finalised_on=Told([(told_on, ended)] if told_on else []),
            finalised_reason=Told([(told_on, "nfa_police")] if told_on else []), **cells,
        )  # fmt: skip

    def _reports(self) -> None:
        for day in self.incidents:
            breach = self.book.maybe(0.5)
            decided = self.book.told(self.book.done(add(day, "2wd"), day)) if breach else None
            self.row("incidents", "I", day, occurred_on=day, reported_on=day, kind="following", breach=breach,
                     breach_decided_on=decided)  # fmt: skip

    def _since(self, done: date, within: str) -> list[date]:
        return [add(day, within) for day in self.incidents if day > done][:1]

    def _kept(self) -> dict[str, Any]:
        def assessed(done: date | None) -> date:
            return min(add(done, "28d"), *self._since(done, "2wd"), date.max) if done else add(self.opened, "2wd")

        def considered(done: date | None) -> date | None:
            return next(iter(self._since(done, "5wd")), None) if done else add(self.opened, "2wd")

        days = self.book.rng.choice([None, 7, 14])
        every = {
            "risk_assessed_on": assessed,
            "spo_considered_on": considered,
            "victim_contacted_on": lambda done: add(done or self.opened, f"{days or 28}d"),
        }
        silent = self.kind != "harassment" or (self.book.manner == "random" and self.book.maybe(0.4))
        reason = None if silent else self.book.done(add(self.opened, "2wd"), self.opened)
        pin = self.book.day(self.opened, LAST) if self.book.maybe(0.2) else None
        act = self.book.day(date(2025, 9, 5), date(2025, 9, 28)) if self.number % 4 == 1 else None
        noted = act and self.book.done(add(act, "6m"), add(act, "6m") - timedelta(days=20))
        return {column: self.book.told(*self.again(due, self.opened - DAY)) for column, due in every.items()} | {
            "last_act_on": act,
            "time_limit_noted_on": self.book.told(noted),
            "victim_contact_days": days,
            "why_not_stalking_on": self.book.told(reason),
            **self._safe(),
            "pin_issued_on": self.book.told(pin),
            "pin_withdrawn_on": self.book.told(pin and self.book.done(pin, pin)),
        }

    def _safe(self) -> dict[str, Any]:
        """Let the grade of risk be confirmed after what was reported, and the victim be referred to an advocate."""
        confirmed = [self.book.done(add(day, "1wd"), day) for day in self.incidents]
        asked = self.book.told(self.book.done(add(self.opened, "2wd"), self.opened))
        column = "advocate_declined_on" if self.book.maybe(0.2) else "advocate_referred_on"
        return {"risk_ratified_on": self.book.told(*confirmed), column: asked}

    def _reviews(self) -> None:
        def joint(done: date | None) -> date:
            anchor = done or self.opened
            due = add(anchor, by_risk(("10wd", "20wd", "40wd"), self.risk))
            return min([due, *self._since(anchor, "5wd")])

        held = self.again(joint, self.opened)
        for day in held:
            both = self.book.maybe(0.9) or self.book.manner != "random"
            self.row("reviews", "R", self.book.recorded(day), kind="joint", held_on=day, police_attended=True,
                     cps_attended=both)  # fmt: skip

        def alone(done: date | None) -> date:
            last = done or self.opened
            every = by_risk(("7d", "14d", "28d"), self.risk)
            while between := [day for day in held if last < day <= add(last, every)]:
                last = min(between)
            return add(last, every)

        for day in self.again(alone, self.opened):
            self.row("reviews", "V", self.book.recorded(day), kind="supervisor", held_on=day)

    def _actions(self) -> None:
        for _ in range(self.book.rng.randint(1, 3)):
            raised = self.book.day(max(self.opened, date(2026, 2, 9)), date(2026, 3, 27))
            done = self.book.done(add(raised, "14d"), raised)
            status = Told([(raised, "pending")])
            source = "action_plan" if self.book.maybe(0.25) else "investigation"
            side = "cps" if self.book.maybe(0.3) else "police"
            closed = self.book.recorded(done) if done else None
            if closed:
                status.add(closed, "done")
            self.row("actions", "A", raised, kind="VICTIM_STATEMENT", source=source, owner_agency=side,
                     status=status, raised_on=raised, closed_on=Told([(closed, done)] if closed else []))  # fmt: skip

    def _charge(self) -> None:
        """Let police ask for a decision, and CPS decide; some are charged, on a day of their own."""
        if self.number % 3 or self.kind != "stalking" or self.ended:
            return
        submitted = self.book.day(max(self.opened, date(2026, 2, 2)), date(2026, 3, 20))
        due = add(submitted, by_risk(("5d", "28d", "28d"), self.risk))
        decided = self.book.done(due, submitted)
        missing = ["C04"] if self.book.maybe(0.5) or self.book.manner == "never" else []
        missing = [] if self.book.manner == "due" else missing
        outcome = Told([(decided, "charge")] if decided else [])
        self.row("referrals", "F", submitted, submitted_on=submitted, checklist_missing=missing,
                 decision_on=Told([(decided, decided)] if decided else []), decision=outcome)  # fmt: skip
        if decided and decided <= LAST:
            self.news.append(decided)
            self._charged(decided)

    def _charged(self, authorised: date) -> None:
        charged = self.book.done(add(authorised, by_risk(("7d", "14d", "1m"), self.risk)), authorised)
        codes = self.book.rng.choice([["PH97006"], ["PH97011"], ["PH97004"]])
        reason = charged and codes == ["PH97004"] and self.book.done(add(charged, "1wd"), charged)
        if charged and charged <= LAST:
            self.news.append(charged)
        key = (self.urn,) if self.urn else (self.force, self.ref)
        self.book.put(
            self.book.cps, "cps_cases", key, authorised, **self.by_urn(), prosecutor_ref="CSE",
            charge_authorised_on=authorised, charged_on=Told([(charged, charged)] if charged else []),
            charged_codes=Told([(charged, codes)] if charged else []),
            not_stalking_reason_on=self.book.told(reason or None),
        )  # fmt: skip

    def _paper(self) -> None:
        """Let an order be made and served, and a plea be offered."""
        if self.book.maybe(0.5) and self.kind == "stalking":
            made = self.book.day(max(self.opened, date(2026, 2, 2)), date(2026, 3, 27))
            end = self.book.day(made + 2 * DAY, made + timedelta(days=45))
            served = self.book.done(add(made, "2wd"), made)
            notified = served and self.book.done(add(served, "2d"), served)
            self.news.append(made)
            self.row(
                "orders", "O", made, kind="spo", sought_on=made - 7 * DAY, made_on=made, expires_on=end,
                served_on=self.book.told(served), notified_on=self.book.told(notified),
                victim_told_on=self.book.told(self.book.done(add(made, "1wd"), made)),
                renewal_decided_on=self.book.told(self.book.done(end, made)),
            )  # fmt: skip
        if self.book.maybe(0.4):
            offered = self.book.day(max(self.opened, date(2026, 2, 16)), date(2026, 3, 27))
            due = add(offered, "1wd")
            parts = {column: self.book.told(self.book.done(due, offered)) for column in PLEA}
            accepted = self.book.told(self.book.day(offered, offered + 3 * DAY))
            self.row("pleas", "L", offered, by=self.book.cps, offered_on=offered, charged_code="PH97006",
                     plea_code="PH97004", accepted_on=accepted, **parts)  # fmt: skip
