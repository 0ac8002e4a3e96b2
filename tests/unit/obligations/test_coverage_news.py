"""What can be seen of the sources: in one order, by force, and what is news since operations were notified last."""

import json
from contextlib import nullcontext
from datetime import date
from types import SimpleNamespace

import pytest

from config.terms import Agency
from models.rules.obligations.coverage import Coverage, Seen
from models.rules.obligations.rulebook import RULES
from models.rules.sight import SentColumn
from tasks.obligations import coverage
from tasks.obligations.coverage import CoverageNews, by_source

SEEN, PARTLY, BLIND = Seen
PER_CASE = [name for name, rule in RULES.items() if rule.per_case][:4]
OF_NO_CASE = next(name for name, rule in RULES.items() if not rule.per_case)


def of(source, rule, seen, *covers):
    return Coverage(source, Agency.POLICE, frozenset(covers), rule, seen, ())


@pytest.fixture
def found(monkeypatch):
    """Let these be what is read."""

    def let(*some):
        monkeypatch.setattr(coverage, "read", lambda _: list(some))
        monkeypatch.setattr(coverage, "transaction", nullcontext)

    return let


def test_of_each_source_what_cannot_be_seen_comes_first_then_what_can_partly():
    given = [of("a", "1", SEEN), of("a", "2", BLIND), of("a", "3", PARTLY), of("a", "4", BLIND), of("b", "5", SEEN)]
    assert [(source, [one.rule for one in rules]) for source, rules in by_source(given)] == [
        ("a", ["2", "4", "3", "1"]), ("b", ["5"]),
    ]  # fmt: skip


def test_what_cannot_be_seen_of_a_force_is_listed_in_the_rulebooks_order(found):
    first, second, third, _ = PER_CASE
    found(
        of("b", second, BLIND, "47", "46"), of("b", first, BLIND, "46"), of("a", third, PARTLY, "46"),
        of("a", second, SEEN, "46"), of("a", OF_NO_CASE, BLIND, "46", "48"), of("c", third, BLIND, "02", "01", "03"),
    )  # fmt: skip
    unseen = coverage.unseen_by_force(None)
    assert unseen == {"01": (third,), "02": (third,), "03": (third,), "46": (first, second), "47": (second,)}
    assert list(unseen) == sorted(unseen)


@pytest.mark.parametrize(
    ("news", "any_"),
    [(((), (), ""), False), (((of("a", "1", BLIND),), (), ""), True), (((), (("a", "1"),), ""), True)],
)
def test_there_is_news_where_something_is_seen_less_or_again(news, any_):
    assert bool(CoverageNews(*news)) is any_


def test_only_what_differs_from_what_was_told_last_is_news(found, monkeypatch):
    told = [["a", "same", BLIND], ["a", "other", PARTLY], ["a", "gone", BLIND], ["a", "seen", BLIND]]
    found(
        of("a", "same", BLIND), of("a", "other", BLIND), of("a", "new", PARTLY), of("a", "seen", SEEN),
        of("a", "never told", SEEN),
    )  # fmt: skip
    for switch, changed, again in (
        (json.dumps(told), ["other", "new"], ["gone", "seen"]), (None, ["same", "other", "new"], []),
    ):  # fmt: skip
        monkeypatch.setattr("tasks.obligations.coverage.rounds.switch", lambda *_, switch=switch: switch)
        news = coverage.news()
        assert [one.rule for one in news.changed] == changed
        assert [rule for _, rule in news.again] == again
        assert json.loads(news.now) == [["a", "same", BLIND], ["a", "other", BLIND], ["a", "new", PARTLY]]


def test_a_source_lacks_what_a_duty_needs_that_is_not_accepted_as_unseen(found, monkeypatch):
    early, late = date(2026, 3, 2), date(2026, 3, 9)
    needs = {"r1": ("z", "a"), "r2": ("m",), "r3": ("n",)}
    found(*(of(source, rule, BLIND) for source in ("s1", "s2") for rule in needs))
    columns = {name: SentColumn("cases.csv", name) for name in "zamn"}
    monkeypatch.setattr(coverage, "needed", lambda one, _: [columns[name] for name in needs[one.rule]])
    policy = SimpleNamespace(unseen={"s1": ("r3",), "s3": ("r1",)})
    monkeypatch.setattr("tasks.obligations.coverage.configuration.policy", lambda: policy)
    since = {"s1": {columns["z"]: late, columns["a"]: early, columns["n"]: early}}
    monkeypatch.setattr("tasks.obligations.coverage.source_columns.lacking_since", lambda _: since)
    sources = [SimpleNamespace(source=name) for name in ("s1", "s2", "s3")]
    monkeypatch.setattr("tasks.obligations.coverage.source_columns.sources", lambda _: sources)
    assert [tuple(one) for one in coverage.lacking(None)] == [
        ("s1", (columns["a"], columns["z"]), early), ("s2", (), None), ("s3", (), None),
    ]  # fmt: skip


def test_a_rule_that_the_policy_turns_off_is_left_out(monkeypatch):
    on = set(PER_CASE[:2])
    monkeypatch.setattr("tasks.obligations.coverage.rulebook.enabled", lambda _: on)
    monkeypatch.setattr("tasks.obligations.coverage.source_columns.sources", lambda _: [])
    monkeypatch.setattr(coverage, "rules_coverage", lambda _, rules: [rule.name for rule in rules])
    assert set(coverage.read(None)) == on
