"""When the weekly standing is due, whether letters begin to be mailed, and what joins the letter of the day."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.outbox import Message
from models.queries.outbox import digests as statements
from models.queries.outbox import urgent
from models.queries.rounds import rounds
from tasks.carriers import registry
from tasks.outbox import digests
from tasks.outbox.digests import MAILED, STANDING, _begins_week, _first_mailed, _take_over
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import AT_NINE, TUESDAY

MONDAY = TUESDAY - timedelta(days=1)


@pytest.mark.parametrize(
    ("last", "begins"), [(None, True), (MONDAY - timedelta(days=1), True), (MONDAY, False), (TUESDAY, False)]
)
def test_a_standing_is_due_once_in_a_week_that_begins_on_monday(rows, last, begins):
    if last is not None:
        rows.switch(STANDING, last.isoformat())
    for today in (MONDAY, TUESDAY, date(2026, 3, 22)):
        assert _begins_week(rows.connection, today) is begins
    assert _begins_week(rows.connection, date(2026, 3, 23)), "the next week"


@pytest.mark.parametrize(
    ("host", "mailed", "state", "first"),
    [("mail.invalid", False, "shown", True), ("mail.invalid", True, "shown", False), ("", False, "shown", False),
     ("mail.invalid", False, "sent", False)],
)  # fmt: skip
def test_the_first_round_with_a_mail_server_is_the_one_after_letters_that_were_only_shown(
    database, monkeypatch, host, mailed, state, first
):
    with database.begin() as connection:
        rows = ReviewRows(connection)
        rows.said(state=state)
        if mailed:
            rows.switch(MAILED)
    if host:
        monkeypatch.setenv("CASEBEAT_MAIL__HOST", host)
        monkeypatch.setenv("CASEBEAT_MAIL__OPERATIONS", "ops@surrey.police.uk")
    assert _first_mailed() is first


def test_an_earlier_letter_that_never_left_joins_the_days(rows):
    late = rows.said(key="digest:P45of1:email:2026-03-16", day=MONDAY)
    _take_over(rows.connection, TUESDAY, AT_NINE, AT_NINE)
    assert rows.found(select(Message.state, Message.reason).where(Message.id == late)) == [
        ("silent", "joined the digest of Tue 17 Mar 2026")
    ]
    _take_over(rows.connection, TUESDAY, AT_NINE, AT_NINE)


class Made:
    """What grouping asks of its statements, in order."""

    def __init__(self, monkeypatch, *, first=False, week=False):
        self.calls = []
        for module, name, gives in (
            (statements, "letters", 3), (statements, "standings", 0), (urgent, "at_once", 2),
            (statements, "repeat_hard_clocks", 0), (registry, "queue", None),
        ):  # fmt: skip
            monkeypatch.setattr(module, name, self.taking(name, gives))
        monkeypatch.setattr(digests, "_first_mailed", lambda: first)
        monkeypatch.setattr(digests, "_begins_week", lambda *_: week)

    def taking(self, name, gives):
        def take(_, *given, **named):
            detail = {"letters": named.get("patient"), "at_once": given[-1]}.get(name)
            self.calls.append(name if detail is None else (name, detail))
            return gives

        return take


NEXT = ("at_once", date(2026, 3, 18))


@pytest.mark.parametrize(
    ("today", "first", "week", "calls"),
    [
        (TUESDAY, False, False, [("letters", True), NEXT, "queue"]),
        (TUESDAY, False, True, ["standings", ("letters", False), NEXT, "queue"]),
        (TUESDAY, True, False, ["repeat_hard_clocks", "standings", ("letters", False), NEXT, "queue"]),
        (date(2026, 3, 21), False, True, [("at_once", date(2026, 3, 23)), "queue"]),
        (date(2026, 3, 21), True, True, ["repeat_hard_clocks", ("at_once", date(2026, 3, 23)), "queue"]),
    ],
)
def test_letters_and_the_weeks_standing_are_made_on_working_days_alone(
    database, monkeypatch, today, first, week, calls
):
    made = Made(monkeypatch, first=first, week=week)
    assert digests.group(today, AT_NINE) == (5 if today == TUESDAY else 2)
    assert made.calls == calls
    with database.begin() as connection:
        standing, mailed = (rounds.switch(connection, name) for name in (STANDING, MAILED))
    assert standing == (today.isoformat() if "standings" in calls else None)
    assert mailed is None, "there is no mail server"
