"""Which figures of a month a page may print: small numbers are hidden, and none can be got back by subtraction."""

import fnmatch
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from models.queries.report.places import Figures, ReportPlace
from models.rules.report.small_numbers import hidden
from models.rules.report.witness import SMALL, Sum
from tasks.report.figures import ALL
from tasks.report.sections import Table, layout

HIDDEN = "hidden"  # in place of a number
OPENED, CLEARED, AT_END = "stalls_opened", "stalls_cleared", "stalled_at_end"
_STALLS = (OPENED, CLEARED, AT_END)


class FigureAt(NamedTuple):
    """A place's figure by its key, or what is left of one that is a whole, which no page prints."""

    place: ReportPlace
    key: str


Printed = Mapping[ReportPlace, Mapping[str, float | str | None]]


def leaving_a_force(figures: Mapping[ReportPlace, Figures]) -> Printed:
    """Return what pages print that others read: of all, of forces and of CPS Areas, as one table."""
    return _printed(figures, frozenset())


def own_pages(figures: Mapping[ReportPlace, Figures]) -> Printed:
    """Return what each force's own page prints: its own numbers in full, those of its Areas with small ones hidden.

    Where the force's numbers would give one away all the same, nothing of that count is told of any Area.
    """
    made: dict[ReportPlace, Mapping[str, float | str | None]] = {}
    for force in [place for place in figures if place.force_code and not place.cps_area]:
        there = {place: found for place, found in figures.items() if place.force_code == force.force_code}
        made |= _printed(there, frozenset({force}))
    return made


def _printed(figures: Mapping[ReportPlace, Figures], own: frozenset[ReportPlace]) -> Printed:
    made: dict[ReportPlace, dict[str, float | str | None]] = {
        place: {key: number for key, number in found.items() if _is_printed(place, key, own)}
        for place, found in figures.items()
    }
    for group in _groups({key for found in figures.values() for key in found}):
        for cell in _hidden(figures, group, own):
            made[cell.place][cell.key] = HIDDEN
    for found in made.values():
        for key, of in _medians(found):
            number = found.get(of) or 0
            if number == HIDDEN or (isinstance(number, (int, float)) and number in SMALL):
                found[key] = HIDDEN
    return made


def _hidden(
    figures: Mapping[ReportPlace, Figures], keys: frozenset[str], own: frozenset[ReportPlace]
) -> Iterable[FigureAt]:
    """Return the numbers to hide of figures that hang together, in all places at once: their tables add up."""
    wholes = list(_wholes(keys))
    numbers = {
        FigureAt(place, key): int(found.get(key) or 0)
        for place, found in figures.items()
        for key in keys
        if _is_printed(place, key, own)
    }
    printed, known = frozenset(numbers), layout().figures
    for cell in [FigureAt(place, key) for place in figures for whole, _ in wholes for key in {whole} - keys]:
        numbers[cell] = sum(numbers[cell._replace(key=one)] for one in layout().unprinted[cell.key])
    sums = [whole for key in sorted(keys) for whole in _across(numbers, figures, key)]
    sums += [one for place in figures for whole, parts in wholes for one in _within_place(numbers, place, whole, parts)]
    open_ = {cell for cell in printed if cell.place in own or (own and cell.key in known and known[cell.key].own)}
    if own or not keys.issuperset(_STALLS):
        withheld = _withheld(figures, own, printed - open_)
        return hidden(numbers, sums, printed=printed, open_=open_, withheld=withheld)
    return _hidden_with_stalls(figures, numbers, sums, printed)


def _withheld(
    figures: Mapping[ReportPlace, Figures], own: frozenset[ReportPlace], cells: Iterable[FigureAt]
) -> Iterator[FigureAt]:
    """Yield the cells that a force's own page may withhold: of its Areas that have any number, and of no count of zero.

    That an Area of which nothing is counted has none is known.
    """
    for cell in cells:
        wholes = [figures[force].get(cell.key) for force in own]
        if any(wholes) and any(figures[cell.place].get(key) for key in layout().figures):
            yield cell


def _hidden_with_stalls(
    figures: Mapping[ReportPlace, Figures],
    numbers: dict[FigureAt, int],
    sums: list[Sum],
    printed: frozenset[FigureAt],
) -> frozenset[FigureAt]:
    """Return what to hide of the counts of stalls, of which those at a month's end are told by the next month too.

    What is hidden of them depends on them alone, so that the next month knows it. New stalls, and those that ended,
    make up for whatever a reader takes them to be, if need be as a zero that is hidden.
    """
    for place in figures:
        opened, cleared, at_end = (FigureAt(place, key) for key in _STALLS)
        before, moved = FigureAt(place, "stalled before"), FigureAt(place, "stalled before or begun")
        numbers[moved] = numbers[cleared] + numbers[at_end]
        numbers[before] = numbers[moved] - numbers[opened]
        sums += [Sum(moved, (before, opened)), Sum(moved, (cleared, at_end))]
    ends = {cell: number for cell, number in numbers.items() if cell.key in {AT_END, "stalled before"}}
    of_ends = [whole for key in (AT_END, "stalled before") for whole in _across(ends, figures, key)]
    sums += [whole for whole in of_ends if whole.whole not in printed]
    at_ends = hidden(ends, of_ends, printed=ends)
    moves = {cell for cell in printed if cell.key in {OPENED, CLEARED}}
    elsewhere = {cell: cell in at_ends for cell in ends}
    return at_ends & printed | hidden(numbers, sums, printed=printed, elsewhere=elsewhere, zeros=moves)


def _across(numbers: Mapping[FigureAt, int], places: Iterable[ReportPlace], key: str) -> Iterator[Sum]:
    """Return the sums of a figure over places that pages print."""
    for place, parts in _places(places, key):
        cells = tuple(FigureAt(part, key) for part in parts)
        if numbers.keys() >= {FigureAt(place, key), *cells}:
            yield Sum(FigureAt(place, key), cells)


def _within_place(numbers: dict[FigureAt, int], place: ReportPlace, whole: str, parts: Iterable[str]) -> Iterator[Sum]:
    """Return the sum of a place's count, if its parts are there, and put what is left of it among the numbers."""
    cells = tuple(FigureAt(place, part) for part in parts)
    if not numbers.keys() >= {FigureAt(place, whole), *cells}:
        return
    rest = FigureAt(place, f"{whole} less {' '.join(cell.key for cell in cells)}")
    left = numbers[FigureAt(place, whole)] - sum(numbers[cell] for cell in cells)
    if left or len(cells) == 1:
        numbers[rest] = left
        cells = (*cells, rest)
    yield Sum(FigureAt(place, whole), cells)


def _is_printed(place: ReportPlace, key: str, own: frozenset[ReportPlace]) -> bool:
    """Return whether a page prints a figure of a place: tables are of the page's own place, and of none beside it."""
    return key in layout().figures or (place in own if own else not place.force_code)


def _places(figures: Iterable[ReportPlace], key: str) -> Iterator[tuple[ReportPlace, list[ReportPlace]]]:
    """Return each place with those that make it up, for a figure."""
    places = sorted(figures, key=str)
    pairs = [place for place in places if place.force_code and place.cps_area]
    forces = [place for place in places if place.force_code and not place.cps_area]
    areas = [place for place in places if place.cps_area and not place.force_code]
    if key in layout().apart:
        made = {ALL: [[*forces, *areas]]} if ALL in places else {}
    else:
        made = {ALL: [forces, areas]} if ALL in places else {}
        made |= {force: [[pair for pair in pairs if pair.force_code == force.force_code]] for force in forces}
        made |= {area: [[pair for pair in pairs if pair.cps_area == area.cps_area]] for area in areas if ALL in places}
    yield from ((place, parts) for place, ways in made.items() for parts in ways if parts)


def _groups(keys: set[str]) -> Iterator[frozenset[str]]:
    """Split counts into groups that hang together; days and medians are no counts of people."""
    left = frozenset(key for key in keys if not _is_of_days(key))
    while left:
        group = {min(left)}
        while more := [one for one in _tied(left) if group & one and one - group]:
            group.update(*more)
        yield left & group
        left -= group


def _tied(keys: frozenset[str]) -> Iterator[set[str]]:
    """Return the counts that are in one sum, of a place or of two months."""
    yield from ({whole, *parts} for whole, parts in _wholes(keys))
    yield {key for key in _STALLS if key in keys}


def _wholes(keys: Iterable[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Return each count that is made of others, with these."""
    there, known = frozenset(keys), layout().figures
    made = {key for key, plus in layout().unprinted.items() if there.issuperset(plus)}
    for equal in layout().equal:
        parts = tuple(key for part in equal.parts for key in (sorted(fnmatch.filter(there, part)) or [part]))
        if (there | made).issuperset((equal.whole, *parts)):
            yield equal.whole, parts
    for key in sorted(there):
        figure = known.get(key)
        if figure and figure.parts and there.issuperset(figure.parts):
            yield key, figure.parts
        if figure and figure.of in there:
            yield str(figure.of), (key,)
        stem, _, column = key.rpartition(".")
        whole = _within(key, column)
        if whole and f"{stem}.{whole}" in there and not figure:
            yield f"{stem}.{whole}", (key,)


def _within(key: str, column: str) -> str | None:
    return next((table.within.get(column) for table in _tables(key)), None)


def _is_of_days(key: str) -> bool:
    if key in layout().figures:
        return layout().figures[key].unit == "days"
    return any(key.rpartition(".")[2] in table.days for table in _tables(key))


def _tables(key: str) -> Iterator[Table]:
    name = key.partition(":")[0] if ":" in key else "duties"
    return (section.table for section in layout().sections if section.table and section.table.of == name)


def _medians(found: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return each median with what counts it: of a hidden count also one that is not there, which would tell zero."""
    medians = [(key, figure.count) for key, figure in layout().figures.items() if figure.count]
    counted = [(key, count) for key, count in medians if key in found or found.get(count) == HIDDEN]
    kinds = [key for key in found if key.startswith("kinds:") and key.endswith(".days")]
    return counted + [(key, key.removesuffix("days") + "done") for key in kinds]
