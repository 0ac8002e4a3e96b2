"""Invitations after rounds and after people's commands, through the same doors as in production."""

import pytest

from tests.integration.panel_world import TUESDAYS, PanelWorld


@pytest.fixture
def world(database, run_cli, tmp_path, monkeypatch) -> PanelWorld:
    """The high-risk case of Mon 2 Mar 2026: due Mon 16 Mar, so it sits on Tue 10 Mar. SP1 is chair and SPOC."""
    made = PanelWorld(database, run_cli, tmp_path, monkeypatch)
    made.panels(TUESDAYS)
    return made


def events(world: PanelWorld) -> list[tuple[str, str, int, bool]]:
    """Each invitation: the day in its sitting's reference, its reader, its sequence, whether it is cancelled."""
    return world.ask(
        """select right(s.ref, 5), i.contact_ref, i.sequence, i.cancelled from invitations i
           join sittings s on s.id = i.sitting_id order by 1, 2"""
    )


def run(world: PanelWorld, on: str) -> None:
    ran = world.cli("run", "--as-of", on)
    assert ran.code == 0, ran.out + ran.err


COME = ("CS1", "P1", "SP1")  # the case has no prosecutor: its SPOC attends anyway


def test_a_round_invites_everyone_who_attends_and_the_next_changes_nothing(world):
    run(world, "2026-03-04")
    assert events(world) == [("03-10", ref, 0, False) for ref in COME]
    run(world, "2026-03-05")
    assert events(world) == [("03-10", ref, 0, False) for ref in COME]


def test_a_case_that_a_person_moves_takes_its_people_along_at_once(world):
    run(world, "2026-03-04")
    ran = world.cli(
        "convene", "45/45/1234", "--sitting", "45-south-east-2026-03-17", "--by", "SP1", "--as-of", "2026-03-05"
    )
    assert ran.code == 0, ran.err
    assert events(world) == [
        *(("03-10", ref, 1, True) for ref in COME), *(("03-17", ref, 0, False) for ref in COME),
    ]  # fmt: skip


def test_a_review_that_was_not_held_invites_to_the_next_sitting_at_once_and_leaves_the_past_alone(world):
    run(world, "2026-03-04")
    ran = world.cli(
        "record-review", "45-south-east-2026-03-10", "45/45/1234", "--by", "SP1", "--not-held", "--as-of", "2026-03-10"
    )
    assert ran.code == 0, ran.err
    assert events(world) == [
        *(("03-10", ref, 0, False) for ref in COME), *(("03-17", ref, 0, False) for ref in COME),
    ]  # fmt: skip


def test_a_panel_that_moves_its_day_moves_everyones_event(world):
    run(world, "2026-03-04")
    world.panels({**TUESDAYS, "rrule": "FREQ=WEEKLY;BYDAY=TH"})
    run(world, "2026-03-05")
    assert [one for one in events(world) if not one[3]] == [("03-10", ref, 1, False) for ref in COME]
    assert world.ask("select event ->> 'starts_at' from invitations where contact_ref = 'SP1'") == [
        "2026-03-12T10:00:00+00:00"
    ]


def test_a_panel_that_goes_takes_its_events_out_of_every_calendar(world):
    run(world, "2026-03-04")
    world.panels()
    run(world, "2026-03-05")
    assert events(world) == [("03-10", ref, 1, True) for ref in COME]
