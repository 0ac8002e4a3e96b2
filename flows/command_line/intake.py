"""`casebeat intake`."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from config.days.london import london_day
from config.settings import settings
from flows.clock import moment
from flows.command_line import intake_trial
from flows.command_line.account import by_command
from flows.command_line.options import answer
from flows.command_line.progress import rows_shown
from flows.configured import configured
from models.errors import Refuse
from tasks.intake.load import load_folders
from tasks.intake.options import Allowed
from tasks.intake.results import Fate, FileCount, LoadResult, exit_code
from tasks.intake.trial import try_folders
from tasks.platform.configuration import Configuration
from tasks.platform.text import number_of
from tasks.rounds import held_extract, late


def intake(  # noqa: PLR0913  one parameter for each thing that a person may allow or decide
    folders: Annotated[
        list[Path] | None, typer.Argument(help="Extract folders, or folders that hold them.", show_default=False)
    ] = None,
    *,
    allow_older: Annotated[bool, typer.Option(help="Load an extract older than the last of its source.")] = False,
    allow_shrink: Annotated[bool, typer.Option(help="Load a snapshot that withdraws many rows.")] = False,
    allow_fewer_columns: Annotated[
        bool, typer.Option(help="Load a snapshot without columns that its source sent before.")
    ] = False,
    profile: Annotated[
        Path | None, typer.Option(metavar="SOURCE.yaml", help="Read the folders, without a manifest, by this profile.")
    ] = None,
    now: Annotated[bool, typer.Option("--now", help="Wait for no export that was written a moment ago.")] = False,
    check: Annotated[bool, typer.Option(help="Write nothing: say what would be loaded, and every problem.")] = False,
    to: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="With --check: the folder for rejected rows.")
    ] = None,
    accept: Annotated[
        str | None, typer.Option(metavar="EXTRACT_ID", help="Load this extract, which is held as unlike its source.")
    ] = None,
    refuse: Annotated[
        str | None, typer.Option(metavar="EXTRACT_ID", help="Refuse this extract, which is held.")
    ] = None,
    by: Annotated[
        str | None, typer.Option(metavar="CONTACT_REF", help="The SPOC or lead who accepts or refuses it.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object for each folder.")] = False,
) -> None:
    """Load extract folders, one by one: police before CPS, oldest first.

    A folder without a manifest whose name is that of a profile is a source's own export. With --check, each folder is
    loaded on trial and taken back: what it would change, every problem of its rows, and which duties could be seen.

    An extract that would close, reclassify or downgrade more of its source's open cases than is plausible, or empty
    half of a column, is held: nothing of it is loaded until a SPOC or lead of a force or Area that it covers accepts or
    refuses it. It is looked for in the drop folder unless a folder is named.

    Exit codes: 0 all loaded, now or before; 1 something loaded with rows rejected; 2 any refused or held, or none.
    """
    configuration = configured()
    allowed = Allowed(allow_older, allow_shrink, allow_fewer_columns)
    if accept or refuse or by:
        _decide(configuration, folders or [], _Decision(accept, refuse, by), allowed, as_json=as_json)
        return
    if not folders:
        raise Refuse("Name an extract's folder, or a folder that holds some. Nothing was done.")
    if to and not check:
        raise Refuse("--to goes with --check: an intake writes rejected rows to the data directory. Nothing was done.")
    if check:
        if any(allowed):
            raise Refuse("--check allows nothing: leave out the options that begin with --allow. Nothing was done.")
        _check(configuration, folders, profile, to, as_json=as_json)
        return
    with rows_shown() as progress:
        results = load_folders(
            configuration,
            folders,
            moment(),
            allowed=allowed,
            profile=profile,
            now=now,
            progress=progress,
        )
    _check_any(folders, results)
    for result in results:
        if as_json:
            typer.echo(json.dumps(_as_object(result), ensure_ascii=False))
        else:
            _print(result)
    _print_what_follows(configuration, as_json=as_json)
    if code := exit_code(results):
        raise typer.Exit(code)


class _Decision(NamedTuple):
    """A person's decision as it is typed: the extract that they accept or refuse, and who they are."""

    accept: str | None
    refuse: str | None
    by: str | None


def _decide(
    configuration: Configuration,
    folders: Sequence[Path],
    decision: _Decision,
    allowed: Allowed,
    *,
    as_json: bool,
) -> None:
    accept, refuse, by = decision
    if not by or bool(accept) is bool(refuse):
        raise Refuse("Give --accept or --refuse with an extract's id, and --by. Nothing was done.")
    at, act = moment(), by_command(by)
    if refuse:
        answer(held_extract.refuse(configuration, refuse, act, london_day(at), at), as_json=as_json, extract_id=refuse)
        return
    result = held_extract.take(configuration, accept or "", folders, act, london_day(at), at, allowed)
    typer.echo(json.dumps(_as_object(result), ensure_ascii=False)) if as_json else _print(result)
    _print_what_follows(configuration, as_json=as_json)


def _check(
    configuration: Configuration, folders: Sequence[Path], profile: Path | None, to: Path | None, *, as_json: bool
) -> None:
    with rows_shown() as progress:
        found = try_folders(configuration, folders, moment(), profile=profile, rejected=to, progress=progress)
    results = [result.made for result in found]
    _check_any(folders, results)
    for result in found:
        if as_json:
            typer.echo(
                json.dumps(_as_object(result.made) | intake_trial.as_object(configuration, result), ensure_ascii=False)
            )
        else:
            intake_trial.show(configuration, result, to)
    if code := exit_code(results):
        raise typer.Exit(code)


def _check_any(folders: Sequence[Path], results: Sequence[LoadResult]) -> None:
    """Raise Refuse if there is nothing that could be loaded."""
    if any(result.fate is not Fate.NOT_READY for result in results):
        return
    if waiting := [f"{result.folder}: {result.sentence}" for result in results if result.source]:
        raise Refuse(f"{' '.join(waiting)} Nothing was done.")
    raise Refuse(
        f"There is no extract in {' or '.join(map(str, folders))}: no manifest.json in it, nor in a folder in it. "
        "Name an extract's folder, or a folder that holds some; while one is being copied it has no manifest.json. "
        "Nothing was done."
    )


def _print_what_follows(configuration: Configuration, *, as_json: bool) -> None:
    if not as_json and (follows := late.what_follows(configuration, moment())):
        typer.echo(follows)


def _as_object(result: LoadResult) -> dict[str, Any]:
    return {
        "folder": result.folder,
        "extract_id": result.extract_id,
        "source": result.source,
        "state": result.fate.value,
        "sentence": result.sentence,
        "cases_changed": result.cases_changed,
        "cases_missing": result.cases_missing,
        "orders_missing": result.orders_missing.orders,
        "notes": list(result.notes),
        "files": {file.name: file.as_dict() | {"notes": file.notes} for file in result.files},
    }


def _print(result: LoadResult) -> None:
    name = result.extract_id or result.folder
    typer.echo(f"{name}: {result.fate.value}" + (f": {result.sentence}" if result.sentence else ""))
    for file in result.files:
        _print_file(file, result)
    for note in result.notes:
        typer.echo(f"  {note}")
    if result.fate is Fate.HELD:
        typer.echo("  nothing was loaded; a SPOC or lead of what it covers decides, by --accept or --refuse, and --by")
    if result.fate is Fate.LOADED:
        typer.echo(f"  {number_of(result.cases_changed, 'case')} changed")
    if result.cases_missing:
        orders = result.orders_missing.orders
        kept = f"kept with {number_of(orders, 'unexpired order')}" if orders else "kept"
        typer.echo(f"  {number_of(result.cases_missing, 'case')} missing from the source, {kept}; operations are told")


def _print_file(file: FileCount, result: LoadResult) -> None:
    counts = [f"{file.added:,} new", f"{file.changed:,} changed"]
    for number, label in (
        (file.withdrawn, "withdrawn"),
        (file.rejected, "rejected"),
        (file.waiting, "waiting for their case"),
        (file.warned, "warning" if file.warned == 1 else "warnings"),
    ):
        counts += [f"{number:,} {label}"] if number else []
    typer.echo(f"  {file.name}: {number_of(file.rows, 'row')}: {', '.join(counts)}")
    for line in [*file.notes, *file.examples]:
        typer.echo(f"    {line}")
    if file.rejected or file.warned:
        typer.echo(f"    all of them, line by line: {settings().home / 'rejected' / result.extract_id}")
