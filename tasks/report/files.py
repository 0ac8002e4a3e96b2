"""The report as files: a page for a browser, one to print, and its numbers."""

import csv
import io
import logging
import os
import re
from pathlib import Path

from models.errors import Refuse
from models.queries.report.places import ReportPlace
from models.rules.report.months import Month
from tasks.platform import templates
from tasks.report.pages import Page
from tasks.report.values import Value

_COLUMNS = (
    "month", "page", "section", "place", "key", "title", "number", "share_percent", "seen", "without",
    "month_before", "year_before",
)  # fmt: skip
_NO_PANGO = (
    "The PDF needs the library Pango, which this machine lacks: on Debian, apt-get install libpango-1.0-0 "
    "libpangoft2-1.0-0. An .html needs no library. Nothing was done."
)


def html(page: Page) -> str:
    """Return the page as one HTML file that asks nothing of any other host."""
    return templates.page("report/page.html", page=page)


def pdf(page: Page) -> bytes:
    """Return the page as a PDF of A4. Nothing is fetched.

    Raises Refuse where the page has something to fetch, and where a library of the system is lacking.
    """
    for name in ("weasyprint", "fontTools"):
        logging.getLogger(name).setLevel(logging.ERROR)
    try:
        from weasyprint import HTML  # noqa: PLC0415  it loads libraries of the system, which few commands need
        from weasyprint.urls import URLFetcherResponse  # noqa: PLC0415
    except OSError:
        raise Refuse(_NO_PANGO) from None
    asked: list[str] = []

    def fetch_nothing(url: str) -> URLFetcherResponse:
        asked.append(url)
        return URLFetcherResponse(url, b"")

    made: bytes = HTML(string=html(page), url_fetcher=fetch_nothing).write_pdf(pdf_tags=True)
    if asked:
        raise Refuse(
            f"The page asks for {asked[0]}, and a PDF fetches nothing: take the address out of config/templates, or "
            "write an .html. Nothing was done."
        )
    return made


def table(page: Page) -> str:
    """Return every number of the page as CSV; a hidden one is written as *, an unknown one is left empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for section in page.sections:
        head = (str(page.month), page.name, section.title)
        for line in section.lines:
            months = (cell(line.before), cell(line.year_before))
            writer.writerow((*head, page.name, line.key, line.title, *_cells(line.now), *months))
        for grid in (section.places, section.table):
            for row in grid.rows if grid else ():
                place, title = (row.name, "") if grid is section.places else (page.name, f"{row.name}: ")
                keys = row.keys or (grid.keys if grid else ())
                for key, column, value in zip(keys, grid.columns if grid else (), row.values, strict=True):
                    writer.writerow((*head, place, key, f"{title}{column}", *_cells(value), "", ""))
    return out.getvalue()


def _cells(value: Value) -> tuple[object, ...]:
    """Return a number, its share, how much of it is seen, and the sources that it is without."""
    return cell(value), "" if value.share is None else value.share, value.unseen or "seen", "; ".join(value.without)


def cell(value: Value) -> str:
    """Return a value as it is written in a file; empty without a number."""
    if value.number is None:
        return ""
    return value.number.replace("hidden", "*") if isinstance(value.number, str) else f"{value.number:g}"


def folder(home: Path, month: Month) -> Path:
    """Return where the pages of a month are kept."""
    return home / "reports" / str(month)


def stem(place: ReportPlace) -> str:
    """Return the name of a place's files."""
    if place.force_code:
        return f"force-{place.force_code}"
    return f"area-{re.sub('[^a-z]+', '-', place.cps_area.lower())}" if place.cps_area else "all"


def write(into: Path, name: str, content: str) -> None:
    """Write a file for this account alone, in place of the one that was there."""
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = into / f".{name}.part"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(content)
    draft.rename(into / name)
