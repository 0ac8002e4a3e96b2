"""Doubts about the clock, to the minute and the day; and machines that sign with another secret."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest

from config.settings import settings
from models.errors import Refuse, Skip
from models.queries.intake.clocks import DatabaseClock, LatestExtract
from models.queries.rounds.doctor import KnownMachine
from models.queries.rounds.rounds import LastRound
from tasks.platform import tokens
from tasks.rounds import clock_checks, machines
from tests.unit.days import day

NOW = datetime(2026, 3, 17, 9, tzinfo=UTC)
TODAY = day("Tue 17 Mar 2026")
TEN = timedelta(minutes=10)
SECOND = timedelta(seconds=1)
HERE = DatabaseClock(NOW, elsewhere=False)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    def put(which):
        monkeypatch.setenv("CASEBEAT_CLOCK", which)
        settings.cache_clear()

    monkeypatch.delenv("CASEBEAT_CLOCK", raising=False)
    settings.cache_clear()
    yield put
    settings.cache_clear()


@pytest.fixture
def doubt(monkeypatch):
    def of(extract=None, database=HERE):
        monkeypatch.setattr(clock_checks, "transaction", nullcontext)
        monkeypatch.setattr(
            "models.queries.intake.clocks.latest_extract", lambda *_: extract and LatestExtract("a", extract)
        )
        monkeypatch.setattr("models.queries.intake.clocks.of_database", lambda _: database)
        return clock_checks.doubt(NOW)

    return of


@pytest.mark.parametrize(("ahead", "doubted"), [(-TEN, False), (TEN, False), (TEN + SECOND, True)])
def test_a_clock_may_be_ten_minutes_behind_an_extract(doubt, ahead, doubted):
    found = doubt(NOW + ahead)
    assert (found is not None) is doubted
    if found:
        assert "before the moment of an extract of a that was loaded (Tue 17 Mar 2026 at 09:10 GMT)" in found
        with pytest.raises(Refuse, match="set the clock right and run the round again"):
            clock_checks.refuse_wrong(NOW)
    else:
        clock_checks.refuse_wrong(NOW)


def test_before_any_extract_there_is_no_doubt(doubt):
    assert doubt() is None


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(
    ("apart", "elsewhere", "doubted"), [(TEN, True, False), (TEN + SECOND, True, True), (TEN + SECOND, False, False)]
)
def test_a_clock_may_differ_by_ten_minutes_from_that_of_a_database_elsewhere(doubt, sign, apart, elsewhere, doubted):
    found = doubt(NOW - TEN, DatabaseClock(NOW + sign * apart, elsewhere))
    assert (found is not None) is doubted


@pytest.fixture
def held(monkeypatch):
    """Ask about the clock after a round of so many days ago; `first` is whether operations were not asked yet."""
    asked = []

    def of(ago, *, first=True):
        asked.clear()
        last = None if ago is None else LastRound("45", TODAY - timedelta(days=ago))
        monkeypatch.setattr(clock_checks, "transaction", nullcontext)
        monkeypatch.setattr("models.queries.rounds.rounds.last", lambda *_: last)
        monkeypatch.setattr("tasks.outbox.handling.hold_and_ask", lambda *given: asked.append(given[:2]) or first)
        return clock_checks.hold_after_gap(TODAY, NOW), list(asked)

    return of


@pytest.mark.parametrize("ago", [None, 0, 1, 28])
def test_a_round_within_four_weeks_raises_no_question(held, ago):
    assert held(ago) == ("", [])


def test_a_longer_gap_holds_the_outbox_and_is_told_once(held, clock):
    found, ((about, words),) = held(29)
    assert found.startswith("the last round was on Mon 16 Feb 2026, 29 days before this one: operations are asked")
    assert about == "2026-02-16:2026-03-17"
    assert "29 days" in words
    assert held(29, first=False)[0] == ""
    clock("virtual")
    assert held(29) == ("", [])


@pytest.fixture
def compared(monkeypatch):
    """Compare this machine, whose secret has a fingerprint or is not there yet, with those that are known."""
    kept = []

    def of(ours, **known):
        kept.clear()
        monkeypatch.setattr(tokens, "fingerprint", lambda: ours)
        monkeypatch.setattr(machines, "transaction", nullcontext)
        monkeypatch.setattr("models.queries.rounds.rounds.set_switch", lambda *given: kept.append(given[1:]))
        asked = []

        def found(_, since):
            asked.append(since)
            return [KnownMachine(name, print_) for name, print_ in known.items()]

        monkeypatch.setattr("models.queries.rounds.doctor.machines", found)
        machines.compare(NOW)
        assert asked in ([NOW - timedelta(days=7)], [])
        return [(name.partition(":")[0], value) for name, value, _ in kept]

    return of


def test_a_machine_keeps_its_fingerprint_and_signs_as_all_others_do(compared, clock):
    assert compared("aa", a="aa", b="aa") == [("secret", "aa")]
    assert compared(None) == []
    with pytest.raises(Skip, match="signs with another secret than b, c, so that"):
        compared("aa", a="aa", b="bb", c="cc")
    clock("virtual")
    assert compared("aa", b="bb") == [], "its days are nobody's"
