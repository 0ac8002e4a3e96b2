"""`casebeat migrate`: the only command that changes tables that are there."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from config.days.london import london_day
from config.rules import STANDING
from config.settings import settings
from flows.clock import moment
from flows.command_line.options import Json, print_object
from flows.command_line.progress import rows_shown
from models import migrations
from tasks.servers import backup_files, database, serving
from tasks.servers.backup import back_up
from tasks.servers.migrate import migrate as bring_up
from tasks.servers.migrate import refuse_two_databases, warnings
from tasks.servers.upgrade import Upgrade, foresee


def migrate(
    plan: Annotated[bool, typer.Option("--plan", help="Say what it would do, and do nothing.")] = False,  # noqa: FBT002
    backup: Annotated[  # noqa: FBT002
        bool, typer.Option("--backup/--no-backup", help="Back up first; without it, have a backup of your own.")
    ] = True,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Upgrade the database's tables to this code: say what that will do, back up, and do it.

    No other command changes tables that are there. It may be run again, and twice at once. The backup is a file of its
    own, which casebeat restore of the older version takes. The tables belong to the role of
    CASEBEAT_DATABASE_OWNER_URL, or else of CASEBEAT_DATABASE_URL; both must name the same database. If casebeat_app
    (which may change all but the audit log) and casebeat_report (which may read) do not exist yet, that role must be
    allowed to create them.
    """
    at, owner, application = moment(), database.owner_url(), database.application_url()
    refuse_two_databases(owner, application)
    upgrade = foresee(owner)
    to = backup_files.before_upgrade(_folder(), at) if backup and upgrade.of_book else None
    if not as_json and (plan or upgrade.of_book or upgrade.new_rules):
        typer.echo("\n".join(_lines(upgrade, to, london_day(at))))
    if plan:
        if as_json:
            print_object(_object(upgrade, to))
        return
    if upgrade.of_book:
        serving.refuse_served(settings().home)
    if to:
        _back_up(owner, to, at)
    before, faults = bring_up(owner), warnings(application)
    if as_json:
        print_object(_object(upgrade, to) | {"before": before, "warnings": faults})
        return
    earlier = "was there already" if before == migrations.HEAD else f"was at revision {before}"
    typer.echo(f"The database is at revision {migrations.HEAD}; it {earlier}.")
    for fault in faults:
        typer.echo(fault, err=True)


def _back_up(owner: str, to: Path, at: datetime) -> None:
    backup_files.make_folder(settings().home, to.parent)
    with rows_shown() as progress:
        back_up(owner, to, at, partial(progress, "backup"))


def _folder() -> Path:
    return settings().backup.folder_in(settings().home)


def _lines(upgrade: Upgrade, backup: Path | None, today: date) -> Iterator[str]:
    """Say what will be done, and how to go back."""
    if upgrade.before is None:
        yield "The database has no tables yet: casebeat migrate makes them."
    if upgrade.of_book:
        yield f"The database is at revision {upgrade.before}. casebeat migrate"
        yield f"- backs it up into {backup}" if backup else "- makes no backup: you have one of your own"
        yield f"- brings its tables to revision {migrations.HEAD}, all of it or nothing:"
        yield from (f"    {revision.number}  {revision.sentence}" for revision in upgrade.revisions)
        if backup:
            yield f"To go back, install the older version, and casebeat restore {backup} --hold into an empty database."
    elif upgrade.before:
        yield f"The database is at revision {upgrade.before}: there is nothing to migrate."
    if upgrade.new_rules:
        yield f"New rules, which this book has not met: {', '.join(upgrade.new_rules)}."
        yield "What was due under them already begins with its reminder, and goes further after inherited.grace."
    if dated := [rule for rule in upgrade.new_rules if rule not in STANDING]:
        yield "So that they count only what begins from today, add to the policy before the next round:"
        yield from _since(upgrade.force_codes, dated, today)


def _since(force_codes: Sequence[str], rules: Sequence[str], today: date) -> Iterator[str]:
    yield "    overrides:"
    for force_code in force_codes:
        yield f'      "{force_code}":'
        yield from (f"        {rule}: {{since: {today}}}" for rule in rules)


def _object(upgrade: Upgrade, backup: Path | None) -> dict[str, object]:
    return {
        "revision": migrations.HEAD,
        "revisions": [revision._asdict() for revision in upgrade.revisions],
        "new_rules": list(upgrade.new_rules),
        "backup": str(backup) if backup else None,
    }
