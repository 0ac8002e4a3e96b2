"""The statements of an agenda: its sitting, its cases, those that left it, and earlier sittings and agendas."""

from datetime import UTC, date, datetime, timedelta

import pytest

from models.queries.reviews import agenda, made_agendas
from models.sittings import Convening
from tests.integration.outbox_world import TUESDAY
from tests.integration.review_rows import ReviewRows

WEEK = TUESDAY + timedelta(days=7)
MOVED = {"ended_on": TUESDAY, "end": "moved"}


def march(day: int) -> date:
    return date(2026, 3, day)


@pytest.fixture
def rows(connection) -> ReviewRows:
    return ReviewRows(connection)


def test_a_sitting_has_its_chair_its_cases_and_its_latest_agenda_before_today(rows):
    undoing = rows.undoing()
    rows.contact("chair", roles=("lead",))
    sits = rows.sitting("sits", WEEK)
    other = rows.sitting("other", WEEK, area="London", chair_ref="nobody")
    ends = (None, "held", "not_held", "unrecorded", "moved", "cancelled", "void")
    for number, end in enumerate(ends):
        rows.convening(number, sits, slot=number, end=end, ended_on=end and TUESDAY)
    rows.agenda(sits, march(20), made_on=march(12), occasion="before")
    rows.agenda(sits, march(24), made_on=march(16), occasion="morning")
    rows.agenda(sits, march(23), made_on=march(16), occasion="before")
    rows.agenda(sits, march(26), made_on=march(10), occasion="before")
    rows.agenda(sits, march(27), made_on=TUESDAY, occasion="before")
    rows.agenda(sits, march(28), made_on=march(16), occasion="before", undoing_id=undoing)
    rows.agenda(other, march(29), made_on=march(16), occasion="before")
    found = agenda.sitting(rows.connection, "sits", TUESDAY)
    assert (found.id, found.cases, found.earlier_on, found.earlier_day) == (sits, 4, march(16), march(23))
    assert (found.chair_agency, found.chair_roles) == ("police", frozenset({"lead"}))
    without = agenda.sitting(rows.connection, "other", march(16))
    assert (without.chair_agency, without.chair_roles, without.cases, without.earlier_on) == (
        None,
        frozenset(),
        0,
        None,
    )
    assert agenda.sitting(rows.connection, "none", TUESDAY) is None


def test_the_sittings_of_the_days_are_in_order_without_cancelled_ones(rows):
    for ref, day, hour, gone in (
        ("d", WEEK, 10, None), ("c", WEEK, 9, None), ("b", TUESDAY, 11, None), ("past", march(16), 10, None),
        ("later", march(25), 10, None), ("gone", TUESDAY, 9, TUESDAY), ("e", WEEK, 10, None),
    ):  # fmt: skip
        at = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
        rows.sitting(ref, day, area=f"Area {ref}", starts_at=at, cancelled_on=gone)
    assert [one.ref for one in agenda.to_come(rows.connection, TUESDAY, WEEK)] == ["b", "c", "d", "e"]


def test_its_cases_are_by_slot_and_those_that_left_since_its_last_agenda_are_named(rows):
    shared = rows.urn("45ZZ0000126")
    names = ("b", "a", "back", "never", "sat", "twice", "again", "moved")
    cases = {ref: rows.case_of(ref, urn_key_id=shared if ref == "a" else None) for ref in names}
    sits, other = rows.sitting("sits", WEEK), rows.sitting("other", WEEK, area="London")
    rows.convening(cases["b"], sits, slot=1, chosen_by="sp1")
    rows.convening(cases["a"], sits, slot=0)
    rows.convening(cases["sat"], sits, slot=2, ended_on=TUESDAY, end="unrecorded")
    for ref in ("back", "never", "moved"):
        rows.convening(cases[ref], sits, slot=3, **MOVED)
    rows.convening(cases["moved"], other)
    rows.convening(cases["twice"], sits, slot=4, **MOVED)
    rows.convening(cases["twice"], sits, slot=4, ended_on=TUESDAY, end="cancelled")
    rows.convening(cases["back"], sits, slot=3)
    first = rows.convening(cases["again"], sits, slot=4, ended_on=TUESDAY, end="cancelled")
    rows.convening(cases["again"], sits, slot=4, **MOVED)
    rows.move_back(Convening, first)
    rows.agenda(sits, WEEK, made_on=march(9), seen={str(cases["never"]): []})
    listed = {str(cases[ref]): [] for ref in names if ref != "never"}
    rows.agenda(sits, WEEK, made_on=march(16), occasion="morning", seen=listed)
    found = agenda.convened(rows.connection, sits)
    assert [(one.reference, one.urn, one.chosen) for one in found] == [
        ("45/a", "45ZZ0000126", False), ("45/b", None, True), ("45/sat", None, False), ("45/back", None, False),
    ]  # fmt: skip
    left = agenda.left(rows.connection, sits, TUESDAY)
    assert [(one.reference, one.ended) for one in left] == [
        ("45/again", "moved"), ("45/moved", "moved"), ("45/twice", "cancelled"),
    ]  # fmt: skip
    assert agenda.left(rows.connection, other, TUESDAY) == []


def test_the_last_review_is_the_latest_outcome_of_another_sitting(rows):
    now, late, early, same = (
        rows.sitting(ref, day, starts_at=datetime(2026, 3, day.day, hour, tzinfo=UTC))
        for ref, day, hour in (
            ("now", TUESDAY, 10), ("late", march(10), 11), ("early", march(3), 10), ("same", march(10), 9),
        )
    )  # fmt: skip
    for case_id in (1, 2):
        for sitting, review in ((late, "late"), (early, "early"), (same, "same"), (now, "now")):
            convening = rows.convening(case_id, sitting, slot=case_id, ended_on=TUESDAY, end="held")
            if (case_id, review) != (2, "late"):
                rows.outcome(convening, review_ref=f"{review}-{case_id}")
    again = rows.convening(2, same, slot=9, ended_on=TUESDAY, end="held")
    rows.outcome(again, review_ref="same-again", cps=False)
    rows.outcome(again, review_ref="struck", stands=False)
    found = agenda.last_reviews(rows.connection, [1, 2, 3], now)
    assert {case_id: (one.review_ref, one.on, one.quorate) for case_id, one in found.items()} == {
        1: ("late-1", march(10), True), 2: ("same-again", march(10), False),
    }  # fmt: skip
    assert set(agenda.last_reviews(rows.connection, [1], now)) == {1}


def test_the_last_agenda_of_a_case_is_the_latest_before_today_that_listed_it(rows):
    here, other = rows.sitting("here", WEEK), rows.sitting("other", march(24), area="London")
    for case_id, sitting in ((1, here), (1, other), (2, here), (3, here)):
        rows.convening(case_id, sitting, slot=case_id, ended_on=TUESDAY, end="moved")
    rows.agenda(other, WEEK, made_on=march(16), seen={"1": ["late"]})
    rows.agenda(here, march(20), made_on=march(12), seen={"1": ["early"], "2": ["early"]})
    rows.agenda(here, march(21), made_on=march(13), seen={"3": ["first"]})
    rows.agenda(here, march(22), made_on=march(13), occasion="morning", seen={"3": ["second"]})
    rows.agenda(here, WEEK, made_on=TUESDAY, seen={"1": ["today"], "2": ["today"]})
    rows.agenda(here, march(23), made_on=march(15), seen={"2": ["undone"]}, undoing_id=rows.undoing())
    found = agenda.last_agendas(rows.connection, [1, 2, 3, 4], here, TUESDAY)
    assert {case_id: (one.here, set(one.keys)) for case_id, one in found.items()} == {
        1: (False, {"late"}), 2: (True, {"early"}), 3: (True, {"second"}),
    }  # fmt: skip
    assert set(agenda.last_agendas(rows.connection, [1], here, TUESDAY)) == {1}


def test_what_these_cases_owe_is_by_day_rule_and_subject_and_live(rows):
    case_id, other = rows.case_of("A1"), rows.case_of("A2")
    for rule, subject, due in (
        ("order-told", "order:2", march(19)), ("order-told", "order:1", march(19)), ("joint-review", "case", march(19)),
        ("no-progress", "case", march(18)),
    ):  # fmt: skip
        rows.owes(case_id, due, rule=rule, subject=subject)
    rows.owes(case_id, march(1), rule="charging-decision", ended_on=TUESDAY, end_reason="met")
    rows.owes(other, march(2))
    found = agenda.owed(rows.connection, [case_id], TUESDAY)
    assert [(one.matter.rule, one.matter.subject) for one in found[case_id]] == [
        ("no-progress", "case"), ("joint-review", "case"), ("order-told", "order:1"), ("order-told", "order:2"),
    ]  # fmt: skip
    assert set(found) == {case_id}


def test_what_was_made_for_a_sitting_on_its_day_is_not_of_another_day_occasion_or_round_that_was_undone(rows):
    here, other = rows.sitting("here", WEEK), rows.sitting("other", WEEK, area="London")
    rows.agenda(here, WEEK, made_on=TUESDAY, digest="here", seen={"1": ["a"]})
    rows.agenda(here, march(23), made_on=TUESDAY, digest="day", seen={"2": ["a"]}, occasion="morning")
    rows.agenda(other, WEEK, made_on=TUESDAY, digest="other", seen={"3": ["a"]})
    rows.agenda(here, WEEK, made_on=TUESDAY, digest="undone", undoing_id=rows.undoing(), occasion="morning")
    assert made_agendas.digests(rows.connection, here, WEEK) == {"before": "here"}
    for sitting, day, occasion, keys in (
        (here, WEEK, "before", {1: ["a"]}), (here, WEEK, "morning", {}), (here, march(23), "before", {}),
        (other, WEEK, "before", {3: ["a"]}),
    ):  # fmt: skip
        assert made_agendas.seen(rows.connection, sitting, day, occasion) == keys
    rows.message(None, kind="agenda", key="there")
    assert made_agendas.written(rows.connection, ["there", "not there"]) == {"there"}
    assert made_agendas.written(rows.connection, ["not there"]) == set()
