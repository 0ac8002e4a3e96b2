"""The list that is attached to a letter: every matter, in words that a person reads."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Protocol

from config.terms import Severity
from models.rules.arithmetic import format_day
from tasks.messages.contexts import FollowingStep, ObligationItem, Ower, TriedStep
from tasks.messages.kind import Attachment
from tasks.platform.templates import names, render_text
from tasks.platform.text import sheet


def csv(items: Iterable[ObligationItem]) -> str:
    """Write the list as CSV."""
    return sheet(tuple(COLUMNS), ([column(item) for column in COLUMNS.values()] for item in items))


class Listing(Protocol):
    """A message that may leave items out, and has all of them for its list."""

    @property
    def day(self) -> date: ...  # noqa: D102  as of which it is

    @property
    def cut_short(self) -> bool: ...  # noqa: D102  whether it leaves items out

    @property
    def listed(self) -> Sequence[ObligationItem]: ...  # noqa: D102  all of them


def attached(context: Listing, marking: str) -> Iterator[Attachment]:
    """Yield the list of a message that leaves items out."""
    del marking
    if context.cut_short:
        yield Attachment(f"casebeat-{context.day.isoformat()}.csv", "csv", csv(context.listed))


def _what(item: ObligationItem) -> str:
    kind = names()["kinds"].get(item.kind)
    missing = f"missing {' and '.join(item.parts)}" if item.parts and item.ended is None else ""
    return ", ".join(part for part in (item.title, kind, item.subject, missing) if part)


def _owers(owers: Sequence[Ower]) -> str:
    unreached = (names()[ower.unreached][ower.role] for ower in owers if ower.unreached)
    return "; ".join((*map(_ower, owers), *unreached))


def _ower(ower: Ower) -> str:
    named = ", ".join(filter(None, (ower.name, ower.ref)))
    return f"{named} ({names()['who'][ower.role]})" if named else str(names()["nobody"][ower.role])


def _stands(item: ObligationItem) -> str:
    if item.ended is not None:
        return "ended"
    late = item.severity in {Severity.OVERDUE, Severity.CRITICALLY_OVERDUE}
    return f"{item.severity} since {format_day(item.since)}" if late else str(item.severity)


def _tried(tried: Sequence[TriedStep]) -> str:
    return "; ".join(f"{names()['steps'][one.step]} {format_day(one.on)}" for one in tried)


def _next(following: FollowingStep | None) -> str:
    return f"{names()['steps'][following.step]} on {format_day(following.on)}" if following else ""


COLUMNS: Mapping[str, Callable[[ObligationItem], object]] = {
    "Risk": lambda item: names()["risk"][item.risk] if item.risk else "",
    "Reference": lambda item: item.reference,
    "URN": lambda item: item.urn or "",
    "What is owed": _what,
    "Side": lambda item: names()["owed_by"][item.owed_by],
    "Owed by": lambda item: _owers(item.owers),
    "Due": lambda item: format_day(item.due_on),
    "Do by": lambda item: format_day(item.do_by),
    "State": _stands,
    "Danger": lambda item: render_text("letter/danger.txt", {"item": item}) if item.danger else "",
    "Watched": lambda item: names()["recorded_as"][item.presumed] if item.presumed else "",
    "Inherited": lambda item: f"due before {format_day(item.inherited_at)}" if item.inherited_at else "",
    "Day moved": lambda item: {0: "", 1: "once"}.get(item.moved, f"{item.moved} times"),
    "Tried": lambda item: _tried(item.tried),
    "Next": lambda item: _next(item.following),
    "Ends with": lambda item: names()["ends"][item.rule],
    "How calculated": lambda item: item.calculated_from,
    "Basis": lambda item: f"{names()['duty'][item.duty]}; {names()['number'][item.number]}",
    "Ended": lambda item: format_day(item.ended.on) if item.ended else "",
}
