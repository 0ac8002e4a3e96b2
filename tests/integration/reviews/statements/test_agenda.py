"""Which earlier agenda the next one is compared with: the latest before today, of its sitting and of each case."""

from datetime import date, timedelta

from models.queries.reviews import agenda
from tests.worlds.rows import TUESDAY

WEEK = TUESDAY + timedelta(days=7)


def march(day: int) -> date:
    return date(2026, 3, day)


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
