"""`casebeat purge`."""

import json
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from config.days.london import london_day
from config.retention import Held
from config.settings import settings
from flows.clock import moment, round_moment
from flows.command_line.account import account
from flows.command_line.exit_codes import DEGRADED
from flows.command_line.options import Json
from flows.command_line.progress import rows_shown
from flows.configured import configured
from flows.typed import read_as_of
from models.rules.arithmetic import format_day
from tasks.platform.text import number_of
from tasks.retention import purge as task
from tasks.retention.account import HeldCount, PurgeAccount

_NOUNS = {
    Held.BODIES: ("message", "messages"), Held.FACTS: ("case", "cases"), Held.AUDIT: ("audit row", "audit rows"),
    Held.MAILBOX: ("handled mail", "handled mails"),
    Held.REJECTED: ("extract with refused rows", "extracts with refused rows"),
    Held.STAFF: ("member of staff", "members of staff"),
    Held.EXTRACTS: ("loaded extract in the drop folder", "loaded extracts in the drop folder"),
    Held.MAIL: ("mail in the data directory", "mails in the data directory"),
    Held.PREFECT: ("page, run or event that names an erased case", "pages, runs and events that name an erased case"),
}  # fmt: skip
_NOTHING = {
    Held.MAILBOX: "no reply mailbox is set",
    Held.EXTRACTS: "no drop folder is set",
    Held.PREFECT: "no Prefect server is set",
}


def purge(
    classes: Annotated[
        list[Held] | None, typer.Argument(metavar="[CLASS]...", help=f"Of {', '.join(Held)}; without any, all.")
    ] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Erase it. Without this nothing is changed.")] = False,  # noqa: FBT002
    as_json: Json = False,  # noqa: FBT002
    as_of: Annotated[str | None, typer.Option(hidden=True, help="The day of the purge.")] = None,
) -> None:
    """Show what the policy keeps no longer, by class, and what holds cases back; with --apply, erase it for good.

    facts: cases of which all is over, those of one URN together, and bodies with them. bodies: the text of messages,
    whose recipient and moment stay. audit: the beginning of the audit log. mailbox: handled mails in the reply mailbox.
    rejected: refused rows of extracts. extracts: loaded ones in the drop folder. mail: mails in the data directory.
    prefect: what of Prefect names an erased case. staff: name and addresses of whom their source withdrew. It may be
    stopped at any moment and run again, and is in the audit log. Backups keep what they hold. Exit code 1 if a class
    could not be looked at.
    """
    configuration = configured()
    wanted = frozenset(classes or Held)
    if apply:
        at = round_moment(configuration, read_as_of(as_of))
        with rows_shown() as progress:
            past = task.erase(configuration, wanted, london_day(at), at, account(), progress)
    else:
        at = moment(read_as_of(as_of))
        past = task.find(configuration, wanted, london_day(at), at)
    typer.echo(json.dumps(_object(past)) if as_json else "\n".join(_lines(past)))
    if past.troubled:
        raise typer.Exit(DEGRADED)


def _object(past: PurgeAccount) -> dict[str, Any]:
    oldest = past.backups.oldest_on.isoformat() if past.backups.oldest_on else None
    classes = [
        {
            "class": count.held, "until": count.until.isoformat(), "count": count.found, "forces": dict(count.forces),
            "held_back": dict(count.back), "trouble": count.trouble or None,
        }
        for count in past.classes
    ]  # fmt: skip
    return {
        "erased": past.erased, "day": past.today.isoformat(), "classes": classes,
        "backups": {"folder": past.backups.folder, "files": past.backups.files, "oldest": oldest},
    }  # fmt: skip


def _lines(past: PurgeAccount) -> Iterator[str]:
    on = format_day(past.today)
    yield f"Erased on {on}:" if past.erased else f"Nothing was erased. On {on} --apply would erase:"
    for count in past.classes:
        yield f"  {count.held:<9} {_found(count)}"
        if count.forces:
            yield f"{'':12}by force: {', '.join(f'{force} {cases:,}' for force, cases in count.forces.items())}"
        for reason, cases in count.back.items():
            yield f"{'':12}held back by {reason.value}: {number_of(cases, 'case')}"
    yield f"  {'runs':<9} Prefect deletes its own after {settings().server.keep_days} days, events after a week"
    yield from _backups(past)


def _found(count: HeldCount) -> str:
    if count.trouble:
        return count.trouble
    if count.found is None:
        return _NOTHING[count.held]
    what = ("the text of " if count.held is Held.BODIES else "") + number_of(count.found, *_NOUNS[count.held])
    if count.held is Held.PREFECT:
        return what
    over = {Held.FACTS: "over by", Held.STAFF: "withdrawn by", Held.EXTRACTS: "loaded by"}.get(count.held, "up to")
    named = ", or of an erased case" if count.held is Held.REJECTED else ""
    return f"{what}, {over} {format_day(count.until)}{named}"


def _backups(past: PurgeAccount) -> Iterator[str]:
    left = past.backups
    yield f"Backups made before {format_day(past.today)} still hold what is erased: delete those that you need no more."
    if left.oldest_on:
        yield f"{left.folder} has {number_of(left.files, 'file')}, the oldest of {format_day(left.oldest_on)}."
