"""Duties of a month by their own days, of cases as extracts tell them day after day."""

from datetime import date

import pytest
from sqlalchemy import text

from flows.configured import configured
from models.queries.report.places import ReportPlace
from models.rules.report.months import Month
from tasks.report.figures import ALL, count
from tests.worlds.extracts import a_case
from tests.worlds.intake import Intake

MARCH, TODAY = Month(2026, 3), date(2026, 4, 7)


@pytest.fixture
def book(database, tmp_path):
    return Intake(database, tmp_path)


def sends(book: Intake, day: str, *cases: dict[str, str], orders=(), **manifest) -> None:
    files = {"cases.csv": list(cases)} | ({"orders.csv": list(orders)} if orders else {})
    result = book.sends(files, extracted_at=f"2026-{day}T05:10:00+00:00", **manifest)
    assert result.sentence == ""


def march(book: Intake, place: ReportPlace = ALL) -> dict:
    with book.engine.connect() as connection:
        return dict(count(configured(), connection, MARCH, TODAY).of(place))


def on(status: str, since: str, **days: str) -> dict[str, str]:
    return a_case(opened_on="2026-01-05", suspect_status=status, status_changed_on=since, **days)


def test_news_counts_though_the_victim_was_told_before_the_next_extract_and_of_later_news_since(book):
    sends(book, "03-03", on("custody", "2026-03-02", victim_told_on="2026-03-02"))
    sends(book, "03-05", on("bail", "2026-03-04", victim_told_on="2026-03-05", bail_ends_on="2026-06-04"))
    sends(book, "03-12", on("rui", "2026-03-10", victim_told_on="2026-03-12"))
    found = march(book)
    assert (found["victim-told.due"], found["victim-told.in_time"]) == (3, 3), "none ever lived"
    with book.engine.begin() as connection:
        connection.execute(text(
            """insert into obligations (case_id, force_code, rule, subject, version, chain_from, edition, owed_by,
                                        due_on, remind_on, escalate_on, hard, stalls, because, note, began_on, ended_on,
                                        end_reason, fact_on, addressed, through)
               select id, '45', 'victim-told', 'case', 1, 1, 'x', 'police', '2026-03-11', '2026-03-11', '2026-03-13',
                      false, false, '[]', '', '2026-03-12', '2026-03-12', 'met', '2026-03-12', '{}', '{}' from cases"""
        ))  # fmt: skip
    assert march(book, ReportPlace("45"))["victim-told.in_time"] == 2


def test_a_later_end_of_bail_decides_the_one_that_it_replaces_and_a_later_note_saves_no_limit(book):
    first = on("bail", "2026-02-02", bail_ends_on="2026-03-20", last_act_on="2025-09-10")
    sends(book, "02-03", first)
    prosecuted = {"cps_cases.csv": [{"force_code": "45", "case_ref": "C1"}]}
    assert (
        book.sends(prosecuted, source="cms-se", agency="cps", extracted_at="2026-02-03T05:10:00+00:00").sentence == ""
    )
    sends(book, "03-20", first | {"bail_ends_on": "2026-05-01", "time_limit_noted_on": "2026-03-10"})
    found = march(book)
    assert (found["bail_ends_met"], found.get("bail_ends_lost", 0)) == (1, 0)
    assert (found["summary_limits_met"], found["summary_limits_noted"]) == (1, 1)
    sends(book, "03-21", first | {"bail_ends_on": "2026-05-01", "time_limit_noted_on": "2026-03-11"})
    assert march(book)["summary_limits_lost"] == 1


def test_what_falls_due_in_the_next_month_counts_in_the_month_in_which_it_happened_once_its_day_has_come(book):
    told = {"victim_told_on": "2026-03-31"}
    sends(book, "04-01", on("bail", "2026-03-31", **told), orders=[
        {"order_ref": "O1", "force_code": "45", "case_ref": "C1", "kind": "spo", "made_on": "2026-03-31"}
    ])  # fmt: skip
    found = march(book)
    assert (found["order-told.due"], found.get("order-told.in_time", 0)) == (1, 0)
    with book.engine.connect() as connection:
        assert "order-told.due" not in count(configured(), connection, MARCH, date(2026, 4, 1)).of(ALL)
