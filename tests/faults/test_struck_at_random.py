"""Struck at random, again and again: Casebeat itself, its connections, and its database."""

import os
import signal

import pytest

from tasks.postgres_programs import postmaster
from tests.faults.ground import own_server
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


def strike_the_server(number):
    def strike(ground, processes):
        pid = postmaster(ground.home / "postgres")
        if pid is not None:  # else it was struck already, and nobody has asked for it since
            os.kill(pid, number)

    return strike


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])  # as a machine's death, and as casebeat stop does
def test_its_postgresql_struck_under_load_casebeat_loses_nothing_and_says_nothing_twice(number, told, open_folder):
    with own_server(open_folder, open_folder / "home") as ground:
        counts = struck(ground, STRIKES, chance(f"postmaster {number}"), strike_the_server(number), told(STRIKES))
    print(f"PostgreSQL struck by {number.name}: {dict(counts)}")  # noqa: T201
