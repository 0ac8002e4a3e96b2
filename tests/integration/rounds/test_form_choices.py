"""The choices of forms: sittings with room that are to come, those that sat, and the people who may act."""

from datetime import date, timedelta
from itertools import count

import pytest
from sqlalchemy import text

from config.doors import ActKind
from models.acts import ActRow
from models.cases import ActionRow, CpsCase
from models.obligations import Promise
from models.queries.rounds import form_choices
from models.rounds import Undoing
from tasks.rounds.form_choices import choices
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import AT_NINE

TODAY = date(2026, 11, 24)
UNDOING = {"after_on": TODAY, "undone_on": TODAY, "undone_at": AT_NINE, "account": {}}
ACT = {"made_at": AT_NINE, "made_on": TODAY, "door": "command", "through_ref": "someone"}
PLANNED = (  # reference, days from today, places, cases convened, cancelled
    ("sat-earlier", -8, 2, 1, False),
    ("sat-empty", -7, 2, 0, False),
    ("sat-cancelled", -6, 2, 1, True),
    ("sits-today", 0, 2, 1, False),
    ("full", 1, 1, 1, False),
    ("with-room", 2, 2, 1, False),
    ("later-with-room", 9, 1, 0, False),
    ("called-off", 3, 2, 0, True),
)
SITTING = """
insert into sittings (ref, force_code, cps_area, day, starts_at, places, minutes_per_case, chair_ref, place,
                      cancelled_on)
values (:ref, '45', 'South East', :day, cast(:day as date) + interval '10 hours', :places, 10, 'P1', 'Room 2',
        :cancelled)
returning id"""
CONVENING = """
insert into convenings (case_id, sitting_id, slot, due_on, deadline_on, because, convened_on)
values (:case, :sitting, 0, '2026-11-30', '2026-11-30', 'due', '2026-11-02')"""


@pytest.fixture
def planned(database):
    with database.begin() as connection:
        for number, (ref, days, places, cases, cancelled) in enumerate(PLANNED):
            given = {"ref": ref, "day": TODAY + timedelta(days=days), "places": places}
            gone = TODAY if cancelled else None
            sitting = connection.execute(text(SITTING), {**given, "cancelled": gone}).scalar_one()
            if cases:
                connection.execute(text(CONVENING), {"case": number, "sitting": sitting})


def test_a_case_is_moved_to_a_sitting_to_come_with_room_the_nearest_first(planned):
    assert choices(TODAY).sittings_with_room == ["with-room", "later-with-room"]


def test_an_outcome_is_recorded_of_a_sitting_that_had_a_case_the_latest_first(planned):
    assert choices(TODAY).sittings_held == ["sits-today", "sat-earlier"]


def test_nothing_is_owed_where_no_case_is(planned):
    assert choices(TODAY).rules_owed == []


@pytest.fixture
def world(connection):
    return ReviewRows(connection)


def test_each_rule_under_which_a_case_owes_something_is_offered_once(world):
    for case_id, rule in ((1, "plea"), (2, "action"), (3, "plea"), (None, "feed-stale")):
        world.critical(case_id, rule=rule)
    world.critical(4, rule="joint-review", ended_on=TODAY, end_reason="met")
    assert form_choices.rules_owed(world.connection) == ["action", "plea"]


def test_who_may_act_is_named_by_an_open_case_or_an_action_in_hand_or_has_a_role_for_it(world):
    for ref in ("P45of1", "SUPERVISOR", "OWNER", "DONE", "CLOSED", "NOBODY", "ABSENT", "PROSECUTOR", "ACTED"):
        world.contact(ref, deputy_ref="DEPUTY" if ref == "ABSENT" else None)
    for ref, role in (("SPOC", "spoc"), ("LEAD", "lead"), ("MANAGER", "legal_manager")):
        world.contact(ref, roles=(role,))
    world.contact("DEPUTY")
    world.contact("LEFT", roles=("spoc",), active_to=TODAY - timedelta(days=1))
    world.contact("CHAIR", roles=("chair",))
    case = world.case("C1")
    world.connection.execute(text("update cases set supervisor_ref = 'SUPERVISOR'"))
    closed = world.case("C2")
    world.connection.execute(
        text("update cases set oic_ref = 'CLOSED', finalised_on = '2026-11-02' where id = :id"), {"id": closed}
    )
    world.add(CpsCase, key_id=case, source_id=world.source_id, prosecutor_ref="PROSECUTOR")
    ended = world.put(Undoing, by_ref="ACTED", **UNDOING)
    world.add(ActRow, by_ref="ACTED", undoing_id=ended, **ACT)
    numbers = count(1)
    for owner, status in (("OWNER", "pending"), ("DONE", "completed")):
        world.add(
            ActionRow, action_ref=f"A{next(numbers)}", key_id=case, source_id=world.source_id, kind="CCTV",
            source="investigation", owner_agency="police", status=status, raised_on=TODAY, owner_ref=owner,
        )  # fmt: skip
    world.connection.execute(text(SITTING.replace("'P1'", "'CHAIR'")),
                             {"ref": "S", "day": TODAY, "places": 1, "cancelled": None})  # fmt: skip
    may = ["ACTED", "DEPUTY", "LEAD", "MANAGER", "OWNER", "P45of1", "PROSECUTOR", "SPOC", "SUPERVISOR"]
    assert form_choices.may_act(world.connection, TODAY, ActKind.MOVE) == may
    assert form_choices.may_act(world.connection, TODAY, ActKind.OUTCOME) == sorted([*may, "CHAIR"])


def test_more_people_than_a_form_shows_are_none(world, monkeypatch):
    monkeypatch.setattr(form_choices, "MOST", 2)
    for ref in ("S1", "S2"):
        world.contact(ref, roles=("spoc",))
    assert form_choices.may_act(world.connection, TODAY, ActKind.MOVE) == ["S1", "S2"]
    world.contact("S3", roles=("spoc",))
    assert form_choices.may_act(world.connection, TODAY, ActKind.MOVE) == []


def test_no_choice_comes_of_a_case_that_is_kept_apart(world):
    """Whoever reads a form reads its lists."""
    for ref in ("P45of1", "OWNER", "PROSECUTOR", "SUPERVISOR", "ACTED"):
        world.contact(ref)
    case = world.case("C1")
    world.connection.execute(text("update cases set supervisor_ref = 'SUPERVISOR'"))
    world.add(CpsCase, key_id=case, source_id=world.source_id, prosecutor_ref="PROSECUTOR")
    world.add(
        ActionRow, action_ref="A1", key_id=case, source_id=world.source_id, kind="CCTV", source="investigation",
        owner_agency="police", status="pending", raised_on=TODAY, owner_ref="OWNER",
    )  # fmt: skip
    item = world.critical(case, rule="plea", subject="plea:P1")
    promised = {"made_at": AT_NINE, "made_on": TODAY, "until_on": TODAY, "reason": "x"}
    made = world.put(Promise, obligation_id=item, by_ref="ACTED", **promised)
    world.add(ActRow, by_ref="ACTED", promise_id=made, case_id=case, **ACT)
    sitting = world.connection.execute(
        text(SITTING), {"ref": "S", "day": TODAY, "places": 2, "cancelled": None}
    ).scalar_one()
    world.connection.execute(text(CONVENING), {"case": case, "sitting": sitting})

    def offered():
        return [
            form_choices.may_act(world.connection, TODAY, ActKind.MOVE), form_choices.rules_owed(world.connection),
            form_choices.sittings_held(world.connection, TODAY),
        ]  # fmt: skip

    assert offered() == [["ACTED", "OWNER", "P45of1", "PROSECUTOR", "SUPERVISOR"], ["plea"], ["S"]]
    for mark in ("restricted = true", "restricted = false, barred_refs = '{P45of1}'"):
        world.connection.execute(text(f"update cases set {mark}"))
        assert offered() == [[], [], []]
