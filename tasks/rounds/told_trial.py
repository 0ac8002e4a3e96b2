"""The words of extracts on trial: for the command, and for a page in the Prefect UI, which has no cell of a row."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from models.rules.obligations import rulebook
from models.rules.obligations.coverage import Coverage
from tasks.intake.foretold import DutyForetold
from tasks.intake.results import Fate, LoadResult
from tasks.intake.sentences import without_cells
from tasks.intake.trial import TrialResult
from tasks.obligations import coverage
from tasks.platform import templates
from tasks.platform.configuration import Configuration

_PLACES = 12  # of one problem


def text(configuration: Configuration, trial: TrialResult, rejected: Path | None) -> str:
    """Return what the command prints of a folder. `rejected` is the folder that was named for its rejected rows."""
    of_rules = seen(configuration, trial)
    kept = rejected / trial.made.extract_id if rejected and trial.made.rejected else None
    found = {"sources": coverage.by_source(of_rules), "danger": coverage.danger_seen(of_rules)}
    return templates.command_output("trial", _shared() | found | {
        "trial": trial, "duties": _duties(trial), "rejected": kept,
    })  # fmt: skip


def page(trials: Sequence[TrialResult]) -> str:
    """Return the page of these folders, in Markdown: counts, columns and lines, and no cell."""
    found = {"trials": [(trial._replace(made=_without_cells(trial.made)), _duties(trial)) for trial in trials]}
    return templates.render_text("trial/artifact.md", _shared() | found)


def sentence(trials: Sequence[TrialResult]) -> str:
    """Return how many folders would be loaded, refused and held, as a line of text."""
    fates = [trial.made.fate for trial in trials]
    counts = ((fate, fates.count(fate)) for fate in (Fate.LOADED, Fate.REFUSED, Fate.HELD))
    told = ", ".join(f"{templates.names()['on_trial'][fate.name]} {count}" for fate, count in counts)
    return f"extracts that {told}; nothing was written"


def seen(configuration: Configuration, trial: TrialResult) -> list[Coverage]:
    """Return what the trial's source would let be seen; empty if nothing of it could be read."""
    found = coverage.of_sources(configuration, trial.sources)
    return [force_coverage for force_coverage in found if force_coverage.source == trial.made.source]


def _without_cells(made: LoadResult) -> LoadResult:
    files = tuple(replace(file, notes=[*map(without_cells, file.notes)]) for file in made.files)
    return replace(made, sentence=without_cells(made.sentence), files=files)


def _duties(trial: TrialResult) -> list[DutyForetold]:
    return sorted(trial.morning.duties, key=lambda one: -one.cases) if trial.morning else []


def _shared() -> dict[str, Any]:
    return {"most": _PLACES, "begins": _begins()}


def _begins() -> Mapping[str, Mapping[str, list[str]]]:
    """Return the rules that a column begins, by its file and its name."""
    found: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for rule in rulebook.RULES.values():
        for column in rule.begins:
            found[column.file][column.name].append(rule.name)
    return found
