"""The output of `casebeat intake --check`."""

from pathlib import Path
from typing import Any

import typer

from models.rules.obligations.coverage import Coverage
from tasks.intake.results import Fate, FileCount
from tasks.intake.trial import FoundProblem, TrialResult
from tasks.obligations import coverage
from tasks.platform import templates
from tasks.platform.configuration import Configuration
from tasks.platform.text import number_of

_SHOWN = 12  # places of one problem
_FATES = {Fate.LOADED: "would be loaded", Fate.REFUSED: "would be refused", Fate.HELD: "would be held"}


def as_object(configuration: Configuration, result: TrialResult) -> dict[str, Any]:
    """Return what the JSON object of a folder has beside that of an intake."""
    return {
        "check": True,
        "state": _FATES.get(result.made.fate, result.made.fate.value),
        "problems": {
            name: [
                {"sentence": problem.sentence, "warning": problem.is_warning, "lines": list(problem.places)}
                for problem in found
            ]
            for name, found in result.problems.items()
        },
        "coverage": [
            {
                "rule": force_coverage.rule,
                "seen": force_coverage.seen,
                "lacking": [f"{each.file}: {each.name}" for each in force_coverage.lacking],
            }
            for force_coverage in _of_its_source(configuration, result)
        ],
    }


def show(configuration: Configuration, result: TrialResult, rejected: Path | None) -> None:
    """Print what would be loaded, every problem of its rows, and what could be seen."""
    made = result.made
    typer.echo(f"{made.extract_id or made.folder}: {_fate(result)}")
    for file in made.files:
        typer.echo(f"  {file.name}: {_counts(file)}")
        for note in file.notes:
            typer.echo(f"    {note}")
        for problem in result.problems[file.name]:
            typer.echo(f"    {_problem(problem)}")
    for note in made.notes:
        typer.echo(f"  {note}")
    if made.cases_missing:
        typer.echo(f"  {made.cases_missing:,} of the source's cases would be missing")
    if rejected and made.rejected:
        typer.echo(f"  the rejected rows, with their cells: {rejected / made.extract_id}")
    if result.sources:
        typer.echo("\nWhat could be seen:")
        found = _of_its_source(configuration, result)
        shown = {"sources": coverage.by_source(found), "danger": coverage.danger_seen(found)}
        typer.echo(templates.command_output("coverage", shown), nl=False)


def _of_its_source(configuration: Configuration, result: TrialResult) -> list[Coverage]:
    found = coverage.of_sources(configuration, result.sources)
    return [force_coverage for force_coverage in found if force_coverage.source == result.made.source]


def _fate(result: TrialResult) -> str:
    if result.made.fate is Fate.LOADED:
        return "would be loaded; nothing was written"
    return f"{_FATES.get(result.made.fate, result.made.fate.value)}: {result.made.sentence}"


def _counts(file: FileCount) -> str:
    counts = [number_of(file.rows, "row")]
    counts += [
        f"{number:,} {label}"
        for number, label in (
            (file.added, "new"), (file.changed, "changed"), (file.withdrawn, "withdrawn"), (file.rejected, "rejected"),
            (file.waiting, "waiting for their case"),
        )
        if number
    ]  # fmt: skip
    return ", ".join(counts)


def _problem(problem: FoundProblem) -> str:
    many, first = len(problem.places), ", ".join(problem.places[:_SHOWN])
    where = f"line {first}" if many == 1 else f"{many:,} rows, line {first}{' …' if many > _SHOWN else ''}"
    return f"{'warning: ' * problem.is_warning}{problem.sentence} ({where})"
