"""`casebeat reviews`."""

from typing import Annotated

import typer

from flows.command_line.options import OnlyForce, ReportDay, print_object
from flows.refresh import refreshed
from flows.typed import read_day
from models.errors import Refuse
from tasks.platform import templates
from tasks.reviews import register as registers
from tasks.reviews.register import Register, RegisterRow


def reviews(
    force: OnlyForce = None,
    from_: Annotated[
        str | None, typer.Option("--from", help="Reviews due from this day on; by default eight weeks.")
    ] = None,
    to: Annotated[str | None, typer.Option(help="Reviews due up to this day; by default yesterday.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object for each pair of force and Area.")] = False,  # noqa: FBT002
    as_of: ReportDay = None,
) -> None:
    """Show for each force and CPS Area whether joint reviews are held in time, and have enough places.

    Changed cases are projected first. For future weeks a bar shows the places taken, the free places, and after them
    (!) the places lacking if each review is held on its due day.
    """
    first, last = read_day(from_), read_day(to)
    if first and last and first > last:
        raise Refuse("--from is after --to: no review falls due in between. Nothing was done.")
    configuration, today = refreshed(as_of, force)
    found = registers.reviews(configuration, force, first, last, today)
    if as_json:
        for row in found.rows:
            print_object(_object(found, row))
    else:
        typer.echo(templates.command_output("reviews", {"register": found}), nl=False)


def _object(found: Register, row: RegisterRow) -> dict[str, object]:
    return {
        "force_code": row.pair[0],
        "cps_area": row.pair[1],
        "panel": row.panel,
        "from": found.from_on,
        "to": found.to_on,
        "due": row.kept.due,
        "held_in_time": row.kept.in_time,
        "late": row.kept.late,
        "not_yet": row.kept.not_yet,
        "unquorate": row.failed.unquorate,
        "not_held": row.failed.not_held,
        "weeks": [
            {
                "week": week.monday,
                "places": week.places,
                "used": week.used,
                "needed": week.needed,
                "lacking": [more._asdict() for more in week.more],
            }
            for week in row.weeks
        ],
    }
