"""Whoever reads the CSV of a month's pages, and works out what a star stands for from what adds up."""

import csv
import io
from collections.abc import Hashable, Iterable, Iterator, Mapping
from fnmatch import filter as fitting
from typing import Any, NamedTuple

import yaml

from models.queries.report.places import Figures, ReportPlace
from models.rules.obligations.rulebook import RULES
from tasks.report.pages import name_of
from tasks.report.sections import FILE
from tests.worlds.possible import determined

ALL = ReportPlace()
LAYOUT: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
FIGURES: dict[str, dict[str, Any]] = {
    key: one for section in LAYOUT["sections"] for key, one in section["figures"].items()
}
APART = {key for section in LAYOUT["sections"] if section.get("apart") for key in section["figures"]}
COUNTS = {key for key, one in FIGURES.items() if one.get("unit") != "days"}
DUTIES = {
    f"{RULES[rule].title}: {title}": f"{rule}.{column}" for rule in RULES
    for column, title in {"due": "Fell due", "in_time": "Met in time"}.items()
}  # fmt: skip


class Added(NamedTuple):
    """A number and those that add up to it."""

    whole: Hashable
    parts: tuple[Hashable, ...]


class Cell(NamedTuple):
    """A number of a place, by its figure's key."""

    place: ReportPlace
    key: str


def read(pages: Mapping[ReportPlace, str], places: Iterable[ReportPlace]) -> dict[Cell, str]:
    """Read the CSV of pages: what each has of its own place and of those beside each other. `*` is a star."""
    named = {name_of(place): place for place in places if not (place.force_code and place.cps_area)}
    found: dict[Cell, str] = {}
    for page, text in pages.items():
        for row in csv.DictReader(io.StringIO(text)):
            place = page if row["place"] == row["page"] else _beside(page, named[row["place"]])
            if key := row["key"] or DUTIES.get(row["title"]):
                found[Cell(place, key)] = row["number"]
    return found


def _beside(page: ReportPlace, place: ReportPlace) -> ReportPlace:
    return ReportPlace(page.force_code or place.force_code, page.cps_area or place.cps_area)


def given_away(
    truth: Mapping[ReportPlace, Figures], pages: Mapping[ReportPlace, str], *, withholds: bool = False
) -> set[Hashable]:
    """Return the stars that can have one value alone, of pages that one reader has.

    A place that stands beside no other is not there, and a zero of it is taken to be known, unless elsewhere a zero of
    its figure is starred. A star is at least 1, or 0 where pages withhold zeros, as of stalls that began or ended.
    """
    told = {cell: number for cell, number in read(pages, truth).items() if cell.key in COUNTS or "." in cell.key}
    seen = {cell.place for cell in told} | {place for place in truth if any(_on(page, place) for page in pages)}
    keys = {cell.key for cell in told}
    numbers: dict[Hashable, int] = {
        Cell(place, key): int(truth.get(place, {}).get(key) or 0) for place in seen for key in keys
    }
    stars: dict[Hashable, int] = {
        cell: int(not withholds and bool(numbers[cell])) for cell, number in told.items() if number == "*"
    }
    cells = (Cell(place, key) for place in seen for key in keys)
    # of a table, which is of a page's own place alone, nothing is known of others
    starred = {cell.key for cell, number in told.items() if number == "*" and not numbers[cell]} | keys - FIGURES.keys()
    unprinted: dict[Hashable, int] = {
        cell: 0 for cell in cells if cell not in told and (numbers[cell] or cell.key in starred)
    }
    unknown = stars | unprinted
    sums = [
        one for one in _sums(seen, keys, numbers, unknown) if numbers[one.whole] == sum(map(numbers.get, one.parts))
    ]
    assert all(str(numbers[cell]) == number for cell, number in told.items() if number not in {"*", ""})
    return {star for cells, some in _apart(sums, unknown) for star in determined(
        numbers, some, {cell: unknown[cell] for cell in cells}, cells & stars.keys())}  # fmt: skip


def _apart(sums: list[Added], unknown: Mapping[Hashable, int]) -> list[tuple[set[Hashable], list[Added]]]:
    """Part the unknown numbers into those that hang together, each with its sums."""
    parted: list[tuple[set[Hashable], list[Added]]] = [({cell}, []) for cell in unknown]
    for one in sums:
        cells = {one.whole, *one.parts} & unknown.keys()
        if cells:
            mine = [each for each in parted if each[0] & cells]
            parted = [each for each in parted if not each[0] & cells]
            parted.append((set().union(*(each[0] for each in mine)), [*(s for each in mine for s in each[1]), one]))
    return parted


def _on(page: ReportPlace, place: ReportPlace) -> bool:
    """Return whether a page has the place beside others."""
    if page == ALL:
        return bool(place.force_code) != bool(place.cps_area)
    return bool(place.force_code and place.cps_area) and page in {
        ReportPlace(place.force_code), ReportPlace(None, place.cps_area)
    }  # fmt: skip


def _sums(
    places: set[ReportPlace], keys: set[str], numbers: dict[Hashable, int], unknown: dict[Hashable, int]
) -> Iterator[Added]:
    for key in sorted(keys):
        yield from _across(places, key)
    for place in sorted(places, key=str):
        for whole, parts in _within(keys):
            cells = tuple(Cell(place, part) for part in parts)
            yield Added(Cell(place, whole), cells)
        for key, one in FIGURES.items():
            if key in keys and one.get("of") in keys:
                rest = ("rest", place, key)
                numbers[rest] = numbers[Cell(place, one["of"])] - numbers[Cell(place, key)]
                unknown[rest] = 0
                yield Added(Cell(place, one["of"]), (Cell(place, key), rest))
        done = ("done", place)
        numbers[done] = sum(numbers.get(Cell(place, key), 0) for key in ("police_actions_done", "cps_actions_done"))
        unknown[done] = 0
        if kinds := fitting(keys, "kinds:*.done"):
            yield Added(done, tuple(Cell(place, key) for key in sorted(kinds)))
        if {"police_actions_done", "cps_actions_done"} <= keys:
            yield Added(done, (Cell(place, "police_actions_done"), Cell(place, "cps_actions_done")))


def _across(places: set[ReportPlace], key: str) -> Iterator[Added]:
    forces = [place for place in places if place.force_code and not place.cps_area]
    areas = [place for place in places if place.cps_area and not place.force_code]
    pairs = [place for place in places if place.force_code and place.cps_area]
    if key not in FIGURES:
        return
    ways = [(ALL, [*forces, *areas])] if key in APART else [(ALL, forces), (ALL, areas)]
    if key not in APART:
        ways += [(force, [pair for pair in pairs if pair.force_code == force.force_code]) for force in forces]
        ways += [(area, [pair for pair in pairs if pair.cps_area == area.cps_area]) for area in areas]
    for whole, parts in ways:
        if whole in places and parts:
            yield Added(Cell(whole, key), tuple(Cell(part, key) for part in sorted(parts, key=str)))


def _within(keys: set[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for key, one in FIGURES.items():
        if one.get("parts") and keys.issuperset((key, *one["parts"])):
            yield key, tuple(one["parts"])
    for equal in LAYOUT["equal"]:
        if keys.issuperset((equal["whole"], *equal["parts"])):
            yield equal["whole"], tuple(equal["parts"])
