"""The output of `casebeat intake --check`."""

from pathlib import Path
from typing import Any

import typer

from tasks.intake.trial import TrialResult
from tasks.platform import templates
from tasks.platform.configuration import Configuration
from tasks.rounds import told_trial


def as_object(configuration: Configuration, result: TrialResult) -> dict[str, Any]:
    """Return what the JSON object of a folder has beside that of an intake."""
    return {
        "check": True,
        "waits": result.waits,
        "state": templates.names()["on_trial"][result.made.fate.name],
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
            for force_coverage in told_trial.seen(configuration, result)
        ],
    }


def show(configuration: Configuration, result: TrialResult, rejected: Path | None, *, err: bool = False) -> None:
    """Print what would be loaded, every problem of its rows, what these would come to, and what could be seen."""
    typer.echo(told_trial.text(configuration, result, rejected), nl=False, err=err)
