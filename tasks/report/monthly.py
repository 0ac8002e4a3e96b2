"""The report of a month as it is handed out: files of every place, and a page for operations."""

from datetime import date, datetime
from typing import NamedTuple

from config.settings import settings
from models.rules.report.months import Month
from tasks.platform import templates
from tasks.report import files, report

_FOR_OPERATIONS = "operations.md"


class Handed(NamedTuple):
    """A month's report that was made: its month and its places."""

    month: Month
    places: int


def hand_out(month: Month, today: date, at: datetime) -> Handed:
    """Write the page and the numbers of every place to the data directory, and keep the month's figures."""
    into = files.folder(settings().home, month)
    made = report.pages(month, today, at)
    for place, page in made:
        files.write(into, f"{files.stem(place)}.html", files.html(page))
        files.write(into, f"{files.stem(place)}.csv", files.table(page))
    whole = made[0][1]
    shown = templates.render_text("report/artifact.md", {"page": whole, "folder": f"reports/{month}"})
    files.write(into, _FOR_OPERATIONS, shown)
    return Handed(month, len(made))


def for_operations(month: Month) -> str:
    """Return the page for operations of a month that was handed out, in Markdown."""
    return (files.folder(settings().home, month) / _FOR_OPERATIONS).read_text("utf-8")
