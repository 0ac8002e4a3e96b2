"""The form `checklist`: its answer lists what is missing, and records nothing."""

import pytest

from config.checklist import SAFETY_FIRST
from tests.flows.forms import DONE, answers, form, home_of_two_actions
from tests.support.casebeat import casebeat

__all__ = ["home"]
pytestmark = pytest.mark.prefect


@pytest.fixture
def home():
    with home_of_two_actions() as made:
        yield made


def test_the_form_lists_what_is_missing_and_records_nothing(prefect, home):
    there = [f"{item.code} {item.asks}" for item in SAFETY_FIRST[1:]]
    done = form(prefect, home, "checklist", case="45/C1", by="P1", there=there)
    assert done[:2] == DONE, done
    assert "still lacks 1 item of 15" in done[2]
    (page,) = [each for each in answers(prefect) if done[2] in each]
    assert f"| C02 | {SAFETY_FIRST[0].asks} | {SAFETY_FIRST[0].whom} |" in page
    assert casebeat(home, "notifications", "--json").stdout == ""
