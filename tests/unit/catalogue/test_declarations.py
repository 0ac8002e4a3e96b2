"""What each rule declares of the cases and columns it looks at is what it does: tried with books of random cases."""

from collections.abc import Iterator
from datetime import date, timedelta
from operator import attrgetter
from random import Random

import pytest

from config.terms import (
    ActionSource,
    Agency,
    Classification,
    FinalisedReason,
    OrderKind,
    Relationship,
    Risk,
    SuspectStatus,
)
from models.rules.catalogue.rule import Rule, Seeing
from models.rules.facts import CaseFacts
from models.rules.obligations.rulebook import RULES
from models.rules.result import Owes
from models.rules.sight import SentColumn, Sight
from tests.worlds.facts import action, answers, case, incident, joint, order, plea, referral

DECLARED = {column for rule in RULES.values() for column in (*rule.needs, *rule.begins, *rule.also)}
WITH_COLUMNS = [rule for rule in RULES.values() if rule.per_case and (rule.needs or rule.begins or rule.also)]
CODES = ("PH97006", "PH97004", "PH97011", "SE20002", "TH68010")
ROWS = {
    "incidents.csv": "incidents", "reviews.csv": "reviews", "referrals.csv": "referrals", "orders.csv": "orders",
    "pleas.csv": "pleas",
}  # fmt: skip
EMPTY = {"breach": False, "checklist_missing": (), "charged_codes": ()}
DAYS = [date(2026, 3, 2) + timedelta(days=3 * number) for number in range(12)]


class Recording(Sight):
    """The sight of sources that send every column but some, which remembers the columns that it is asked for."""

    asked: set[SentColumn] = set()  # noqa: RUF012  emptied by each test
    lacking: frozenset[SentColumn] = frozenset()

    def sees(self, column: SentColumn, source_id: int | None, owed_by: object) -> bool:
        del source_id, owed_by
        self.asked.add(column)
        return column not in self.lacking


@pytest.fixture(autouse=True)
def recorded(monkeypatch: pytest.MonkeyPatch) -> set[SentColumn]:
    asked: set[SentColumn] = set()
    monkeypatch.setattr(Recording, "asked", asked)
    return asked


def blind_to(monkeypatch: pytest.MonkeyPatch, *columns: SentColumn) -> None:
    monkeypatch.setattr(Recording, "lacking", frozenset(columns))


def books(number: int = 400) -> Iterator[CaseFacts]:
    """Random cases, most of them with much that is not done."""
    rng = Random(10)  # noqa: S311  the same cases each time
    for _ in range(number):
        yield _case(rng)._replace(sight=Recording({}, {1: "niche-45"}, {Agency.POLICE: (1,), Agency.CPS: (1,)}))


def _case(rng: Random) -> CaseFacts:
    def maybe(chance: float = 0.3) -> date | None:
        return rng.choice(DAYS) if rng.random() < chance else None

    finalised = maybe(0.3)
    own = {
        "classification": rng.choice((Classification.STALKING, *Classification)), "risk": rng.choice(list(Risk)),
        "offence_codes": (rng.choice(CODES),), "relationship": rng.choice(list(Relationship)),
        "suspect_status": rng.choice(list(SuspectStatus)), "status_on": rng.choice(DAYS), "last_act_on": maybe(),
        "bail_ends_on": maybe(), "finalised_on": finalised, "declassified_on": maybe(0.2),
        "finalised_reason": rng.choice(list(FinalisedReason)) if finalised else None,
        "charge_authorised_on": maybe(0.6), "charged_on": maybe(0.4), "ctl_expires_on": maybe(),
        "charged_codes": (rng.choice(CODES),) if rng.random() < 0.6 else (), "next_hearing_on": maybe(0.7),
        "pin_issued_on": maybe(0.5), "cps_source_id": 1, "time_limit_noted_on": maybe(0.1),
    }  # fmt: skip
    return case(
        opened_on=rng.choice(DAYS), **own,
        incidents=[incident(reported_on=day, breach=rng.random() < 0.5) for day in _some(rng)],
        actions=[action(raised_on=day, source=rng.choice(list(ActionSource))) for day in _some(rng)],
        reviews=[joint(held_on=day, quorate=rng.random() < 0.3) for day in _some(rng)],
        referrals=[referral(submitted_on=day, ref=f"F{day}", decision_on=maybe(0.2),
                            missing=("C01",) if rng.random() < 0.5 else ()) for day in _some(rng)],
        orders=[order(made_on=maybe(0.8), kind=rng.choice(list(OrderKind)), served_on=maybe(0.6),
                      expires_on=maybe(0.6)) for _ in _some(rng)],
        pleas=[plea(offered_on=day, ref=f"L{day}") for day in _some(rng)],
    )  # fmt: skip


def _some(rng: Random) -> list[date]:
    return rng.sample(DAYS, rng.choice((0, 1, 2)))


def emptied(facts: CaseFacts, column: SentColumn) -> CaseFacts:
    """The case as it is stored where the file has no such column; a file that is never sent has no rows."""
    empty = EMPTY.get(column.name)
    if column.file not in ROWS:
        return facts._replace(case=facts.case._replace(**{column.name: empty}))
    rows = getattr(facts, ROWS[column.file])
    if column.name.endswith("_attended"):
        return facts._replace(reviews=tuple(row._replace(quorate=False) for row in rows))
    if column.name == "occurred_on":
        return facts._replace(incidents=())
    return facts._replace(**{ROWS[column.file]: tuple(row._replace(**{column.name: empty}) for row in rows)})


def owing(rule: Rule, facts: CaseFacts) -> bool:
    return any(isinstance(one, Owes) for one in answers(rule.name, facts))


@pytest.mark.parametrize("rule", WITH_COLUMNS, ids=lambda rule: rule.name)
def test_the_random_cases_owe_it(rule):
    assert any(owing(rule, facts) for facts in books())


@pytest.mark.parametrize("rule", WITH_COLUMNS, ids=lambda rule: rule.name)
def test_it_asks_for_what_it_declares_and_for_nothing_else(rule, monkeypatch, recorded):
    for lacking in (DECLARED, ()):
        blind_to(monkeypatch, *lacking)
        for facts in books():
            answers(rule.name, facts)
    assert recorded <= {*rule.needs, *rule.begins, *rule.also}
    assert set(rule.needs) <= recorded


@pytest.mark.parametrize("rule", [rule for rule in WITH_COLUMNS if rule.needs], ids=lambda rule: rule.name)
def test_without_what_it_needs_it_owes_nothing(rule, monkeypatch):
    together = [(column,) for column in rule.needs] if rule.seeing is Seeing.EVERY else [rule.needs]
    for lacking in together:
        blind_to(monkeypatch, *lacking)
        for facts in books():
            blind = facts
            for column in lacking:
                blind = emptied(blind, column)
            assert not owing(rule, blind), lacking


@pytest.mark.parametrize("rule", [rule for rule in WITH_COLUMNS if rule.begins], ids=lambda rule: rule.name)
def test_without_what_begins_it_it_owes_nothing(rule):
    together = [(column,) for column in rule.begins] if rule.seeing is not Seeing.EITHER else [rule.begins]
    for lacking in together:
        for facts in books():
            blind = facts
            for column in lacking:
                blind = emptied(blind, column)
            assert not owing(rule, blind), lacking


@pytest.mark.parametrize("rule", [rule for rule in RULES.values() if rule.per_case], ids=lambda rule: rule.name)
def test_a_case_without_a_trait_that_it_declares_is_owed_nothing(rule):
    assert rule.only_where
    for facts in books(2_000):
        if owing(rule, facts):
            assert [trait for trait in rule.only_where if not attrgetter(trait)(facts)] == []
