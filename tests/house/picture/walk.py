"""Read the walk of a convening from its code: the rooms that its first call enters, act by act, and draw it as SVG."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from tests.house.picture.svg import HEADS, LETTER, STYLE

ENTRY, START = "tasks.reviews.convening", "_give_places"
ACTS = ("read", "decide", "write")
LINE, PAD, GAP, MARGIN, HEAD = 16, 12, 26, 20, 60
OWN = "\n  .act { font-size: 15px; font-weight: 700 }\n  .step { font-size: 12px; fill: #52606f }"
OWN += "\n  @media (prefers-color-scheme: dark) { .step { fill: #a9b6c4 } }"


@dataclass
class Stop:
    """A room of the walk: its module, and its functions that are called, in order."""

    module: str
    steps: list[str] = field(default_factory=list)

    @property
    def act(self) -> str:
        """Rules decide; of the queries, the book is read and the rest are written."""
        if self.module.startswith("models.rules."):
            return "decide"
        return "write" if self.module.startswith("models.queries.") and "_book" not in self.module else "read"


def walk_of(root: Path) -> list[Stop]:
    """Return the rooms of reviews that convening calls, in the order of its calls, then those that they call."""
    stops: dict[str, Stop] = {}
    _enter(stops, Room(root, ENTRY).calls_of(START))
    for module in list(stops):
        _enter(stops, Room(root, module).all_calls())
    return list(stops.values())


def _enter(stops: dict[str, Stop], calls: Iterable[tuple[str, str]]) -> None:
    for module, function in calls:
        steps = stops.setdefault(module, Stop(module)).steps
        if function not in steps:
            steps.append(function)


class Room:
    """One module of the walk, and its calls into other rooms of reviews."""

    def __init__(self, root: Path, module: str) -> None:
        self.tree = ast.parse(root.joinpath(*module.split(".")).with_suffix(".py").read_text("utf-8"))
        self.names = dict(_imported(self.tree))
        self.own = {node.name: node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef)}

    def calls_of(self, function: str) -> Iterator[tuple[str, str]]:
        """Yield the calls of a function, and of those of its own room that it calls."""
        for callee in _in_order(self.own[function]):
            if callee in self.own and callee != function:
                yield from self.calls_of(callee)
            else:
                yield from self._outside([callee])

    def all_calls(self) -> Iterator[tuple[str, str]]:
        """Yield the calls of the whole room."""
        yield from self._outside(_in_order(self.tree))

    def _outside(self, callees: Iterable[str]) -> Iterator[tuple[str, str]]:
        for callee in callees:
            first, _, rest = callee.partition(".")
            module, _, function = ".".join(filter(None, (self.names.get(first, ""), rest))).rpartition(".")
            if ".reviews." in module and function.islower():
                yield module, function


def _in_order(body: ast.AST) -> list[str]:
    calls = [node for node in ast.walk(body) if isinstance(node, ast.Call)]
    calls.sort(key=lambda call: (call.end_lineno or 0, call.end_col_offset or 0))
    return [ast.unparse(call.func) for call in calls]


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            yield from ((name.asname or name.name, f"{node.module}.{name.name}") for name in node.names)


def drawn_walk(stops: list[Stop]) -> str:
    """Draw the rooms in a column for each act, below the room in which the walk begins."""
    columns = {act: [stop for stop in stops if stop.act == act] for act in ACTS}
    widths = [max(_width(stop) for stop in column) for column in columns.values()]
    lefts = [MARGIN + sum(widths[:number]) + 2 * GAP * number for number in range(len(ACTS))]
    width = lefts[-1] + widths[-1] + MARGIN
    top = MARGIN + HEAD + 2 * GAP + LINE
    height = top + max(sum(_height(stop) + GAP for stop in column) for column in columns.values())
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">',
        "<title>How a due review gets its place</title>",
        f"<style>\n{STYLE}{OWN}\n</style>",
        HEADS,
        f'<rect class="ground" width="{width}" height="{height}"/>',
        _entry(width),
    ]
    for number, (act, column) in enumerate(columns.items()):
        parts += _column(f"{number + 1}. {act}", column, lefts[number], widths[number], top)
    return "\n".join([*parts, "</svg>", ""])


def _entry(width: int) -> str:
    middle = width // 2
    return (
        f'<rect x="{MARGIN}" y="{MARGIN}" width="{width - 2 * MARGIN}" height="{HEAD - LINE}" rx="5"/>'
        f'<text class="name" x="{middle}" y="{MARGIN + 18}">{_path(ENTRY)}</text>'
        f'<text class="step" x="{middle}" y="{MARGIN + 36}">convene_force, give_places</text>'
    )


def _column(title: str, stops: list[Stop], left: int, width: int, top: int) -> Iterator[str]:
    middle, y = left + width // 2, top
    yield f'<path marker-end="url(#head)" d="M{middle} {MARGIN + HEAD - LINE} V{top - LINE - 12}"/>'
    yield f'<text class="act" x="{middle}" y="{top - 10}">{title}</text>'
    for stop in stops:
        yield f'<rect x="{left}" y="{y}" width="{width}" height="{_height(stop)}" rx="5"/>'
        yield f'<text class="name" x="{middle}" y="{y + PAD + 8}">{escape(_path(stop.module))}</text>'
        for number, step in enumerate(stop.steps, 1):
            yield f'<text class="step" x="{middle}" y="{y + PAD + 8 + LINE * number}">{escape(step)}</text>'
        y += _height(stop) + GAP


def _path(module: str) -> str:
    return f"{module.replace('.', '/')}.py"


def _width(stop: Stop) -> int:
    return round(LETTER * len(_path(stop.module)) * 0.92) + 2 * PAD


def _height(stop: Stop) -> int:
    return LINE * (len(stop.steps) + 1) + PAD
