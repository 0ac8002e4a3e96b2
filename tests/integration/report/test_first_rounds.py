"""Months before and with a force's first round: nobody reads what was never looked at as zero, or as late."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from flows.configured import configured
from models.cases import OrderRow
from models.errors import Refuse
from models.queries.report.places import ReportPlace
from models.rules.report.months import Month
from tasks.report import files, report
from tasks.report.figures import ALL, count
from tests.worlds.extracts import send_each_month
from tests.worlds.review_rows import ReviewRows

MARCH, TODAY = Month(2026, 3), date(2026, 4, 6)
BEFORE, SINCE = date(2026, 3, 20), date(2026, 3, 25)


def a_round(connection, force_code: str, day: str) -> None:
    connection.execute(text("insert into rounds (force_code, day, began_at, account) "
                            f"values ('{force_code}', '{day}', now(), '{{}}')"))  # fmt: skip


def a_book(connection) -> None:
    """A case of two forces each, with duties from before 23 March and since, by obligations and by their own days."""
    rows = ReviewRows(connection)
    connection.execute(text("update sources set covers = '{45,46}'"))
    send_each_month(connection, 2026, 12)
    for number, force in enumerate(("45", "46")):
        case = rows.case_of(f"C{number}", force, "South East")
        rows.owes(case, BEFORE, force, rule="no-progress", subject="a", ended_on=SINCE, end_reason="met")
        rows.owes(case, SINCE, force, rule="no-progress", subject="b", ended_on=SINCE, end_reason="met")
        for day in (BEFORE, SINCE):
            made = {"made_on": day - timedelta(days=1), "key_id": case, "source_id": rows.source_id}
            rows.add(OrderRow, order_ref=f"{force}-{day}", kind="spo", **made)


def test_what_was_due_before_a_forces_first_round_is_not_in_its_shares(connection):
    a_book(connection)
    for force, day in (("--", "2026-03-01"), ("45", "2026-03-23"), ("45", "2026-03-24"), ("46", "2026-03-20")):
        a_round(connection, force, day)
    found = count(configured(), connection, MARCH, TODAY)
    shares = {
        force: [found.of(ReportPlace(force))[f"no-progress.{column}"] for column in ("due", "in_time")]
        for force in ("45", "46")
    }
    assert shares == {"45": [1, 1], "46": [2, 1]}, "one was met on its due day, the other later"
    assert [found.of(ReportPlace(force))["order-told.due"] for force in ("45", "46")] == [1, 2]


def test_a_page_says_on_which_day_each_of_its_forces_began(database):
    with database.begin() as connection:
        a_book(connection)
        for force, day in (("--", "2026-03-01"), ("45", "2026-03-23"), ("46", "2026-03-01")):
            a_round(connection, force, day)
    page = report.page(configured(), ALL, MARCH, TODAY)
    assert page.began == ((date(2026, 3, 23), ("Surrey (45)",)),)
    assert "first round was on Mon 23 Mar 2026 for Surrey (45)." in files.html(page)
    assert (
        report.page(configured(), ReportPlace(None, "South East"), Month(2026, 4), date(2026, 5, 6)).began == page.began
    )
    assert report.page(configured(), ReportPlace("45"), Month(2026, 5), date(2026, 6, 6)).began == ()


def test_a_month_that_was_over_before_the_first_round_is_refused(database):
    with database.begin() as connection:
        a_book(connection)
        a_round(connection, "--", "2026-03-23")
    with pytest.raises(Refuse, match=r"2026-02 was over before Casebeat's first round, on Mon 23 Mar 2026"):
        report.page(configured(), ALL, Month(2026, 2), TODAY)
    assert report.page(configured(), ALL, MARCH, TODAY)


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        (("--area", ""), 'There is no CPS Area "".'),
        (("--month", ""), '"" is not a month.'),
        (("--area", "", "--force", "45"), "Name a force or a CPS Area, and not both."),
    ],
)
def test_an_empty_option_is_refused_and_not_taken_for_none(run_cli, database, typed, answer):
    made = run_cli("report", *typed)
    assert (made.code, answer in made.err) == (2, True)
