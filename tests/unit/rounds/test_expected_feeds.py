"""The day whose round has to be done at a moment, and the feeds that are late then, by what their sources sent."""

from contextlib import nullcontext
from datetime import datetime, timedelta

import pytest

from config.days.london import LONDON, at_london
from config.settings import settings
from models.queries.intake.sources import SourceState
from tasks.rounds import expected
from tasks.rounds.expected import day_of
from tests.unit.days import day

FRIDAY, MONDAY, TUESDAY = (day(one) for one in ("Fri 13 Mar 2026", "Mon 16 Mar 2026", "Tue 17 Mar 2026"))
AT = at_london(TUESDAY)


@pytest.mark.parametrize(
    ("clock", "on"),
    [
        ("2026-03-17 00:00", 16), ("2026-03-17 06:59:59", 16), ("2026-03-17 07:00", 17), ("2026-03-17 23:59", 17),
    ],
)  # fmt: skip
def test_the_round_of_a_day_has_to_be_done_from_seven_on_and_that_of_the_day_before_until_then(clock, on):
    assert day_of(datetime.fromisoformat(clock).replace(tzinfo=LONDON)).day == on


def test_in_summer_seven_is_londons():
    summer = datetime.fromisoformat("2026-07-01T05:59:59+00:00")
    assert (day_of(summer).day, day_of(summer + timedelta(seconds=1)).day) == (30, 1)


@pytest.fixture
def sources(monkeypatch):
    """Set what the sources sent; of force 45 and 46 something was seen."""
    monkeypatch.delenv("CASEBEAT_FORCES", raising=False)
    settings.cache_clear()

    def put(*states):
        monkeypatch.setattr(expected, "transaction", nullcontext)
        monkeypatch.setattr("models.queries.intake.sources.states", lambda *_: list(states))
        monkeypatch.setattr("models.queries.intake.sources.force_codes", lambda *_: ["45", "46"])

    yield put
    settings.cache_clear()


def sent(name, on, *covers, refused=None):
    return SourceState(name, covers, on, refused, refused and "The count differs.")


def test_an_extract_is_late_once_its_next_working_day_is_over(sources):
    sources(sent("a", MONDAY, "45"), sent("b", FRIDAY, "45"), sent("c", None, "45"))
    assert [(one.source, one.kind) for one in expected.feeds(AT)] == [("b", "late")]
    states = {one.source: (one.due_on, bool(one.trouble)) for one in expected.feed_states(None, AT)}
    assert states == {"a": (TUESDAY, False), "b": (MONDAY, True), "c": (None, False)}


def test_a_refused_extract_is_trouble_whenever_it_came(sources):
    sources(sent("a", MONDAY, "45", refused="x-1"), sent("b", FRIDAY, "46", refused="x-2"), sent("c", FRIDAY, "45"))
    assert [(one.source, one.kind, one.extract_id) for one in expected.feeds(AT)] == [
        ("a", "refused", "x-1"), ("b", "refused", "x-2"), ("c", "late", None),
    ]  # fmt: skip
    assert [one.source for one in expected.refused(AT)] == ["a", "b"]
    assert expected.feeds(AT)[0].sentence == "extract x-1 of source a was refused: The count differs"


def test_a_refusal_without_a_reason_is_told_too(sources):
    sources(SourceState("a", ("45",), MONDAY, "x-1", None))
    assert expected.feeds(AT)[0].sentence == "extract x-1 of source a was refused: "


def test_a_source_counts_for_its_forces_and_one_that_never_sent_for_all(sources, monkeypatch):
    sources(sent("a", FRIDAY, "45", "47"), sent("b", FRIDAY, "46"), sent("c", None, refused="x"))
    assert [one.source for one in expected.feeds(AT)] == ["a", "b", "c"]
    assert [one.source for one in expected.feeds(AT, "46")] == ["b"]
    monkeypatch.setenv("CASEBEAT_FORCES", "47")
    settings.cache_clear()
    assert [one.source for one in expected.feeds(AT)] == ["a", "c"]


def test_the_forces_of_the_settings_are_expected_or_all_that_were_seen_or_the_one_of_the_round(sources, monkeypatch):
    sources()
    assert expected.forces() == ("45", "46")
    assert expected.forces("47") == ("47",)
    monkeypatch.setenv("CASEBEAT_FORCES", "48")
    settings.cache_clear()
    assert expected.forces() == ("48",)
