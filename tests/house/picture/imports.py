"""Read the rooms of `tasks` and the imports between them: a room is a package or a loose module."""

import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import grimp

Arrow = tuple[str, str]
WIDEST_FLOOR = 8  # rooms, where no contract names the floors


@dataclass(frozen=True)
class Room:
    """A package or a loose module of `tasks`."""

    name: str
    modules: int
    lines: int


@dataclass(frozen=True)
class Plan:
    """The rooms, the arrows with their number of imports, and each room's floor counted from the ground."""

    rooms: dict[str, Room]
    arrows: dict[Arrow, int]
    floors: dict[str, int]

    @property
    def upward(self) -> set[Arrow]:
        """Arrows that do not lead to a lower floor."""
        return {(above, below) for above, below in self.arrows if self.floors[above] <= self.floors[below]}

    @property
    def loops(self) -> list[set[str]]:
        """Groups of rooms that import one another in a circle."""
        return _loops(set(self.arrows))

    @property
    def counts(self) -> str:
        """The figures of the plan, for the caption and the terminal."""
        imports = sum(self.arrows[arrow] for arrow in self.upward)
        counted = ((len(self.rooms), "room"), (len(self.arrows), "arrow"), (len(self.loops), "loop"))
        figures = [f"{number} {noun}{'' if number == 1 else 's'}" for number, noun in counted]
        return ", ".join([*figures, f"{imports} upward import{'' if imports == 1 else 's'}"])


def plan_of(root: Path) -> Plan:
    """Read the plan of `tasks` in this checkout, which must come first on sys.path."""
    graph = grimp.build_graph("tasks", cache_dir=None)
    sizes: dict[str, list[int]] = {}
    arrows: Counter[Arrow] = Counter()
    for module in sorted(graph.modules - {"tasks"}):
        room = _room(module)
        sizes.setdefault(room, []).append(_lines(root, module))
        imported = [_room(other) for other in graph.find_modules_directly_imported_by(module) if other != "tasks"]
        arrows.update((room, other) for other in imported if other != room)
    rooms = {name: Room(name, len(lines), sum(lines)) for name, lines in sizes.items()}
    return Plan(rooms, dict(sorted(arrows.items())), _contract(root) or stacked(set(rooms), arrows))


def stacked(rooms: set[str], arrows: dict[Arrow, int]) -> dict[str, int]:
    """Put each room on the lowest floor with space above all that it imports; ignore the arrows that close loops."""
    down = set(arrows)
    while loops := _loops(down):
        inside = [arrow for arrow in down if any(set(arrow) <= loop for loop in loops)]
        down.remove(min(inside, key=lambda arrow: (arrows[arrow], arrow)))
    floors: dict[str, int] = {}
    while len(floors) < len(rooms):
        imports = {room: {below for above, below in down if above == room} for room in sorted(rooms - set(floors))}
        ready = [room for room, below in imports.items() if below <= set(floors)]
        room = min(ready, key=lambda name: max((floors[below] for below in imports[name]), default=-1))
        floor = max((floors[below] + 1 for below in imports[room]), default=0)
        while list(floors.values()).count(floor) >= WIDEST_FLOOR:
            floor += 1
        floors[room] = floor
    return floors


def _room(module: str) -> str:
    return module.split(".")[1]


def _lines(root: Path, module: str) -> int:
    path = root.joinpath(*module.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return len(file.read_text("utf-8").splitlines())


def _contract(root: Path) -> dict[str, int]:
    """The floors of the layers contract for `tasks`, or none where there is no such contract."""
    settings = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    layers = [
        contract["layers"]
        for contract in settings["tool"]["importlinter"]["contracts"]
        if contract.get("containers") == ["tasks"]
    ]
    floors = enumerate(reversed(layers[0] if layers else []))
    return {room.strip(): floor for floor, names in floors for room in names.split("|")}


def _loops(arrows: set[Arrow]) -> list[set[str]]:
    reached = {start: _reached(start, arrows) for start, _ in arrows}
    circles = {
        frozenset(other for other in found if start in reached.get(other, set()))
        for start, found in reached.items()
        if start in found
    }
    return sorted((set(circle) for circle in circles), key=sorted)


def _reached(start: str, arrows: set[Arrow]) -> set[str]:
    found: set[str] = set()
    edge = {start}
    while edge:
        edge = {below for above, below in arrows if above in edge} - found
        found |= edge
    return found
