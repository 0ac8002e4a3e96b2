"""`casebeat pattern`."""

from dataclasses import asdict

import typer

from flows.command_line.options import JsonLines, OnlyForce, ReportDay, print_object
from flows.refresh import refreshed
from tasks.pattern import PatternCase, list_of
from tasks.platform import templates


def pattern(as_json: JsonLines = False, as_of: ReportDay = None, force: OnlyForce = None) -> None:  # noqa: FBT002
    """List the harassment cases that may be stalking by their facts, and what is recorded about why not.

    The policy has which facts list a case, under pattern. Cases that are restricted or bar anybody are left out.
    """
    configuration, today = refreshed(as_of, force)
    cases = list_of(configuration, force)
    if as_json:
        for case in cases:
            print_object(_object(case))
    else:
        typer.echo(templates.command_output("pattern", {"day": today, "cases": cases}), nl=False)


def _object(pattern_case: PatternCase) -> dict[str, object]:
    return {
        "case": pattern_case.reference,
        "urn": pattern_case.urn,
        "risk": pattern_case.risk,
        "presumed": pattern_case.presumed,
        "signs": [asdict(sign) for sign in pattern_case.signs],
        "latest_on": pattern_case.reason.latest_on,
        "reason_recorded_on": pattern_case.reason.recorded_on,
        "reason_unseen": pattern_case.reason.unseen,
    }
