"""With TURNS=4, as in `.ci/run`: the costliest files take turns, each on every fourth day; `make test` runs them all.

A line before the tests names those whose turn it is.
"""

import os
from datetime import UTC, datetime

IN_TURN = (  # by fours, the costliest first and the next turned round, so that each day's share is about the same
    "tests/faults/test_installation.py",
    "tests/whole/reading/test_reading.py",
    "tests/flows/test_serve.py",
    "tests/integration/demo/test_calendars.py",
    "tests/whole/twins/test_doors.py",
    "tests/flows/test_force_round.py",
    "tests/flows/test_silent.py",
    "tests/browser/test_pages_of_a_day.py",
    "tests/faults/test_days_struck.py",
    "tests/whole/recount/test_made_books.py",
    "tests/integration/rehearsal/test_rehearsed_days.py",
    "tests/integration/rounds/test_undo_rounds.py",
    "tests/faults/test_killed_at_every_boundary.py",
    "tests/integration/rehearsal/test_rehearse_command.py",
    "tests/integration/rounds/test_undo_twins.py",
    "tests/flows/test_demo.py",
    "tests/flows/test_twin_forms.py",
    "tests/integration/messages/test_linked_everywhere.py",
    "tests/flows/test_signed_in.py",
    "tests/faults/test_intake_killed.py",
    "tests/integration/messages/test_barred_everywhere.py",
    "tests/faults/test_disk_full.py",
    "tests/faults/test_struck_at_random.py",
    "tests/whole/twins/test_panels.py",
    "tests/faults/test_carriers_down.py",
    "tests/flows/test_deployed.py",
    "tests/flows/test_doctor.py",
    "tests/faults/test_undo_rounds.py",
    "tests/faults/test_clock_changes.py",
    "tests/faults/test_at_once.py",
    "tests/whole/twins/test_old_links.py",
    "tests/flows/test_agenda_artifact.py",
    "tests/faults/test_stopped.py",
    "tests/faults/test_server_killed.py",
    "tests/browser/test_site.py",
    "tests/whole/years/test_quiet_nights.py",
    "tests/whole/years/test_years.py",
    "tests/faults/test_poisoned.py",
    "tests/faults/test_intake_race.py",
    "tests/faults/test_database_lost.py",
    "tests/flows/test_forms.py",
    "tests/integration/demo/test_letters.py",
    "tests/integration/carriers/test_slack_threads.py",
    "tests/whole/recount/test_recount.py",
    "tests/flows/test_days_that_are_refused.py",
    "tests/whole/truth/test_letters.py",
    "tests/integration/servers/test_upgrade.py",
    "tests/whole/story/test_a_panel_with_too_few_places.py",
    "tests/integration/demo/test_rehearsed_weeks.py",
    "tests/integration/servers/test_postgres.py",
    "tests/fuzz/test_click.py",
    "tests/integration/platform/test_release.py",
)
TURNS = int(os.environ.get("TURNS", "1"))


def whose_turn(day, turns=TURNS):
    """Return the files that run on a day, of those that take turns."""
    return {name for number, name in enumerate(IN_TURN) if (number + day.toordinal()) % turns == 0}


def pytest_collection_modifyitems(config, items):
    """Leave out the tests of the files whose turn it is not."""
    waiting = set(IN_TURN) - whose_turn(datetime.now(UTC).date())
    left_out = [item for item in items if item.path.relative_to(config.rootpath).as_posix() in waiting]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


def pytest_report_collectionfinish():
    """Name the files whose turn it is, where files take turns."""
    if TURNS == 1:
        return []
    today = sorted(whose_turn(datetime.now(UTC).date()))
    return f"{len(today)} of the {len(IN_TURN)} costliest files have their turn: {', '.join(today)}"
