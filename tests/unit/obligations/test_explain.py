"""What `explain` lists of a case beside its obligations: linked cases, incidents, reviews, and what is not owed."""

from dataclasses import replace
from datetime import date

import pytest

from flows.configured import configured
from models.errors import Refuse
from tasks.obligations import explain
from tests.approved.explained import REVIEW
from tests.worlds.days import day

FIRST, NEXT = date(2026, 3, 2), date(2026, 3, 3)


@pytest.mark.parametrize("error", [KeyError("x"), ValueError("secret")])
def test_a_case_with_a_value_of_a_later_version_is_refused_by_the_kind_of_its_fault(monkeypatch, error):
    def fails(*_):
        raise error

    monkeypatch.setattr(explain, "transaction", fails)
    with pytest.raises(Refuse) as refused:
        explain.explain(configured(), "45", "C1", FIRST)
    assert f"({type(error).__name__})" in str(refused.value)
    assert "secret" not in str(refused.value)


def test_an_obligation_that_escalates_on_its_due_day_is_critical_from_the_day_after():
    at_once = replace(REVIEW, due_on=day("Mon 9 Mar 2026"), escalate_on=day("Mon 9 Mar 2026"))
    assert (REVIEW.critical_from, at_once.critical_from) == (REVIEW.escalate_on, day("Tue 10 Mar 2026"))
