"""An agenda as a page to print, and as rows for a spreadsheet: one for each obligation, or for a case without any."""

from collections.abc import Iterator
from dataclasses import replace

from config.days.london import LONDON
from models.rules.arithmetic import format_day
from tasks.messages.agenda.contexts import AgendaCase, AgendaContext, AgendaLine, HiddenCase, UnreadCase
from tasks.messages.contexts import values
from tasks.messages.kind import Attachment
from tasks.platform.templates import names, page
from tasks.platform.text import blank, sheet

COLUMNS = (
    "No.", "Day", "Time", "Case", "URN", "Risk", "Watched", "Stage", "Why it is urgent", "First time", "New",
    "What is owed", "About", "Whose", "Who", "How late", "Due", "Do by", "Days late", "Time limit or order",
    "Notices so far", "Promised by",
)  # fmt: skip


def by_itself(agenda: AgendaContext, marking: str) -> Iterator[Attachment]:
    """Yield the agenda's rows."""
    del marking
    yield _sheet(agenda, f"casebeat-{agenda.ref}.csv")


def in_a_letter(agenda: AgendaContext, marking: str) -> Iterator[Attachment]:
    """Yield the agenda's page, with the marking, and its rows."""
    yield Attachment(f"agenda-{agenda.ref}.html", "html", to_print(agenda, marking))
    yield _sheet(agenda, f"agenda-{agenda.ref}.csv")


def to_print(agenda: AgendaContext, marking: str = "") -> str:
    """Render an agenda as a page to print."""
    return page("agenda/body.html", **values(replace(agenda, svg=True)), marking=marking)


def _sheet(agenda: AgendaContext, name: str) -> Attachment:
    return Attachment(name, "csv", sheet(COLUMNS, map(blank, rows(agenda))))


def rows(agenda: AgendaContext) -> Iterator[tuple[object, ...]]:
    """Yield the rows in the agenda's order. A hidden restricted case is one row."""
    for case in agenda.cases:
        starts = case.starts_at.astimezone(LONDON)
        begins = (case.number, starts.date(), f"{starts:%H:%M}")
        if isinstance(case, HiddenCase):
            yield _filled(*begins, "1 restricted case: ask SPOC")
            continue
        if isinstance(case, UnreadCase):
            yield _filled(*begins, case.reference)
            continue
        head = (*begins, *_case(case))
        for line in case.lines:
            yield (*head, *_line(line, case))
        if not case.lines:
            yield _filled(*head)


def _filled(*cells: object) -> tuple[object, ...]:
    return (*cells, *([""] * (len(COLUMNS) - len(cells))))


def _case(case: AgendaCase) -> tuple[object, ...]:
    urgency = names()["urgency"][case.urgency.name.lower()]
    watched = names()["recorded_as"][case.presumed] if case.presumed else ""
    return case.reference, case.urn, case.risk, watched, case.stage, urgency, "yes" if case.first else "no"


def _line(line: AgendaLine, case: AgendaCase) -> tuple[object, ...]:
    item, steps = line.item, names()["steps"]
    return (
        "yes" if line.key in case.news else "no", item.title, item.subject, names()["owed_by"][item.owed_by],
        ", ".join(ower.name or ower.ref for ower in item.owers if ower.ref), item.severity, item.due_on, item.do_by,
        max(item.days, 0),
        "yes" if item.hard else "no", "; ".join(f"{steps[one.step]} {format_day(one.on)}" for one in item.tried),
        item.promise.until_on if item.promise and not item.promise.end else "",
    )  # fmt: skip
