"""Grouping reads each row only a few times, also when PostgreSQL's statistics are of the day before."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine

from config.terms import Manner
from models.queries.driver import execute, scalar, scalars
from models.queries.outbox import digests, urgent
from tests.faults.waiting import eventually, waits_for_another
from tests.worlds.rows import AT_NINE, TUESDAY, World

PEOPLE = 800
READ = """select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)) from pg_stat_xact_user_tables
          where relname in ('messages', 'notifications')"""


@pytest.mark.parametrize("manner", Manner)
def test_a_morning_of_many_people_is_grouped_without_comparing_each_with_each(
    connection: Connection, manner: Manner
) -> None:
    world = World(connection)
    obligation = world.critical(world.case("SAMPLE-1"))
    execute(
        connection,
        """insert into notifications (obligation_id, happening, step, step_name, day, duty, manner, addressee,
                                      contact_ref, channel)
           select %s, 'step', 3, 'critical', %s, 'escalate', %s, 'spoc', 'SP' || n, 'email'
           from generate_series(1, %s) n""",
        (obligation, TUESDAY, manner.value, PEOPLE),
    )
    before = scalar(connection, READ)
    if manner is Manner.AT_ONCE:
        grouped = urgent.at_once(connection, TUESDAY, 5, AT_NINE, AT_NINE, TUESDAY)
    else:
        grouped = digests.letters(connection, TUESDAY, AT_NINE)
    after = scalar(connection, READ)
    assert grouped == PEOPLE
    assert after - before < 20 * PEOPLE


def test_urgent_mails_of_a_day_are_named_by_their_number_and_no_row_so_that_a_restored_book_says_the_same(
    connection: Connection,
) -> None:
    world = World(connection)
    ref = world.contact("P1")
    keys = []
    for number in (1, 2):
        obligation = world.critical(world.case(f"SAMPLE-{number}"))
        world.notification(obligation, None, ref, manner=Manner.AT_ONCE)
        urgent.at_once(connection, TUESDAY, 5, AT_NINE, AT_NINE, TUESDAY)
        keys = scalars(connection, "select key from messages order by id")
    assert keys == ["at_once:P1:email:2026-03-17:1", "at_once:P1:email:2026-03-17:2"]


def test_of_more_than_the_most_a_day_the_earliest_due_are_said_first(connection: Connection) -> None:
    world = World(connection)
    ref = world.contact("P1")
    for number, days in enumerate((3, 1, 2), start=1):
        obligation = world.critical(world.case(f"SAMPLE-{number}"), due_on=TUESDAY - timedelta(days=days))
        world.notification(obligation, None, ref, manner=Manner.AT_ONCE)
    assert urgent.at_once(connection, TUESDAY, 2, AT_NINE, AT_NINE, TUESDAY) == 2
    said = """select c.case_ref from notifications n join obligations o on o.id = n.obligation_id
              join cases c on c.id = o.case_id where n.message_id is not null order by 1"""
    assert scalars(connection, said) == ["SAMPLE-1", "SAMPLE-3"]


def test_what_a_letter_takes_at_the_same_moment_is_in_no_urgent_mail_too(database: Engine) -> None:
    with database.begin() as connection:
        world = World(connection)
        letter = world.message(world.contact("P1"))
        world.notification(world.critical(world.case("SAMPLE-1")), None, "P1", manner=Manner.AT_ONCE)

    def group() -> int:
        with database.begin() as connection:
            return urgent.at_once(connection, TUESDAY, 5, AT_NINE, AT_NINE, TUESDAY)

    with ThreadPoolExecutor() as beside, database.begin() as connection:
        execute(connection, "update notifications set message_id = %s", (letter,))
        grouped = beside.submit(group)
        eventually(lambda: waits_for_another(database))
    assert grouped.result() == 0
    with database.begin() as connection:
        assert scalars(connection, "select message_id from notifications") == [letter]
