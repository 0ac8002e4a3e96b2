"""What `explain` lists of a case beside its obligations: linked cases, incidents, reviews, and what is not owed."""

from datetime import date

import pytest

from flows.configured import configured
from models.errors import Refuse
from tasks.obligations import explain

FIRST, NEXT = date(2026, 3, 2), date(2026, 3, 3)


@pytest.mark.parametrize("error", [KeyError("x"), ValueError("secret")])
def test_a_case_with_a_value_of_a_later_version_is_refused_by_the_kind_of_its_fault(monkeypatch, error):
    def fails(*_):
        raise error

    monkeypatch.setattr(explain, "_explain_and_audit", fails)
    with pytest.raises(Refuse) as refused:
        explain.explain(configured(), "45", "C1", FIRST)
    assert f"({type(error).__name__})" in str(refused.value)
    assert "secret" not in str(refused.value)
