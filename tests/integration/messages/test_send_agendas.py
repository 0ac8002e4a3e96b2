"""Which sittings are listed and have an agenda to send: days, moments and cases at each boundary."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine

from flows.configured import configured
from models.errors import Refuse
from tasks.messages.agenda.send_agendas import page, to_come
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import TUESDAY

DAY = timedelta(days=1)
TEN = datetime(2026, 3, 17, 10, tzinfo=UTC)


def test_sittings_of_today_and_the_next_92_days_are_listed(database: Engine) -> None:
    with database.begin() as connection:
        rows = ReviewRows(connection)
        for days in (-1, 0, 92, 93):
            rows.sitting(f"s{days}", TUESDAY + days * DAY)
    assert [one.ref for one in to_come(TUESDAY)] == ["s0", "s92"]


def test_a_sitting_that_is_not_there_is_refused_with_those_that_are_like_it(database: Engine) -> None:
    with database.begin() as connection:
        ReviewRows(connection).sitting("45-south-east-2026-06-17", TUESDAY + 92 * DAY)
    with pytest.raises(Refuse, match="Did you mean 45-south-east-2026-06-17"):
        page(configured(), "45-south-east-2026-06-16", TUESDAY)


@pytest.fixture
def rows(connection: Connection) -> ReviewRows:
    """A sitting at ten today, with a chair and a case."""
    made = ReviewRows(connection)
    made.contact("K1", roles=("lead",))
    made.contact("SP1", roles=("spoc",))
    made.contact("CS1", roles=("spoc",), agency="cps", force_codes=[], cps_areas=["South East"])
    sitting = made.sitting("s1", TUESDAY, chair_ref="K1", starts_at=TEN)
    made.convening(made.case_of("1"), sitting)
    return made
