"""Relevance: a notification decided earlier is sent only if it is still due."""

import pytest

from config.terms import EndReason, Happening
from models.rules.obligations.relevance import ObligationState, why_not_due
from models.rules.obligations.sitting_pause import Silence
from tests.worlds.days import day, row

TODAY = day("Mon 16 Mar 2026")
LIVE = ObligationState(ended=None, hard=False, last_step=2, acknowledged_until=None)
SITS = LIVE._replace(silence=Silence(day("Tue 24 Mar 2026"), "its sitting is near"))
PROMISED = LIVE._replace(acknowledged_until=TODAY)


@pytest.mark.parametrize(
    ("happening", "now", "why"),
    [
        row("a live obligation's present step", Happening.STEP, LIVE, ""),
        row("an earlier step", Happening.STEP, LIVE._replace(last_step=3), "overtaken by a later notice"),
        row("an earlier step that came to a newcomer", Happening.HANDED_OVER, LIVE._replace(last_step=3), ""),
        row("an earlier step of a case that opened", Happening.OPENED, LIVE._replace(last_step=3), ""),
        row("a review whose sitting is near", Happening.STEP, SITS, "its sitting is near"),
        row("a hard clock sleeps for no sitting", Happening.STEP, SITS._replace(hard=True), ""),
        row("a newcomer to it hears of it all the same", Happening.HANDED_OVER, SITS, ""),
        row("on the promise's last day", Happening.STEP, PROMISED, "acknowledged until Mon 16 Mar 2026"),
        row("the day after", Happening.STEP, LIVE._replace(acknowledged_until=day("Sun 15 Mar 2026")), ""),
        row("a hard clock sleeps for no promise", Happening.STEP, PROMISED._replace(hard=True), ""),
        row("a newcomer receives the promise", Happening.HANDED_OVER, PROMISED, ""),
        row("who may read the case now receives the promise", Happening.OPENED, PROMISED, ""),
        row("a case that opened and ended", Happening.OPENED, LIVE._replace(ended=EndReason.MET), "ended: met"),
        row("an end", Happening.STEP, LIVE._replace(ended=EndReason.MET), "ended: met"),
        row("a day that moved", Happening.STEP, LIVE._replace(ended=EndReason.MOVED), "its day moved"),
        row("an end to tell", Happening.RESOLVED, LIVE._replace(ended=EndReason.MET), ""),
        row("an end that is owed again", Happening.RESOLVED, LIVE, "it is owed again"),
    ],
)
def test_a_notification_is_due_only_while_it_is_true(happening, now, why):
    assert why_not_due(happening, 2, now, TODAY) == why


@pytest.mark.parametrize(
    ("now", "why"),
    [
        row("it is owed again", LIVE, ""),
        row("it ended all the same", LIVE._replace(ended=EndReason.MET), "it is not owed again"),
    ],
)
def test_the_news_of_an_end_is_taken_back_only_while_it_is_owed_again(now, why):
    assert why_not_due(Happening.RESOLVED, 2, now, TODAY, reopened=True) == why
