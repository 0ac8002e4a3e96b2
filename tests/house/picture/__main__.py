"""Write the picture of `tasks` anew: `python -m tests.house.picture [CHECKOUT FILE]`, by default this one's."""

import sys
from pathlib import Path

from tests.house.picture.imports import plan_of
from tests.house.picture.svg import drawn
from tests.house.source import ROOT

if __name__ == "__main__":
    checkout, file = sys.argv[1:] or (ROOT, ROOT / "docs" / "tasks-after.svg")
    sys.path.insert(0, str(checkout))
    plan = plan_of(Path(checkout))
    Path(file).write_text(drawn(plan, plan.rooms), "utf-8")
    sys.stdout.write(f"{file}: {plan.counts}\n")
