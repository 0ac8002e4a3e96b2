"""The reading of suspects and defendants, by their own rows and by their case's, on facts made for each."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.whole.reading.sheets import Row
from tests.whole.reading.world import MONDAY, World

JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)


def suspect(status: str | None, changed: date | None = None, **columns: Any) -> Row:
    usual = {"bail_ends_on": None, "charged_on": None, "suspect_key": None}
    return {"suspect_status": status, "status_changed_on": changed, **usual, **columns}


def subjects(world: World, rule: str, day: date = MONDAY) -> dict[str, date]:
    return {life.owed.subject: life.owed.due for life in world.live(rule, day)}


def test_each_suspect_has_a_bail_end_of_its_own_and_the_cases_row_is_then_not_read() -> None:
    world = World(suspect_status="bail", bail_ends_on=JUNE)
    assert subjects(world, "bail-end") == {"case": JUNE}
    world.row("suspects", "A", **suspect("bail", bail_ends_on=JULY))
    world.row("suspects", "B", **suspect("bail", date(2026, 2, 26)))
    assert subjects(world, "bail-end") == {"suspect:A": JULY}
    assert world.end("bail-end") == {"out_of_scope", "withdrawn"}
    assert subjects(world, "bail-end-unknown") == {"suspect:B": MONDAY}
    world.row("suspects", "A", withdrawn=True, **suspect("bail", bail_ends_on=JULY))
    assert not subjects(world, "bail-end")
    assert {frozenset(why) for (who, _), (_, why) in world.reading.ended.items() if who[3] == "suspect:A"} == {
        frozenset({"withdrawn"})
    }


def test_when_the_last_suspect_is_withdrawn_the_cases_own_row_is_read_again() -> None:
    world = World(suspect_status="bail", bail_ends_on=JUNE)
    world.row("suspects", "A", **suspect("rui"))
    assert not subjects(world, "bail-end")
    world.row("suspects", "A", withdrawn=True, **suspect("rui"))
    assert subjects(world, "bail-end") == {"case": JUNE}


def test_the_charge_of_one_suspect_ends_the_bail_of_that_one_alone() -> None:
    world = World()
    for ref in "AB":
        world.row("suspects", ref, **suspect("bail", bail_ends_on=JUNE))
    world.row("cps_cases", "C", charged_on=MONDAY, charged_codes=["PH97010"])
    assert len(subjects(world, "bail-end")) == 2
    world.row("suspects", "A", **suspect("bail", bail_ends_on=JUNE, charged_on=MONDAY))
    assert subjects(world, "bail-end") == {"suspect:B": JUNE}
    assert world.end("bail-end") == {"met"}


def test_where_the_file_has_no_day_of_charge_the_cases_counts_for_a_single_suspect() -> None:
    world = World("suspects.charged_on")
    world.row("suspects", "A", **suspect("bail", bail_ends_on=JUNE))
    world.row("cps_cases", "C", charged_on=MONDAY, charged_codes=["PH97010"])
    assert not subjects(world, "bail-end")
    world.row("suspects", "B", **suspect("bail", bail_ends_on=JUNE))
    assert len(subjects(world, "bail-end")) == 2


def test_a_column_that_the_file_of_suspects_lacks_is_read_from_the_case() -> None:
    lacks = "suspects.bail_ends_on suspects.bail_views_on"
    world = World(lacks, suspect_status="rui", bail_ends_on=JUNE, bail_views_on=MONDAY)
    world.row("suspects", "A", **suspect("bail", date(2026, 2, 26)))
    assert subjects(world, "bail-end") == {"suspect:A": JUNE}
    assert not subjects(world, "bail-views")
    world.send(MONDAY, bail_views_on=None, bail_ends_on=None)
    assert subjects(world, "bail-views") == {"suspect:A": date(2026, 2, 27)}
    assert subjects(world, "bail-end-unknown") == {"suspect:A": MONDAY}
    blind = World(f"{lacks} cases.bail_views_on", suspect_status="rui")
    blind.row("suspects", "A", **suspect("bail", date(2026, 2, 26)))
    assert not subjects(blind, "bail-views")


def test_the_status_day_is_each_suspects_own() -> None:
    world = World(opened_on=date(2026, 1, 5))
    world.row("suspects", "A", date(2026, 3, 5), **suspect("rui"))  # new since the extract of Mon 2 March
    world.row("suspects", "B", date(2026, 3, 5), **suspect("voluntary", date(2026, 3, 3)))
    day = date(2026, 3, 9)
    assert subjects(world, "release-review", day) == {"suspect:A": date(2026, 3, 4), "suspect:B": date(2026, 3, 5)}
    world.row("suspects", "A", day, **suspect("bail"))
    assert subjects(world, "bail-views", day) == {"suspect:A": date(2026, 3, 6)}  # since the extract of Thu 5 March
    assert world.end("release-review") == {"out_of_scope"}


def test_views_are_sought_again_when_bail_is_varied() -> None:
    world = World(suspect_status="bail", status_changed_on=date(2026, 2, 9), bail_views_on=date(2026, 2, 10))
    assert not world.due("bail-views")
    world.send(MONDAY, bail_varied_on=date(2026, 2, 27))
    assert world.due("bail-views") == [MONDAY]
    world.send(MONDAY, bail_views_on=date(2026, 2, 27))
    assert not world.due("bail-views")


def test_the_victim_is_told_of_a_variation_of_a_later_end_of_bail_and_of_each_suspect() -> None:
    day = date(2026, 3, 5)
    told = {"suspect_status": "bail", "status_changed_on": date(2026, 2, 9), "victim_told_on": MONDAY}
    world = World(**told, bail_ends_on=JUNE)
    assert not world.due("victim-told")
    world.send(day, bail_ends_on=date(2026, 5, 29))
    assert not world.due("victim-told", day)
    world.send(day, bail_ends_on=JULY)
    assert world.due("victim-told", day) == [date(2026, 3, 6)]
    world.send(day, bail_varied_on=date(2026, 3, 3))
    assert world.due("victim-told", day) == [date(2026, 3, 4)]
    world.send(day, victim_told_on=day)
    assert not world.due("victim-told", day)
    world.row("suspects", "A", date(2026, 3, 6), **suspect("custody", charged_on=date(2026, 3, 10)))
    world.send(date(2026, 3, 11), victim_told_on=date(2026, 3, 6))
    assert world.due("victim-told", date(2026, 3, 11)) == [date(2026, 3, 11)]


@pytest.mark.parametrize(
    ("status", "risk", "due"),
    [
        ("wanted", "high", date(2026, 2, 27)),
        ("at_large", None, date(2026, 2, 27)),
        ("at_large", "medium", MONDAY),
        ("wanted", "standard", date(2026, 3, 5)),
    ],
)
def test_a_suspect_who_is_wanted_is_looked_for_sooner_the_higher_the_risk(
    status: str, risk: str | None, due: date
) -> None:
    assert World(suspect_status=status, status_changed_on=date(2026, 2, 26), risk=risk).due("suspect-wanted") == [due]


def test_each_attempt_to_arrest_begins_the_next_version_and_one_before_the_status_is_of_another() -> None:
    world = World(suspect_status="wanted", status_changed_on=date(2026, 2, 26), arrest_attempted_on=date(2026, 2, 25))
    (life,) = world.live("suspect-wanted")
    assert (life.owed.due, life.owed.done) == (date(2026, 2, 27), None)
    assert life.taken == {"overdue": MONDAY}
    world.send(date(2026, 3, 3), arrest_attempted_on=MONDAY)
    (life,) = world.live("suspect-wanted", date(2026, 3, 3))
    assert (life.version, life.owed.due, life.owed.escalate) == (2, date(2026, 3, 3), date(2026, 3, 6))
    assert world.end("suspect-wanted") == {"met"}
    assert life.step(2)[4] == "at_once"
    world.send(date(2026, 3, 4), suspect_status="custody")
    assert not world.live("suspect-wanted", date(2026, 3, 4))


def test_a_status_of_the_first_extract_takes_any_attempt() -> None:
    assert World(suspect_status="wanted", arrest_attempted_on=date(2026, 2, 3)).due("suspect-wanted") == [
        date(2026, 3, 3)
    ]


def test_each_defendant_in_custody_has_a_limit_of_its_own() -> None:
    world = World()
    world.row("cps_cases", "C", charged_on=date(2026, 2, 27), in_custody=True, ctl_expires_on=JUNE)
    assert subjects(world, "custody-limit") == {"case": JUNE}
    world.row("defendants", "A", in_custody=True, ctl_expires_on=JULY)
    world.row("defendants", "B", in_custody=None, ctl_expires_on=JUNE)
    world.row("defendants", "C", in_custody=True, ctl_expires_on=None)
    world.row("defendants", "D", in_custody=False, ctl_expires_on=JUNE)
    world.row("defendants", "E", in_custody=None, ctl_expires_on=None)
    assert subjects(world, "custody-limit") == {"defendant:A": JULY, "defendant:B": JUNE}
    assert subjects(world, "custody-limit-unknown") == {"defendant:C": MONDAY}


@pytest.mark.parametrize(
    ("said", "status", "limit", "held"),
    [
        (True, None, JUNE, True),
        (False, None, JUNE, False),
        (False, "custody", JUNE, True),
        (None, "custody", JUNE, True),
        (None, None, JUNE, True),
        (None, "bail", JUNE, False),
    ],
)
def test_custody_is_told_by_either_agency(said: bool | None, status: str | None, limit: date, *, held: bool) -> None:
    world = World(suspect_status=status)
    world.row("cps_cases", "C", in_custody=said, ctl_expires_on=limit)
    assert bool(world.due("custody-limit")) == held


def test_a_charge_that_police_alone_give_is_a_charge() -> None:
    world = World(suspect_status="custody", status_changed_on=date(2026, 2, 26), charged_on=date(2026, 2, 27))
    assert world.due("custody-limit-unknown") == [MONDAY]
    assert not world.due("supervisor-review")
    world.row("cps_cases", "C", charged_on=MONDAY, in_custody=True)
    assert world.due("custody-limit-unknown") == [date(2026, 3, 3)]


def test_defendants_by_urn_are_those_of_the_first_case_with_a_clock() -> None:
    world = World(urn="45AB0000001")
    world.other("2", opened_on=date(2026, 2, 3), urn="45AB0000001M", suspect_status="custody")
    world.row("cps_cases", "C", urn="45AB0000001", force_code=None, case_ref=None, ctl_expires_on=JUNE)
    assert subjects(world, "custody-limit") == {"case": JUNE}
    by_urn = {"urn": "45AB0000001", "force_code": None, "case_ref": None}
    world.row("defendants", "A", **by_urn, in_custody=True, ctl_expires_on=JULY)
    owed = {(life.owed.case_ref, life.owed.subject) for life in world.live("custody-limit")}
    assert owed == {("1", "defendant:A")}
