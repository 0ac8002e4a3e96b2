"""A real disk that is full: one sentence reports it, and the next run makes up for it once there is room."""

from datetime import timedelta

import pytest

from tests.faults import book
from tests.faults.checker import check
from tests.faults.ground import EIGHT, own_server
from tests.faults.size import LONGEST
from tests.support.small_disk import NEEDS_ROOT, full, small_disk

pytestmark = [pytest.mark.timeout(LONGEST), NEEDS_ROOT]

TUESDAY = EIGHT + timedelta(days=1)


def test_a_full_maildir_is_said_and_everything_is_shown_once_there_is_room(field, undisturbed):
    with field.ground(mailed=False, slack=False) as ground, small_disk(ground.home / "mail", 8):
        with full(ground.home / "mail"):
            held = ground.round()
            assert held.join() == 1
        assert "Delivery failed (OSError: No space left on device, fault " in held.said
        ground.heal()
        check(ground, undisturbed(mailed=False).story)
        shown = ground.ask("select count(*) from messages where state = 'shown' and letter_id is null")
        assert len(list((ground.home / "mail" / "new").iterdir())) == shown[0][0]


def test_no_room_for_rejected_rows_is_said_and_the_extract_is_loaded_once_there_is(field):
    with field.ground() as ground, small_disk(ground.home / "rejected", 1):
        with full(ground.home / "rejected"):
            held = ground.round()
            assert held.join() == 1
        assert "Intake failed (OSError: No space left on device, fault " in held.said
        assert ground.ask("select count(*) from cases where case_ref = 'K7'") == [(0,)], "not half loaded"
        assert ground.round().join() == 0
        assert ground.ask("select count(*) from cases where case_ref = 'K7'") == [(1,)]
        book.extracts(ground.drop, TUESDAY.date())
        ground.heal(TUESDAY)  # what came too late for the Monday's digest
        check(ground, at=TUESDAY)


def test_a_full_disk_under_postgresql_is_said_and_everything_is_said_once_there_is_room(open_folder):
    disk = open_folder / "disk"
    with small_disk(disk, 300), own_server(open_folder, disk) as ground:
        with full(disk):
            held = ground.round()
            assert held.join() == 1
        assert "Delivery failed (the database's disk is full (pgcode 53100))." in held.said
        ground.heal()
        book.extracts(ground.drop, TUESDAY.date())
        ground.heal(TUESDAY)  # what came too late for the Monday's digest
        check(ground, at=TUESDAY)
