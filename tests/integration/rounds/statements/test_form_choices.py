"""The statements of what a form offers: rules under which something is owed, and sittings."""

from datetime import timedelta

import pytest

from models.queries.rounds import form_choices
from tests.integration.outbox_world import TUESDAY
from tests.integration.review_rows import ReviewRows

OVER = {"ended_on": TUESDAY, "end_reason": "met"}


@pytest.fixture
def rows(connection) -> ReviewRows:
    return ReviewRows(connection)


def test_a_rule_is_offered_once_where_a_case_owes_something_under_it_now(rows):
    for case_id, rule, given in (
        (1, "z", {}), (2, "a", {}), (1, "a", {}), (1, "over", OVER), (None, "of-no-case", {}), (3, "m", {}),
    ):  # fmt: skip
        rows.owes(case_id, TUESDAY, rule=rule, **given)
    assert form_choices.rules_owed(rows.connection) == ["a", "m", "z"]


@pytest.fixture
def sittings(rows) -> dict[str, int]:
    """Sittings by their reference, each in an Area of its own: its number is days from today, its letter in a day."""
    made = {}
    for ref in ("2b", "-2c", "1z", "0y", "2a", "2B", "-1x", "-2C", "3full", "4more", "1gone", "-1gone", "-3none"):
        days = int(ref.rstrip("abcdefghijklmnopqrstuvwxyzBC"))
        gone = TUESDAY if "gone" in ref else None
        made[ref] = rows.sitting(ref, TUESDAY + timedelta(days=days), area=f"Area {ref}", cancelled_on=gone)
    case_id = 0
    for ref, ends in (
        ("3full", (None, None)), ("4more", (None, "moved", "moved")), ("2a", (None,)), ("-2c", ("held",)),
        ("-2C", ("moved",)), ("-1x", (None,)), ("0y", (None,)), ("-1gone", ("cancelled",)),
    ):  # fmt: skip
        for slot, end in enumerate(ends):
            case_id += 1
            rows.convening(case_id, made[ref], slot=slot, end=end, ended_on=end and TUESDAY)
    return made


def test_the_sittings_with_room_are_the_nearest_after_today_with_fewer_cases_than_places(rows, sittings, monkeypatch):
    assert form_choices.sittings_with_room(rows.connection, TUESDAY) == ["1z", "2B", "2a", "2b", "4more"]
    monkeypatch.setattr(form_choices, "MOST", 2)
    assert form_choices.sittings_with_room(rows.connection, TUESDAY) == ["1z", "2B"]


def test_the_sittings_that_sat_are_the_latest_up_to_today_to_which_a_case_was_convened(rows, sittings, monkeypatch):
    assert form_choices.sittings_held(rows.connection, TUESDAY) == ["0y", "-1x", "-2C", "-2c"]
    monkeypatch.setattr(form_choices, "MOST", 2)
    assert form_choices.sittings_held(rows.connection, TUESDAY) == ["0y", "-1x"]


def test_who_may_act_is_a_leader_or_named_by_what_is_open_or_stands_in_or_has_acted(rows, monkeypatch):
    for ref, given in (
        ("lead", {"roles": ("lead",)}), ("left", {"roles": ("lead",), "withdrawn_on": TUESDAY}),
        ("away", {"deputy_ref": "deputy"}),
        *((ref, {}) for ref in (
            "oic", "was-oic", "su", "was-su", "pr", "was-pr", "waits", "pending", "done", "gone", "deputy", "actor",
            "chair", "was-chair",
        )),
    ):  # fmt: skip
        rows.contact(ref, **given)
    case_id = rows.case_of("a", oic_ref="oic", supervisor_ref="su")
    closed = rows.case_of("b", oic_ref="was-oic", supervisor_ref="was-su", finalised_on=TUESDAY)
    rows.prosecuted(case_id, "pr")
    rows.prosecuted(closed, "was-pr", withdrawn_on=TUESDAY)
    for ref, given in (
        ("pending", {}), ("waits", {"status": "waiting_third_party"}), ("done", {"status": "done"}),
        ("gone", {"withdrawn_on": TUESDAY}),
    ):  # fmt: skip
        rows.action(ref, case_id, owner_ref=ref, **given)
    sits = rows.sitting("sits", TUESDAY, chair_ref="chair")
    rows.sitting("cancelled", TUESDAY, area="London", chair_ref="was-chair", cancelled_on=TUESDAY)
    rows.act(case_id, convening_id=rows.convening(case_id, sits), by_ref="actor")
    may = ["actor", "deputy", "lead", "oic", "pending", "pr", "su", "waits"]
    assert form_choices.may_act(rows.connection, TUESDAY, chairs=False) == may
    assert form_choices.may_act(rows.connection, TUESDAY, chairs=True) == sorted([*may, "chair"])
    monkeypatch.setattr(form_choices, "MOST", len(may))
    assert form_choices.may_act(rows.connection, TUESDAY, chairs=False) == may
    assert form_choices.may_act(rows.connection, TUESDAY, chairs=True) == []
