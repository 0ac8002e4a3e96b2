"""A purged database keeps the report's past months: each figure before is the figure after."""

import pytest
from sqlalchemy import text

from config.days.london import at_london
from flows.configured import configured
from models.queries.report import kept_figures
from models.rules.report.months import Month
from tasks.report import report
from tasks.report.figures import ALL
from tests.integration.report.random_book import RandomBook
from tests.worlds.days import day
from tests.worlds.report_lines import lines

MONTHS = [Month(2026, 2), Month(2026, 3), Month(2026, 4)]
LATER = [Month(2026, 5), Month(2026, 6), Month(2026, 7), Month(2027, 5)]  # that count none of the cases, or are counted
TODAY = day("Tue 1 Jun 2027")
A_ROUND = "insert into rounds (force_code, day, began_at, account) values ('45', '{}', now(), '{{}}')"


@pytest.fixture
def book(database, monkeypatch):
    """A random book of spring 2026, all of which is over, and a round of the day of the purge."""
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    with database.begin() as connection:
        RandomBook(connection, 1, cases=14)
        for statement in (
            "update cases set finalised_on = least(finalised_on, '2026-04-30'), projection = 'evaluated'",
            "update obligations set end_reason = 'finalised' where ended_on is null",
            "update obligations set ended_on = least(ended_on, '2026-04-30')",
            "update orders set expires_on = '2026-04-30'",
            "update convenings set ended_on = '2026-04-30' where ended_on is null",
            "update messages set state = 'sent'",
            A_ROUND.format("2026-02-01"),
            A_ROUND.format(TODAY),
        ):
            connection.execute(text(statement))
    return database


def figures():
    return {
        (str(month), key): line.now.number
        for month in MONTHS + LATER for key, line in lines(report.page(configured(), ALL, month, TODAY)).items()
    }  # fmt: skip


def test_every_figure_of_a_past_month_is_the_same_after_a_purge(book, run_cli):
    before = figures()
    assert len({number for number in before.values() if number}) > 10
    done = run_cli("purge", "facts", "--apply", "--as-of", TODAY.isoformat())
    assert (done.code, done.err) == (0, "")
    assert "held back" not in done.out, done.out
    with book.connect() as connection:
        assert connection.execute(text("select count(*) from cases")).scalar_one() == 0
    assert figures() == before
    with book.connect() as connection:
        kept = connection.execute(text("select max(month_on) from report_figures")).scalar_one()
        assert kept == day("Mon 1 Jun 2026")
    for month in MONTHS:  # made again, it does not replace what was kept
        report.pages(configured(), month, TODAY, at_london(TODAY))
    assert figures() == before


def test_a_purge_that_finds_no_case_leaves_months_to_be_counted(database, run_cli, monkeypatch):
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    with database.begin() as connection:
        connection.execute(text(A_ROUND.format(TODAY)))
    assert run_cli("purge", "facts", "--apply", "--as-of", TODAY.isoformat()).code == 0
    with database.connect() as connection:
        assert kept_figures.purged_until(connection) is None
