"""Duties of a month by their own days, of cases as extracts tell them day after day."""

import json
from datetime import date

import pytest
from sqlalchemy import text

from flows.configured import configured
from models.queries.report.places import ReportPlace
from models.rules.report.months import Month
from tasks.report import report
from tasks.report.figures import ALL, count
from tasks.report.sight import UnseenPart
from tests.worlds.extracts import a_case
from tests.worlds.intake import Intake
from tests.worlds.report_lines import lines

MARCH, TODAY = Month(2026, 3), date(2026, 4, 7)


@pytest.fixture
def book(database, tmp_path):
    return Intake(database, tmp_path)


def sends(book: Intake, day: str, *cases: dict[str, str], orders=(), incidents=(), **manifest) -> None:
    files = {"cases.csv": list(cases)} | ({"orders.csv": list(orders)} if orders else {})
    files |= {"incidents.csv": list(incidents)} if incidents else {}
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
    cps = {"source": "cms-se", "agency": "cps", "extracted_at": "2026-02-03T05:10:00+00:00"}
    assert book.sends({"cps_cases.csv": [{"force_code": "45", "case_ref": "C1"}]}, **cps).sentence == ""
    then = first | {"bail_ends_on": "2026-05-01", "time_limit_noted_on": "2026-03-10"}
    for day in ("03-20", "03-25"):
        sends(book, day, then)
    found = march(book)
    assert (found["bail_ends_met"], found.get("bail_ends_lost", 0)) == (1, 0)
    assert (found["summary_limits_met"], found["summary_limits_noted"]) == (1, 1)
    sends(book, "03-26", then | {"time_limit_noted_on": "2026-03-11"})
    assert march(book)["summary_limits_lost"] == 1


def test_what_falls_due_in_the_next_month_counts_in_the_month_in_which_it_happened_once_extracts_reach_its_day(book):
    """An order made on 31 March is told on 1 April. An extract of the morning of a day tells of the day before."""
    told = on("bail", "2026-03-31", victim_told_on="2026-03-31")
    order = {"order_ref": "O1", "force_code": "45", "case_ref": "C1", "kind": "spo", "made_on": "2026-03-31"}
    sends(book, "03-30", on("rui", "2026-01-30"))
    for day, counted in (("04-01", 0), ("04-02", 1)):
        sends(book, day, told, orders=[order])
        assert march(book).get("order-told.due", 0) == counted
        with book.engine.connect() as connection:
            assert count(configured(), connection, MARCH, TODAY).sight[ALL].reach_on == date(2026, 3, 31)


def test_what_was_overdue_as_the_month_ended_is_behind_though_the_first_extract_that_told_of_it_came_later(book):
    """Reported on Thu 26 March, so due on Mon 30 March, and done on Wed 1 April: nobody could see it before."""
    assessed = a_case(opened_on="2026-03-23", risk_assessed_on="2026-03-25")
    sends(book, "03-26", assessed)
    assert march(book)["cases_assessed"] == 1
    report = {"incident_ref": "I1", "force_code": "45", "case_ref": "C1", "occurred_on": "2026-03-26"}
    sends(book, "04-02", assessed | {"risk_assessed_on": "2026-04-01"}, incidents=[report])
    found = march(book)
    assert (found["cases_open"], found["cases_assessed"], found.get("base:unknown.assessed", 0)) == (1, 0, 0)


def page(month: Month = MARCH) -> dict:
    """The lines of Surrey's own page, by their keys."""
    return lines(report.page(configured(), ReportPlace("45"), month, TODAY))


ALL_LINES = ("victim-told", "plea", "nfa-review", "breach-unanswered")


def a_book_of(book: Intake, tue: str, wed: str, **lacking: list[str]) -> None:
    """A charge, a plea, a breach and a case that ended, of Mon 9 March; what they ask for was done on these days."""
    cases = [
        on("rui", "2026-01-12", risk_assessed_on=wed, victim_told_on=tue),
        a_case("C2", opened_on="2026-01-05", finalised_on="2026-03-09", finalised_reason="nfa_police",
               nfa_reviewed_on=tue, nfa_victim_told_on=tue),
    ]  # fmt: skip
    breach = {"incident_ref": "I1", "force_code": "45", "case_ref": "C1", "occurred_on": "2026-03-09", "breach": "yes",
              "breach_decided_on": wed}  # fmt: skip
    plea = {"plea_ref": "P1", "force_code": "45", "case_ref": "C1", "offered_on": "2026-03-09", "plea_code": "PH97004",
            "charged_code": "PH97011", "victim_consulted_on": tue, "rationale_recorded_on": tue,
            "spoc_reviewed_on": tue}  # fmt: skip
    charge = {"force_code": "45", "case_ref": "C1", "charged_on": "2026-03-09", "charged_codes": "PH97011"}
    of_police = {"cases.csv": cases, "incidents.csv": [breach]}
    of_cps = {"cps_cases.csv": [charge], "pleas.csv": [plea]}
    for day in ("03-10", "03-31"):
        taken = {"extracted_at": f"2026-{day}T05:10:00+00:00"}
        for files, who in ((of_police, {}), (of_cps, {"source": "cms-se", "agency": "cps"})):
            assert book.sends(files, **taken, **who, lacking=lacking).sentence == ""


def test_what_is_all_done_on_its_due_day_reads_100_per_cent(book):
    a_book_of(book, "2026-03-10", "2026-03-11")
    found = page()
    assert {rule: (found[f"{rule}.due"].now.number, found[f"{rule}.in_time"].now.share) for rule in ALL_LINES} == (
        dict.fromkeys(ALL_LINES, (1, 100))
    )


def test_where_nothing_is_done_it_reads_0_per_cent(book):
    a_book_of(book, "", "")
    found = page()
    assert {rule: (found[f"{rule}.due"].now.number, found[f"{rule}.in_time"].now.share) for rule in ALL_LINES} == (
        dict.fromkeys(ALL_LINES, (1, 0))
    )


def test_what_a_source_has_no_column_for_cannot_be_seen_and_is_no_zero(book):
    a_book_of(
        book, "2026-03-10", "2026-03-11", **{"pleas.csv": ["victim_consulted_on"], "cases.csv": ["risk_assessed_on"]}
    )
    found = page()
    for rule, source in (("plea", "cms-se"), ("breach-unanswered", "niche-45")):
        for column in ("due", "in_time"):
            value = found[f"{rule}.{column}"].now
            assert (value.number, value.share, value.unseen, value.without) == (None, None, UnseenPart.BLIND, (source,))
    assert (found["victim-told.in_time"].now.share, found["nfa-review.in_time"].now.share) == (100, 100)


def test_what_the_police_keep_and_do_not_send_cannot_be_seen_though_cps_sends_the_orders(book):
    taken = {"extracted_at": "2026-03-31T05:10:00+00:00", "lacking": {"cases.csv": ["spo_considered_on"]}}
    order = {"order_ref": "O1", "force_code": "45", "case_ref": "C1", "kind": "spo", "made_on": "2026-03-02"}
    cps = {"source": "cms-se", "agency": "cps"}
    for files, who in (({"cases.csv": [on("rui", "2026-01-30")]}, {}), ({"orders.csv": [order]}, cps)):
        assert book.sends(files, **taken, **who).sentence == ""
    considered = page()["cases_order_considered"].now
    assert (considered.unseen, considered.without) == (UnseenPart.BLIND, ("niche-45",))


def test_a_month_without_extracts_has_no_figures_and_says_so(run_cli, book):
    a_book_of(book, "2026-03-10", "2026-03-11")
    with book.engine.begin() as connection:
        connection.execute(
            text("insert into rounds (force_code, day, began_at, account) values ('45', '2026-01-01', now(), '{}')")
        )
    found = lines(report.page(configured(), ReportPlace("45"), Month(2026, 2), TODAY))
    assert {(line.now.number, line.now.unseen) for line in found.values()} == {(None, UnseenPart.SILENT)}
    ran = run_cli("report", "--month", "2026-02", "--as-of", TODAY.isoformat())
    assert "No extract of this month was loaded: there are no figures" in ran.out
    rows = [
        json.loads(row)
        for row in run_cli("report", "--month", "2026-02", "--json", "--as-of", "2026-04-07").out.splitlines()
    ]
    assert (rows[0]["key"], rows[0]["reach_on"]) == ("extracts", None)
    assert {(row["number"], row["seen"]) for row in rows[1:]} == {(None, "no extracts")}
    assert all(row["key"] for row in rows)
