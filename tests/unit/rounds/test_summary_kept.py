"""What is kept of a round that ended, and what its page counts."""

from contextlib import nullcontext
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from config.settings import settings
from tasks.obligations.projection import ProjectionAccount
from tasks.platform import templates
from tasks.rounds import summary
from tasks.rounds.verdict import ForceLine, RoundContent

AT = datetime(2026, 3, 17, 9, tzinfo=UTC)
TODAY = date(2026, 3, 17)
QUERIES = "models.queries.rounds.summary"
ACCOUNT = ProjectionAccount("45", to_project=7, open_cases=6, evaluated=4, unchanged=2, failed=1, changes=9)
LINE = ForceLine("45", ACCOUNT, 2, 1, 4, None, "x")
STEPS = {"chased": 2, "escalated": 1, "said": 4, "passed_over": "x"}


@pytest.fixture
def kept(monkeypatch):
    made = []
    monkeypatch.setattr(summary, "transaction", nullcontext)
    monkeypatch.setattr(f"{QUERIES}.stalled", lambda *_: 3)
    monkeypatch.setattr("models.queries.rounds.rounds.finish", lambda _, *given: made.append(given))
    return made


def test_of_a_forces_round_account_steps_and_stalled_cases_are_kept_or_why_it_failed(kept):
    summary.keep_force(8, LINE, TODAY, AT)
    summary.keep_force(9, LINE._replace(account=None, failure="OSError"), TODAY, AT)
    summary.keep_force(None, LINE, TODAY, AT)
    assert kept == [
        (8, AT, {**ACCOUNT._asdict(), **STEPS, "stalled": 3}, None), (9, AT, STEPS, "OSError"),
    ]  # fmt: skip


def test_of_a_whole_round_its_state_is_kept_and_the_units_that_failed(kept):
    content = RoundContent((LINE._replace(passed_over="", account=ACCOUNT._replace(failed=1)),), expected=("45",))
    summary.keep_whole(7, content, AT)
    summary.keep_whole(8, content._replace(failures=(("letters", "OSError"), ("places", "y"))), AT)
    (_, _, well, nothing), (_, _, badly, failure) = kept
    assert (well["state"], nothing) == ("Degraded", None)
    assert (badly["state"], failure) == ("Failed", "letters failed (OSError); places failed (y)")


@pytest.fixture
def page(monkeypatch):
    def of(now, before, listed, unlisted, host=None):
        monkeypatch.setenv("CASEBEAT_MAIL__OPERATIONS", "ops@surrey.police.uk")
        monkeypatch.setenv("CASEBEAT_MAIL__HOST", host) if host else monkeypatch.delenv("CASEBEAT_MAIL__HOST", False)
        settings.cache_clear()
        put, days = monkeypatch.setattr, {TODAY: now, date(2026, 3, 16): before}
        put(summary, "transaction", nullcontext)
        put(f"{QUERIES}.counted_stalled", lambda _, __, on: days[on])
        put(f"{QUERIES}.worst_stalled", lambda *_: [SimpleNamespace()] * listed)
        put(f"{QUERIES}.unlisted_stalled", lambda *_: unlisted)
        put(f"{QUERIES}.outbox", lambda *_: {"sent": 2})
        put(summary, "feed_states", lambda *_: [])
        put("tasks.obligations.coverage.read", lambda _: [])
        put(templates, "note", lambda _, values: values)
        return summary.page(RoundContent((LINE,), expected=("45",)), TODAY)

    yield of
    settings.cache_clear()


def test_a_page_counts_the_stalled_cases_that_it_does_not_list_and_shows_the_trend_against_yesterday(page):
    found = page({"45": 9}, {"45": 8}, 4, 2)
    assert (found["stalled_more"], found["stalled_unlisted"], len(found["stalled"])) == (3, 2, 4)
    assert (found["lines"][0]["stalled"], found["lines"][0]["trend"]) == (9, "▲")
    assert page({"45": 4}, {}, 4, 2)["stalled_more"] == 0
    assert page({}, {}, 0, 0)["lines"][0]["stalled"] == 0


def test_a_page_tells_that_nobody_is_mailed(page):
    assert page({}, {}, 0, 0)["nobody_mailed"]
    assert not page({}, {}, 0, 0, host="mail.example")["nobody_mailed"]
