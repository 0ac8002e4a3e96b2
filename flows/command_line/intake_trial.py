"""The output of `casebeat intake --check`."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import typer

from models.rules.obligations.coverage import Coverage
from tasks.intake.foretold import FilledColumn, TriedMorning
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
        "waits": result.waits,
        "state": _FATES.get(result.made.fate, result.made.fate.value),
        "problems": {
            name: [
                {"sentence": problem.sentence, "warning": problem.is_warning, "lines": list(problem.places)}
                for problem in found
            ]
            for name, found in result.problems.items()
        },
        "filled": {name: {column.name: column.filled for column in columns} for name, columns in result.filled.items()},
        "first_morning": result.morning
        and {
            "cases": result.morning.cases,
            "duties": [{"rule": one.rule, "cases": one.cases, "overdue": one.overdue} for one in result.morning.duties],
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
    if result.waits:
        typer.echo(f"  an intake would leave it alone for now: {result.waits}")
    for file in made.files:
        typer.echo(f"  {file.name}: {_counts(file)}")
        problems = map(_problem, result.problems[file.name])
        for line in (*file.notes, *problems, *_filled(result.filled.get(file.name, ()))):
            typer.echo(f"    {line}")
    for note in made.notes:
        typer.echo(f"  {note}")
    if made.cases_missing:
        typer.echo(f"  {made.cases_missing:,} of the source's cases would be missing")
    if rejected and made.rejected:
        typer.echo(f"  the rejected rows, with their cells: {rejected / made.extract_id}")
    if result.morning:
        for line in _morning(result.morning):
            typer.echo(line)
    if result.sources:
        typer.echo("\nWhat could be seen:")
        of_rules = _of_its_source(configuration, result)
        shown = {"sources": coverage.by_source(of_rules), "danger": coverage.danger_seen(of_rules)}
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


def _filled(columns: Sequence[FilledColumn]) -> Iterator[str]:
    """Yield how many of the rows that load fill the columns that a duty reads."""
    if whole := [column.name for column in columns if column.filled == column.rows and column.rows]:
        yield f"filled in every row: {', '.join(whole)}"
    if partly := [f"{column.name} {column.filled:,}" for column in columns if 0 < column.filled < column.rows]:
        yield f"filled in some of {columns[0].rows:,}: {', '.join(partly)}"
    if nowhere := [column.name for column in columns if not column.filled and column.rows]:
        yield f"filled in none: {', '.join(nowhere)}"


def _morning(morning: TriedMorning) -> Iterator[str]:
    yield f"\nThe first morning, of {number_of(morning.cases, 'open case')}:"
    for duty in sorted(morning.duties, key=lambda one: -one.cases):
        why = ", ".join(f"{one.name} is filled in {one.filled:,} of {number_of(one.rows, 'row')}" for one in duty.why)
        owed = f"{duty.cases:>7,} owed, {duty.overdue:,} overdue" if duty.cases else f"{'none':>7}"
        yield f"  {duty.rule:<24}{owed}{': ' * bool(why)}{why}"
    if any(duty.cases and duty.why for duty in morning.duties):
        yield "  An empty cell says that it did not happen. A column that your system keeps elsewhere, leave out."
    if morning.failed:
        yield f"  {number_of(morning.failed, 'case')} cannot be worked out: see the log"
