"""Changes since each reader's last letter: cases that stalled, were lost, cleared or in danger, and the others."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from sqlalchemy import Connection

from models.queries.obligations import stall_spans, stalled_obligations
from models.queries.obligations.obligation_views import ObligationView, Reader
from models.queries.obligations.stall_spans import StallSpan
from models.rules.obligations.rulebook import RULES
from models.rules.outbox.message_states import LEFT, SAID
from models.rules.people.knowing import open_to
from tasks.messages.letter.blocks import RANK
from tasks.messages.letter.contexts import ChangedCase, ChangedCases, WhatChanged
from tasks.messages.letter.standings import Remit, Standings
from tasks.platform.configuration import Configuration
from tasks.platform.text import one_line

NAMED = 5  # cases of each kind of change; the rest is counted
_Spans = list[StallSpan]


class Changes:
    """The changes in the forces and Areas of a batch's SPOCs and leads, of whatever day each was last written to.

    What was so on the day of a letter is worked out from the obligations' own days, in one statement for all readers:
    no letter keeps what it told. What changes after the letters of a day is new to the next one.
    """

    def __init__(
        self,
        configuration: Configuration,
        connection: Connection,
        readers: Mapping[str, Reader],
        standings: Standings,
        channel: str,
    ) -> None:
        self._starts, self._today, self._hidden = configuration.policy.starts, standings.today, standings.hidden
        remits = {ref: standings.own(reader) for ref, reader in readers.items()}
        self._remits = {ref: remit for ref, remit in remits.items() if remit is not None}
        read = LEFT if configuration.settings.mail.host else SAID
        asked = sorted(self._remits)
        self._last = stall_spans.last_letters(connection, asked, channel, self._today, read) if asked else {}
        forces = {code for remit in self._remits.values() for code in remit.force_codes}
        areas = {area for remit in self._remits.values() for area in remit.cps_areas}
        since, waiting = min([self._today, *self._last.values()]), configuration.waiting(self._today)
        self._cases = stall_spans.spans(connection, since, self._today, forces, areas, waiting) if asked else {}
        self._dangers = stall_spans.dangers(connection, since, forces, areas, waiting) if asked else []
        ids = [span.obligation_id for spans in self._cases.values() for span in spans if span.lost]
        found = stalled_obligations.of_ids(connection, ids) if ids else []
        self._limits = {limit.matter.obligation_id: limit.matter for limit in found}
        self._made: dict[object, WhatChanged] = {}

    def of(self, reader: Reader) -> WhatChanged | None:
        """Return the changes for a reader; None for anybody but SPOCs and leads, and where there are none.

        The same view is worked out once.
        """
        remit = self._remits.get(reader.ref)
        if remit is None:
            return None
        since, hidden = self._last.get(reader.ref), self._hidden.get(reader.ref, frozenset())
        view = (remit.where, reader.restricted_access, hidden, since)
        if view not in self._made:
            shown = (spans for spans in self._cases.values() if _of(remit, spans[0]) and open_to(reader, spans[0]))
            raised = [[one] for one in self._dangers if _of(remit, one) and open_to(reader, one)]
            self._made[view] = self._changed(list(shown), raised, since)
        return self._made[view] if since or self._made[view].still.number else None

    def lost(self, reader: Reader) -> list[ObligationView]:
        """Return the time limits and orders of a SPOC's or lead's remit that were lost since their last letter."""
        remit, since = self._remits.get(reader.ref), self._last.get(reader.ref)
        if remit is None or since is None:
            return []
        shown = (spans for spans in self._cases.values() if _of(remit, spans[0]) and open_to(reader, spans[0]))
        return [self._limits[span.obligation_id] for spans in shown for span in _lost(spans, since)]

    def _changed(self, cases: list[_Spans], dangers: list[_Spans], since: date | None) -> WhatChanged:
        if since is None:
            return WhatChanged(since=None, still=_named(filter(self._now, cases), _since))
        found: dict[str, list[_Spans]] = {name: [] for name in ("stalled", "lost", "cleared", "still", "")}
        for spans in cases:
            found[self._what(spans, since)].append(spans)
            found["lost"] += [spans] if _lost(spans, since) else []
        return WhatChanged(
            since=since,
            stalled=_named(found["stalled"], _since),
            lost=_named(found["lost"], lambda spans: _lost(spans, since)[0]),
            cleared=_named(found["cleared"], lambda spans: min(spans, key=lambda span: span.since_on)),
            raised=_named(([one] for [one] in dangers if one.told_from > since), lambda spans: spans[0]),
            still=_named(found["still"], _since),
        )

    def _what(self, spans: _Spans, since: date) -> str:
        """Return the list in which a case is named; empty for one that was stalled neither then nor now.

        Nothing of a case is new to a letter of before the first day of its force.
        """
        before = any(span.stalled_in(since) for span in spans)
        if self._now(spans):
            return "still" if before or since < self._starts.get(spans[0].force_code, date.min) else "stalled"
        return "cleared" if before and not _lost(spans, since) else ""

    def _now(self, spans: _Spans) -> bool:
        return any(span.stalls_on(self._today) for span in spans)


def _of(remit: Remit, span: StallSpan) -> bool:
    return span.force_code in remit.force_codes or span.cps_area in remit.cps_areas


def _lost(spans: _Spans, since: date) -> _Spans:
    return [span for span in spans if span.lost and span.ended_since(since)]


def _since(spans: _Spans) -> StallSpan:
    """Return by what a case has been stalled longest, of what is owed."""
    return min((span for span in spans if span.ended_on is None), key=lambda span: span.since_on)


def _named(cases: Iterable[_Spans], by: Callable[[_Spans], StallSpan]) -> ChangedCases:
    """Name the most pressing cases, each by one of its spans: high risk first, then the oldest; and count the rest."""
    found = sorted(map(by, cases), key=lambda span: (RANK[span.risk], span.since_on, span.force_code, span.case_ref))
    return ChangedCases(cases=tuple(map(_case, found[:NAMED])), more=max(0, len(found) - NAMED))


def _case(span: StallSpan) -> ChangedCase:
    return ChangedCase(
        reference=one_line(f"{span.force_code}/{span.case_ref}"),
        risk=span.risk,
        title=RULES[span.rule].title if span.lost else "",
    )
