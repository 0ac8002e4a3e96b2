"""The changes to sittings when their panels are read again."""

from datetime import timedelta

import pytest

from config.panels import Panel
from models.rules.calendar import WorkingCalendar
from models.rules.reviews.sitting_days import occurrences
from models.rules.reviews.sitting_plan import PlannedSitting, pair_of, plan, reference, terms
from tests.worlds.days import day

CALENDAR = WorkingCalendar()
TODAY = day("Mon 2 Mar 2026")


def asked(*panels: Panel):
    return occurrences(panels, TODAY, TODAY, CALENDAR)


def panel(byday="TU", starts="10:00", **more):
    given = {
        "force_code": "45", "cps_area": "South East", "from": "2026-01-06", "rrule": f"FREQ=WEEKLY;BYDAY={byday}",
        "starts": starts, "cases": 12, "minutes_per_case": 10, "chair": "SP1", "place": "Room 2", "horizon": "14d",
        **more,
    }  # fmt: skip
    return Panel.model_validate(given)


def standing(one: Panel) -> list[PlannedSitting]:
    return [
        PlannedSitting(
            number, f"ref{number}", "South East", each.day, each.starts_at, terms(each.panel),
            str(each.panel.timetable), each.ruled_on,
        )
        for number, each in enumerate(asked(one))
    ]  # fmt: skip


def test_a_panel_without_sittings_gets_them_all():
    assert [each.day for each in plan([], asked(panel())).new] == [day("Tue 3 Mar 2026"), day("Tue 10 Mar 2026")]


def test_a_panel_read_again_changes_nothing():
    assert plan(standing(panel()), asked(panel())) == ([], [], [], [], [])


def test_a_sitting_from_before_the_rule_was_kept_gets_it_and_is_else_as_it_was():
    known = standing(panel())
    found = plan([each._replace(rule=None, ruled_on=None) for each in known], asked(panel()))
    assert found == ([], [], [], known, [])
    assert known[0].rule == "2026-01-06 10:00 FREQ=WEEKLY;BYDAY=TU"


def test_from_tuesday_to_wednesday_each_moves_within_its_week_and_keeps_its_reference():
    found = plan(standing(panel()), asked(panel("WE")))
    assert [(each.ref, each.day) for each in found.moved] == [
        ("ref0", day("Wed 4 Mar 2026")), ("ref1", day("Wed 11 Mar 2026")),
    ]  # fmt: skip
    assert (found.new, found.amended, found.cancelled) == ([], [], [])


def test_another_hour_is_a_move_too():
    found = plan(standing(panel()), asked(panel(starts="14:00")))
    assert [each.starts_at.hour for each in found.moved] == [14, 14]


def test_a_dropped_sitting_goes():
    found = plan(standing(panel()), asked(panel(rrule="FREQ=WEEKLY;INTERVAL=2;BYDAY=TU")))
    assert [each.ref for each in found.cancelled] == ["ref1"]
    assert found.moved == found.new == []


def test_of_two_in_a_week_only_the_one_without_a_match_moves():
    found = plan(standing(panel("TU,TH")), asked(panel("TU,FR")))
    assert [(each.ref, each.day) for each in found.moved] == [
        ("ref1", day("Fri 6 Mar 2026")), ("ref3", day("Fri 13 Mar 2026")),
    ]  # fmt: skip
    assert found.cancelled == []


def test_another_chair_and_fewer_places_are_other_terms():
    found = plan(standing(panel()), asked(panel(chair="SP2", cases=3)))
    assert [(each.ref, each.terms.chair_ref, each.terms.places) for each in found.amended] == [
        ("ref0", "SP2", 3), ("ref1", "SP2", 3),
    ]  # fmt: skip
    assert (found.new, found.moved, found.cancelled) == ([], [], [])


def test_a_reference_is_the_pair_and_the_day_and_numbered_from_the_second():
    on = TODAY + timedelta(days=1)
    assert reference("60", "Cymru-Wales", on, set()) == "60-cymru-wales-2026-03-03"
    assert reference("45", "South East", on, {"45-south-east-2026-03-03"}) == "45-south-east-2026-03-03-2"
    taken = {"45-south-east-2026-03-03", "45-south-east-2026-03-03-2"}
    assert reference("45", "South East", on, taken) == "45-south-east-2026-03-03-3"


@pytest.mark.parametrize("ref", ["45-south-east-2026-03-03", "45-south-east-2026-03-03-2"])
def test_every_sitting_of_a_pair_has_the_same_pair_in_its_reference(ref):
    assert pair_of(ref) == "45-south-east"
