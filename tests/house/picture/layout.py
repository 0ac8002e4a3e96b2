"""Lay out a plan: rooms on floors, lines routed between them with few crossings.

A line that passes a floor takes a lane there. Lines to the same room share their lanes: a line that others join still
leads to one room.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from math import fsum

from tests.house.picture.imports import Plan

SWEEPS = 60
ROOM_GAP, LANE_GAP = 16.0, 8.0
PULL = (1.0, 0.5, 30.0)  # between two rooms, a room and a lane, two lanes
Spot = tuple[str, int]  # a room and its floor; or the room that a lane leads to and a floor that it passes
Segment = tuple[Spot, Spot, bool]  # the upper spot, the lower, whether the arrow leads upward


@dataclass(frozen=True)
class Layout:
    """The segments of all lines, the width of every spot, the order of each floor, the centre of every spot."""

    segments: list[Segment]
    widths: dict[Spot, float]  # 0 for a lane
    floors: list[list[Spot]]  # from the ground
    centres: dict[Spot, float]


@dataclass(frozen=True)
class _Joined:
    """The spots that lines join with each spot, on the floor above it and on the floor below it."""

    above: dict[Spot, list[Spot]]
    below: dict[Spot, list[Spot]]


def laid_out(plan: Plan, width: Callable[[str], float]) -> Layout:
    """Order the floors of a plan and give each of its rooms and lanes a centre."""
    segments = _segments(plan)
    rooms = {(room, floor): width(room) for room, floor in plan.floors.items()}
    widths = {
        spot: rooms.get(spot, 0.0)
        for spot in sorted({*rooms, *(spot for upper, lower, _ in segments for spot in (upper, lower))})
    }
    joined = _Joined(
        {spot: [upper for upper, lower, _ in segments if lower == spot] for spot in widths},
        {spot: [lower for upper, lower, _ in segments if upper == spot] for spot in widths},
    )
    floors = [[spot for spot in widths if spot[1] == floor] for floor in range(max(plan.floors.values()) + 1)]
    floors = _ordered(floors, joined)
    return Layout(segments, widths, floors, _centres(floors, joined, widths))


def _segments(plan: Plan) -> list[Segment]:
    found: set[Segment] = set()
    for start, end in plan.arrows:
        upward = (start, end) in plan.upward
        above, below = (end, start) if upward else (start, end)
        top, bottom = plan.floors[above], plan.floors[below]
        if top == bottom:
            raise ValueError(f"{start} imports {end} on its own floor: keep the layers contract first.")
        lane = f"{start} up to {end}" if upward else below
        way = [(above, top), *((lane, floor) for floor in range(top - 1, bottom, -1)), (below, bottom)]
        found |= {(upper, lower, upward) for upper, lower in pairwise(way)}
    return sorted(found)


def _ordered(floors: list[list[Spot]], joined: _Joined) -> list[list[Spot]]:
    """Sort each floor by the places of its neighbours, sweeping down and up; keep the order with fewest crossings."""
    best, least = floors, _crossings(floors, joined)
    for sweep in range(SWEEPS):
        beside, order = (joined.above, -1) if sweep % 2 == 0 else (joined.below, 1)
        floors = floors[::order]
        for number in range(1, len(floors)):
            rank = {spot: place for place, spot in enumerate(floors[number - 1])}
            wish = {
                spot: fsum(rank[other] for other in beside[spot]) / len(beside[spot]) if beside[spot] else float(place)
                for place, spot in enumerate(floors[number])
            }
            floors[number] = sorted(floors[number], key=wish.__getitem__)
        floors = _swapped(floors[::order], joined)
        if (crossings := _crossings(floors, joined)) < least:
            best, least = floors, crossings
    return best


def _swapped(floors: list[list[Spot]], joined: _Joined) -> list[list[Spot]]:
    """Swap neighbours as long as that saves crossings."""
    floors = [list(floor) for floor in floors]
    places = {spot: place for floor in floors for place, spot in enumerate(floor)}
    saved = True
    while saved:
        saved = False
        for floor in floors:
            for place in range(len(floor) - 1):
                left, right = floor[place : place + 2]
                pairs = [
                    (places[a], places[b])
                    for beside in (joined.above, joined.below)
                    for a in beside[left]
                    for b in beside[right]
                ]
                if sum(a < b for a, b in pairs) < sum(a > b for a, b in pairs):
                    floor[place : place + 2] = right, left
                    places |= {right: place, left: place + 1}
                    saved = True
    return floors


def _crossings(floors: list[list[Spot]], joined: _Joined) -> int:
    places = {spot: place for floor in floors for place, spot in enumerate(floor)}
    found = 0
    for floor in floors:
        ends = [(places[upper], place) for place, spot in enumerate(floor) for upper in joined.above[spot]]
        found += sum((a - c) * (b - d) < 0 for n, (a, b) in enumerate(ends) for c, d in ends[:n])
    return found


def _centres(floors: list[list[Spot]], joined: _Joined, widths: dict[Spot, float]) -> dict[Spot, float]:
    """Pull every spot towards its neighbours, lanes hardest so that they run straight; keep the order and the gaps."""
    centres = dict.fromkeys(widths, 0.0)
    for sweep in range(20 * SWEEPS):
        for floor in floors if sweep % 2 else floors[::-1]:
            gaps = [_gap(widths[left], widths[right]) for left, right in pairwise(floor)]
            wishes = []
            for spot in floor:
                others = joined.above[spot] + joined.below[spot]
                pulls = [(PULL[(widths[spot] == 0) + (widths[other] == 0)], centres[other]) for other in others]
                pulls.append((0.01, 0.0))
                wishes.append((fsum(pull for pull, _ in pulls), _mean(pulls)))
            centres |= dict(zip(floor, _spread(wishes, gaps), strict=True))
    return centres


def _gap(left: float, right: float) -> float:
    return (left + right) / 2 + (ROOM_GAP if left and right else LANE_GAP if left or right else 1.5 * LANE_GAP)


def _spread(wishes: list[tuple[float, float]], gaps: list[float]) -> list[float]:
    """The places nearest to the wishes (least squares, by weight) that keep the gaps: isotonic regression."""
    offsets = [fsum(gaps[:number]) for number in range(len(wishes))]
    blocks: list[list[tuple[float, float]]] = []
    for (weight, wish), offset in zip(wishes, offsets, strict=True):
        blocks.append([(weight, wish - offset)])
        while len(blocks) > 1 and _mean(blocks[-2]) > _mean(blocks[-1]):
            blocks[-2:] = [blocks[-2] + blocks[-1]]
    level = [_mean(block) for block in blocks for _ in block]
    return [base + offset for base, offset in zip(level, offsets, strict=True)]


def _mean(block: list[tuple[float, float]]) -> float:
    return fsum(weight * value for weight, value in block) / fsum(weight for weight, _ in block)
