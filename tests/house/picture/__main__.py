"""Write the pictures of `tasks` and of convening again: `python -m tests.house.picture [CHECKOUT FILE]`.

With a checkout and a file it draws that checkout's `tasks` alone.
"""

import sys
from pathlib import Path

from tests.house.picture.imports import plan_of
from tests.house.picture.svg import drawn
from tests.house.picture.walk import drawn_walk, walk_of
from tests.house.source import ROOT

if __name__ == "__main__":
    checkout, file = sys.argv[1:] or (ROOT, ROOT / "docs" / "tasks-after.svg")
    sys.path.insert(0, str(checkout))
    plan = plan_of(Path(checkout))
    Path(file).write_text(drawn(plan, plan.rooms), "utf-8")
    sys.stdout.write(f"{file}: {plan.counts}\n")
    if not sys.argv[1:]:
        stops = walk_of(ROOT)
        walk = ROOT / "docs" / "convening.svg"
        walk.write_text(drawn_walk(stops), "utf-8")
        sys.stdout.write(f"{walk}: {len(stops) + 1} rooms\n")
