"""Invitations after rounds and after people's commands, through the same doors as in production."""

import pytest

from tests.support.verdicts import went_well
from tests.worlds.panels import TUESDAYS, PanelWorld


@pytest.fixture
def world(database, run_cli, tmp_path, monkeypatch) -> PanelWorld:
    """The high-risk case of Mon 2 Mar 2026: due Mon 16 Mar, so it sits on Tue 10 Mar. SP1 is chair and SPOC."""
    made = PanelWorld(database, run_cli, tmp_path, monkeypatch)
    made.panels(TUESDAYS)
    return made


def events(world: PanelWorld) -> list[tuple[str, str, int, bool]]:
    """Each invitation: the day in its sitting's or series' reference, its reader, its sequence, whether it is gone."""
    return world.ask(
        """select coalesce(right(s.ref, 5), right(r.ref, 17)), i.contact_ref, i.sequence, i.cancelled from invitations i
           left join sittings s on s.id = i.sitting_id left join series r on r.id = i.series_id order by 1, 2"""
    )


def run(world: PanelWorld, on: str) -> None:
    ran = world.cli("run", "--as-of", on)
    assert went_well(ran.code, ran.err), ran.out + ran.err


def of_leads(series: str, sequence: int = 0, *, gone: bool = False) -> list[tuple[str, str, int, bool]]:
    """The series of both SPOCs, of whom SP1 is the chair too. The case has no prosecutor: its SPOC attends anyway."""
    return [(f"series-2026-{series}", ref, sequence, gone) for ref in ("CS1", "SP1")]


def test_a_round_invites_everyone_who_attends_and_the_next_changes_nothing(world):
    run(world, "2026-03-04")
    assert events(world) == [("03-10", "P1", 0, False), *of_leads("03-10")]
    run(world, "2026-03-05")
    assert events(world) == [("03-10", "P1", 0, False), *of_leads("03-10")]


def test_a_case_that_a_person_moves_takes_its_people_along_at_once_or_when_its_new_sitting_is_settled(world):
    run(world, "2026-03-04")
    ran = world.cli(
        "convene", "45/45/1234", "--sitting", "45-south-east-2026-03-17", "--by", "SP1", "--as-of", "2026-03-05"
    )
    assert ran.code == 0, ran.err
    assert events(world) == [("03-10", "P1", 1, True), *of_leads("03-10")]
    run(world, "2026-03-09")
    assert events(world) == [("03-10", "P1", 1, True), *of_leads("03-10", 1)]  # the empty sitting is called off
    run(world, "2026-03-10")
    assert events(world) == [("03-10", "P1", 1, True), ("03-17", "P1", 0, False), *of_leads("03-10", 1)]


def test_a_review_that_was_not_held_invites_to_the_next_sitting_at_once_and_leaves_the_past_alone(world):
    run(world, "2026-03-04")
    ran = world.cli(
        "record-review", "45-south-east-2026-03-10", "45/45/1234", "--by", "SP1", "--not-held", "--as-of", "2026-03-10"
    )
    assert ran.code == 0, ran.err
    assert events(world) == [("03-10", "P1", 0, False), ("03-17", "P1", 0, False), *of_leads("03-10")]


def test_a_panel_that_moves_its_day_moves_everyones_event(world):
    run(world, "2026-03-04")
    world.panels({**TUESDAYS, "rrule": "FREQ=WEEKLY;BYDAY=TH"})
    run(world, "2026-03-05")
    assert events(world) == [("03-10", "P1", 1, False), *of_leads("03-10", 1, gone=True), *of_leads("03-12")]
    moved = "select event ->> 'starts_at' from invitations where contact_ref in ('P1', 'SP1') and not cancelled"
    assert sorted(world.ask(moved)) == ["2026-03-12T09:55:00+00:00", "2026-03-12T10:00:00+00:00"]


def test_a_panel_that_goes_takes_its_events_out_of_every_calendar(world):
    run(world, "2026-03-04")
    world.panels()
    run(world, "2026-03-05")
    assert events(world) == [("03-10", "P1", 1, True), *of_leads("03-10", 1, gone=True)]
