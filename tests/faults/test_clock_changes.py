"""The clocks go forward, and back: digests leave at eight in London, and each day's digest leaves exactly once."""

from datetime import date, datetime, timedelta
from datetime import time as clock

import pytest

from config.days.london import LONDON
from tests.faults import book
from tests.faults.checker import check
from tests.faults.size import EVERYTHING, LONGEST

pytestmark = pytest.mark.timeout(LONGEST)
CHANGES = {"forward": (date(2026, 3, 29), "07:00"), "back": (date(2026, 10, 25), "08:00")}  # eight, in UTC, on Monday


@pytest.mark.parametrize(("sunday", "eight"), CHANGES.values(), ids=CHANGES)
def test_through_a_change_of_the_clocks_digests_leave_at_eight_and_each_day_is_said_once(field, sunday, eight):
    with field.ground() as ground:
        friday, monday = sunday - timedelta(days=2), sunday + timedelta(days=1)
        ground.heal(at(friday))
        for day in (sunday - timedelta(days=1), sunday):
            book.extracts(ground.drop, day)
            assert ground.begin(round_at=at(day, 6)).join() == 0
        night = datetime.combine(sunday, clock(0), LONDON).timestamp()
        for half_hours in range(1, 6, 1 if EVERYTHING else 2):  # one of these hours does not exist, or exists twice
            moment = datetime.fromtimestamp(night + half_hours * 1800, LONDON)
            assert ground.begin(deliver=moment, watched=False).join() == 0
        book.extracts(ground.drop, monday)
        assert ground.begin(round_at=at(monday, 6)).join() == 0
        digests = (
            "select count(*), count(*) filter (where state = 'sent') from messages where kind = 'letter' and day = %s"
        )
        digests = digests.replace("%s", f"'{monday}'")
        eight_utc = datetime.fromisoformat(f"{monday}T{eight}:00+00:00")
        assert ground.begin(deliver=eight_utc - timedelta(minutes=1), watched=False).join() == 0
        many, sent = ground.ask(digests)[0]
        assert (many > 0, sent) == (True, 0)
        assert ground.begin(deliver=eight_utc, watched=False).join() == 0
        assert ground.ask(digests) == [(many, many)]
        assert ground.ask(f"select count(*) from messages where kind = 'letter' and day = '{sunday}'") == [(0,)]
        ground.heal(at(monday))
        found = check(ground, at=at(monday))
        assert (found.unknown, found.repeated_letters) == (0, 0)
        rounds = f"select force_code, day from rounds where day between '{friday}' and '{monday}' and ended_at is null"
        assert ground.ask(rounds) == []


def at(day, hour=8):
    return datetime.combine(day, clock(hour), LONDON)
