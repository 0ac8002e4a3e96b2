"""`casebeat first-day`."""

from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from config.days.london import london_day
from config.far_days import AHEAD
from config.forces import force_name
from flows.clock import moment
from flows.command_line.options import Json, print_object
from flows.configured import configured
from flows.rehearsal import first_mornings
from flows.typed import read_as_of, read_day
from models.errors import Refuse
from models.rules.arithmetic import format_day
from tasks.obligations.lists import request
from tasks.platform import templates
from tasks.platform.configuration import Configuration
from tasks.platform.home import whole_file
from tasks.rehearsal.first_morning import MANY, FirstMorning, Morning
from tasks.servers import round_lock


def first_day(
    force: Annotated[
        str | None, typer.Option(help="The force, by its code, as 45; by default the one that waits.")
    ] = None,
    starts: Annotated[str | None, typer.Option(help="Its first day, as 2026-12-01; by default the policy's.")] = None,
    to: Annotated[Path | None, typer.Option(metavar="FILE.html", help="Write it as a page with charts.")] = None,
    as_json: Json = False,  # noqa: FBT002
    as_of: Annotated[str | None, typer.Option(help="The day on which it is asked, as 2026-03-16.")] = None,
) -> None:
    """Show what the first morning of a force would say to whom, with its first day and without one.

    Letters and matters a person, what is inherited, time limits, the worst cases, who is missing, which duties cannot
    be seen, and how the overdue joint reviews fit into the meetings. Until then nobody answers and no extract comes. It
    works on copies: nothing is written to the database, and nothing sent.
    """
    configuration = configured()
    today = london_day(moment(read_as_of(as_of)))
    code, on = _asked(configuration, force, read_day(starts), today)
    with whole_file(to) if to else nullcontext() as out:
        request("first-day", code)
        morning = first_mornings(configuration, code, on)
        values = {"made": morning, "force": force_name(code), "many": MANY}
        if out:
            out.write(templates.page("first_day/page.html", **values).encode())
    if to:
        typer.echo(f"Written: {to}")
    if as_json:
        print_object(_object(morning))
    elif not to:
        typer.echo(templates.command_output("first_day", values), nl=False)


def _asked(configuration: Configuration, force: str | None, on: date | None, today: date) -> tuple[str, date]:
    """Return the force and its day. Raises Refuse where one is not known, or the day is no day to come."""
    days = configuration.policy.starts
    waiting = sorted(configuration.waiting(today))
    code = force or (waiting[0] if len(waiting) == 1 else None)
    if code is None:
        raise Refuse(f"Name the force: --force 45 (waiting: {', '.join(waiting) or 'none'}). Nothing was done.")
    day = on or days.get(code)
    if day is None:
        raise Refuse(f"The policy has no first day of force {code}: name one, --starts 2026-12-01. Nothing was done.")
    last = round_lock.last_round(None)
    if last is None:
        raise Refuse("No round was run yet: there is no book to look at. Nothing was done.")
    if day <= max(last.day, today):
        raise Refuse(f"{format_day(day)} is not to come: its round may have run. Nothing was done.")
    if day > today + AHEAD:
        raise Refuse(
            f"{format_day(day)} is more than {AHEAD.days} days ahead, which no policy may say. Nothing was done."
        )
    return code, day


def _object(morning: FirstMorning) -> dict[str, Any]:
    meetings = [
        {"day": meeting.day.isoformat(), "cps_area": meeting.cps_area, "places": meeting.places,
         "overdue": dict(meeting.overdue),
         "oldest": meeting.oldest_on and meeting.oldest_on.isoformat(), "others": meeting.others}
        for meeting in morning.plan.meetings
    ]  # fmt: skip
    groups = [group._asdict() | {"oldest_on": group.oldest_on.isoformat()} for group in morning.inherited]
    worst = [case._asdict() | {"since": case.since.isoformat()} for case in morning.worst]
    return {
        "force_code": morning.force_code, "starts": morning.on.isoformat(), "with": _side(morning.with_day),
        "without": _side(morning.without), "inherited": groups, "limits": morning.limits._asdict(), "worst": worst,
        "unseen": list(morning.unseen), "missing": dict(morning.missing),
        "plan": {"meetings": meetings, "left": morning.plan.left, "weeks_more": morning.plan.weeks},
    }  # fmt: skip


def _side(morning: Morning) -> dict[str, Any]:
    readers = [reader._asdict() | {"roles": list(reader.roles)} for reader in morning.readers]
    return {"letters": morning.letters, "matters": morning.matters, "readers": readers}
