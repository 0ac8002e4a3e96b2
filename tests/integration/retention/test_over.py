"""Which cases are over, row by row: each reason against, the first that applies, and linked cases as one."""

from datetime import date, timedelta

import pytest

from config.doors import Door
from config.retention import Back, HoldReason
from config.terms import OrderKind, State
from models.cases import OrderRow
from models.outbox import Message
from models.queries.retention import erasing, holds, over
from models.queries.retention.over import ForceCount, OverCase
from models.rules.people.act import Act
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import AT_NINE

UNTIL = date(2026, 3, 17)
ACT = Act("SP1", Door.COMMAND, "x")


@pytest.fixture
def book(connection) -> ReviewRows:
    return ReviewRows(connection)


def over_case(book, ref="1", **given) -> int:
    ordinary = {"finalised_on": UNTIL, "projection": "evaluated"}
    return book.case_of(ref, **ordinary | given)


def order(book, key, **given) -> None:
    ordinary = {"order_ref": f"O{key}", "kind": OrderKind.SPO, "source_id": book.source_id, "made_on": UNTIL}
    book.add(OrderRow, key_id=key, **ordinary | given)


def backs(book) -> dict[str, Back | None]:
    return {one.force_code: one.back for one in over.counts(book.connection, UNTIL)}


def test_the_day_of_the_end_counts_and_the_day_after_does_not(book):
    case = over_case(book, "1")
    over_case(book, "2", force="46", finalised_on=UNTIL + timedelta(days=1))
    assert over.counts(book.connection, UNTIL) == [ForceCount("45", None, 1)]
    assert over.groups(book.connection, UNTIL) == [case]


@pytest.mark.parametrize(
    ("given", "back"),
    [
        ({"expires_on": UNTIL}, None),
        ({"expires_on": UNTIL + timedelta(days=1)}, Back.RECENT),
        ({"expires_on": None}, Back.ENDLESS),
        ({"expires_on": None, "made_on": None}, None),
        ({"expires_on": None, "withdrawn_on": UNTIL}, None),
        ({"expires_on": UNTIL + timedelta(days=1), "withdrawn_on": UNTIL}, Back.RECENT),
    ],
)
@pytest.mark.parametrize("by_urn", [False, True])
def test_an_order_holds_its_case_back_until_it_ends(book, given, back, by_urn):
    urn = book.urn("45ZZ0000126")
    case = over_case(book, urn_key_id=urn)
    order(book, urn if by_urn else case, **given)
    assert backs(book) == {"45": back}


def test_what_is_owed_and_what_ended_later_hold_back(book):
    for force, given in {"45": {}, "46": {"ended_on": UNTIL}, "47": {"ended_on": UNTIL + timedelta(days=1)}}.items():
        book.owes(over_case(book, force, force=force), UNTIL, force, **given)
    assert backs(book) == {"45": Back.OWED, "46": None, "47": Back.RECENT}


@pytest.mark.parametrize("state", State)
def test_a_message_about_it_that_may_still_leave_holds_back(book, state):
    owed = book.owes(over_case(book), UNTIL, ended_on=UNTIL)
    message = book.put(Message, key="m", kind="letter", channel="email", day=UNTIL, due_at=AT_NINE, state=state)
    book.notification(owed, message, "P45of1")
    waits = state in {State.QUEUED, State.CLAIMED, State.SENDING, State.RETRY}
    assert backs(book) == {"45": Back.SENDING if waits else None}


def test_a_place_at_a_meeting_and_facts_that_are_not_worked_out_hold_back(book):
    sitting = book.sitting("S1", UNTIL)
    for force, ended in {"45": None, "46": UNTIL}.items():
        book.convening(over_case(book, force, force=force), sitting, slot=int(force), ended_on=ended)
    for force, state in {"47": "changed", "48": "failed"}.items():
        over_case(book, force, force=force, projection=state)
    assert backs(book) == {"45": Back.PLACE, "46": None, "47": Back.WAITING, "48": Back.WAITING}


def test_one_reason_of_a_linked_case_is_the_reason_of_all_and_a_hold_comes_first(book):
    urn = book.urn("45ZZ0000126")
    one = over_case(book, "1", urn_key_id=urn)
    other = over_case(book, "2", force="46", urn_key_id=urn, finalised_on=None)
    alone = over_case(book, "3", force="47")
    assert backs(book) == {"45": Back.OPEN, "46": Back.OPEN, "47": None}
    assert over.groups(book.connection, UNTIL) == [alone]
    assert holds.place(book.connection, other, HoldReason.INQUEST, None, ACT, AT_NINE)
    assert backs(book) == {"45": Back.HOLD, "46": Back.HOLD, "47": None}
    assert not holds.place(book.connection, other, HoldReason.INQUEST, None, ACT, AT_NINE)
    assert holds.release(book.connection, one, None, "SP1", AT_NINE) == []
    assert holds.release(book.connection, other, HoldReason.APPEAL, "SP1", AT_NINE) == []
    (gone,) = holds.release(book.connection, other, HoldReason.INQUEST, "SP1", AT_NINE)
    assert gone.by_ref == ACT.by
    book.say_of(other, finalised_on=UNTIL - timedelta(days=1))
    assert over.groups(book.connection, UNTIL) == [urn, alone] if urn < alone else [alone, urn]


def test_what_is_locked_is_judged_again_and_no_other_case_is(book):
    urn = book.urn("45ZZ0000126")
    one, other = over_case(book, "1", urn_key_id=urn), over_case(book, "2", urn_key_id=urn)
    alone, third = over_case(book, "3"), over_case(book, "4")
    book.owes(other, UNTIL, ended_on=UNTIL)
    groups = over.groups(book.connection, UNTIL)
    book.say_of(alone, projection="changed")
    assert over.locked(book.connection, UNTIL, [group for group in groups if group != third]) == [
        OverCase(one, urn, "45", "1", UNTIL), OverCase(other, urn, "45", "2", UNTIL),
    ]  # fmt: skip


def test_every_table_with_a_case_is_erased_the_rows_that_refer_to_others_first():
    tables = list(erasing.of_a_case())
    assert {"case_keys", "cases", "obligations", "notifications", "outcomes", "completions", "thread_posts"} <= set(
        tables
    )
    assert tables.index("outcomes") > tables.index("convenings") < tables.index("acts")
    assert not {"messages", "sittings", "contacts", "audit", "report_figures", "erasures"} & set(tables)
