"""Composing of invitations, from the stored decision and current data, or the reason for silence."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple, Self

from sqlalchemy import Connection

from config.days.london import london_day
from config.forces import pair_name
from config.sittings import EventGone, EventNews
from models.queries.obligations.obligation_views import Reader
from models.queries.outbox.outbox import ClaimedMessage
from models.queries.reviews import invitations, written_events
from models.queries.reviews.written_events import ConvenedCase, WrittenEvent
from models.rules.people.readdressing import BARRED, LEFT
from models.rules.reviews.events import Event, PlacedCase
from tasks.messages.agenda.composing import GatheredAgenda, gather, own_cases
from tasks.messages.agenda.contexts import AgendaCase, HiddenCase, UnreadCase
from tasks.messages.composing import ComposedMessage, MessageBatch
from tasks.messages.invitation.composing_series import OTHERWISE, SeriesBatch
from tasks.messages.invitation.contexts import CaseMinutes, InvitationContext, MeetingTime
from tasks.messages.readers import of_reader
from tasks.platform.configuration import Configuration

BEGUN = "the sitting has begun"


class InvitationBatch(NamedTuple):
    """The data that a batch of invitations needs, and the agenda of each sitting."""

    at: datetime
    series: SeriesBatch
    written: Mapping[int, WrittenEvent]
    cases: Mapping[tuple[int, int], ConvenedCase]  # by sitting and case
    agendas: Mapping[str, GatheredAgenda | None]

    @classmethod
    def read(cls, connection: Connection, messages: Sequence[ClaimedMessage], world: MessageBatch) -> Self:
        """Read it in four statements, and gather the agendas."""
        ids = [message.id for message in messages]
        written = written_events.written(connection, ids)
        asked = {(event.sitting_id, placed.case_id) for event in written.values() for placed in _placed(event)}
        pages = {event.ref for event in written.values() if event.saved.invited.event.cases and not event.cancelled}
        return cls(
            world.at,
            SeriesBatch.read(connection, ids, world.at),
            written,
            written_events.named_cases(connection, sorted(asked)) if asked else {},
            {ref: gather(world.configuration, connection, ref, london_day(world.at)) for ref in sorted(pages)},
        )

    def compose(self, message: ClaimedMessage, world: MessageBatch) -> ComposedMessage:
        """Compose one invitation, unless a later one replaces it."""
        reader = world.reader(message)
        if self.series.has(message):
            return self.series.compose(message, world)
        event = self.written[message.id]
        nothing = self._silence_reason(event, None if world.has_left(message) else reader)
        if nothing or reader is None:
            return ComposedMessage(message, reader, None, {}, nothing)
        return ComposedMessage(message, reader, self._invitation(event, reader, world), {})

    def _silence_reason(self, event: WrittenEvent, reader: Reader | None) -> str:
        if event.sequence < event.latest:
            return invitations.OVERTAKEN
        if reader is None:
            return LEFT
        named = event.saved.invited.event.cases
        if not event.cancelled and len(self._heard(event, named, reader)) < len(named):
            return BARRED
        if event.saved.invited.event.starts_at <= self.at:
            return BEGUN
        return "" if event.cancelled or self._is_current(event) else OTHERWISE

    def _is_current(self, written_event: WrittenEvent) -> bool:
        """Return whether the sitting still matches the event. If not, the next run of `invite` reports the change."""
        event = written_event.saved.invited.event
        if event.whole:
            return written_event.takes_place and written_event.serves
        return (
            written_event.takes_place
            and written_event.place == event.place
            and all(self._sits(written_event, case) for case in event.cases)
        )

    def _sits(self, event: WrittenEvent, placed: PlacedCase) -> bool:
        case = self.cases[event.sitting_id, placed.case_id]
        if case.slot is None:
            return False
        return placed.starts_at == event.starts_at + timedelta(minutes=case.slot * event.minutes_per_case)

    def _invitation(self, written_event: WrittenEvent, reader: Reader, world: MessageBatch) -> InvitationContext:
        event, parts, notes = written_event.saved.invited
        cases = tuple(
            self._case(written_event, placed, reader) for placed in self._heard(written_event, event.cases, reader)
        )
        was = None if written_event.cancelled else written_event.saved.was
        kept = {placed.case_id for placed in event.cases}
        said = _said(event, written_event.minutes_per_case)
        return InvitationContext(
            **of_reader(reader, world.today),
            news=EventNews.CANCELLED if written_event.cancelled else EventNews.CHANGED if was else EventNews.INVITED,
            pair=pair_name(written_event.force_code, written_event.cps_area),
            sitting=written_event.ref,
            starts_at=said.starts_at,
            ends_at=said.ends_at,
            place=event.place,
            parts=parts,
            notes=notes,
            whole=event.whole,
            cases=cases,
            restricted=sum(not case.reference for case in cases),
            was=_said(was, written_event.minutes_per_case) if was else None,
            without=tuple(
                self._case(written_event, case, reader)
                for case in self._heard(written_event, was.cases if was else (), reader)
                if case.case_id not in kept
            ),
            gone=self._gone(written_event, reader) if written_event.cancelled else None,
            agenda_on=_agenda_on(world.configuration, event),
            own=self._page(written_event, reader),
            blocked=MeetingTime(starts_at=event.starts_at, ends_at=event.ends_at, place=event.place),
        )

    def _page(self, event: WrittenEvent, reader: Reader) -> tuple[AgendaCase | HiddenCase | UnreadCase, ...]:
        """Return the reader's own cases as the agenda has them today."""
        gathered = self.agendas.get(event.ref)
        if gathered is None or event.cancelled:
            return ()
        return own_cases(gathered, reader, {placed.case_id for placed in event.saved.invited.event.cases})

    def _heard(self, event: WrittenEvent, placed: Sequence[PlacedCase], reader: Reader) -> list[PlacedCase]:
        """Return those of an event's cases of which the reader may hear."""
        return [case for case in placed if reader.ref not in self.cases[event.sitting_id, case.case_id].barred]

    def _case(self, event: WrittenEvent, placed: PlacedCase, reader: Reader) -> CaseMinutes:
        case = self.cases[event.sitting_id, placed.case_id]
        return CaseMinutes(
            reference=case.reference if reader.restricted_access or not case.restricted else "",
            starts_at=placed.starts_at,
            ends_at=placed.starts_at + timedelta(minutes=event.minutes_per_case),
            because=case.because,
            due_on=case.due_on,
            late=case.due_on < london_day(placed.starts_at),
            ended=case.ended if case.slot is None else None,
            now_at=case.now_at if case.slot is None else None,
        )

    def _gone(self, written_event: WrittenEvent, reader: Reader) -> EventGone:
        if not written_event.takes_place:
            return EventGone.SITTING
        if written_event.empty:
            return EventGone.EMPTY if written_event.saved.invited.event.whole else EventGone.CASES
        event = written_event.saved.invited.event
        if event.whole:
            return EventGone.OTHERS
        left = [
            self.cases[written_event.sitting_id, placed.case_id]
            for placed in self._heard(written_event, event.cases, reader)
        ]
        return EventGone.CASES if all(case.slot is None for case in left) else EventGone.OTHERS


def _said(event: Event, minutes_per_case: int) -> MeetingTime:
    """Return when its reader has to be there: without the margin that their calendar has around their own cases."""
    if event.whole:
        return MeetingTime(starts_at=event.starts_at, ends_at=event.ends_at, place=event.place)
    ends_at = event.cases[-1].starts_at + timedelta(minutes=minutes_per_case)
    return MeetingTime(starts_at=event.cases[0].starts_at, ends_at=ends_at, place=event.place)


def _placed(event: WrittenEvent) -> Iterator[PlacedCase]:
    """Yield every case in the event and in its previous version."""
    yield from event.saved.invited.event.cases
    if event.saved.was:
        yield from event.saved.was.cases


def _agenda_on(configuration: Configuration, event: Event) -> date:
    before = configuration.policy.agenda.before
    return configuration.calendar.plus(london_day(event.starts_at), before._replace(number=-before.number))
