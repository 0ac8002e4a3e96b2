"""Composing of invitations to a series, from the stored decision and the sittings as they are, or why it is silent."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import NamedTuple, Self

from sqlalchemy import Connection

from config.days.civil_days import LAST
from config.days.london import london_day
from config.forces import pair_name
from config.sittings import EventGone, EventNews
from models.queries.obligations.obligation_views import Reader
from models.queries.outbox.outbox import ClaimedMessage
from models.queries.reviews import invitations, written_events
from models.queries.reviews.written_events import SeriesSitting, WrittenSeries
from models.rules.people.readdressing import LEFT
from models.rules.reviews.events import Event, InvitedEvent, Occasion
from models.rules.reviews.invitation_plan import OWN_CASES
from tasks.messages.composing import ComposedMessage, MessageBatch
from tasks.messages.invitation.contexts import InvitationContext, MeetingChange, MeetingTime, SeriesView
from tasks.messages.readers import of_reader

OTHERWISE = "the sitting is not as it was: what it is now is said next"
SHOWN = 6  # coming meetings in the mail; the calendar has all


class SeriesBatch(NamedTuple):
    """The data that a batch's invitations to series need."""

    at: datetime
    written: Mapping[int, WrittenSeries]
    sittings: Mapping[tuple[int, str], list[SeriesSitting]]  # by series and contact

    @classmethod
    def read(cls, connection: Connection, ids: Sequence[int], at: datetime) -> Self:
        """Read it in two statements."""
        written = written_events.written_series(connection, ids) if ids else {}
        asked = sorted({(series.series_id, series.contact_ref) for series in written.values()})
        return cls(at, written, written_events.sittings_of(connection, asked, at) if asked else {})

    def has(self, message: ClaimedMessage) -> bool:
        """Return whether a message is about a series."""
        return message.id in self.written

    def compose(self, message: ClaimedMessage, world: MessageBatch) -> ComposedMessage:
        """Compose one invitation, unless a later one replaces it or its sittings are not as it says."""
        series, reader = self.written[message.id], world.reader(message)
        sittings = {
            sitting.ruled_on: sitting for sitting in self.sittings.get((series.series_id, series.contact_ref), [])
        }
        if series.sequence < series.latest:
            return ComposedMessage(message, reader, None, {}, invitations.OVERTAKEN)
        if reader is None or world.has_left(message):
            return ComposedMessage(message, reader, None, {}, LEFT)
        if not series.cancelled and not all(_agrees(series.saved.invited, sitting) for sitting in sittings.values()):
            return ComposedMessage(message, reader, None, {}, OTHERWISE)
        return ComposedMessage(message, reader, self._invitation(series, reader, sittings, world.today), {})

    def _invitation(
        self, series: WrittenSeries, reader: Reader, sittings: dict[date, SeriesSitting], today: date
    ) -> InvitationContext:
        event, parts, notes = series.saved.invited
        was = None if series.cancelled else series.saved.was
        ends = was is not None and _ends(event) is not None and _ends(event) != _ends(was)
        news = EventNews.ENDED if ends else EventNews.CHANGED if was else EventNews.INVITED
        gone = EventGone.RULE if series.over else EventGone.OTHERS
        return InvitationContext(
            **of_reader(reader, today),
            news=EventNews.CANCELLED if series.cancelled else news,
            pair=pair_name(series.force_code, series.cps_area),
            sitting=series.ref,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            place=event.place,
            parts=parts,
            notes=notes,
            whole=True,
            cases=(),
            restricted=0,
            was=None,
            without=(),
            gone=gone if series.cancelled or ends else None,
            agenda_on=today,
            series=self._view(series.saved.invited, was, sittings, cancelled=series.cancelled),
        )

    def _view(
        self, invited: InvitedEvent, was: Event | None, sittings: dict[date, SeriesSitting], *, cancelled: bool
    ) -> SeriesView:
        event, series = invited.event, invited.event.series
        if series is None:
            raise ValueError("the event of a series has no rule")
        coming = [] if cancelled else list(islice(event.coming(self.at, LAST), SHOWN + 1))
        return SeriesView(
            rule=series.rule,
            until=event.by_rule(series.last_on).starts_at if series.last_on else None,
            off=tuple(event.by_rule(day).starts_at for day in series.off),
            moved=tuple((event.by_rule(day).starts_at, _time(occasion)) for day, occasion in series.moved),
            coming=tuple(map(_time, coming[:SHOWN])),
            more=len(coming) > SHOWN,
            changes=tuple(self._changes(invited, was, sittings)) if was else (),
        )

    def _changes(
        self, invited: InvitedEvent, was: Event, sittings: dict[date, SeriesSitting]
    ) -> Iterator[MeetingChange]:
        """Yield the meetings to come that the reader's calendar has otherwise, up to the end of the series."""
        event, own = invited.event, OWN_CASES in invited.notes
        today, end = london_day(self.at), _ends(event)
        exceptions = {day for one in (event, was) if one.series for day in (*one.series.off, *dict(one.series.moved))}
        for day in sorted({*sittings, *(day for day in exceptions if day >= today)}):
            before, now = was.on(day), event.on(day)
            if before != now and (end is None or day <= end):
                sitting = sittings.get(day)
                yield MeetingChange(
                    was=_time(before) if before else None,
                    now=_time(now) if now else None,
                    gone=None if now else _why(sitting, own=own),
                )


def _agrees(invited: InvitedEvent, sitting: SeriesSitting) -> bool:
    """Return whether a sitting is as a series says. It may take place without its reader.

    Of the minutes of their own cases, which somebody has as a SPOC, only the place is compared.
    """
    said = invited.event.on(sitting.ruled_on)
    if said is None or not sitting.takes_place:
        return said is None
    return said.place == sitting.whole.place if OWN_CASES in invited.notes else sitting.agrees(said)


def _why(sitting: SeriesSitting | None, *, own: bool) -> EventGone:
    if sitting is None:
        return EventGone.HOLIDAY
    if not sitting.takes_place:
        return EventGone.SITTING
    return EventGone.EMPTY if sitting.empty else EventGone.CASES if own and not sitting.away else EventGone.OTHERS


def _ends(event: Event) -> date | None:
    return event.series.last_on if event.series else None


def _time(occasion: Occasion) -> MeetingTime:
    return MeetingTime(starts_at=occasion.starts_at, ends_at=occasion.ends_at, place=occasion.place)
