"""An agenda as rows for a spreadsheet: one for each obligation, and one for a case without any."""

from collections.abc import Iterator

from config.london import LONDON
from tasks.messages.agenda.contexts import AgendaCase, AgendaContext, AgendaLine, HiddenCase, UnreadCase
from tasks.platform.templates import names

COLUMNS = (
    "order", "day", "starts", "reference", "urn", "risk", "stage", "urgency", "first_time", "new", "rule", "title",
    "subject", "owed_by", "severity", "due_on", "days_overdue", "time_limit", "tried", "promised_until", "duty",
    "number",
)  # fmt: skip


def rows(agenda: AgendaContext) -> Iterator[tuple[object, ...]]:
    """Yield the rows in the agenda's order. A hidden restricted case is one row."""
    for case in agenda.cases:
        starts = case.starts_at.astimezone(LONDON)
        begins = (case.number, starts.date().isoformat(), f"{starts:%H:%M}")
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
    urgency = case.urgency.name.lower().replace("_", " ")
    return case.reference, case.urn, case.risk, case.stage, urgency, "yes" if case.first else "no"


def _line(line: AgendaLine, case: AgendaCase) -> tuple[object, ...]:
    item = line.item
    return (
        "yes" if line.key in case.news else "no", item.rule, item.title, item.subject, item.owed_by, item.severity,
        item.due_on, max(item.days, 0), "yes" if item.hard else "no",
        "; ".join(f"{names()['steps'][one.step]} {one.on.isoformat()}" for one in item.tried),
        item.promise.until_on if item.promise and not item.promise.end else "", item.duty, item.number,
    )  # fmt: skip
