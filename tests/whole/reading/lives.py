"""The life of each obligation and the climbing of its ladder (specifications 3 and 4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.whole.reading.duties.clocks import of_the_clocks
from tests.whole.reading.duties.ends import FILES, reasons
from tests.whole.reading.duties.guarded import of_the_guarded
from tests.whole.reading.duties.owed import Owed
from tests.whole.reading.duties.protocol import of_the_protocol
from tests.whole.reading.duties.rules import of_the_core
from tests.whole.reading.duties.victims import of_no_further_action
from tests.whole.reading.duties.watched import reviewed
from tests.whole.reading.duties.without_case import owed_without_case
from tests.whole.reading.facts import Facts
from tests.whole.reading.gathering import assemble
from tests.whole.reading.hearing import Hearing
from tests.whole.reading.life import Life
from tests.whole.reading.people import Case, People
from tests.whole.reading.seen import seen
from tests.whole.reading.store import Store

Identity = tuple[str | None, str | None, str, str]
REVIEW = "joint-review"


def owed_by_case(facts: Facts, store: Store) -> Iterator[Owed]:
    """Yield the obligations of one case."""
    debts = (*of_the_core(facts, reviewed=reviewed(facts)), *of_the_clocks(facts), *of_the_protocol(facts))
    for debt in (*debts, *of_the_guarded(facts), *of_no_further_action(facts)):
        if not store.counts(debt.rule, debt.began):
            continue
        kind, _, ref = debt.subject.partition(":")
        row = store.files[FILES[kind]][ref,].row if kind in FILES else None
        told = seen(debt.rule, facts, row)
        force, case_ref = facts.key
        what = (debt.rule, debt.subject, debt.owed_by, debt.due, facts.risk, debt.done, debt.remind_by)
        yield Owed(force, case_ref, facts.root, *what, told, debt.began, debt.latest)


def _answering(words: tuple[str, ...], duty: str) -> tuple[str, ...]:
    """Give the addressees whose newcomers are told the present step: of an escalation all, of a chase its owner."""
    return words if duty == "escalate" else tuple(word for word in words if word == "owner")


@dataclass
class Reading(Hearing):
    """The reader: it loads extracts, runs rounds, and gives the expected output of the command line."""

    lives: dict[Identity, Life] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)
    handed: list[dict[str, Any]] = field(default_factory=list)
    resolved: list[dict[str, Any]] = field(default_factory=list)
    ended: dict[tuple[Identity, int], tuple[date, frozenset[str]]] = field(default_factory=dict)
    unsaid: set[tuple[Identity, int, str, str | None]] = field(default_factory=set)  # waiting, with readers
    off: frozenset[str] = frozenset()  # rules that the policy turns off

    def project(self, day: date) -> None:
        everything = assemble(self.store)
        self.cases = {(each.case["force_code"], each.case["case_ref"]): Case.of(each) for each in everything}
        found = {owed.identity: owed for owed in self._owed(everything, day)}
        due = {(owed.force or "", owed.case_ref or ""): owed for owed in found.values() if owed.rule == REVIEW}
        self.reviews.night(day, everything, due, self.first.waiting(day))
        agencies = {row["contact_ref"]: row["agency"] for row in self.store.rows("contacts")}
        outcomes = (owed for facts in everything for owed in self.reviews.owed(facts, agencies))
        now = found | {owed.identity: owed for owed in outcomes}
        for identity, owed in now.items():
            if identity in self.lives:
                self._meet(self.lives[identity], owed, day)
            else:
                self.lives[identity] = Life(owed, start=self.start_of(owed))
        for identity, life in self.lives.items():
            if identity not in now and not life.ended_on:
                if life.position >= 0:
                    self._resolve(life, life.owed, range(life.began, life.version + 1), day)
                life.ended_on = day
                off = life.owed.rule in self.off
                of = self.reviews.of(identity[:2])
                why = frozenset({"policy"}) if off else reasons(life.owed, self.store, everything, day, of)
                self.ended[identity, life.version] = (day, why)

    def _owed(self, everything: list[Facts], day: date) -> Iterator[Owed]:
        found = (owed for facts in everything for owed in owed_by_case(facts, self.store))
        for owed in (*found, *owed_without_case(self.store, everything, day)):
            if owed.rule not in self.off:
                yield owed

    def _meet(self, life: Life, owed: Owed, day: date) -> None:
        before, version, position, was_live = life.owed, life.version, life.position, not life.ended_on
        carried = range(life.began, version + 1)
        life.start = self.start_of(owed)
        life.meet(owed, day)
        duty_done = owed.recurring and owed.done and owed.done > (before.done or date.min)
        if was_live and life.version > version:
            moved = {"moved"} if owed.due != before.due else set()
            again = {"renewed"} if owed.latest and owed.latest > (before.latest or owed.latest) else set()
            self.ended[owed.identity, version] = (day, frozenset({"met"} if duty_done else moved | again))
            if duty_done and position >= 0:  # a moved day alone notifies nobody
                self._resolve(life, before, carried, day)

    def _resolve(self, life: Life, owed: Owed, carried: range, day: date) -> None:
        """Note who hears of the end of an escalated obligation, in a version or those that it carried on from.

        A person whose message about it still waits hears of neither.
        """
        told = {
            (of, step): {ref for ref in refs if (owed.identity, of, step, ref) not in self.unsaid}
            for (of, step), refs in life.told.items()
            if of in carried
        }
        escalating = {step[0] for step in life.ladder if step[5] == "escalate"}
        if escalating & {step for _, step in told}:
            head = dict(zip(("force_code", "case_ref", "rule", "subject"), owed.identity, strict=True))
            case = self.cases.get((owed.force or "", owed.case_ref or ""))
            barred = case.barred if case else frozenset()
            people = People(self.store, day, barred)  # people who left do not hear of their former obligations
            for ref in (ref for ref in set().union(*told.values()) if ref is None or people.active(ref)):
                self.resolved.append({"day": day.isoformat(), **head, "version": carried[-1], "contact_ref": ref})

    def run(self, day: date) -> None:
        """Run one day's round."""
        self.project(day)
        people = self.people(day)
        for life in self.lives.values():
            if not life.ended_on:
                self._climb(life, day, people)

    def people(self, day: date) -> People:
        """Give the people of a day, with whom the panels name to lead."""
        return People(self.store, day, panels={panel.pair: panel.spocs for panel in self.reviews.panels})

    def _climb(self, life: Life, day: date, people: People) -> None:
        reached = life.reached(day)
        asleep = life.promised is not None and day <= life.promised and not life.owed.hard
        asleep = asleep or self._silent(life, reached, day)
        lapsed = life.promised is not None and day > life.promised
        if reached > life.position and not asleep:
            name, _, _, words, manner, duty = life.step(reached)
            told = self.told(words, life, people, name)
            if told and life.may_be_taken(name, day):
                life.position, life.taken[name] = reached, day
                life.told[life.version, name] = set(told)
                life.owners = set(self.told(_answering(words, duty), life, people, name))
                self._write(self.rows, day, life, told, (name, duty, manner))
                life.promised = None if lapsed else life.promised
                return
        if life.position >= 0:
            name, _, _, words, manner, duty = life.step(life.position)
            if not life.may_be_taken(name, day):
                return
            if lapsed and reached <= life.position:
                life.promised = None
                told = self.told(words, life, people, name)
                life.told.setdefault((life.version, name), set()).update(told)
                life.owners |= set(self.told(_answering(words, duty), life, people, name))
                self._write(self.handed, day, life, told, (name, duty, manner))
                return
            told = self.told(_answering(words, duty), life, people, name)
            newcomers = {ref: word for ref, word in told.items() if ref not in life.heard(name)}
            life.owners |= set(newcomers)
            life.told.setdefault((life.version, name), set()).update(newcomers)
            self._write(self.handed, day, life, newcomers, (name, duty, manner))
        elif lapsed:
            life.promised = None

    def _silent(self, life: Life, reached: int, day: date) -> bool:
        owed = life.owed
        step = life.step(reached)[0] if reached >= 0 else ""
        return owed.rule == REVIEW and self.reviews.silence(owed.identity[:2], step, owed.due, day)

    def _write(
        self,
        into: list[dict[str, Any]],
        day: date,
        life: Life,
        told: dict[str | None, str],
        step: tuple[str, str, str],
    ) -> None:
        force, case_ref, rule, subject = life.owed.identity
        for ref, word in told.items():
            into.append(
                {
                    "day": day.isoformat(),
                    "force_code": force,
                    "case_ref": case_ref,
                    "rule": rule,
                    "subject": subject,
                    "version": life.version,
                    "step": step[0],
                    "duty": step[1],
                    "manner": step[2],
                    "addressee": word,
                    "contact_ref": ref,
                    "channel": "email",
                }
            )

    def live(self) -> Iterator[Life]:
        """Yield the lives that have not ended."""
        return (life for life in self.lives.values() if not life.ended_on)

    def obligations(self, day: date) -> list[dict[str, Any]]:
        """Give the lines of `casebeat obligations --json --as-of DAY`, in order."""
        live = sorted(
            self.live(), key=lambda life: (life.owed.force is None, *(part or "" for part in life.owed.identity))
        )
        return [
            {
                "force_code": life.owed.force,
                "case_ref": life.owed.case_ref,
                "urn": life.owed.urn,
                "rule": life.owed.rule,
                "subject": life.owed.subject,
                "owed_by": life.owed.owed_by,
                "due_on": life.owed.due.isoformat(),
                "remind_on": life.owed.remind.isoformat(),
                "escalate_on": life.owed.escalate.isoformat(),
                "severity": life.severity(day),
                "hard": life.owed.hard,
                "version": life.version,
            }
            for life in live
        ]
