"""Random strikes, repeated: at Casebeat's process, its connections, and its database."""

import os
import signal

import pytest

from tasks.servers.postgres_programs import postmaster
from tests.faults.ground import own_server
from tests.faults.loop import and_the_next, days_for, of_cases, struck
from tests.faults.size import KILLS, LONGEST, STRIKES, chance, some

pytestmark = pytest.mark.timeout(LONGEST)


def sigkill(ground, processes):
    for process in processes:
        process.kill()


def terminate(ground, processes):
    ground.ask("""select pg_terminate_backend(pid) from pg_stat_activity
                  where datname = current_database() and pid <> pg_backend_pid()""")


def test_killed_at_random_moments_casebeat_loses_nothing_and_repeats_only_what_nobody_can_know(field, undisturbed):
    days = days_for(KILLS)
    with field.ground() as ground:
        counts = struck(ground, KILLS, chance("kills"), sigkill, undisturbed(days).story, days)
    print(f"SIGKILL at random: {dict(counts)}")  # noqa: T201


def test_its_connections_cut_at_random_moments_casebeat_loses_and_repeats_nothing(field, undisturbed):
    days = and_the_next(days_for(STRIKES))
    with field.ground() as ground:
        counts = struck(ground, STRIKES, chance("connections"), terminate, of_cases(undisturbed(days).story), days)
    print(f"connections cut at random: {dict(counts)}")  # noqa: T201


def strike_the_server(number):
    def strike(ground, processes):
        pid = postmaster(ground.home / "postgres")
        if pid is not None:  # otherwise it was struck already, and nothing has connected since
            os.kill(pid, number)

    return strike


# a dying machine, and casebeat stop
@pytest.mark.parametrize("number", some([signal.SIGKILL, signal.SIGINT], 1))
def test_its_postgresql_struck_under_load_casebeat_loses_and_repeats_nothing(number, undisturbed, open_folder):
    days = and_the_next(days_for(STRIKES))
    told, strike = of_cases(undisturbed(days).story), strike_the_server(number)
    with own_server(open_folder, open_folder / "home") as ground:
        counts = struck(ground, STRIKES, chance(f"postmaster {number}"), strike, told, days)
    print(f"PostgreSQL struck by {number.name}: {dict(counts)}")  # noqa: T201
