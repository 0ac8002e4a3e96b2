"""Composing of invitations, from the stored decision and current data, or the reason for silence."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from sqlalchemy import Connection

from config.days.london import london_day
from config.forces import pair_name
from config.sittings import EventGone, EventNews
from models.queries.obligations.obligation_views import Reader
from models.queries.outbox.outbox import ClaimedMessage
from models.queries.reviews import invitations, written_events
from models.queries.reviews.written_events import WrittenEvent
from models.rules.people.readdressing import BARRED, LEFT
from models.rules.reviews.events import Event, PlacedCase
from tasks.messages.agenda.composing import gather, own_cases
from tasks.messages.agenda.contexts import AgendaCase, HiddenCase, UnreadCase
from tasks.messages.composing import ComposedMessage, MessageBatch
from tasks.messages.invitation.composing_series import SeriesBatch
from tasks.messages.invitation.contexts import CaseMinutes, EventWas, InvitationContext
from tasks.messages.invitation.wording import OTHERWISE
from tasks.messages.readers import in_role
from tasks.platform import configuration

BEGUN = "the sitting has begun"


class InvitationBatch:
    """The data that a batch of invitations needs, read in four statements, and the agenda of each sitting."""

    def __init__(self, connection: Connection, messages: Sequence[ClaimedMessage], world: MessageBatch) -> None:
        self._at = at = world.at
        ids = [held.id for held in messages]
        self._series = SeriesBatch(connection, ids, at)
        self._written = written_events.written(connection, ids)
        asked = {(one.sitting_id, placed.case_id) for one in self._written.values() for placed in _placed(one)}
        self._cases = written_events.named_cases(connection, sorted(asked)) if asked else {}
        pages = {one.ref for one in self._written.values() if one.saved.invited.event.cases and not one.cancelled}
        self._agendas = {ref: gather(connection, ref, london_day(at)) for ref in sorted(pages)}

    def compose(self, held: ClaimedMessage, world: MessageBatch) -> ComposedMessage:
        """Compose one invitation, unless a later one replaces it."""
        reader = world.reader(held)
        if self._series.has(held):
            return self._series.compose(held, world)
        one = self._written[held.id]
        nothing = self._silence_reason(one, None if world.has_left(held) else reader)
        if nothing or reader is None:
            return ComposedMessage(held, reader, None, {}, nothing)
        return ComposedMessage(held, reader, self._invitation(one, reader, world), {})

    def _silence_reason(self, one: WrittenEvent, reader: Reader | None) -> str:
        if one.sequence < one.latest:
            return invitations.OVERTAKEN
        if reader is None:
            return LEFT
        named = one.saved.invited.event.cases
        if not one.cancelled and len(self._heard(one, named, reader)) < len(named):
            return BARRED
        if one.saved.invited.event.starts_at <= self._at:
            return BEGUN
        return "" if one.cancelled or self._is_current(one) else OTHERWISE

    def _is_current(self, one: WrittenEvent) -> bool:
        """Return whether the sitting still matches the event. If not, the next run of `invite` reports the change."""
        event = one.saved.invited.event
        if event.whole:
            now = Event(one.starts_at, one.minutes, one.place)
            return one.takes_place and now == event
        return one.takes_place and one.place == event.place and all(self._sits(one, each) for each in event.cases)

    def _sits(self, one: WrittenEvent, placed: PlacedCase) -> bool:
        case = self._cases[one.sitting_id, placed.case_id]
        if case.slot is None:
            return False
        return placed.starts_at == one.starts_at + timedelta(minutes=case.slot * one.minutes_per_case)

    def _invitation(self, one: WrittenEvent, reader: Reader, world: MessageBatch) -> InvitationContext:
        event, parts, notes = one.saved.invited
        role, asks = in_role(reader)
        cases = tuple(self._case(one, placed, reader) for placed in self._heard(one, event.cases, reader))
        was = None if one.cancelled else one.saved.was
        kept = {placed.case_id for placed in event.cases}
        return InvitationContext(
            day=world.today,
            reader=role,
            asks=asks,
            news=EventNews.CANCELLED if one.cancelled else EventNews.CHANGED if was else EventNews.INVITED,
            pair=pair_name(one.force_code, one.cps_area),
            sitting=one.ref,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            place=event.place,
            parts=parts,
            notes=notes,
            whole=event.whole,
            cases=cases,
            restricted=sum(not each.reference for each in cases),
            was=EventWas(starts_at=was.starts_at, ends_at=was.ends_at, place=was.place) if was else None,
            without=tuple(
                self._case(one, each, reader)
                for each in self._heard(one, was.cases if was else (), reader)
                if each.case_id not in kept
            ),
            gone=self._gone(one, reader) if one.cancelled else None,
            agenda_on=_agenda_on(event),
            own=self._page(one, reader),
        )

    def _page(self, one: WrittenEvent, reader: Reader) -> tuple[AgendaCase | HiddenCase | UnreadCase, ...]:
        """Return the reader's own cases as the agenda has them today."""
        gathered = self._agendas.get(one.ref)
        if gathered is None or one.cancelled:
            return ()
        return own_cases(gathered, reader, {placed.case_id for placed in one.saved.invited.event.cases})

    def _heard(self, one: WrittenEvent, placed: Sequence[PlacedCase], reader: Reader) -> list[PlacedCase]:
        """Return those of an event's cases of which the reader may hear."""
        return [each for each in placed if reader.ref not in self._cases[one.sitting_id, each.case_id].barred]

    def _case(self, one: WrittenEvent, placed: PlacedCase, reader: Reader) -> CaseMinutes:
        case = self._cases[one.sitting_id, placed.case_id]
        return CaseMinutes(
            reference=case.reference if reader.restricted_access or not case.restricted else "",
            starts_at=placed.starts_at,
            ends_at=placed.starts_at + timedelta(minutes=one.minutes_per_case),
            because=case.because,
            due_on=case.due_on,
            late=case.due_on < london_day(placed.starts_at),
            ended=case.ended if case.slot is None else None,
            now_at=case.now_at if case.slot is None else None,
        )

    def _gone(self, one: WrittenEvent, reader: Reader) -> EventGone:
        if not one.takes_place:
            return EventGone.SITTING
        if one.empty:
            return EventGone.EMPTY if one.saved.invited.event.whole else EventGone.CASES
        event = one.saved.invited.event
        if event.whole:
            return EventGone.OTHERS
        left = [self._cases[one.sitting_id, placed.case_id] for placed in self._heard(one, event.cases, reader)]
        return EventGone.CASES if all(case.slot is None for case in left) else EventGone.OTHERS


def _placed(one: WrittenEvent) -> Iterator[PlacedCase]:
    """Yield every case in the event and in its previous version."""
    yield from one.saved.invited.event.cases
    if one.saved.was:
        yield from one.saved.was.cases


def _agenda_on(event: Event) -> date:
    before = configuration.policy().agenda.before
    return configuration.calendar().plus(london_day(event.starts_at), before._replace(number=-before.number))
