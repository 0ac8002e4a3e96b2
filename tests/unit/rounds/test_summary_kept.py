"""What is kept of a round that ended, and what its page counts."""

from contextlib import nullcontext
from datetime import date
from types import SimpleNamespace

import pytest

from flows.configured import configured
from tasks.obligations.projection import ProjectionAccount
from tasks.platform import templates
from tasks.rounds import summary
from tasks.rounds.verdict import ForceLine, RoundContent

TODAY = date(2026, 3, 17)
QUERIES = "models.queries.rounds.summary"
ACCOUNT = ProjectionAccount("45", to_project=7, open_cases=6, evaluated=4, unchanged=2, failed=1, changes=9)
LINE = ForceLine("45", ACCOUNT, 2, 1, 4, None, "x")


@pytest.fixture
def page(monkeypatch):
    def of(now, before, listed, unlisted, host=None):
        monkeypatch.setenv("CASEBEAT_MAIL__OPERATIONS", "ops@surrey.police.uk")
        monkeypatch.setenv("CASEBEAT_MAIL__HOST", host) if host else monkeypatch.delenv("CASEBEAT_MAIL__HOST", False)
        put, days = monkeypatch.setattr, {TODAY: now, date(2026, 3, 16): before}
        put(summary, "transaction", nullcontext)
        put(f"{QUERIES}.counted_stalled", lambda _, __, on: days[on])
        put(f"{QUERIES}.worst_stalled", lambda *_: [SimpleNamespace()] * listed)
        put(f"{QUERIES}.unlisted_stalled", lambda *_: unlisted)
        put(f"{QUERIES}.outbox", lambda *_: {"sent": 2})
        put(summary, "feed_states", lambda *_: [])
        put("tasks.obligations.coverage.read", lambda *_: [])
        put(templates, "note", lambda _, values: values)
        return summary.page(configured(), RoundContent((LINE,), expected=("45",)), TODAY)

    return of


def test_a_page_counts_the_stalled_cases_that_it_does_not_list_and_shows_the_trend_against_yesterday(page):
    found = page({"45": 9}, {"45": 8}, 4, 2)
    assert (found["stalled_more"], found["stalled_unlisted"], len(found["stalled"])) == (3, 2, 4)
    assert (found["lines"][0]["stalled"], found["lines"][0]["trend"]) == (9, "▲")
    assert page({"45": 4}, {}, 4, 2)["stalled_more"] == 0
    assert page({}, {}, 0, 0)["lines"][0]["stalled"] == 0


def test_a_page_tells_that_nobody_is_mailed(page):
    assert page({}, {}, 0, 0)["nobody_mailed"]
    assert not page({}, {}, 0, 0, host="mail.example")["nobody_mailed"]
