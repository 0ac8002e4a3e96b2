"""Which figures of a month a page may print: small numbers are hidden, and none can be got back by subtraction."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from models.queries.report.places import Figures, ReportPlace
from models.rules.report.small_numbers import SMALL, Sum, hidden
from tasks.report import sections
from tasks.report.figures import ALL

HIDDEN = "hidden"  # in place of a number


class FigureAt(NamedTuple):
    """A place's figure by its key, or what is left of one that is a whole, which no page prints."""

    place: ReportPlace
    key: str


Printed = Mapping[ReportPlace, Mapping[str, float | str | None]]


def leaving_a_force(figures: Mapping[ReportPlace, Figures]) -> Printed:
    """Return what pages print that others read: of all, of forces and of CPS Areas, as one table."""
    return _printed(figures, frozenset())


def own_pages(figures: Mapping[ReportPlace, Figures]) -> Printed:
    """Return what each force's own page prints: its own numbers in full, those of its Areas with small ones hidden."""
    return _printed(figures, frozenset(place for place in figures if place.force_code and not place.cps_area))


def _printed(figures: Mapping[ReportPlace, Figures], own: frozenset[ReportPlace]) -> Printed:
    asked = {place: found for place, found in figures.items() if not own or place.force_code}
    made = {place: dict[str, float | str | None](found) for place, found in asked.items()}
    for keys in _groups({key for found in asked.values() for key in found}):
        for place, key in _hidden(asked, keys, own):
            made[place][key] = HIDDEN
    for found in made.values():
        for key, of in _medians(found):
            number = found.get(of) or 0
            if number == HIDDEN or (isinstance(number, (int, float)) and number in SMALL):
                found[key] = HIDDEN
    return made


def _hidden(
    figures: Mapping[ReportPlace, Figures], keys: frozenset[str], own: frozenset[ReportPlace]
) -> Iterator[FigureAt]:
    """Hide numbers of figures that hang together, in all places at once, since their tables add up to each other."""
    wholes = list(_wholes(keys))
    numbers = {FigureAt(place, key): int(found.get(key) or 0) for place, found in figures.items() for key in keys}
    printed = frozenset(numbers)
    sums = [Sum(FigureAt(place, key), tuple(FigureAt(part, key) for part in parts))
            for place, parts in _places(figures) for key in keys]  # fmt: skip
    for place in figures:
        for whole, parts in wholes:
            cells = tuple(FigureAt(place, part) for part in parts)
            rest = FigureAt(place, f"{whole} less {' '.join(parts)}")
            left = numbers[FigureAt(place, whole)] - sum(numbers[cell] for cell in cells)
            if left or len(parts) == 1:
                numbers[rest] = left
                cells = (*cells, rest)
            sums.append(Sum(FigureAt(place, whole), cells))
    known = sections.figures()
    open_ = {cell for cell in printed if cell.place in own or (own and cell.key in known and known[cell.key].own)}
    yield from hidden(numbers, sums, printed=printed, open_=open_)


def _places(figures: Iterable[ReportPlace]) -> Iterator[tuple[ReportPlace, list[ReportPlace]]]:
    """Return each place with those that make it up."""
    places = sorted(figures, key=str)
    pairs = [place for place in places if place.force_code and place.cps_area]
    forces = [place for place in places if place.force_code and not place.cps_area]
    areas = [place for place in places if place.cps_area and not place.force_code]
    if ALL in places:
        yield ALL, forces
        yield ALL, areas
    for force in forces:
        yield force, [pair for pair in pairs if pair.force_code == force.force_code]
    if ALL in places:
        for area in areas:
            yield area, [pair for pair in pairs if pair.cps_area == area.cps_area]


def _groups(keys: set[str]) -> Iterator[frozenset[str]]:
    """Split counts into groups that hang together; days and medians are no counts of people."""
    left = {key for key in keys if not _is_of_days(key)}
    while left:
        group = {min(left)}
        while more := [one for whole, parts in _wholes(left) if group & (one := {whole, *parts}) and one - group]:
            group.update(*more)
        left -= group
        yield frozenset(group)


def _wholes(keys: Iterable[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Return each count that is made of others, with these."""
    there, known = frozenset(keys), sections.figures()
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
    if key in sections.figures():
        return sections.figures()[key].unit == "days"
    return any(key.rpartition(".")[2] in table.days for table in _tables(key))


def _tables(key: str) -> Iterator[sections.Table]:
    name = key.partition(":")[0] if ":" in key else "duties"
    return (one.table for one in sections.sections() if one.table and one.table.of == name)


def _medians(found: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Return each median with the figure that counts what it is of."""
    known = sections.figures()
    for key in found:
        if key in known and known[key].count:
            yield key, str(known[key].count)
        elif key.startswith("kinds:") and key.endswith(".days"):
            yield key, key.removesuffix("days") + "done"
