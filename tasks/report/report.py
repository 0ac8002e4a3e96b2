"""A month's monitoring report: of one place to read, or of all places to hand out and keep."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.forces import FORCES
from models.errors import Refuse
from models.queries.report import kept_figures
from models.queries.report.places import Figures, ReportPlace
from models.rules.report.months import Month
from tasks.obligations import coverage
from tasks.obligations.lists import consulted
from tasks.platform.consultation import record_consultation
from tasks.platform.database import transaction
from tasks.report import protection
from tasks.report.figures import ALL, MonthFigures, earlier, of_month
from tasks.report.pages import Composer, Page, name_of
from tasks.report.protection import Printed

_YEAR = 12  # months


class _Months(NamedTuple):
    """A month, the one before it, and the same month a year before; and what may be printed of them."""

    now: MonthFigures
    before: MonthFigures | None
    year_before: MonthFigures | None

    def printed(self, protect: Callable[[Mapping[ReportPlace, Figures]], Printed]) -> list[Printed]:
        return [protect(one.by_place) if one else {} for one in self]


def page(place: ReportPlace, month: Month, today: date) -> Page:
    """Return the page of one place and audit the request.

    Raises Refuse for a force that no source has sent, an Area without a case, and a month of which no day is over.
    """
    with transaction() as connection:
        if place.cps_area is None:
            consulted(connection, "report", place.force_code)
        else:
            record_consultation(connection, "list", place.cps_area, "report")
        months = _months(connection, month, today)
        if place.cps_area is not None and place not in months.now.by_place:
            raise Refuse(f"No case of {name_of(place)} is in the book: name another. Nothing was done.")
        protect = protection.own_pages if place.force_code else protection.leaving_a_force
        return _page(place, months, months.printed(protect), coverage.unseen_by_force(connection), today)


def pages(month: Month, today: date, at: datetime) -> list[tuple[ReportPlace, Page]]:
    """Return the pages of all, of each force and of each CPS Area, and keep a month that is over as it was counted."""
    with transaction() as connection:
        months = _months(connection, month, today)
        if months.now.counted and months.now.to_on == month.last:
            kept_figures.keep(connection, month.first, months.now.by_place, at)
        consulted(connection, "report", None)
        unseen = coverage.unseen_by_force(connection)
        leaving, own = months.printed(protection.leaving_a_force), months.printed(protection.own_pages)
        return [
            (place, _page(place, months, own if place.force_code else leaving, unseen, today))
            for place in _whole_places(months.now)
        ]


def _months(connection: Connection, month: Month, today: date) -> _Months:
    return _Months(
        of_month(connection, month, today),
        earlier(connection, month.back(1), today),
        earlier(connection, month.back(_YEAR), today),
    )


def _whole_places(figures: MonthFigures) -> Iterator[ReportPlace]:
    """Return all, each force and each Area that has figures."""
    yield ALL
    yield from sorted(
        (one for one in figures.by_place if one != ALL and not (one.force_code and one.cps_area)),
        key=lambda one: (not one.force_code, str(one)),
    )


def _page(
    place: ReportPlace, months: _Months, printed: Sequence[Printed], unseen: Mapping[str, tuple[str, ...]], today: date
) -> Page:
    now, before, year_before = printed
    made = Composer(place, now, before, year_before)
    month = months.now.month
    return Page(
        name_of(place), month, months.now.to_on, today, months.now.to_on == month.last, tuple(made.headline()),
        tuple(made.parts()), tuple(_unseen(place, unseen)), made.hides,
    )  # fmt: skip


def _unseen(place: ReportPlace, unseen: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for force_code, rules in unseen.items():
        area = FORCES[force_code].cps_area if force_code in FORCES else None
        if place == ALL or place.force_code == force_code or (place.cps_area and area in {place.cps_area, None}):
            yield name_of(ReportPlace(force_code)), rules
