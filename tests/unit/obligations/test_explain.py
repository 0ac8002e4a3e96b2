"""What `explain` lists of a case beside its obligations: linked cases, incidents, reviews, and what is not owed."""

from datetime import date
from types import SimpleNamespace

import pytest

from config.sittings import ReviewDecision
from config.terms import EndReason
from models.errors import Refuse
from models.queries.reviews.outcome_history import OutcomeHistoryRow
from models.rules.facts import IncidentFact
from models.rules.obligations.rulebook import RULES
from models.rules.result import OwesNothing
from tasks.obligations import explain
from tasks.obligations.explain import _linked, _nothing, _pattern, _reviewed

FIRST, NEXT = date(2026, 3, 2), date(2026, 3, 3)
HEAD = SimpleNamespace(id=2, urn_key_id=9)


def link(case_id):
    return SimpleNamespace(case_id=case_id, force_code="45", case_ref=f"C{case_id}")


def test_linked_cases_are_named_where_there_is_another_the_principal_first(monkeypatch):
    links = [link(1), link(2), link(3)]
    monkeypatch.setattr("tasks.obligations.explain.queries.links", lambda *_: links)
    assert [(one.case, one.principal, one.this) for one in _linked(None, HEAD)] == [
        ("45/C1", True, False), ("45/C2", False, True), ("45/C3", False, False),
    ]  # fmt: skip
    for some, number in ((links[:2], 2), (links[:1], 0), ([], 0)):
        monkeypatch.setattr("tasks.obligations.explain.queries.links", lambda *_, some=some: some)
        assert len(_linked(None, HEAD)) == number


def incident(ref, occurred_on=FIRST, reported_on=NEXT, *, supplied=True):
    return IncidentFact(ref, occurred_on, reported_on, False, None, 1, supplied)


def test_incidents_are_in_the_order_of_their_days_and_those_that_no_source_sent_are_left_out():
    own = [
        incident("I9", NEXT),
        incident("I5"),
        incident("I1", FIRST, date(2026, 3, 4)),
        incident("I0", supplied=False),
    ]
    linked = [incident("I4"), incident("I8", FIRST, FIRST)]
    found = _pattern(SimpleNamespace(incidents=own, linked_incidents=linked))
    assert [(one.ref, one.linked) for one in found] == [
        ("I8", True), ("I4", True), ("I5", False), ("I1", False), ("I9", False),
    ]  # fmt: skip


def test_a_review_that_was_not_reached_has_no_decision_and_says_so():
    row = OutcomeHistoryRow(
        NEXT, "SP1", "45-1", FIRST, False, False, False, (ReviewDecision.NOT_REACHED,), None, None, True
    )  # fmt: skip
    assert (_reviewed(row).how, _reviewed(row).decisions) == ("not reached", ())
    held = row._replace(held=True, police_attended=True, decisions=(ReviewDecision.FURTHER_ACTIONS,))
    assert (_reviewed(held).how, _reviewed(held).decisions) == ("held, with police alone", ("further_actions",))


KNOWN = SimpleNamespace(case=SimpleNamespace(force_code="45"))


def test_what_is_not_owed_is_listed_with_the_reason_and_so_is_what_the_policy_turns_off(monkeypatch):
    rules = RULES
    off = next(name for name, rule in rules.items() if rule.per_case)
    on = {name for name in rules if name != off and rules[name].per_case}
    answers = [
        ("plea", OwesNothing("case", EndReason.MET, "no plea is due")),
        ("action", SimpleNamespace(subject="action:A1")),
    ]
    monkeypatch.setattr("tasks.obligations.explain.rulebook.enabled", lambda _: on)
    monkeypatch.setattr("tasks.obligations.explain.rulebook.evaluate", lambda *_: iter(answers))
    assert [(one.rule, one.subject, one.why) for one in _nothing(KNOWN)] == [
        ("plea", "", "no plea is due"), (off, "", "the policy has it turned off"),
    ]  # fmt: skip


def test_of_a_case_that_cannot_be_evaluated_only_what_is_turned_off_is_listed(monkeypatch):
    def fails(*_):
        raise ValueError

    monkeypatch.setattr("tasks.obligations.explain.rulebook.evaluate", fails)
    monkeypatch.setattr("tasks.obligations.explain.rulebook.enabled", lambda _: set(RULES))
    assert list(_nothing(KNOWN)) == []


@pytest.mark.parametrize("error", [KeyError("x"), ValueError("secret")])
def test_a_case_with_a_value_of_a_later_version_is_refused_by_the_kind_of_its_fault(monkeypatch, error):
    def fails(*_):
        raise error

    monkeypatch.setattr(explain, "_explain_and_audit", fails)
    with pytest.raises(Refuse) as refused:
        explain.explain("45", "C1", FIRST)
    assert f"({type(error).__name__})" in str(refused.value)
    assert "secret" not in str(refused.value)


def test_a_message_about_a_case_that_is_not_there_explains_nothing(monkeypatch):
    monkeypatch.setattr(explain, "_explained", lambda _, head, __: head.id)
    for head, found in ((HEAD, 2), (None, None)):
        monkeypatch.setattr("tasks.obligations.explain.queries.head", lambda *_, head=head: head)
        assert explain.explain_to_reader(None, ("45", "C1"), FIRST) == found
