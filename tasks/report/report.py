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
from tasks.platform import templates
from tasks.platform.configuration import Configuration
from tasks.platform.consultation import record_consultation
from tasks.report import files, protection
from tasks.report.figures import ALL, MonthFigures, earlier, keep, of_month
from tasks.report.pages import Composer, Page, name_of
from tasks.report.protection import Printed
from tasks.report.sight import PlaceSight
from tasks.servers.database import transaction

_YEAR = 12  # months
_FOR_OPERATIONS = "operations.md"


class _Months(NamedTuple):
    """A month, the one before it, and the same month a year before; and what may be printed of them."""

    now: MonthFigures
    before: MonthFigures | None
    year_before: MonthFigures | None

    def printed(self, protect: Callable[[Mapping[ReportPlace, Figures]], Printed]) -> list[Printed]:
        return [protect(figures.by_place) if figures else {} for figures in self]


class _Sight(NamedTuple):
    """Duties that a source does not send of each force, and the days of first rounds: what is before is not counted."""

    unseen: Mapping[str, tuple[str, ...]]
    first_days: Mapping[str, date]

    @classmethod
    def read(cls, configuration: Configuration, connection: Connection) -> "_Sight":
        return cls(coverage.unseen_by_force(configuration, connection), kept_figures.first_days_of_forces(connection))

    def began_in(self, months: _Months) -> dict[str, date]:
        """Return the forces that had their first round in one of the months, but not on its first day."""
        shown = [month.month for month in months if month]
        return {
            force: day
            for force, day in self.first_days.items()
            if any(month.first < day <= month.last for month in shown)
        }


def page(configuration: Configuration, place: ReportPlace, month: Month, today: date) -> Page:
    """Return the page of one place and audit the request.

    Raises Refuse for a force that no source has sent, an Area without a case, and a month of which no day is over.
    """
    with transaction() as connection:
        if place.cps_area is None:
            consulted(connection, "report", place.force_code)
        else:
            record_consultation(connection, "list", place.cps_area, "report")
        months = _months(configuration, connection, month, today)
        if place.cps_area is not None and place not in months.now.by_place:
            raise Refuse(f"No case of {name_of(place)} is in the book: name another. Nothing was done.")
        protect = protection.own_pages if place.force_code else protection.leaving_a_force
        return _page(place, months, months.printed(protect), _Sight.read(configuration, connection), today)


def pages(configuration: Configuration, month: Month, today: date, at: datetime) -> list[tuple[ReportPlace, Page]]:
    """Return the pages of all, of each force and of each CPS Area, and keep a month that is over as it was counted."""
    with transaction() as connection:
        months = _months(configuration, connection, month, today)
        if months.now.counted and months.now.to_on == month.last:
            keep(connection, months.now, at)
        consulted(connection, "report", None)
        sight = _Sight.read(configuration, connection)
        leaving, own = months.printed(protection.leaving_a_force), months.printed(protection.own_pages)
        return [
            (place, _page(place, months, own if place.force_code else leaving, sight, today))
            for place in _whole_places(months.now)
        ]


def _months(configuration: Configuration, connection: Connection, month: Month, today: date) -> _Months:
    return _Months(
        of_month(configuration, connection, month, today),
        earlier(configuration, connection, month.back(1), today),
        earlier(configuration, connection, month.back(_YEAR), today),
    )


def _whole_places(figures: MonthFigures) -> Iterator[ReportPlace]:
    """Return all, each force and each Area that has figures."""
    yield ALL
    yield from sorted(
        (place for place in figures.by_place if place != ALL and not (place.force_code and place.cps_area)),
        key=lambda one: (not one.force_code, str(one)),
    )


def _page(place: ReportPlace, months: _Months, printed: Sequence[Printed], sight: _Sight, today: date) -> Page:
    now, before, year_before = printed
    composer = Composer(place, now, before, year_before, [month.sight if month else {} for month in months])
    month = months.now.month
    return Page(
        name_of(place), month, months.now.to_on, today, months.now.to_on == month.last,
        months.now.sight.get(place, PlaceSight(months.now.to_on)), tuple(composer.headline()),
        tuple(composer.parts()), tuple(_unseen(place, sight.unseen)), tuple(_began(place, months, sight)),
    )  # fmt: skip


def _began(place: ReportPlace, months: _Months, sight: _Sight) -> Iterator[tuple[date, tuple[str, ...]]]:
    """Return the days of first rounds that fall in the page's months, each with its forces."""
    there = {
        report_place.force_code
        for report_place in months.now.by_place
        if place in (report_place, ALL, ReportPlace(None, report_place.cps_area))
    }
    began = sight.began_in(months)
    mine = {force: day for force, day in began.items() if force in there | {place.force_code}}
    for day in sorted(set(mine.values())):
        yield day, tuple(name_of(ReportPlace(force)) for force in sorted(mine) if mine[force] == day)


def _unseen(place: ReportPlace, unseen: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for force_code, rules in unseen.items():
        area = FORCES[force_code].cps_area if force_code in FORCES else None
        if place == ALL or place.force_code == force_code or (place.cps_area and area in {place.cps_area, None}):
            yield name_of(ReportPlace(force_code)), rules


class Handed(NamedTuple):
    """A month's report that was made: its month and its places."""

    month: Month
    places: int


def hand_out(configuration: Configuration, month: Month, today: date, at: datetime) -> Handed:
    """Write the page and the numbers of every place to the data directory, and keep the month's figures."""
    into = files.folder(configuration.settings.home, month)
    made = pages(configuration, month, today, at)
    for place, page in made:
        files.write(into, f"{files.stem(place)}.html", files.html(page))
        files.write(into, f"{files.stem(place)}.csv", files.table(page))
    whole = made[0][1]
    shown = templates.render_text("report/artifact.md", {"page": whole, "folder": f"reports/{month}"})
    files.write(into, _FOR_OPERATIONS, shown)
    return Handed(month, len(made))


def for_operations(configuration: Configuration, month: Month) -> str:
    """Return the page for operations of a month that was handed out, in Markdown."""
    return (files.folder(configuration.settings.home, month) / _FOR_OPERATIONS).read_text("utf-8")
