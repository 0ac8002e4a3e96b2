"""The status day of a case, and the day on which an extract was seen to change the status."""

from datetime import timedelta

import pytest

from tasks.intake.options import Allowed
from tests.worlds.extracts import TAKEN, a_case, a_contact
from tests.worlds.intake import Intake

KEPT = "select status_on::text, status_seen_on::text from cases where case_ref = 'C1'"


class Nights(Intake):
    """Extracts of a source, each with its day of November 2026."""

    def night(self, day: int, *cases, **said):
        taken = TAKEN - timedelta(days=25 - day)
        result = self.sends({"cases.csv": list(cases), "contacts.csv": [a_contact()]},
                            extracted_at=taken.isoformat(), **said)  # fmt: skip
        assert result.sentence == ""


@pytest.fixture
def nights(database, tmp_path) -> Nights:
    return Nights(database, tmp_path)


def on(status: str, changed_on: str = "", case_ref: str = "C1", **said):
    return a_case(case_ref, suspect_status=status, status_changed_on=changed_on, **said)


def row(name: str, *values):
    return pytest.param(*values, id=name)


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        row("known since the source's first extract", on("bail"), on("bail"), ("2026-11-10", None)),
        row("the day sent with it", on("bail", "2026-11-04"), on("bail", "2026-11-04"), ("2026-11-04", None)),
        row("changed without a day", on("bail"), on("rui"), ("2026-11-10", "2026-11-20")),
        row("changed with its day", on("bail"), on("rui", "2026-11-15"), ("2026-11-15", "2026-11-20")),
        row("a day that was not kept up is of the status before",
            on("bail", "2026-11-04"), on("rui", "2026-11-04"), ("2026-11-10", "2026-11-20")),
        row("changed twice on one day",
            on("bail", "2026-11-10"), on("rui", "2026-11-10"), ("2026-11-10", "2026-11-20")),
        row("the day came later, or was corrected", on("bail"), on("bail", "2026-11-04"), ("2026-11-04", None)),
        row("the day is sent no more", on("bail", "2026-11-04"), on("bail"), ("2026-11-04", "2026-11-04")),
        row("the status is sent no more", on("bail"), on(""), (None, None)),
        row("a status where there was none", on(""), on("bail"), ("2026-11-10", "2026-11-20")),
        row("other facts", on("bail"), on("bail", risk="high"), ("2026-11-10", None)),
    ],
)  # fmt: skip
def test_the_status_day(nights, before, after, kept):
    nights.night(10, before)
    nights.night(20, after)
    assert nights.rows(KEPT) == [kept]


def test_a_day_that_is_sent_no_more_stays_whatever_else_comes(nights):
    nights.night(10, on("bail"))
    nights.night(14, on("rui", "2026-11-12"))
    nights.night(16, on("rui"))
    nights.night(20, on("rui", risk="high"))
    assert nights.rows(KEPT) == [("2026-11-12", "2026-11-12")]


@pytest.mark.parametrize(
    ("case", "kept"),
    [
        (on("bail"), ("2026-11-10", "2026-11-20")),
        (on("bail", opened_on="2026-11-18"), ("2026-11-18", "2026-11-20")),
        (on("bail", "2026-11-19"), ("2026-11-19", "2026-11-20")),
        (on(""), (None, None)),
    ],
)
def test_a_case_that_comes_later_changed_since_the_extract_before(nights, case, kept):
    nights.night(10, on("bail", case_ref="C0"))
    nights.night(20, on("bail", case_ref="C0"), case)
    assert nights.rows(KEPT) == [kept]


def test_the_extract_before_is_the_last_one_whatever_it_told(nights):
    nights.night(10, on("bail"))
    nights.night(14, on("bail", risk="high"))
    nights.sends({}, mode="delta", extracted_at=(TAKEN - timedelta(days=8)).isoformat())
    nights.night(20, on("rui"))
    assert nights.rows(KEPT) == [("2026-11-17", "2026-11-20")]


def test_an_older_extract_that_is_let_in_is_after_none(nights):
    nights.night(20, on("bail"))
    result = nights.sends({"cases.csv": [on("rui")]}, allowed=Allowed(older=True),
                          extracted_at=(TAKEN - timedelta(days=10)).isoformat())  # fmt: skip
    assert result.sentence == ""
    assert nights.rows(KEPT) == [("2026-11-15", "2026-11-15")]
