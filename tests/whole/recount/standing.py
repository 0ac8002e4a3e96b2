"""What stood overdue, and for how long: night after night, as the reading works it out from the extracts alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from tests.whole.reading.lives import Reading
from tests.whole.recount.history import DAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.whole.reading.duties.owed import Owed
    from tests.whole.reading.sheets import Key
    from tests.whole.recount.folders import Extract

STALLING = {
    "joint-review", "action", "action-plan", "no-progress", "charging-decision", "awaiting-charge",
    "summary-time-limit", "time-limit-unknown", "charge-code-unknown", "bail-end", "bail-end-unknown",
    "custody-limit", "custody-limit-unknown", "why-not-stalking", "charge-not-stalking", "referral-checklist",
    "pin-issued", "plea", "restraining-order", "breach-unanswered", "suspect-wanted", "danger",
}  # fmt: skip


@dataclass(frozen=True)
class Owing:
    """A version of an obligation, and the first day on which it was owed no more."""

    owed: Owed
    ended: date | None = None


@dataclass(frozen=True)
class Span:
    """Days on which something was so: the first, and the first on which it was so no more (None: it still is)."""

    first: date
    after: date | None


def owings(nights: Iterable[tuple[date, list[Extract]]]) -> list[Owing]:
    """Work out what was owed on the day of each night, and when each version ended."""
    reading, found = Reading(), {}
    for day, extracts in nights:
        for extract in extracts:
            reading.store.load(extract, extract.mode, extract.day, extract.files)
        reading.project(day)
        live = {(*life.owed.identity, life.version): life.owed for life in reading.lives.values() if not life.ended_on}
        for version, owing in found.items():
            if version not in live and owing.ended is None:
                found[version] = replace(owing, ended=day)
        found |= {version: Owing(owed) for version, owed in live.items()}
    return list(found.values())


def joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield spans in order; those that touch are one."""
    last: Span | None = None
    for span in sorted(spans, key=lambda span: span.first):
        if last and (last.after is None or span.first <= last.after):
            ends = last.after and span.after and max(last.after, span.after)
            last = Span(last.first, ends)
            continue
        if last:
            yield last
        last = span
    if last:
        yield last


def stalls(found: Iterable[Owing], key: Key) -> list[Span]:
    """Give the spans in which a case was stalled."""
    own = [owing for owing in found if (owing.owed.force, owing.owed.case_ref) == key and owing.owed.rule in STALLING]
    spans = [Span(max(owing.owed.escalate, owing.owed.due + DAY), owing.ended) for owing in own]
    return list(joined(span for span in spans if span.after is None or span.first < span.after))


def late(found: Iterable[Owing], key: Key, side: str) -> list[Span]:
    """Give the spans in which something that a side owed on a case was overdue."""
    own = [owing for owing in found if (owing.owed.force, owing.owed.case_ref) == key and owing.owed.owed_by == side]
    spans = [Span(owing.owed.due + DAY, owing.ended) for owing in own]
    return list(joined(span for span in spans if span.after is None or span.first < span.after))
