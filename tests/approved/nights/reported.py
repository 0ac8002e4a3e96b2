"""The monthly report of the nights: that of March as it is handed out, and that of April as far as it has come."""

from collections.abc import Sequence
from datetime import date

from config.days.london import at_london
from flows.configured import configured
from models.rules.report.months import Month
from tasks.report import report
from tests.approved.nights.book import Force
from tests.approved.nights.house import House, call

MARCH = Month(2026, 3)


def march(house: House, force: Force, day: date) -> Sequence[str]:
    """Hand out the report of March, and print it for all and for a force."""
    del house, force
    handed = report.hand_out(configured(), MARCH, day, at_london(day))
    on = ("--as-of", day.isoformat())
    return [f"{handed.month}: {handed.places} places", *call("report", *on), *call("report", "--force", "45", *on)]


def april(house: House, force: Force, day: date) -> Sequence[str]:
    """Print the report of April for a force, beside the March that was kept."""
    del house, force
    return call("report", "--month", "2026-04", "--force", "45", "--as-of", day.isoformat())
