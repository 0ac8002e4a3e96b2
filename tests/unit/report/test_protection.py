"""No small number follows from what pages print, across their sections and the month before; searched a second way."""

from random import Random

import pytest

from models.queries.report.places import ReportPlace
from models.rules.report.witness import SMALL, Sum
from tasks.report.figures import ALL
from tasks.report.protection import HIDDEN, leaving_a_force, own_pages
from tests.worlds.possible import determined

KINDS = ("kinds:ANPR.done", "kinds:CCTV.done", "kinds:OTHER.done")
SIDES = ("police_actions_done", "cps_actions_done")
STALLS = ("stalls_opened", "stalls_cleared", "stalled_at_end")
LIMITS = ("order-expiry.due", "order-expiry.in_time", "orders_lapsed")
PLACES = (ReportPlace("45"), ReportPlace("46"))


def month(random: Random, before: tuple[int, ...] = (0, 0)) -> dict[ReportPlace, dict[str, float | None]]:
    """A month of two forces and of both, of which all sums are right."""
    book = {}
    for place, stalled in zip(PLACES, before, strict=True):
        kinds = [random.choice([0, 2, 3, 8, 20]) for _ in KINDS]
        police = random.randint(0, sum(kinds))
        opened = random.choice([0, 3, 7, 15])
        cleared = random.choice([one for one in (0, 2, 6, 9) if one <= stalled + opened])
        due = random.choice([0, 4, 12])
        lapsed = random.randint(0, due)
        numbers = (*kinds, police, sum(kinds) - police, opened, cleared, stalled + opened - cleared,
                   due, due - lapsed, lapsed)  # fmt: skip
        book[place] = dict(zip((*KINDS, *SIDES, *STALLS, *LIMITS), numbers, strict=True))
    first, second = book.values()
    return {ALL: {key: first[key] + second[key] for key in first}, **book}


def sums_of(months) -> list[Sum]:
    """Return every sum that a reader of these months' pages knows, of cells (month, place, key)."""
    sums = []
    for at, book in enumerate(months):
        sums += [Sum((at, ALL, key), tuple((at, place, key) for place in PLACES)) for key in book[ALL]]
        for place in book:
            of = {key: (at, place, key) for key in (*book[place], "done", "moved")}
            sums += [Sum(of["done"], tuple(of[key] for key in some)) for some in (KINDS, SIDES)]
            sums.append(Sum(of["order-expiry.due"], tuple(of[key] for key in LIMITS[1:])))
            begun = [(at - 1, place, "stalled_at_end")] if at else []
            sums.append(Sum(of["moved"], (of["stalls_cleared"], of["stalled_at_end"])))
            sums += [Sum(of["moved"], (of["stalls_opened"], *begun))] if begun else []
    return sums


@pytest.mark.parametrize("seed", range(40))
def test_no_hidden_number_has_one_value_beside_other_sections_and_the_month_before(seed):
    random = Random(seed)  # noqa: S311  a book, and no secret
    earlier = month(random)
    ended = tuple(int(earlier[place]["stalled_at_end"]) for place in PLACES)
    months = [earlier, month(random, ended)]
    pages = [leaving_a_force(book) for book in months]
    numbers = {(at, place, key): int(number or 0) for at, book in enumerate(months)
               for place, found in book.items() for key, number in found.items()}  # fmt: skip
    printed = {cell for cell in numbers if cell[2] in pages[cell[0]][cell[1]]}  # of a force, no page prints a table
    shown = {cell for cell in printed if pages[cell[0]][cell[1]][cell[2]] != HIDDEN}
    assert all(pages[at][place][key] == numbers[at, place, key] for at, place, key in shown)
    assert not shown & {cell for cell, number in numbers.items() if number in SMALL}
    for at, book in enumerate(months):
        for place, found in book.items():
            counts = {key: int(number or 0) for key, number in found.items()}
            numbers[at, place, "done"] = sum(counts[key] for key in KINDS)
            numbers[at, place, "moved"] = counts["stalls_cleared"] + counts["stalled_at_end"]
    at_least = {cell: int(cell in printed and bool(numbers[cell])) for cell in numbers.keys() - shown}
    assert not determined(numbers, sums_of(months), at_least, printed - shown)


def own_page(random: Random) -> dict[ReportPlace, dict[str, float | None]]:
    """A force beside its Areas: what fell due, what of it was in time, decisions by kind, and limits lost."""
    book: dict[ReportPlace, dict[str, float | None]] = {}
    for area in ("South East", "London South", "Wessex")[: random.choice([2, 2, 3])]:
        due, met = sorted(random.choices((0, 0, 0, 1, 2, 3, 7, 30), k=2), reverse=True)
        kinds = random.choices((0, 0, 0, 1, 4, 9), k=3)
        book[ReportPlace("45", area)] = {
            **dict(zip(OWN_KEYS, (due, met, sum(kinds), *kinds, random.choice([0, 1, 6])), strict=True)),
            "decision_days": 12.0 if sum(kinds) else None,
        }
    whole = {key: sum(found[key] or 0 for found in book.values()) for key in OWN_KEYS}
    return {PLACES[0]: {**whole, "decision_days": 12.0 if whole["decisions"] else None}, **book}


OWN_KEYS = ("joint-review.due", "joint-review.in_time", "decisions", "decisions_to_charge",
            "decisions_no_further_action", "decisions_further_work", "orders_lapsed")  # fmt: skip
OWN_SUMS = (("joint-review.due", ("joint-review.in_time", "late")), ("decisions", OWN_KEYS[3:6]))


@pytest.mark.parametrize("seeds", [range(first, first + 40) for first in range(0, 400, 40)], ids=str)
def test_no_star_of_a_forces_own_page_has_one_value_though_its_own_numbers_are_open(seeds):
    for seed in seeds:
        book = own_page(Random(seed))  # noqa: S311  a book, and no secret
        made = own_pages(book)
        assert all(made[PLACES[0]][key] == book[PLACES[0]][key] for key in OWN_KEYS)
        pairs = [place for place in book if place.cps_area and any(book[place].values())]
        assert all(made[pair]["orders_lapsed"] == book[pair]["orders_lapsed"] for pair in pairs)
        assert all(made[pair]["decision_days"] == HIDDEN for pair in pairs if made[pair]["decisions"] == HIDDEN)
        numbers = {(place, key): int(found[key] or 0) for place, found in book.items() for key in OWN_KEYS}
        shown = {(place, key) for place, key in numbers if made[place][key] != HIDDEN}
        assert all(made[place][key] == numbers[place, key] for place, key in shown)
        apart = {pair for pair in pairs if len(pairs) > 1}
        assert not [
            cell for cell in shown if cell[0] in apart and numbers[cell] in SMALL and cell[1] != "orders_lapsed"
        ]
        sums = [Sum((PLACES[0], key), tuple((place, key) for place in book if place.cps_area)) for key in OWN_KEYS]
        for place, found in book.items():
            numbers[place, "late"] = int((found["joint-review.due"] or 0) - (found["joint-review.in_time"] or 0))
            sums += [Sum((place, whole), tuple((place, part) for part in parts)) for whole, parts in OWN_SUMS]
        stars = {cell for cell in numbers.keys() - shown if cell[1] != "late" and cell[0] in apart}
        least = {(place, "late"): 0 for place in book} | dict.fromkeys(numbers.keys() - shown - stars, 0)
        for whole, parts in OWN_SUMS:
            keys = [key for key in (whole, *parts) if key != "late" and numbers[PLACES[0], key]]
            cells = {(pair, key) for pair in apart for key in keys}
            withheld = cells <= stars  # then a star may be in the place of a zero
            least |= {cell: int(not withheld) for cell in stars if cell[1] in (whole, *parts)}
        assert not determined(numbers, sums, least, stars), seed


def test_of_two_areas_of_which_one_has_a_small_number_and_the_other_none_nothing_is_told():
    pair, other, absent = (ReportPlace("45", area) for area in ("South East", "London South", "Wessex"))
    found = {"joint-review.due": 3, "joint-review.in_time": 0}
    zeros = dict.fromkeys(found, 0)
    book = {PLACES[0]: {**found, "charged": 9}, pair: found, other: {**zeros, "charged": 9}, absent: zeros}
    made = own_pages(book)
    assert made[PLACES[0]] == book[PLACES[0]]
    assert {made[place]["joint-review.due"] for place in (pair, other)} == {HIDDEN}
    assert {made[place]["joint-review.in_time"] for place in (pair, other, absent)} == {0}, "the force has none"
    assert made[absent] == zeros
    assert made[other]["charged"] == 9


def test_a_place_without_the_figure_is_a_published_nought_and_hides_nothing():
    two = ("joint-review.due", "joint-review.in_time")
    east, south = ReportPlace(None, "South East"), ReportPlace(None, "London South")
    counts = {ALL: 6, PLACES[0]: 6, east: 5, south: 1, ReportPlace("45", "South East"): 5,
              ReportPlace("45", "London South"): 1}  # fmt: skip
    absent = {
        ReportPlace("53"): {"charged": 7},
        ReportPlace(None, "South West"): {},
        ReportPlace("53", "South West"): {},
    }
    made = leaving_a_force({place: dict.fromkeys(two, number) for place, number in counts.items()} | absent)
    for key in two:
        assert made[south][key] == HIDDEN
        assert HIDDEN in {made[ALL][key], made[east][key]}


def test_a_kind_of_action_does_not_follow_from_what_each_side_did():
    found = {"kinds:ANPR.done": 3, "kinds:CCTV.done": 40, "police_actions_done": 30, "cps_actions_done": 13}
    made = leaving_a_force({ALL: found})[ALL]
    assert made["kinds:ANPR.done"] == HIDDEN
    assert list(made.values()).count(HIDDEN) == 2


def test_stalls_that_ended_do_not_follow_from_those_of_two_months():
    found = {"stalls_opened": 12, "stalls_cleared": 3, "stalled_at_end": 29}
    made = leaving_a_force({ALL: found})[ALL]  # 20 were stalled when the month began
    assert made["stalled_days"] == HIDDEN, "that there is no median would tell that none ended"
    assert {key: made[key] for key in found} == {
        "stalls_opened": HIDDEN, "stalls_cleared": HIDDEN, "stalled_at_end": 29,
    }  # fmt: skip


def test_cases_stalled_at_the_end_of_a_month_do_not_follow_from_the_next():
    found = {"stalls_opened": 12, "stalls_cleared": 8, "stalled_at_end": 7}  # 3 were stalled when the month began
    assert list(leaving_a_force({ALL: found})[ALL].values()).count(HIDDEN) == 1
    assert HIDDEN not in leaving_a_force({ALL: found | {"stalled_at_end": 14}})[ALL].values()


def test_a_forces_own_page_goes_on_showing_its_stalls_and_limits():
    found = {"stalls_opened": 12, "stalls_cleared": 3, "stalled_at_end": 29, "order-expiry.due": 9,
             "order-expiry.in_time": 8, "orders_lapsed": 1}  # fmt: skip
    pair = ReportPlace("45", "South East")
    made = own_pages({PLACES[0]: found, pair: found})
    assert made[PLACES[0]] == found
    assert {key: made[pair][key] for key in (*STALLS, "orders_lapsed")} == {
        key: found[key] for key in (*STALLS, "orders_lapsed")
    }


def test_people_of_an_area_do_not_follow_from_all_less_those_of_the_forces():
    found = {ALL: 9, PLACES[0]: 6, ReportPlace(None, "South East"): 3, ReportPlace("45", "South East"): 0}
    made = leaving_a_force({place: {"training_completed": number} for place, number in found.items()})
    assert {place for place, one in made.items() if HIDDEN in one.values()} == {
        PLACES[0],
        ReportPlace(None, "South East"),
    }
