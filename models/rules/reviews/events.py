"""Calendar events: one of a sitting, or a series with its exceptions, and the form in which they are stored."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, Self

from config.days.london import LONDON, at_london, london_day
from config.days.recurrence import Recurrence
from config.sittings import Part


class PlacedCase(NamedTuple):
    """One case's time in a person's event, and whether they may know which case it is."""

    case_id: int
    starts_at: datetime
    open: bool


class Occasion(NamedTuple):
    """One meeting of a series, as a diary shows it."""

    starts_at: datetime
    minutes: int
    place: str

    @property
    def ends_at(self) -> datetime:
        """Return the moment when it ends."""
        return self.starts_at + timedelta(minutes=self.minutes)

    def meets(self, other: "Occasion") -> bool:
        """Return whether it has minutes in common with another, in the same place."""
        return self.place == other.place and self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def covers(self, other: "Occasion") -> bool:
        """Return whether another takes place within its time, in the same place."""
        return self.place == other.place and self.starts_at <= other.starts_at and other.ends_at <= self.ends_at


class EventSeries(NamedTuple):
    """How an event recurs: by an RFC 5545 rule without an end, from the event's own day to `last_on`, if it ends.

    Each exception is named by its day by the rule: `off` has no meeting for this person, `moved` has it otherwise.
    """

    rule: str
    last_on: date | None
    off: tuple[date, ...] = ()
    moved: tuple[tuple[date, Occasion], ...] = ()


class Event(NamedTuple):
    """One person's calendar event: of one sitting, or a panel's series.

    An event for all cases of a sitting names none of them.
    """

    starts_at: datetime
    minutes: int
    place: str
    cases: tuple[PlacedCase, ...] = ()
    series: EventSeries | None = None

    @property
    def whole(self) -> bool:
        """Return whether it covers all cases of the sitting."""
        return not self.cases

    @property
    def occasion(self) -> Occasion:
        """Return the time and the place that a diary shows."""
        return Occasion(self.starts_at, self.minutes, self.place)

    @property
    def ends_at(self) -> datetime:
        """Return the moment when it, or the first meeting of a series, ends."""
        return self.occasion.ends_at

    @property
    def first_on(self) -> date:
        """Return its day: of a series, the first by the rule."""
        return london_day(self.starts_at)

    def days(self, last: date) -> Iterator[date]:
        """Yield the days of a series' rule from its first to `last`, without a look at its exceptions."""
        if self.series:
            yield from Recurrence.parse(self.series.rule).days(self.first_on, last)

    def by_rule(self, day: date) -> Occasion:
        """Return the meeting that a series has on a day by its rule alone."""
        return Occasion(at_london(day, self.starts_at.astimezone(LONDON).time()), self.minutes, self.place)

    def on(self, day: date) -> Occasion | None:
        """Return the meeting of a series' `day` by the rule, wherever it was moved to; None if there is none."""
        series = self.series
        if series is None or day < self.first_on or day > (series.last_on or day) or day in series.off:
            return None
        return dict(series.moved).get(day) or self.by_rule(day)

    def coming(self, at: datetime, last: date) -> Iterator[Occasion]:
        """Yield the meetings of a series that begin after a moment, up to a day by the rule."""
        found = (self.on(day) for day in self.days(last))
        return (occasion for occasion in found if occasion and occasion.starts_at > at)


class InvitedEvent(NamedTuple):
    """An event and the invitee's parts in it. The notes give the reason for this person, by roles only."""

    event: Event
    parts: tuple[Part, ...]
    notes: tuple[str, ...] = ()


class SavedInvitation(NamedTuple):
    """The stored content of an invitation: its current event, and the event that its reader knew before."""

    invited: InvitedEvent
    was: Event | None = None

    def as_json(self) -> dict[str, Any]:
        """Serialise it for storage."""
        return {
            **_event_json(self.invited.event),
            "parts": [part.value for part in self.invited.parts],
            "notes": list(self.invited.notes),
            "was": _event_json(self.was) if self.was else None,
        }

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """Parse the value that `as_json` wrote, or that a version without series wrote."""
        was = stored.get("was")
        parts = tuple(Part(value) for value in stored["parts"])
        return cls(InvitedEvent(_event(stored), parts, tuple(stored["notes"])), _event(was) if was else None)


def _event_json(event: Event) -> dict[str, Any]:
    found = {
        "starts_at": event.starts_at.isoformat(),
        "minutes": event.minutes,
        "place": event.place,
        "cases": [[case_id, starts_at.isoformat(), known] for case_id, starts_at, known in event.cases],
    }
    return found | {"series": _series_json(event.series)} if event.series else found


def _series_json(series: EventSeries) -> dict[str, Any]:
    return {
        "rule": series.rule,
        "last_on": series.last_on.isoformat() if series.last_on else None,
        "off": [day.isoformat() for day in series.off],
        "moved": [
            [day.isoformat(), occasion.starts_at.isoformat(), occasion.minutes, occasion.place]
            for day, occasion in series.moved
        ],
    }


def _event(stored: Mapping[str, Any]) -> Event:
    cases = tuple(
        PlacedCase(id_, datetime.fromisoformat(starts_at), known) for id_, starts_at, known in stored["cases"]
    )
    series = _series(stored["series"]) if "series" in stored else None
    return Event(datetime.fromisoformat(stored["starts_at"]), stored["minutes"], stored["place"], cases, series)


def _series(stored: Mapping[str, Any]) -> EventSeries:
    return EventSeries(
        stored["rule"],
        date.fromisoformat(stored["last_on"]) if stored["last_on"] else None,
        tuple(map(date.fromisoformat, stored["off"])),
        tuple(
            (date.fromisoformat(day), Occasion(datetime.fromisoformat(starts_at), minutes, place))
            for day, starts_at, minutes, place in stored["moved"]
        ),
    )
