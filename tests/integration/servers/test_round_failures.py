"""Rounds of a database that the version before made, with a message on its way."""

import pytest
from sqlalchemy import text

from models.queries.rounds import rounds
from tasks.servers import migrate
from tests.support.older_database import A_SOURCE, older_database
from tests.worlds.days import day

FILLED = (
    A_SOURCE,
    """insert into rounds (force_code, day, began_at, ended_at, account)
       values ('45', '2026-03-16', '2026-03-16 06:00Z', '2026-03-16 06:00Z', '{"stalled": 1}'),
              ('45', '2026-03-17', '2026-03-17 06:00Z', null, '{}')""",
    """insert into messages (key, kind, contact_ref, channel, day, state, due_at, sending_at)
       values ('digest:P1:email:2026-03-17', 'digest', 'P1', 'email', '2026-03-17', 'sending', '2026-03-17 08:00Z',
               '2026-03-17 08:00Z')""",
)


@pytest.fixture
def upgraded(server):
    with older_database(server, "0020", FILLED) as made:
        assert migrate.migrate(made.url) == "0020"
        yield made


def test_a_round_that_ended_ended_well_and_one_without_an_end_has_none(upgraded):
    with upgraded.opened() as connection:
        ((ended,), (killed,)) = (rounds.of_day(connection, day(on)) for on in ("Mon 16 Mar 2026", "Tue 17 Mar 2026"))
        assert (ended.failure, ended.ended_at is None, ended.running) == (None, False, False)
        assert (killed.failure, killed.ended_at, killed.running) == (None, None, False)
        assert rounds.last_finished(connection, "45") == day("Mon 16 Mar 2026")
        assert connection.execute(text("select state from messages")).scalar_one() == "sending"
