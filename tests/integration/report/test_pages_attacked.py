"""Of no month's pages a star can be worked out: not of those that leave a force together, and of no force's own."""

from datetime import UTC, date, datetime

import pytest

from flows.configured import configured
from models.rules.report.months import Month
from tasks.report import figures, files, report
from tests.integration.report.random_book import RandomBook
from tests.worlds.report_reader import given_away

MARCH, TODAY, AT = Month(2026, 3), date(2026, 4, 6), datetime(2026, 4, 6, 6, tzinfo=UTC)


@pytest.mark.parametrize(("seed", "cases"), [(1, 6), (2, 14), (3, 40)])
def test_no_star_of_any_page_has_one_value_alone(database, seed, cases):
    with database.begin() as connection:
        RandomBook(connection, seed, cases=cases)
    with database.connect() as connection:
        truth = figures.count(configured(), connection, MARCH, TODAY).by_place
    pages = {place: files.table(page) for place, page in report.pages(configured(), MARCH, TODAY, AT)}
    own = {place: page for place, page in pages.items() if place.force_code}
    leaving = {place: page for place, page in pages.items() if not place.force_code}
    assert any(",*," in page for page in leaving.values())
    assert given_away(truth, leaving) == set()
    for place, page in own.items():
        assert given_away(truth, {place: page}, withholds=True) == set()
