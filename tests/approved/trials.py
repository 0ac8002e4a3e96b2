"""Extracts on trial as the command and the page in the Prefect UI show them, of invented counts."""

from pathlib import Path

from config.terms import Agency
from flows.configured import configured
from models.rules.obligations.coverage import SourceSight
from models.rules.sight import SentColumn
from tasks.intake.foretold import DutyForetold, FilledColumn, TriedMorning
from tasks.intake.results import Fate, FileCount, LoadResult
from tasks.intake.trial import FoundProblem, TrialResult
from tasks.rounds import told_trial

_ASSESSED, _BAIL = FilledColumn("risk_assessed_on", 12, 1_230), FilledColumn("bail_ends_on", 0, 1_230)
_CASES = FileCount("cases.csv", 1_234, rejected=4, added=1_200, changed=20, withdrawn=3, waiting=7, notes=["in UTF-8"])
_PROBLEMS = [
    FoundProblem("opened_on is no day", is_warning=False, places=("17",)),
    FoundProblem("no officer", is_warning=True, places=tuple(str(line) for line in range(2, 16))),
]
_DUTIES = (
    DutyForetold("risk-assessment", 1_230, 1_218, (_ASSESSED,)),
    DutyForetold("joint-review", 9, 0, ()),
    DutyForetold("bail-end", 0, 0, (_BAIL, FilledColumn("suspect_status", 0, 1))),
)
_WHOLE = TrialResult(
    LoadResult(
        "niche-45", Fate.LOADED, "niche-45-20260316", "niche-45",
        files=(_CASES, FileCount("orders.csv", 1)), cases_missing=2, notes=("2 files were not read",),
    ),
    {"cases.csv": _PROBLEMS, "orders.csv": []},
    filled={
        "cases.csv": (_ASSESSED, _BAIL, FilledColumn("risk", 9, 9), FilledColumn("victim_contacted_on", 900, 1_230)),
        "orders.csv": (FilledColumn("expires_on", 0, 1),),
    },
    sources=(SourceSight("niche-45", Agency.POLICE, frozenset({"45"}), frozenset({SentColumn("cases.csv", "risk")})),),
    morning=TriedMorning(1_230, 1, _DUTIES, {"uncharged": 3, "unauthorised": 1, "unwarned": 1, "unreadable": 2}),
    waits="its newest file was written less than 10 minutes ago",
)  # fmt: skip
_REFUSED = TrialResult(
    LoadResult("cms", Fate.REFUSED, sentence="no offence code is of the lists", files=(FileCount("cps_cases.csv", 1),)),
    {"cps_cases.csv": []},
    filled={"cps_cases.csv": (FilledColumn("charged_on", 1, 1), FilledColumn("not_stalking_reason_on", 0, 1))},
    morning=TriedMorning(1, 0, _DUTIES[1:2]),
)
_UNREAD = TrialResult(LoadResult("athena", Fate.HELD, sentence="it has half of the cases that are usual"))


def texts() -> dict[str, str]:
    """Each as the command prints it, and all of them, and none, as the page."""
    trials = {"whole": _WHOLE, "refused": _REFUSED, "held": _UNREAD}
    printed = {
        f"trial-{name}.txt": told_trial.text(configured(), trial, Path("rejected")) for name, trial in trials.items()
    }
    return printed | {"trial.md": told_trial.page([*trials.values()]), "trial-none.md": told_trial.page([])}
