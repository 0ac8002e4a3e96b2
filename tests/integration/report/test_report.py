"""A month's report as people get it: pages and their numbers, earlier months, and what is hidden from whom."""

import csv
import io
import re
import stat
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from config.settings import settings
from flows.configured import configured
from models.errors import Refuse
from models.queries.report import kept_figures
from models.queries.report.places import ReportPlace
from models.rules.report.months import Month
from tasks.platform import templates
from tasks.report import files, report
from tasks.report.figures import ALL
from tests.integration.report.random_book import RandomBook
from tests.worlds.report_lines import lines

MARCH, TODAY, AT = Month(2026, 3), date(2026, 4, 6), datetime(2026, 4, 6, 6, tzinfo=UTC)


@pytest.fixture
def book(database):
    """A random book that stays, as a report opens transactions of its own."""
    with database.begin() as connection:
        RandomBook(connection, 1, cases=14)
    return database


def test_there_is_a_page_of_all_of_each_force_and_of_each_area(book):
    made = dict(report.pages(configured(), MARCH, TODAY, AT))
    assert list(made) == [
        ALL,
        ReportPlace("45"),
        ReportPlace("46"),
        ReportPlace(None, "London"),
        ReportPlace(None, "South East"),
    ]
    assert made[ReportPlace("45")].name == "Surrey (45)"
    assert made[ALL].to_on == date(2026, 3, 31)


def test_a_forces_own_page_shows_small_numbers_and_no_other_page_does(book):
    made = dict(report.pages(configured(), MARCH, TODAY, AT))
    own = {line.now.number for line in lines(made[ReportPlace("46")]).values()}
    assert own & {1, 2, 3, 4}
    assert "hidden" not in {
        line.now.number for key, line in lines(made[ReportPlace("46")]).items() if "days" not in key
    }
    for place in (ALL, ReportPlace(None, "London"), ReportPlace(None, "South East")):
        counts = [line.now.number for key, line in lines(made[place]).items() if "day" not in key]
        beside = [value.number for one in made[place].sections if one.title != "Whose turn" and one.places
                  for row in one.places.rows for value in row.values]  # fmt: skip
        assert not {1, 2, 3, 4} & set(counts), place
        assert made[place].hides or "hidden" not in {*counts, *beside}


def test_a_force_of_which_a_rule_cannot_be_seen_is_named_on_its_own_page_its_areas_and_that_of_all(book):
    with book.begin() as connection:
        connection.execute(text("update source_columns set state = 'lacking' where name = 'risk_assessed_on'"))
    made = report.pages(configured(), MARCH, TODAY, AT)
    surrey, kent = (("Surrey (45)", ("risk-assessment",)), ("Kent (46)", ("risk-assessment",)))
    assert {place: list(page.unseen) for place, page in made} == {
        ALL: [surrey, kent], ReportPlace("45"): [surrey], ReportPlace("46"): [kent],
        ReportPlace(None, "London"): [], ReportPlace(None, "South East"): [surrey, kent],
    }  # fmt: skip


def test_kinds_of_actions_stand_by_their_names_and_every_other_kind_last(book):
    with book.begin() as connection:
        connection.execute(
            text("""update actions set status = 'done', raised_on = '2026-03-02', closed_on = '2026-03-10',
                    kind = (array['CCTV', 'ANPR', 'DASHCAM', 'OF_ITS_OWN'])[1 + abs(hashtext(action_ref)) % 4]""")
        )
    page = report.page(configured(), ALL, MARCH, TODAY)
    tables = [one.table.rows for one in page.sections if one.table and one.table.rows[0].keys[0].startswith("kinds:")]
    *names, last = [row.name for row in tables[0]]
    assert len(names) > 1
    assert names == sorted(names, key=str.lower)
    assert last == "another kind"


def test_areas_beside_each_other_on_a_forces_page_hide_small_numbers_save_limits_orders_and_stalls(book):
    page = report.page(configured(), ReportPlace("45"), MARCH, TODAY)
    beside = [one for one in page.sections if one.places and one.title != "Whose turn"]
    shown = {
        (section.title, column): {row.values[at].number for row in section.places.rows}
        for section in beside for at, column in enumerate(section.places.columns)
    }  # fmt: skip
    assert shown["Stalled cases", "Stalled on the last day"] - {"hidden"}
    assert not {1, 2, 3, 4} & shown["Pleas and cases ended", "Pleas accepted"]
    always = {column for (_, column), numbers in shown.items() if {1, 2, 3, 4} & numbers and "ays" not in column}
    assert always <= {
        "Stalls that began", "Stalls that ended", "Stalled on the last day", "Six-month limit, lost",
        "Pre-charge bail, ended undecided", "Custody time limit, lost", "Lapsed undecided",
    }  # fmt: skip


def test_a_month_keeps_its_figures_when_its_cases_are_gone(book):
    before = lines(dict(report.pages(configured(), MARCH, TODAY, AT))[ALL])
    with book.begin() as connection:
        for table in ("notifications", "promises", "obligations", "actions", "reviews", "incidents", "cases"):
            connection.execute(text(f"delete from {table}"))
        connection.execute(text("insert into rounds (force_code, day, began_at, account) "
                                "values ('--', '2026-03-01', now(), '{}')"))  # fmt: skip
    after = lines(report.page(configured(), ALL, Month(2026, 4), date(2026, 5, 6)))
    assert {key: line.before.number for key, line in after.items()} == {
        key: line.now.number for key, line in before.items()
    }
    assert after["joint-review.due"].now.number == 0


def test_a_month_before_the_first_round_has_no_figures_and_not_noughts(book):
    page = report.page(configured(), ALL, MARCH, TODAY)
    assert {line.before.number for line in lines(page).values()} == {None}
    with book.begin() as connection:
        connection.execute(text("insert into rounds (force_code, day, began_at, account) "
                                "values ('--', '2026-02-28', now(), '{}')"))  # fmt: skip
    line = lines(report.page(configured(), ALL, MARCH, TODAY))["stalls_opened"]
    assert line.before.number
    assert line.year_before.number is None


def test_a_month_that_is_not_over_is_shown_and_not_kept(book):
    report.pages(configured(), MARCH, date(2026, 3, 31), AT)
    with book.connect() as connection:
        assert connection.execute(text("select count(*) from report_figures")).scalar_one() == 0
    page = report.page(configured(), ALL, MARCH, date(2026, 3, 31))
    assert not page.over
    assert "Sun 1 Mar 2026 to Thu 19 Mar 2026: the month is not over" in files.html(page), "as far as extracts reach"


def test_a_place_without_a_case_is_refused(book):
    with pytest.raises(Refuse, match=r"No case of Kent \(46\) and CPS Wessex|No case of CPS Wessex"):
        report.page(configured(), ReportPlace(None, "Wessex"), MARCH, TODAY)


def test_a_force_that_no_source_has_sent_is_refused_as_by_every_list(book):
    with pytest.raises(Refuse, match="No source has sent anything for force 99 yet"):
        report.page(configured(), ReportPlace("99"), MARCH, TODAY)


def test_an_area_is_known_however_it_is_spelt_and_another_is_refused_with_the_nearest(run_cli, book):
    asked = ("report", "--month", "2026-03", "--as-of", "2026-04-06")
    assert "CPS South East" in run_cli(*asked, "--area", "south  east").out
    assert 'There is no CPS Area "Soth East". Did you mean South East?' in run_cli(*asked, "--area", "Soth East").err


def test_a_hidden_number_raises_no_alarm_on_the_page(book):
    page = report.page(configured(), ALL, MARCH, TODAY)
    hidden = [line._replace(now=line.now._replace(number="hidden")) for line in page.headline]
    assert 'class="tile bad"' not in files.html(page._replace(headline=tuple(hidden)))


def test_of_several_files_all_or_none_are_written(run_cli, book, tmp_path):
    there, new = tmp_path / "there.csv", tmp_path / "new.html"
    there.write_text("kept")
    ran = run_cli("report", "--month", "2026-03", "--as-of", "2026-04-06", "--to", str(new), "--to", str(there))
    assert (ran.code, new.exists(), there.read_text()) == (2, False, "kept")
    there.unlink()
    ran = run_cli("report", "--month", "2026-03", "--as-of", "2026-04-06", "--to", str(new), "--to", str(there))
    assert ran.out == f"Written: {new}\nWritten: {there}\n"


def test_the_numbers_as_csv_are_those_of_the_page(book):
    page = report.page(configured(), ALL, MARCH, TODAY)
    rows = list(csv.DictReader(io.StringIO(files.table(page))))
    by_key = {row["key"]: row["number"] for row in rows if row["place"] == page.name}
    assert by_key.items() >= {key: files.cell(line.now) for key, line in lines(page).items()}.items()
    assert all(by_key)
    assert {row["place"] for row in rows} >= {"Surrey (45)", "Kent (46)", "CPS London"}


def test_who_asks_for_a_report_is_audited(book):
    report.page(configured(), ReportPlace("45"), MARCH, TODAY)
    with book.connect() as connection:
        (row,) = connection.execute(text("select verb, ref, reason from audit where reason = 'report'"))
    assert tuple(row) == ("consultation", "45", "report")


def test_a_page_is_printed_as_a_pdf(book):
    made = files.pdf(report.page(configured(), ReportPlace("45"), MARCH, TODAY))
    assert made.startswith(b"%PDF-")


@pytest.mark.parametrize(
    "asking",
    [
        '<img src="{}">',
        '<link rel="stylesheet" href="{}">',
        '<link rel="attachment" href="{}">',
        '<style>@import "{}";</style>',
        "<style>body {{ background: url({}) }}</style>",
        "<style>@font-face {{ font-family: x; src: url({}) }} body {{ font-family: x }}</style>",
    ],
)
def test_a_page_with_an_address_that_is_to_be_fetched_is_refused_in_a_sentence(book, monkeypatch, asking):
    page = report.page(configured(), ReportPlace("45"), MARCH, TODAY)
    written = files.html(page).replace("</head>", asking.format("https://example.org/x") + "</head>")
    monkeypatch.setattr(templates, "page", lambda *_, **__: written)
    with pytest.raises(Refuse, match=r"The page asks for https://example\.org/x, and a PDF fetches nothing"):
        files.pdf(page)


def test_a_link_that_a_reader_may_follow_is_printed(book, monkeypatch):
    page = report.page(configured(), ReportPlace("45"), MARCH, TODAY)
    written = files.html(page).replace("</body>", '<a href="https://example.org/x">x</a></body>')
    monkeypatch.setattr(templates, "page", lambda *_, **__: written)
    assert files.pdf(page).startswith(b"%PDF-")


def test_a_month_is_handed_out_as_files_for_this_account_alone(book):
    made = report.hand_out(configured(), MARCH, TODAY, AT)
    into = files.folder(settings().home, MARCH)
    names = {"all", "area-london", "area-south-east", "force-45", "force-46"}
    written = {f"{name}.{kind}" for name in names for kind in ("html", "csv")} | {"operations.md"}
    assert {path.name for path in into.iterdir()} == written
    assert {stat.S_IMODE(path.stat().st_mode) for path in into.iterdir()} == {0o600}
    assert made == (MARCH, 5)
    report.hand_out(configured(), MARCH, TODAY, AT)
    with book.connect() as connection:
        assert connection.execute(text("select count(*) from report_figures where force_code = '45'")).scalar_one() == 3


def test_what_was_kept_in_days_that_had_not_come_is_forgotten(book):
    report.pages(configured(), MARCH, TODAY, AT)
    with book.begin() as connection:
        kept_figures.forget_after(connection, TODAY)
        assert kept_figures.kept(connection, MARCH.first)
        kept_figures.forget_after(connection, date(2026, 4, 5))
        assert not kept_figures.kept(connection, MARCH.first)


def test_no_page_holds_a_reference_a_name_or_an_unknown_code(book):
    """The book's cases are C0 to C13, its people c0 to c7, and a third of its actions have a name for a kind."""
    for place, page in report.pages(configured(), Month(2026, 2), TODAY, AT):
        made = files.html(page) + files.table(page) + templates.command_output("report", {"page": page})
        assert not re.search(r"\bC\d+\b|\bc\d\b|A-NAME|NAME-OF|surrey[.]police", made), place
        assert "another kind" in made or place != ALL
