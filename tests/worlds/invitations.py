"""The values that invitations are composed of: what a message wrote, and its sitting or series as it is now."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from config.message_kinds import MessageKind
from config.sittings import ConveningReason, Part
from models.queries.obligations.obligation_views import Reader
from models.queries.reviews.written_events import ConvenedCase, SeriesSitting, WrittenEvent, WrittenSeries
from models.rules.reviews.events import Event, EventSeries, InvitedEvent, Occasion, PlacedCase, SavedInvitation
from tasks.messages.agenda.composing import GatheredAgenda
from tasks.messages.composing import ComposedMessage
from tasks.messages.invitation.composing import InvitationBatch
from tasks.messages.invitation.composing_series import SeriesBatch
from tasks.messages.invitation.contexts import InvitationContext
from tests.worlds.messages import NOW, held, reader, world

TUESDAY = date(2026, 3, 17)
TEN = datetime(2026, 3, 17, 10, tzinfo=UTC)
WEEK = timedelta(weeks=1)
HELD = held(key="invitation:1:P1:0", kind=MessageKind.INVITATION)


def placed(case_id: int, slot: int = 0) -> PlacedCase:
    return PlacedCase(case_id, TEN + timedelta(minutes=10 * slot), open=True)


def convened(case_id: int, slot: int | None = 0, **given: Any) -> ConvenedCase:
    one = ConvenedCase(
        case_id, f"45/{case_id}", False, frozenset(), slot, ConveningReason.DUE, TUESDAY, None, TEN
    )  # fmt: skip
    return one._replace(**given)


def event(*cases: PlacedCase, **given: Any) -> Event:
    return Event(TEN, 20, "Room 2", cases)._replace(**given)


def written(said: Event, was: Event | None = None, **given: Any) -> WrittenEvent:
    """A message about a sitting of two places, which takes place as the message says."""
    saved = SavedInvitation(InvitedEvent(said, (Part.OFFICER,)), was)
    one = WrittenEvent(
        0, 0, saved, False, 1, "45-1", "45", "South East", TEN, 20, 10, "Room 2", takes_place=True, first=0, last=1
    )  # fmt: skip
    return one._replace(**given)


def compose(
    one: WrittenEvent,
    *cases: ConvenedCase,
    to: Reader | None = None,
    at: datetime = NOW,
    unknown: bool = False,
    agenda: GatheredAgenda | None = None,
) -> ComposedMessage:
    """Compose a message to a reader, as of a moment, of the event and the cases that it names."""
    named = {(one.sitting_id, each.case_id): each for each in cases}
    batch = InvitationBatch(at, SeriesBatch(at, {}, {}), {HELD.id: one}, named, {one.ref: agenda})
    return batch.compose(HELD, world(*[] if unknown else [to or reader()]))


def said_by(made: ComposedMessage) -> InvitationContext:
    assert isinstance(made.context, InvitationContext), made.nothing
    return made.context


def tuesdays(**given: Any) -> Event:
    """A series of meetings on Tuesdays."""
    return Event(TEN, 60, "Room 2", (), EventSeries("FREQ=WEEKLY;BYDAY=TU", None)._replace(**given))


def occasion(weeks: int = 0, **given: Any) -> Occasion:
    """A meeting of the series, so many weeks after the first; from Sun 29 Mar 2026 on in summer time."""
    starts_at = TEN + weeks * WEEK - (timedelta(hours=1) if weeks > 1 else timedelta(0))
    return Occasion(starts_at, 60, "Room 2")._replace(**given)


def sits(
    weeks: int = 0, *, takes_place: bool = True, empty: bool = False, away: bool = False, **given: Any
) -> SeriesSitting:
    last = None if empty else 5
    return SeriesSitting(TUESDAY + weeks * WEEK, occasion(weeks, **given), 10, takes_place, away, last and 0, last)


def series(said: Event, was: Event | None = None, **given: Any) -> WrittenSeries:
    saved = SavedInvitation(InvitedEvent(said, (Part.CHAIR,)), was)
    return WrittenSeries(0, 0, saved, False, "45-series", 7, "P1", "45", "South East", over=False)._replace(**given)


def compose_series(
    one: WrittenSeries, *sittings: SeriesSitting, to: Reader | None = None, at: datetime = NOW
) -> ComposedMessage:
    """Compose a message to a reader about a series with these sittings to come."""
    batch = SeriesBatch(at, {HELD.id: one}, {(one.series_id, one.contact_ref): list(sittings)})
    return batch.compose(HELD, world(to or reader()))
