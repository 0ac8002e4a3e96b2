"""`casebeat report`."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

import typer

from config.days.london import london_day
from config.forces import AREA_BY_SPELLING, AREAS, spelling
from flows.clock import moment
from flows.command_line.options import OnlyForce, print_object
from flows.configured import configured
from flows.refresh import refresh
from flows.typed import read_as_of, read_month
from models.errors import Refuse, did_you_mean
from models.queries.report.places import ReportPlace
from models.rules.report.months import month_of
from tasks.platform import templates
from tasks.platform.home import whole_file
from tasks.report import files
from tasks.report import report as task
from tasks.report.pages import Page
from tasks.report.values import Value

_KINDS: dict[str, Callable[[Page], bytes]] = {
    ".html": lambda page: files.html(page).encode(),
    ".pdf": files.pdf,
    ".csv": lambda page: files.table(page).encode(),
}


def report(
    month: Annotated[str | None, typer.Option(help="The month, as 2026-10; by default the month before.")] = None,
    force: OnlyForce = None,
    area: Annotated[str | None, typer.Option(help="Only this CPS Area, as South East.")] = None,
    to: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Write it: .html with charts, .pdf to print, .csv of numbers."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object for each figure.")] = False,  # noqa: FBT002
    as_of: Annotated[str | None, typer.Option(help="The day to report on, as 2026-11-06.")] = None,
) -> None:
    """Report a month: reviews held in time, stalls, time limits, actions, charges, orders, news to victims, and more.

    Changed cases are projected first. A force's own page shows its numbers in full. On every other page, and where
    places are side by side, numbers from 1 to 4 are hidden, and so is what they could be worked out from.
    """
    configuration = configured()
    at = moment(read_as_of(as_of))
    today = london_day(at)
    if force is not None and area is not None:
        raise Refuse("Name a force or a CPS Area, and not both. Nothing was done.")
    writing = _writing(to or ())
    wanted = read_month(month) if month is not None else month_of(today).back(1)
    refresh(configuration, today, at, force)
    page = task.page(configuration, ReportPlace(force, None if area is None else _area(area)), wanted, today)
    contents = [make(page) for _, make in writing]  # all or none of the files are written
    with ExitStack() as open_files:
        drafts = [open_files.enter_context(whole_file(file)) for file, _ in writing]
        for draft, content in zip(drafts, contents, strict=True):
            draft.write(content)
    for file, _ in writing:
        typer.echo(f"Written: {file}")
    if as_json:
        for line in _objects(page):
            print_object(line)
    elif not writing:
        typer.echo(templates.command_output("report", {"page": page}), nl=False)


def _area(typed: str) -> str:
    """Return the CPS Area that is meant. Raises Refuse for one that there is not."""
    if typed and (found := AREA_BY_SPELLING.get(spelling(typed))):
        return found
    raise Refuse(f'There is no CPS Area "{typed}".{did_you_mean(typed, AREAS)} Nothing was done.')


def _writing(to: Sequence[Path]) -> list[tuple[Path, Callable[[Page], bytes]]]:
    """Return how each file is made. Raises Refuse for one whose ending is of no kind."""
    for file in to:
        if file.suffix.lower() not in _KINDS:
            raise Refuse(f"{file} ends neither in .html nor in .pdf nor in .csv: name it so. Nothing was done.")
    return [(file, _KINDS[file.suffix.lower()]) for file in to]


def _objects(page: Page) -> Iterator[dict[str, Any]]:
    yield {
        "month": str(page.month), "place": page.name, "section": "", "key": "extracts", "title": "Extracts reach to",
        "reach_on": page.sight.reach_on and page.sight.reach_on.isoformat(),
        "behind": {source: day.isoformat() for source, day in page.sight.behind.items()},
    }  # fmt: skip
    for section in page.sections:
        head = {"month": str(page.month), "place": page.name, "section": section.title}
        for line in section.lines:
            yield head | {
                "key": line.key, "title": line.title, **_value(line.now),
                "month_before": line.before.number, "year_before": line.year_before.number,
            }  # fmt: skip
        for row in section.places.rows if section.places else ():
            columns, keys = (section.places.columns, section.places.keys) if section.places else ((), ())
            for key, column, value in zip(keys, columns, row.values, strict=True):
                yield head | {"place": row.name, "key": key, "title": column, **_value(value)}
        for row in section.table.rows if section.table else ():
            columns = section.table.columns if section.table else ()
            for key, column, value in zip(row.keys, columns, row.values, strict=True):
                yield head | {"key": key, "title": f"{row.name}: {column}", **_value(value)}


def _value(value: Value) -> dict[str, Any]:
    return {
        "number": value.number, "share_percent": value.share, "seen": value.unseen or "seen",
        "without": list(value.without),
    }  # fmt: skip
