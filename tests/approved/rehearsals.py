"""The page and the output of a rehearsal, of invented outcomes: one floods people, and one changes nothing."""

from datetime import date, timedelta

from config.rehearsal import Answers
from models.queries.rehearsal.answers import PastSittings
from models.queries.rehearsal.figures import CaseNumbers
from models.rules.obligations.rulebook import RULES
from models.rules.rehearsal import AnswerPace
from tasks.platform.templates import command_output, page
from tasks.rehearsal.assumption import NOBODY_ANSWERS, Assumption, RuleAnswers
from tasks.rehearsal.comparison import Comparison, RuleShift, Shift
from tasks.rehearsal.outcome import MANY, RehearsedReader, RehearsedWeeks

FIRST = date(2026, 3, 17)
_CALM = RehearsedReader("P45of1", ("officer",), 3, 3, 0, 2, FIRST)
_FULL = tuple(
    RehearsedReader(f"P45sp{at}", ("spoc", "lead"), 10, 10, at % 9 + 1, 40 - at, FIRST + timedelta(days=at))
    for at in range(23)
)
_NOW = RehearsedWeeks((_CALM,), {FIRST: 3}, 6, 2, CaseNumbers(9, 0, 1), 1.4)
_TRIED = RehearsedWeeks((*_FULL, _CALM), {FIRST: 200, FIRST + timedelta(days=8): 33}, 4, 2, CaseNumbers(9, 4, 1), 0.26)
_NOTHING = RehearsedWeeks((), {}, 0, 0, CaseNumbers(0, 0, 0))
_MOVED = (
    Shift(1, 1, 1, 1, 3), Shift(0, 0, 1, 1, 1),
    (RuleShift("action", RULES["action"].title, Shift(1, 1, 1, 0, 3)),
     RuleShift("plea", RULES["plea"].title, Shift(0, 0, 0, 1, 0))),
)  # fmt: skip


_PACE = AnswerPace(((-3, 0.25), (0, 0.6), (4, 0.75)), 120)
_AS_BEFORE = Assumption(
    Answers.AS_BEFORE,
    tuple(RuleAnswers(name, RULES[name].title, _PACE, own=name == "action") for name in ("action", "plea")),
    ("bail-end", "feed-stale"), PastSittings(40, 31),
)  # fmt: skip
_OWN = Assumption(
    Answers.AS_BEFORE, (RuleAnswers("action", RULES["action"].title, _PACE, own=True),), ("bail-end",),
    PastSittings(40, 0),
)  # fmt: skip
_TOO_LITTLE = Assumption(Answers.AS_BEFORE, never=("action",))


def texts() -> dict[str, str]:
    """Each as its page and as the command prints it."""
    sides = {
        "flooded": (NOBODY_ANSWERS, _NOW, _TRIED),
        "few": (_AS_BEFORE, _TRIED, _TRIED._replace(readers=_FULL[:2])),
        "own": (_OWN, _TRIED, _TRIED._replace(readers=_FULL[:2])),
        "nothing": (_TOO_LITTLE, _NOTHING, _NOTHING),
    }
    found = {}
    for name, (people, now, tried) in sides.items():
        still = Shift(0, tried.matters, 0, 0, 0), Shift(0, tried.stalls, 0, 0, 0), ()
        moved = _MOVED if now is _NOW else still
        untried = ("letter.longest.yours",) if now is _NOW else ()
        made = Comparison(FIRST, FIRST + timedelta(days=13), people, now, tried, *moved)._replace(untried=untried)
        values = {"made": made, "policy": "tried.yaml", "weeks": 2, "many": MANY, "before": 8}
        found[f"rehearsal-{name}.html"] = page("rehearsal/page.html", **values)
        found[f"rehearsal-{name}.txt"] = command_output("rehearsal", values)
    return found
