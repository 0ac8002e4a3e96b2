"""Draw a laid-out plan as SVG: boxes with their size, arrows from above to below, in the reader's light or dark."""

from html import escape

from tests.house.picture.imports import Plan, Room
from tests.house.picture.layout import Layout, Segment, Spot, laid_out

LETTER, SMALL = 8.6, 6.6  # the widest letters that the fonts below have on average, bold and small
BOX, MARGIN, CAPTION = 44, 20, 46
LEGEND = "An arrow is an import; lines that join lead to one room."
STYLE = """\
  text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif }
  text { text-anchor: middle; fill: #1f2a37 }
  .name { font-size: 13px; font-weight: 600 }
  .size, .caption { font-size: 11px; fill: #52606f }
  .caption { text-anchor: start }
  rect { fill: #e6eef7; stroke: #54779c }
  .ground { fill: #fff; stroke: none }
  path { fill: none; stroke: #5d6e80; stroke-width: 1.3 }
  .upward { stroke: #c2410c; stroke-width: 2; stroke-dasharray: 6 4 }
  marker path { fill: #5d6e80; stroke: none }
  marker .back { fill: #c2410c }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .size, .caption { fill: #a9b6c4 }
    rect { fill: #1c2b3d; stroke: #6f94bd }
    .ground { fill: #0d1117 }
    path { stroke: #93a3b5 }
    .upward { stroke: #ff9a5c }
    marker path { fill: #93a3b5 }
    marker .back { fill: #ff9a5c }
  }"""
TIP = 'viewBox="0 0 8 8" refX="7.5" refY="4" markerUnits="userSpaceOnUse"'
HEADS = f"""\
<defs>
<marker id="head" {TIP} markerWidth="8" markerHeight="8" orient="auto"><path d="M0 .5 8 4 0 7.5z"/></marker>
<marker id="back" {TIP} markerWidth="10" markerHeight="10" orient="auto-start-reverse">
<path class="back" d="M0 .5 8 4 0 7.5z"/></marker>
</defs>"""


def drawn(plan: Plan, shown: dict[str, Room]) -> str:
    """Draw the plan; `shown` are the rooms with the sizes that the boxes show."""
    layout = laid_out(plan, lambda room: _width(shown[room]))
    left = min(centre - layout.widths[spot] / 2 for spot, centre in layout.centres.items())
    right = max(centre + layout.widths[spot] / 2 for spot, centre in layout.centres.items())
    across = {spot: centre - left + MARGIN for spot, centre in layout.centres.items()}
    tops = _tops(layout)
    width, height = round(right - left) + 2 * MARGIN, tops[0] + BOX + MARGIN + CAPTION
    title = f"tasks: {plan.counts}"
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">',
        f"<title>{title}</title>",
        f"<style>\n{STYLE}\n</style>",
        HEADS,
        f'<rect class="ground" width="{width}" height="{height}"/>',
        *_lines(layout, across, tops),
        *(_box(shown[room], across[room, floor], tops[floor]) for room, floor in plan.floors.items()),
        f'<text class="caption" x="{MARGIN}" y="{height - MARGIN - 16}">{title}</text>',
        f'<text class="caption" x="{MARGIN}" y="{height - MARGIN}">{LEGEND}</text>',
    ]
    return "\n".join([*parts, "</svg>", ""])


def _size(room: Room) -> str:
    if room.modules == 1:
        return f"{room.lines:,} lines"
    return f"{room.modules} modules, {round(room.lines, -2):,} lines"


def _width(room: Room) -> float:
    """As wide as its text, and wider by its lines of code."""
    return max(LETTER * len(room.name), SMALL * len(_size(room)), room.lines / 10) + 14


def _tops(layout: Layout) -> list[int]:
    """The upper edge of each floor from the ground; the more a line runs aside, the more height it gets."""
    tops = [MARGIN]
    for floor in range(len(layout.floors) - 1, 0, -1):
        spans = [abs(layout.centres[a] - layout.centres[b]) for a, b, _ in layout.segments if a[1] == floor]
        tops.append(tops[-1] + BOX + round(min(max(44, max(spans, default=0) / 5), 120)))
    return tops[::-1]


def _lines(layout: Layout, across: dict[Spot, float], tops: list[int]) -> list[str]:
    leave, arrive = _ports(layout, across, below=True), _ports(layout, across, below=False)
    found = []
    for segment in layout.segments:
        upper, lower, upward = segment
        start, end = round(leave[segment]), round(arrive[segment])
        y, foot = tops[upper[1]] + BOX, tops[lower[1]]
        middle = (y + foot) // 2
        rest = "" if layout.widths[lower] else f" V{foot + BOX}"
        marks = ' class="upward"' if upward else ""
        if upward and layout.widths[upper]:
            marks += ' marker-start="url(#back)"'
        if not upward and layout.widths[lower]:
            marks += ' marker-end="url(#head)"'
        found.append(f'<path{marks} d="M{start} {y} C{start} {middle} {end} {middle} {end} {foot}{rest}"/>')
    return found


def _ports(layout: Layout, across: dict[Spot, float], *, below: bool) -> dict[Segment, float]:
    """Where each segment leaves its upper spot (below) or reaches its lower, in the order of the other ends."""
    found = {}
    for spot, width in layout.widths.items():
        ends = [segment for segment in layout.segments if (segment[0] if below else segment[1]) == spot]
        ends.sort(key=lambda segment: across[segment[1] if below else segment[0]])
        step = min(14, (width - 16) / max(1, len(ends) - 1)) if width else 0
        for number, segment in enumerate(ends):
            found[segment] = across[spot] + step * (number - (len(ends) - 1) / 2)
    return found


def _box(room: Room, centre: float, top: int) -> str:
    width, middle = round(_width(room)), round(centre)
    return (
        f'<g id="{room.name}" data-modules="{room.modules}" data-lines="{room.lines}">'
        f'<rect x="{round(centre - width / 2)}" y="{top}" width="{width}" height="{BOX}" rx="5"/>'
        f'<text class="name" x="{middle}" y="{top + 19}">{escape(room.name)}</text>'
        f'<text class="size" x="{middle}" y="{top + 35}">{_size(room)}</text></g>'
    )
