"""Struck at random, again and again: Casebeat itself, its connections, and its database."""

import pytest

from tests.faults.loop import days_for, struck, undisturbed
from tests.faults.size import KILLS, LONGEST, STRIKES, chance

pytestmark = pytest.mark.timeout(LONGEST)


@pytest.fixture(scope="module")
def told(field):
    """The story of so many undisturbed days."""
    made = {}

    def of(strikes):
        days = days_for(strikes)
        if days not in made:
            with field.ground() as ground:
                made[days] = undisturbed(ground, days)
        return made[days]

    return of


def sigkill(ground, processes):
    for process in processes:
        process.kill()


def terminate(ground, processes):
    ground.ask("""select pg_terminate_backend(pid) from pg_stat_activity
                  where datname = current_database() and pid <> pg_backend_pid()""")


def test_killed_at_random_moments_casebeat_loses_nothing_and_says_nothing_twice(field, told):
    with field.ground() as ground:
        counts = struck(ground, KILLS, chance("kills"), sigkill, told(KILLS))
    print(f"SIGKILL at random: {dict(counts)}")  # noqa: T201


def test_its_connections_cut_at_random_moments_casebeat_loses_nothing_and_says_nothing_twice(field, told):
    with field.ground() as ground:
        counts = struck(ground, STRIKES, chance("connections"), terminate, told(STRIKES))
    print(f"connections cut at random: {dict(counts)}")  # noqa: T201
