"""What intake sees between two extracts: a risk that was lowered, and a known end of bail that moved to a later day."""

from datetime import timedelta

import pytest

from tasks.intake.options import Allowed
from tests.worlds.extracts import TAKEN, a_case, a_contact
from tests.worlds.intake import Intake

SEEN = "select suspect_ref, kind, seen_on::text, since_on::text from seen_changes order by seen_on, kind, suspect_ref"


class Nights(Intake):
    """Extracts of a source, each with its day of November 2026."""

    def night(self, day: int, case, *suspects, **said):
        files = {"cases.csv": [a_case(**case)], "contacts.csv": [a_contact()]}
        files |= {"suspects.csv": list(suspects)} if suspects else {}
        result = self.sends(files, extracted_at=(TAKEN - timedelta(days=25 - day)).isoformat(), **said)
        assert result.sentence == ""


@pytest.fixture
def nights(database, tmp_path) -> Nights:
    return Nights(database, tmp_path)


def lowered(seen: int, since: int) -> tuple[None, str, str, str]:
    return None, "risk_lowered", f"2026-11-{seen}", f"2026-11-{since}"


@pytest.mark.parametrize(
    ("risks", "seen"),
    [
        (("high", "medium"), [lowered(11, 10)]),
        (("high", "standard"), [lowered(11, 10)]),
        (("medium", "standard"), [lowered(11, 10)]),
        (("", "medium"), [lowered(11, 10)]),
        (("high", "medium", "standard"), [lowered(11, 10), lowered(12, 11)]),
        (("high", "medium", "medium"), [lowered(11, 10)]),
        (("high", "medium", "high", "medium"), [lowered(11, 10), lowered(13, 12)]),
        (("standard", "medium", "high"), []),
        (("high", ""), []),
        (("", "high"), []),
    ],
)
def test_a_lowered_risk_is_kept_with_the_days_of_both_extracts(nights, risks, seen):
    for day, risk in enumerate(risks, 10):
        nights.night(day, {"risk": risk})
    assert nights.rows(SEEN) == seen


def test_that_the_risk_was_assessed_is_for_the_rule_to_weigh(nights):
    nights.night(10, {"risk": "high"})
    nights.night(11, {"risk": "medium", "risk_assessed_on": "2026-11-10"})
    assert nights.rows(SEEN) == [lowered(11, 10)]


def test_a_risk_that_a_source_begins_to_send_was_not_lowered(nights):
    nights.night(10, {}, lacking={"cases.csv": ["risk"]})
    nights.night(11, {"risk": "standard"})
    assert nights.rows(SEEN) == []


def test_an_older_extract_that_is_let_in_tells_of_no_change(nights):
    nights.night(20, {"risk": "high"})
    nights.night(15, {"risk": "standard"}, allowed=Allowed(older=True))
    assert nights.rows(SEEN) == []


@pytest.mark.parametrize(
    ("before", "after", "seen"),
    [
        pytest.param("2026-12-01", "2026-12-24", [("2026-11-11", "2026-11-10")], id="later"),
        pytest.param("2026-12-24", "2026-12-01", [], id="earlier"),
        pytest.param("", "2026-12-24", [], id="known now"),
        pytest.param("2026-12-24", "", [], id="not known any more"),
        pytest.param("2026-12-24", "2026-12-24", [], id="as before"),
    ],
)
def test_an_end_of_bail_that_moved_to_a_later_day_is_kept_of_the_case_and_of_each_suspect(nights, before, after, seen):
    def suspect(ref, ends):
        return {"force_code": "45", "case_ref": "C1", "suspect_ref": ref, "bail_ends_on": ends}

    nights.night(10, {"bail_ends_on": before}, suspect("S1", before), suspect("S2", "2026-12-01"))
    nights.night(11, {"bail_ends_on": after}, suspect("S1", after), suspect("S2", "2026-12-01"))
    assert nights.rows(SEEN) == [(ref, "bail_extended", *days) for days in seen for ref in ("S1", None)]


def test_a_delta_without_the_column_tells_of_no_change(nights):
    nights.night(10, {"risk": "high", "bail_ends_on": "2026-12-01"})
    nights.night(11, {"last_act_on": "2026-11-01"}, mode="delta", lacking={"cases.csv": ["risk", "bail_ends_on"]})
    assert nights.rows(SEEN) == []
    assert nights.rows("select risk, bail_ends_on::text from cases") == [("high", "2026-12-01")]
