"""`casebeat rehearse`."""

from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from config.days.london import london_day
from config.rehearsal import Answers
from flows.clock import moment
from flows.command_line.options import Json, print_object
from flows.command_line.progress import rows_shown
from flows.configured import configured
from flows.rehearsal import Trial
from flows.rehearsal import rehearse as run
from flows.typed import read_as_of
from models.errors import Refuse
from tasks.platform import templates
from tasks.platform.home import whole_file
from tasks.rehearsal import danger
from tasks.rehearsal.assumption import Assumption
from tasks.rehearsal.comparison import Comparison
from tasks.rehearsal.outcome import MANY, RehearsedWeeks
from tasks.servers import round_lock


def rehearse(
    policy: Annotated[Path, typer.Argument(metavar="POLICY.yaml", help="The policy to try.")],
    panels: Annotated[Path | None, typer.Option(metavar="FILE", help="The panels to try; by default today's.")] = None,
    weeks: Annotated[int, typer.Option(min=1, max=26, help="How many weeks to run.")] = 8,
    answers: Annotated[Answers, typer.Option(help="Who answers: nobody, or people as in the last 8 weeks.")] = (
        Answers.NOBODY
    ),
    to: Annotated[Path | None, typer.Option(metavar="FILE.html", help="Write it as a page with charts.")] = None,
    as_json: Json = False,  # noqa: FBT002
    as_of: Annotated[str | None, typer.Option(help="The day after which it begins, as 2026-03-16.")] = None,
) -> None:
    """Try a policy on today's book: run the coming weeks under it and under today's, and compare.

    Who is written to how much, who hears sooner or later, which cases stall when, which reviews have no place. In these
    weeks nobody answers, or people answer as before; no new case comes. It works on copies: nothing is written to the
    database, and nothing sent.
    """
    configuration = configured()
    today = london_day(moment(read_as_of(as_of)))
    last = round_lock.last_round(None)
    if last is None:
        raise Refuse("No round was run yet: there is no book to rehearse with. Nothing was done.")
    with whole_file(to) if to else nullcontext() as out:
        with rows_shown() as shown:
            comparison = run(
                configuration, Trial(policy, panels, max(today, last.day) + timedelta(days=1), weeks, answers), shown
            )
        values = {"made": comparison, "policy": policy.name, "weeks": weeks, "many": MANY, "before": danger.WEEKS}
        if out:
            out.write(templates.page("rehearsal/page.html", **values).encode())
    if to:
        typer.echo(f"Written: {to}")
    if as_json:
        print_object(_object(comparison))
    elif not to:
        typer.echo(templates.command_output("rehearsal", values), nl=False)


def _object(comparison: Comparison) -> dict[str, Any]:
    return {
        "from": comparison.first.isoformat(), "to": comparison.last.isoformat(), **_answers(comparison.people),
        "today": _side(comparison.today), "other": _side(comparison.other), "news": comparison.news._asdict(),
        "stalls": comparison.stalls._asdict(),
        "rules": {shift.rule: shift.shift._asdict() for shift in comparison.by_rule},
        "not_rehearsed": comparison.untried,
    }  # fmt: skip


def _answers(people: Assumption) -> dict[str, Any]:
    rules = [
        {"rule": rule.rule, "fell_due": rule.pace.seen, "own_pace": rule.own, "by_its_day": round(rule.in_time, 4),
         f"{people.later}_working_days_later": round(rule.later, 4)}
        for rule in people.rules
    ]  # fmt: skip
    return {
        "answers": f"as the last {people.weeks} weeks" if people.asked else "nobody answers", "answered": rules,
        "unanswered": people.never, "sittings": people.sittings._asdict(),
    }  # fmt: skip


def _side(weeks: RehearsedWeeks) -> dict[str, Any]:
    flooded = [
        {
            "contact_ref": reader.contact_ref,
            "roles": reader.roles,
            "most": reader.most,
            "on": reader.most_on.isoformat(),
        }
        for reader in weeks.flooded
    ]
    return {
        "mails": weeks.mails,
        "readers": len(weeks.readers),
        "flooded": flooded,
        **weeks.cases._asdict(),
        "danger": round(weeks.danger, 2),
    }
