"""Who is told that a message was wrong: what ended an obligation before it, and to whom it may still be said."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from config.terms import EndReason
from models.obligations import Obligation
from models.outbox import Notification
from models.queries.obligations import corrections, projection
from models.rules.obligations.lifecycle import End
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import TUESDAY


@pytest.fixture
def rows(connection) -> ReviewRows:
    made = ReviewRows(connection)
    made.contact("of1")
    return made


def ago(days: int) -> date:
    return TUESDAY - timedelta(days=days)


def ended(rows, name: str, reason: str, **given) -> int:
    """Add a case of that name whose obligation has ended today."""
    values = {"ended_on": TUESDAY, "end_reason": reason, "last_step": 1} | given
    return rows.owes(rows.case_of(name), values.pop("due_on", ago(9)), **values)


def sent(rows, obligation_id: int, days: int = 3, ref: str | None = "of1", **given) -> int:
    return rows.notification(obligation_id, None, ref, **{"day": ago(days), "state": "sent"} | given)


def correct(rows, *obligation_ids: int, last_step: int = 1) -> list[tuple[int, str | None, str]]:
    """Correct what was read of these obligations: the obligation, reader and channel of each correction."""
    where = select(Obligation.case_id).where(Obligation.id == obligation_ids[0])
    (case_id,) = rows.connection.execute(where).one()
    one = next(iter(projection.stored(rows.connection, [case_id])[case_id].values()))
    gone = [End(one._replace(id=id_, last_step=last_step), EndReason.MET) for id_ in obligation_ids]
    corrections.correct(rows.connection, gone, TUESDAY)
    made = select(Notification.obligation_id, Notification.contact_ref, Notification.channel).where(
        Notification.occasion == "corrected", Notification.day == TUESDAY
    )
    return sorted(rows.found(made))


def test_what_a_fact_had_ended_before_the_day_of_the_message_was_wrong(rows):
    wrong, right = [], []
    for reason, fact, is_wrong in (
        ("met", 4, True), ("met", 3, False), ("met", None, False), ("finalised", 4, True), ("finalised", 3, False),
        ("withdrawn", 4, True), ("withdrawn", 3, False), ("withdrawn", None, True), ("out_of_scope", 4, False),
    ):  # fmt: skip
        id_ = ended(rows, f"{reason}-{fact}", reason, fact_on=None if fact is None else ago(fact))
        sent(rows, id_)
        (wrong if is_wrong else right).append(id_)
    assert [id_ for id_, *_ in correct(rows, *wrong, *right)] == wrong


def test_what_was_called_overdue_was_wrong_where_its_due_day_as_it_is_now_had_not_passed(rows):
    wrong, right = [], []
    for name, due, day, later, is_wrong in (
        ("moved", 5, 3, 3, True), ("not-far", 5, 3, 4, False), ("in-time", 3, 3, 1, False), ("far", 4, 3, -9, True),
    ):  # fmt: skip
        id_ = ended(rows, name, "moved", due_on=ago(due), fact_on=ago(9))
        (case_id,) = rows.connection.execute(select(Obligation.case_id).where(Obligation.id == id_)).one()
        rows.owes(case_id, ago(later), version=2)
        rows.owes(case_id, ago(-30), version=3 if is_wrong else 4, chain_from=3, ended_on=TUESDAY, end_reason="met")
        rows.owes(case_id, ago(-30), version=2, rule="another")
        sent(rows, id_, day)
        (wrong if is_wrong else right).append(id_)
    assert [id_ for id_, *_ in correct(rows, *wrong, *right)] == wrong


def test_only_named_obligations_that_took_a_step_are_corrected(rows):
    ids = [ended(rows, name, "withdrawn") for name in ("a", "b")]
    for id_ in ids:
        sent(rows, id_)
    assert correct(rows, ids[0], last_step=0) == []
    assert correct(rows, ids[0]) == [(ids[0], "of1", "email")]


def test_who_read_of_it_on_each_channel_is_told_once_while_they_are_active(rows):
    for ref, given in (
        ("gone", {"withdrawn_on": TUESDAY}), ("going", {"withdrawn_on": ago(-1)}), ("left", {"active_to": ago(1)}),
        ("last-day", {"active_to": TUESDAY}),
    ):  # fmt: skip
        rows.contact(ref, **given)
        ids = [ended(rows, ref, "withdrawn")]
        sent(rows, ids[0], ref=ref)
    owed = ended(rows, "T1", "withdrawn")
    sent(rows, owed)
    sent(rows, owed, channel="slack")
    sent(rows, owed, ref=None)
    sent(rows, owed, ref="unknown")
    every = [id_ for (id_,) in rows.found(select(Obligation.id))]
    expected = [("going", "email"), ("last-day", "email"), ("of1", "email"), ("of1", "slack")]
    assert sorted((ref, by) for _, ref, by in correct(rows, *every)) == expected
    assert len(correct(rows, *every)) == 4


def test_the_last_that_reached_a_reader_decides_and_no_mistake_is_corrected_twice(rows):
    late, early, unsent, end = (ended(rows, name, "met", fact_on=ago(4)) for name in ("late", "early", "unsent", "end"))
    case_id, over = rows.case_of("again"), {"ended_on": TUESDAY, "last_step": 1, "fact_on": ago(4)}
    before = rows.owes(case_id, ago(9), **over, end_reason="moved")
    again = rows.owes(case_id, ago(9), version=2, **over, end_reason="met")
    for id_, days, given in (
        (late, 6, {}), (late, 3, {"step": 4}), (early, 3, {}), (early, 5, {"step": 4}), (again, 3, {}),
        (before, 2, {"happening": "resolved", "occasion": "corrected", "step": 4}),
        (end, 5, {}), (end, 3, {"happening": "resolved", "occasion": "resolved"}),
        *((unsent, 3, {"state": state, "step": at}) for at, state in enumerate(("queued", "silent", "dead", "void"))),
    ):  # fmt: skip
        sent(rows, id_, days, **given)
    assert correct(rows, late, early, again, unsent, end) == [(late, "of1", "email")]


def test_what_an_earlier_version_of_the_chain_told_is_corrected_too(rows):
    case_id = rows.case_of("T1")
    over = {"ended_on": TUESDAY, "last_step": 1}
    anew = rows.owes(case_id, ago(9), **over, end_reason="met")
    first = rows.owes(case_id, ago(9), version=2, chain_from=2, **over, end_reason="moved")
    last = rows.owes(case_id, ago(9), version=3, chain_from=2, **over, end_reason="withdrawn")
    rows.contact("of2")
    sent(rows, first)
    sent(rows, anew, ref="of2")
    assert correct(rows, last) == [(last, "of1", "email")]


def test_the_news_of_an_end_that_was_wrong_gives_the_day_by_which_it_is_owed_again(rows):
    case_id = rows.case_of("T1")
    over = rows.owes(case_id, ago(9), ended_on=ago(3), end_reason="met")
    rows.owes(case_id, ago(5), version=2, ended_on=TUESDAY, end_reason="moved")
    rows.owes(case_id, ago(-5), version=3)
    rows.owes(case_id, ago(-7), rule="other", version=3)
    message = rows.message("of1", day=ago(2))
    end = {"happening": "resolved", "step_name": "resolved"}
    for ref, given in (
        ("of1", {"day": ago(8), "step_name": "first"}), ("of1", {"day": ago(7), "step_name": "second"}),
        ("of1", {"day": ago(3), "message_id": message}),
        ("of1", {"happening": "step", "step_name": "step"}), ("of1", {"channel": "slack", "day": ago(4)}),
        ("of2", {"day": ago(6)}), ("of1", {"state": "silent", "step_name": "silent"}),
    ):  # fmt: skip
        values = {"message_id": None, "state": "sent", "occasion": str(given)} | end | given
        made = rows.notification(over, values.pop("message_id"), ref, **values)
        if values["step_name"] == "first":
            first = made
    rows.move_back(Notification, first)
    about = {"occasion": "reopened", "happening": "resolved", "state": "retry"}
    news = [rows.notification(over, None, "of1", **about), rows.notification(over, None, "of2", **about)]
    other = rows.notification(over, None, "of2", happening="resolved", occasion="no-news")
    rows.notification(over, None, "of1", state="sent", occasion="after", day=ago(1), **end)
    found = corrections.corrected(rows.connection, [*news, other])
    assert {id_: (one.step, one.said_on, one.said_due_on, one.due_on, one.reopened) for id_, one in found.items()} == {
        news[0]: ("resolved", ago(2), ago(9), ago(-5), True), news[1]: ("resolved", ago(6), ago(9), ago(-5), True),
    }  # fmt: skip
    assert set(corrections.corrected(rows.connection, news[:1])) == {news[0]}


def test_the_news_of_an_end_is_no_mistake_where_nothing_is_owed_again(rows):
    for name, version, later in (
        ("over", 1, {"version": 2, "ended_on": TUESDAY, "end_reason": "met"}),
        ("anew", 1, {"version": 2, "chain_from": 2}), ("before", 2, {"version": 1}),
    ):  # fmt: skip
        case_id = rows.case_of(name)
        over = rows.owes(case_id, ago(9), version=version, ended_on=ago(3), end_reason="met")
        rows.owes(case_id, ago(-5), **later)
        sent(rows, over, happening="resolved")
        news = rows.notification(over, None, "of1", happening="resolved", occasion="reopened")
        assert corrections.corrected(rows.connection, [news]) == {}, name
