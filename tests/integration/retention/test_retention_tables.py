"""The tables of a purge, in a database that the version before made: what it held stays, and can be held or purged."""

import pytest
from sqlalchemy import text

from config.doors import Door
from config.retention import HoldReason
from models.queries.report import kept_figures
from models.queries.retention import holds, over
from models.rules.people.act import Act
from tasks.servers import migrate
from tests.support.older_database import A_SOURCE, older_database
from tests.worlds.days import day
from tests.worlds.rows import AT_NINE

FILLED = (
    A_SOURCE,
    "insert into case_keys (force_code, case_ref) values ('45', '1234')",
    """insert into cases (id, source_id, force_code, case_ref, cps_area, opened_on, offence_codes, classification, risk,
                          oic_ref, finalised_on, projection)
       select k.id, s.id, '45', '1234', 'South East', '2025-01-05', '{PH97011}', 'stalking', 'high', 'P1', '2025-03-17',
              'evaluated' from case_keys k, sources s""",
    "insert into report_figures (month_on, figures, made_at) values ('2026-02-01', '{}', '2026-03-06 06:00Z')",
)
TODAY = day("Tue 17 Mar 2026")


@pytest.fixture
def upgraded(server):
    with older_database(server, "0025", FILLED) as made:
        assert migrate.migrate(made.url) == "0025"
        yield made


def test_a_case_of_before_is_over_until_it_is_held(upgraded):
    with upgraded.opened() as connection:
        assert [one.back for one in over.counts(connection, TODAY)] == [None]
        (case_id,) = over.groups(connection, TODAY)
        assert holds.place(connection, case_id, HoldReason.INQUEST, None, Act("SP1", Door.COMMAND, "x"), AT_NINE)
        assert over.groups(connection, TODAY) == []
    with upgraded.opened() as connection:
        assert connection.execute(text("select count(*) from cases")).scalar_one() == 1


@pytest.mark.parametrize(("until", "left"), [(None, 0), ("Sat 31 Jan 2026", 0), ("Sun 1 Feb 2026", 1)])
def test_an_undoing_forgets_no_month_whose_cases_were_erased(upgraded, until, left):
    with upgraded.opened() as connection:
        if until:
            kept_figures.record_purge(connection, day(until), AT_NINE, "x")
        kept_figures.forget_after(connection, day("Sun 1 Mar 2026"))
        assert connection.execute(text("select count(*) from report_figures")).scalar_one() == left
