"""The statements of reviews without a place in time, and of a pair's demand."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from config.terms import Risk
from models.outbox import Message
from models.queries.reviews import capacity
from models.queries.reviews.capacity import CapacityMessage, OwedReviews
from tests.integration.outbox_world import AT_NINE, TUESDAY
from tests.integration.review_rows import ReviewRows

UNTIL = TUESDAY + timedelta(days=10)
FAR = TUESDAY + timedelta(days=40)
WEDNESDAY, THURSDAY = TUESDAY + timedelta(days=1), TUESDAY + timedelta(days=2)
PAIR = ("45", "South East")
OVER = {"ended_on": TUESDAY, "end_reason": "met"}
MOVED = {"ended_on": TUESDAY, "end": "moved"}


@pytest.fixture
def rows(connection) -> ReviewRows:
    return ReviewRows(connection)


@pytest.fixture
def book(rows) -> dict[str, int]:
    """Cases of three pairs by their reference; of those of the first, six have no place in time."""
    shared = rows.urn("45ZZ0000126")
    cases = {}
    for ref, force, area, due_on, given in (
        ("due", *PAIR, UNTIL, {"urn_key_id": shared}), ("due-later", *PAIR, UNTIL + timedelta(days=1), {}),
        ("left", *PAIR, TUESDAY, {"risk": "medium"}), ("in-time", *PAIR, TUESDAY, {"risk": "standard"}),
        ("late", *PAIR, FAR, {}), ("late-too", *PAIR, TUESDAY, {"restricted": True}), ("on-time", *PAIR, TUESDAY, {}),
        ("sits-today", *PAIR, TUESDAY, {}), ("called-off", *PAIR, FAR, {}), ("was-late", *PAIR, FAR, {}),
        ("over", *PAIR, TUESDAY, {}), ("other-rule", *PAIR, TUESDAY, {}),
        ("elsewhere", "45", "London", UNTIL + timedelta(days=1), {}), ("not-asked", "45", "Wessex", TUESDAY, {}),
        ("there", "46", "South East", TUESDAY, {}), ("there-too", "46", "South East", TUESDAY, {}),
    ):  # fmt: skip
        cases[ref] = rows.case_of(ref, force, area, **given)
        more = {"over": OVER, "other-rule": {"rule": "no-progress"}}.get(ref, {})
        rows.owes(cases[ref], due_on, force, remind_on=due_on - timedelta(days=5), **more)
    rows.owes(cases["late"], TUESDAY, rule="no-progress")
    rows.owes(cases["late"], TUESDAY, version=0, **OVER)
    cases["owes-nothing"] = rows.case_of("owes-nothing")
    for slot, (ref, day, deadline, given) in enumerate((
        ("left", WEDNESDAY, TUESDAY, MOVED), ("in-time", WEDNESDAY, TUESDAY, MOVED), ("in-time", WEDNESDAY, FAR, {}),
        ("late", WEDNESDAY, TUESDAY, {}),
        ("late-too", THURSDAY, WEDNESDAY, {}), ("on-time", WEDNESDAY, WEDNESDAY, {}),
        ("sits-today", TUESDAY, TUESDAY - timedelta(days=1), {}), ("called-off", FAR, TUESDAY, {}),
        ("was-late", WEDNESDAY, TUESDAY, MOVED), ("owes-nothing", WEDNESDAY, TUESDAY, {}),
    )):  # fmt: skip
        gone = {"cancelled_on": TUESDAY} if ref == "called-off" else {}
        sitting = rows.sitting(f"{ref}-{slot}", day, area=f"Area {slot}", **gone)
        rows.convening(cases[ref], sitting, deadline_on=deadline, **given)
    return cases


def test_the_late_cases_of_every_pair_are_counted_once_by_pair(rows, book):
    untils = {("46", "South East"): UNTIL, ("45", "London"): FAR, PAIR: UNTIL, ("46", "London"): FAR}
    found = capacity.late_by_pair(rows.connection, untils, TUESDAY)
    assert list(found.items()) == [(("45", "London"), 1), (PAIR, 4), (("46", "South East"), 2)]
    assert capacity.late_by_pair(rows.connection, {PAIR: UNTIL}, TUESDAY) == {PAIR: 4}
    assert capacity.late_by_pair(rows.connection, {PAIR: TUESDAY}, WEDNESDAY) == {PAIR: 2}
    assert capacity.late_by_pair(rows.connection, {("46", "London"): UNTIL}, TUESDAY) == {}


def test_the_late_cases_of_a_pair_have_their_sitting_if_they_have_one(rows, book):
    found = capacity.late(rows.connection, PAIR, UNTIL, TUESDAY)
    assert {one.due.case_ref: (one.urn, one.restricted, one.deadline_on, one.sitting_ref) for one in found} == {
        "due": ("45ZZ0000126", False, None, None), "left": (None, False, None, None),
        "late": (None, False, TUESDAY, "late-3"), "late-too": (None, True, WEDNESDAY, "late-too-4"),
        "called-off": (None, False, TUESDAY, "called-off-7"),
    }  # fmt: skip
    assert len(found) == 5
    hidden = [book["due"], book["late"]]
    assert {one.due.case_ref for one in capacity.late(rows.connection, PAIR, UNTIL, TUESDAY, hidden)} == {
        "left", "late-too", "called-off",
    }  # fmt: skip
    (there, _) = capacity.late(rows.connection, ("46", "South East"), UNTIL, TUESDAY)
    assert (there.force_code, there.due.due_on, there.due.last_review_on) == ("46", TUESDAY, date(2026, 1, 5))


def test_the_owed_reviews_of_a_pair_are_counted_by_day_risk_and_the_day_on_which_they_sat(rows, book):
    extra = rows.case_of("medium-too", risk="medium")
    rows.owes(extra, TUESDAY)
    found = capacity.owed(rows.connection, PAIR, UNTIL, TUESDAY)
    assert found == [
        OwedReviews(Risk.HIGH, TUESDAY, TUESDAY, 1), OwedReviews(Risk.HIGH, TUESDAY, None, 2),
        OwedReviews(Risk.MEDIUM, TUESDAY, None, 2), OwedReviews(Risk.STANDARD, TUESDAY, None, 1),
        OwedReviews(Risk.HIGH, UNTIL, None, 1),
    ]  # fmt: skip
    without = capacity.owed(rows.connection, PAIR, TUESDAY, TUESDAY, [book["left"], extra, book["in-time"]])
    assert [(one.risk, one.cases) for one in without] == [(Risk.HIGH, 1), (Risk.HIGH, 2)]


def test_the_places_of_a_pair_are_those_of_its_sittings_by_day(rows):
    sittings: tuple[tuple[int, dict[str, Any]], ...] = (
        (10, {}), (2, {}), (2, {"places": 5}), (0, {}), (11, {}), (3, {"cancelled_on": TUESDAY}), (1, {"places": 3}),
        (4, {"force": "46"}), (4, {"area": "London"}),
        (8, {}), (5, {}), (9, {}), (7, {}), (6, {}),
    )  # fmt: skip
    for number, (days, given) in enumerate(sittings):
        at = AT_NINE + timedelta(days=days, minutes=number)
        rows.sitting(f"s{number}", TUESDAY + timedelta(days=days), **{"starts_at": at} | given)
    found = capacity.places(rows.connection, PAIR, UNTIL, TUESDAY)
    assert list(found.items()) == [
        (WEDNESDAY, 3), (THURSDAY, 7), *((TUESDAY + timedelta(days=days), 2) for days in range(5, 11)),
    ]  # fmt: skip


def test_a_pair_is_in_scope_once_where_it_has_an_open_case_of_stalking_or_of_harassment_there(rows):
    harassment = {"classification": "harassment"}
    for number, (force, area, given) in enumerate((
        ("46", "A", {}), ("45", "B", {}), ("45", "B", {}), ("45", "A", {}), ("45", "C", harassment),
        ("46", "B", harassment), ("46", "A", harassment), ("45", "D", {"finalised_on": TUESDAY}),
        ("46", "D", {"classification": "other"}), ("47", "A", {}),
    )):  # fmt: skip
        rows.case_of(f"c{number}", force, area, **given)
    found = capacity.in_scope(rows.connection, ["46"])
    assert [tuple(one) for one in found] == [("45", "A"), ("45", "B"), ("46", "A"), ("46", "B"), ("47", "A")]


def test_a_pair_was_last_told_of_on_the_day_of_its_latest_message_that_remains(rows):
    for number, (about, days, given) in enumerate((
        ("45/South East", 3, {}), ("45/South East", 1, {}), ("45/South East", 2, {}), ("46/London", 4, {}),
        ("45/South East", 0, {"state": "void"}), ("45/South East", 0, {"kind": "agenda"}),
        ("45/South East", 0, {"key": "convening:moved:1"}),
    )):  # fmt: skip
        ordinary = {"key": f"convening:late:{number}", "kind": "convening", "state": "sent"}
        rows.message("sp1", about=about, day=TUESDAY - timedelta(days=days), **ordinary | given)
    found = capacity.last_told(rows.connection)
    assert found == {"45/South East": "2026-03-16", "46/London": "2026-03-13"}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, True), ({"state": "shown"}, True), ({"state": "unknown"}, True), ({"state": "queued"}, False),
        ({"about": "45/London"}, False), ({"contact_ref": "sp2"}, False), ({"kind": "agenda"}, False),
        ({"key": "convening:moved:1"}, False),
    ],
)  # fmt: skip
def test_a_person_was_told_that_a_pair_is_late_by_a_message_that_was_sent(rows, given, told):
    ordinary = {"key": "convening:late:1", "kind": "convening", "state": "sent", "about": "45/South East"}
    rows.message("sp1", **ordinary | given)
    assert capacity.was_told(rows.connection, PAIR, "sp1") is told


def test_a_message_is_queued_once_and_gets_its_new_pairs_while_it_waits(rows):
    def write(*words: CapacityMessage) -> int:
        return capacity.write(rows.connection, words, "email", TUESDAY, AT_NINE)

    first, second = (
        CapacityMessage("convening:late:1", "sp1", "45/A"),
        CapacityMessage("convening:late:2", None, "45/B"),
    )
    assert write() == 0
    assert write(first, second) == 2
    assert write(first, second._replace(about="45/C")) == 1
    found = select(Message.key, Message.contact_ref, Message.about, Message.day, Message.due_at, Message.id)
    (_, _, _, *of_day, first_id), (*other, _, _, second_id) = sorted(rows.found(found))
    assert of_day == [TUESDAY, AT_NINE]
    assert other == ["convening:late:2", None, "45/C"]
    rows.message("sp1", key="convening:late:3", kind="convening", about="45/A", state="sent")
    assert write(first._replace(key="convening:late:3", about="45/C")) == 0
    assert capacity.about(rows.connection, [first_id]) == {first_id: "45/A"}
    assert capacity.about(rows.connection, [second_id, first_id]) == {first_id: "45/A", second_id: "45/C"}
    assert capacity.about(rows.connection, []) == {}
