"""Pages of the report: lines with the months to compare, places beside each other, charts and tables."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from config.forces import force_name
from config.terms import Risk
from models.queries.report.places import ReportPlace
from models.rules.obligations.rulebook import RULES
from models.rules.report.months import Month
from tasks.platform import templates
from tasks.report.figures import ALL
from tasks.report.protection import HIDDEN, Printed
from tasks.report.sections import Section, Table, layout
from tasks.report.sight import NOT_UNSEEN, FigureSight, PlaceSight, Sights, UnseenPart
from tasks.report.values import Number, Value, as_seen, share_of


class Line(NamedTuple):
    """A figure of the month, of the month before, and of the same month a year before."""

    key: str
    title: str
    means: str
    now: Value
    before: Value
    year_before: Value
    nothing: str = ""  # at the head of a page: the words for a share of nothing


class Row(NamedTuple):
    """A place, a rule, a kind or a step, and its numbers."""

    name: str
    values: tuple[Value, ...]
    keys: tuple[str, ...] = ()  # of its values, where each row has figures of its own


class Grid(NamedTuple):
    """Rows with the same columns."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    keys: tuple[str, ...] = ()  # of the columns, where they are figures


class Chart(NamedTuple):
    """Bars: for each row a number for each name, beside each other."""

    names: tuple[str, ...]
    rows: tuple[Row, ...]
    of_whole: bool  # the last number is the rest of a whole


class SectionPage(NamedTuple):
    """One section of a page."""

    title: str
    note: str
    lines: tuple[Line, ...]
    chart: Chart | None
    places: Grid | None
    table: Grid | None


class Page(NamedTuple):
    """One page of a month's report, as the templates print it."""

    name: str
    month: Month
    to_on: date
    made_on: date
    over: bool  # the month is over
    sight: PlaceSight
    headline: tuple[Line, ...]
    sections: tuple[SectionPage, ...]
    unseen: tuple[tuple[str, tuple[str, ...]], ...]  # forces, and the rules that cannot be seen of them
    began: tuple[tuple[date, tuple[str, ...]], ...]  # first rounds in these months, and their forces

    @property
    def hides(self) -> bool:
        """Return whether a number of this page is hidden."""
        lines = [line for part in self.sections for line in part.lines]
        grids = [grid for part in self.sections for grid in (part.places, part.table) if grid]
        values = [value for line in lines for value in (line.now, line.before, line.year_before)]
        values += [value for grid in grids for row in grid.rows for value in row.values]
        return any(value.number == HIDDEN for value in values)


def name_of(place: ReportPlace) -> str:
    """Return a place's name: Surrey (45), CPS South East, both, or the whole."""
    police = place.force_code and force_name(place.force_code)
    area = place.cps_area and f"CPS {place.cps_area}"
    return " and ".join(one for one in (police, area) if one) or "All forces and CPS Areas"


def _beside(page: ReportPlace, unit: ReportPlace) -> str:
    """Return a place's name on a page that names the rest of it."""
    named = {"force_code": None} if page.force_code else {"cps_area": None} if page.cps_area else {}
    return name_of(unit._replace(**named))


class Composer:
    """Puts together the page of one place, from what may be printed of the months."""

    def __init__(
        self, place: ReportPlace, now: Printed, before: Printed, year_before: Printed, sights: Sights = NOT_UNSEEN
    ) -> None:
        self._place, self._now = place, now
        self._months = tuple(zip((now, before, year_before), sights, strict=True))
        self._units = [report_place for report_place in sorted(now, key=_by_name) if _is_unit(place, report_place)]
        self._known = layout().figures

    def headline(self) -> Iterator[Line]:
        """Return the figures at the head of the page."""
        for key, words in layout().headline.items():
            yield self._line(key)._replace(title=words.title, nothing=words.nothing)

    def parts(self) -> Iterator[SectionPage]:
        """Return the sections in their order."""
        for section in layout().sections:
            yield SectionPage(
                section.title, section.note, tuple(self._line(key) for key in section.figures),
                self._chart(section) if section.chart else None, self._places(section), self._table(section.table),
            )  # fmt: skip

    def _line(self, key: str) -> Line:
        figure = self._known[key]
        now, before, year_before = (self._value(month, self._place, key, sight) for month, sight in self._months)
        return Line(key, figure.title, figure.means, now, before, year_before)

    def _value(
        self, month: Printed, place: ReportPlace, key: str, sights: Mapping[ReportPlace, PlaceSight] | None = None
    ) -> Value:
        if not month:
            return Value(None)
        sight = (self._months[0][1] if sights is None else sights).get(place, PlaceSight())
        found, figure = month.get(place, {}), self._known[key]
        median = figure.count is not None
        number = found.get(key, None if median else 0)
        of = found.get(figure.of, 0) if figure.of else None
        whole = sight.figures.get(figure.of or "")
        return as_seen(Value(number, share_of(number, of), of), sight.figures.get(key), whole)

    def _chart(self, section: Section) -> Chart | None:
        """Draw a bar for each place. Nothing is drawn where every number is zero or hidden."""
        keys, part, whole = section.chart, section.chart[0], section.chart[-1]
        of_whole = self._known[part].of == whole
        shown = [self._place, *self._units] if len(self._units) > 1 else [self._place]
        name = {self._place: "All" if self._place == ALL else name_of(self._place)} | {
            unit: _beside(self._place, unit) for unit in self._units
        }
        rows = [Row(name[place], self._bars(place, keys, of_whole=of_whole)) for place in shown]
        rows = [row for row in rows if any(value.number not in {0, None} for value in row.values)]
        names = (self._known[part].title, section.rest) if of_whole else tuple(self._known[key].title for key in keys)
        drawn = any(value.number not in {0, None, HIDDEN} for row in rows for value in row.values)
        return Chart(names, tuple(rows), of_whole) if drawn else None

    def _bars(self, place: ReportPlace, keys: Sequence[str], *, of_whole: bool) -> tuple[Value, ...]:
        values = [self._value(self._now, place, key) for key in keys]
        if not of_whole:
            return tuple(values)
        part, whole = values
        if isinstance(part.number, str) or isinstance(whole.number, str):
            return Value(HIDDEN), Value(HIDDEN)
        return part, Value((whole.number or 0) - (part.number or 0))

    def _places(self, section: Section) -> Grid | None:
        """Put the places of the page beside each other, two at least, without those of which nothing is counted."""
        if len(self._units) < 2 or not section.figures or (section.apart and self._place != ALL):
            return None
        rows = (Row(_beside(self._place, unit), tuple(self._value(self._now, unit, key) for key in section.figures))
                for unit in self._units)  # fmt: skip
        there = tuple(row for row in rows if any(value.number not in {0, None} for value in row.values))
        titles = tuple(figure.title for figure in section.figures.values())
        return Grid(titles, there, tuple(section.figures)) if len(there) > 1 else None

    def _sight(self) -> PlaceSight:
        return self._months[0][1].get(self._place, PlaceSight())

    def _table(self, table: Table | None) -> Grid | None:
        if table is None:
            return None
        prefix = "" if table.of == "duties" else f"{table.of}:"
        found, sight = self._now.get(self._place, {}), self._sight().figures
        names = _row_names(table.of, prefix, [*found, *_not_seen(sight)])
        rows = []
        for stem, title in names:
            keys = {column: f"{prefix}{stem}.{column}" for column in table.columns}
            numbers = {column: found.get(key, 0) for column, key in keys.items()}
            sights = {column: sight.get(key) or sight.get(f"{prefix}*.{column}") for column, key in keys.items()}
            rows.append(Row(title, tuple(_cells(table, numbers, sights)), tuple(keys.values())))
        return Grid(tuple(table.columns.values()), tuple(rows)) if rows else None


def _cells(table: Table, numbers: Mapping[str, Number], sights: Mapping[str, FigureSight | None]) -> Iterator[Value]:
    for column, number in numbers.items():
        whole = table.within.get(column, "")
        value = Value(number, share_of(number, numbers.get(whole)), numbers.get(whole))
        yield as_seen(value, sights[column], sights.get(whole))


def _is_unit(page: ReportPlace, place: ReportPlace) -> bool:
    """Return whether a place is one of those that a page puts beside each other."""
    if page == ReportPlace():
        return bool(place.force_code) != bool(place.cps_area)
    if page.force_code:
        return place.force_code == page.force_code and bool(place.cps_area)
    return place.cps_area == page.cps_area and bool(place.force_code)


def _by_name(place: ReportPlace) -> tuple[bool, str]:
    return not place.force_code, name_of(place)


def _not_seen(sight: Mapping[str, FigureSight]) -> Iterator[str]:
    """Yield the figures of rules that are not wholly seen: they have a row though nothing of them was counted."""
    for key, one in sight.items():
        rule = RULES.get(key.rpartition(".")[0])
        if rule is not None and rule.per_case and one.unseen is not UnseenPart.SILENT:
            yield key


def _row_names(of: str, prefix: str, found: Sequence[str]) -> Iterable[tuple[str, str]]:
    stems = {key.removeprefix(prefix).rpartition(".")[0] for key in found if key.startswith(prefix) and "." in key}
    if of == "duties":
        return [(name, rule.title) for name, rule in RULES.items() if name in stems]
    words = templates.names()
    if of == "base":
        return [(risk, words["risk"][risk]) for risk in Risk if risk in stems]
    if of == "kinds":
        named = [(stem, str(words["kinds"].get(stem, "another kind"))) for stem in stems]
        return sorted(named, key=lambda one: (one[0] == "OTHER", one[1].lower()))
    order = list(RULES)
    split = sorted((stem.split(" ", 1) for stem in stems), key=lambda one: (order.index(one[0]), one[1]))
    return [(f"{rule} {step}", f"{RULES[rule].title}: {words['steps'].get(step, step)}") for rule, step in split]
