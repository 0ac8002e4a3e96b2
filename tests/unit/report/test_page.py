"""A page as its reader sees it: shares with their whole, zero of zero, charts, tables, and what is explained."""

import re
import zlib
from datetime import date

from models.queries.report.places import ReportPlace
from models.rules.report.months import Month
from tasks.platform import templates
from tasks.report import files
from tasks.report.figures import ALL
from tasks.report.pages import Composer, Page, name_of
from tasks.report.protection import leaving_a_force, own_pages
from tasks.report.sight import FigureSight, PlaceSight, UnseenPart

WHOLE = PlaceSight(date(2026, 3, 31))
SURREY, KENT = ReportPlace("45"), ReportPlace("46")
PAIRS = (ReportPlace("45", "South East"), ReportPlace("45", "London South"))


def made(
    place: ReportPlace, figures: dict, before: dict | None = None, began: tuple = (), sight: PlaceSight = WHOLE
) -> Page:
    """The page of a place in March 2026."""
    protect = own_pages if place.force_code else leaving_a_force
    one = Composer(place, protect(figures), protect(before) if before else {}, {}, [{place: sight}, {}, {}])
    return Page(
        name_of(place), Month(2026, 3), date(2026, 3, 31), date(2026, 4, 6), True, sight, tuple(one.headline()),
        tuple(one.parts()), (("Surrey (45)", ("plea",)),), began,
    )  # fmt: skip


def tile(page: Page, title: str) -> str:
    """The words of a figure at the head of a page."""
    found = re.search(rf'<div class="tile[^"]*">{title}(.*?)</div>', files.html(page))
    assert found
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


def test_a_share_at_the_head_names_its_whole():
    page = made(SURREY, {SURREY: {"victim-told.due": 8, "victim-told.in_time": 2}})
    assert tile(page, "Victims told in time").startswith("25 % 2 of 8 in the month")


def test_what_cannot_be_seen_is_no_zero_and_what_is_partly_seen_names_the_sources_that_it_is_without():
    sight = PlaceSight(date(2026, 3, 31), {"cms-ls": date(2026, 3, 9)}, {
        "victim-told.in_time": FigureSight(UnseenPart.BLIND, ("niche-45",)),
        "victim-told.due": FigureSight(UnseenPart.BLIND, ("niche-45",)),
        "pleas_victim_consulted": FigureSight(UnseenPart.PARTLY, ("cms-ls",)),
    })  # fmt: skip
    page = made(SURREY, {SURREY: {"pleas_accepted": 8, "pleas_victim_consulted": 5}}, sight=sight)
    assert tile(page, "Victims told in time").startswith("cannot be seen")
    for text in (files.html(page), templates.command_output("report", {"page": page})):
        assert "partly: without cms-ls" in text
        assert "Extracts reach to Tue 31 Mar 2026, of cms-ls to Mon 9 Mar 2026 only." in text
    rows = [row.split(",") for row in files.table(page).splitlines()]
    assert [row[6:10] for row in rows if row[4] == "pleas_victim_consulted"] == [["5", "", "partly", "cms-ls"]]
    assert next(row[6:10] for row in rows if row[4] == "victim-told.due") == ["", "", "cannot be seen", "niche-45"]


def test_a_share_of_nothing_has_words_and_is_no_failure():
    page = made(SURREY, {SURREY: {"joint-review.due": 5, "joint-review.in_time": 0}})
    assert tile(page, "Breaches answered in time").endswith("none fell due no earlier month to compare")
    assert "%" not in tile(page, "Breaches answered in time")
    assert tile(page, "Joint reviews in time").startswith("0 % 0 of 5 in the month")


def test_a_bar_of_the_page_is_named_for_its_place_and_its_rest_for_what_it_is():
    found = {"joint-review.due": 20, "joint-review.in_time": 10}
    page = made(SURREY, {SURREY: {key: 2 * number for key, number in found.items()}} | dict.fromkeys(PAIRS, found))
    chart = page.sections[1].chart
    assert chart
    assert chart.names == ("Held in time", "Late, or not yet held")
    assert [row.name for row in chart.rows] == ["Surrey (45)", "CPS London South", "CPS South East"]


def test_no_chart_is_drawn_of_hidden_numbers_alone():
    figures = {ALL: {"joint-review.due": 3, "joint-review.in_time": 2}}
    assert made(ALL, figures).sections[1].chart is None
    assert made(SURREY, {SURREY: figures[ALL]}).sections[1].chart


def test_a_star_in_the_month_before_is_explained_too():
    figures = {ALL: {"joint-review.due": 30, "joint-review.in_time": 0}}
    assert not made(ALL, figures).hides
    page = made(ALL, figures, before={ALL: {"joint-review.due": 3, "joint-review.in_time": 0}})
    assert page.hides
    assert "* A number from 1 to 4" in files.html(page)
    assert "nor is a median of fewer than five" in files.html(page)


def test_each_row_has_a_head_and_each_table_a_name():
    html = files.html(made(SURREY, {place: {"joint-review.due": 30} for place in (SURREY, *PAIRS)}))
    tables = re.findall(r"<table[^>]*>", html)
    assert tables
    assert all("aria-label" in one for one in tables)
    assert not re.findall(r"<tr><td>[^<]", html)
    assert '<th scope="col"></th>' not in html


def test_what_a_source_does_not_send_is_said_of_a_source_and_not_of_all():
    page = made(SURREY, {SURREY: {}})
    for text in (files.html(page), templates.command_output("report", {"page": page})):
        assert "A source of these forces sends nothing that would tell of these duties" in text
        assert "No source" not in text


def test_people_are_of_a_force_or_of_an_area_and_not_beside_each_other_on_a_forces_page():
    figures = {SURREY: {"training_overdue": 7}, PAIRS[0]: {"charged": 9}, PAIRS[1]: {"charged": 9}}
    people = next(one for one in made(SURREY, figures).sections if one.title == "People")
    assert people.places is None


def test_places_beside_each_other_have_the_keys_of_their_figures_in_the_csv():
    figures = {place: {"charged": 9} for place in (SURREY, *PAIRS)}
    rows = files.table(made(SURREY, figures)).splitlines()
    assert [row for row in rows if ",CPS South East,charged,Cases charged,9," in row]


def test_the_pdf_is_tagged_for_readers_of_screens():
    streams = re.findall(rb"stream\n(.*?)\nendstream", files.pdf(made(SURREY, {SURREY: {}})), re.DOTALL)
    assert any(b"/MarkInfo" in zlib.decompress(one) for one in streams if one.startswith(b"x"))
