"""Who attends the meetings of the next working day, as the database has them after a round, for calendars to show."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from config.days.duration import Duration, Unit
from config.days.london import at_london
from flows.configured import configured
from models.queries.reviews import attended_sittings, invitations
from tasks.messages.attending import attending, terms_of
from tasks.servers.database import transaction


class Attendance(NamedTuple):
    """From when to when a person attends a meeting, and whether all of it or for their own cases alone."""

    starts_at: datetime
    ends_at: datetime
    whole: bool

    def shown_by(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Return whether a calendar has it: from its own minute on, if it is for own cases."""
        begins = starts_at <= self.starts_at if self.whole else starts_at == self.starts_at
        return begins and self.ends_at <= ends_at


class Tomorrow(NamedTuple):
    """The next working day after a round, with each person's meetings on it."""

    day: date
    of: dict[str, list[Attendance]]

    def wrong(self, ref: str, shown: Iterable[tuple[datetime, datetime]]) -> bool:
        """Return whether a person's calendar of the day shows another meeting, or other hours."""
        due, shown = sorted(self.of.get(ref, ())), sorted(shown)
        return len(due) != len(shown) or not all(one.shown_by(*at) for one, at in zip(due, shown, strict=True))


def tomorrow(on: date) -> Tomorrow:
    """Read who attends the meetings of the working day after `on`."""
    configuration, at = configured(), at_london(on)
    day = configuration.calendar.plus(on, Duration(1, Unit.WORKING_DAYS))
    of: dict[str, list[Attendance]] = defaultdict(list)
    with transaction() as connection:
        coming = [sitting for sitting in attended_sittings.ahead(connection, at) if sitting.day == day]
        access, terms = invitations.with_access(connection), terms_of(configuration, at)
        for attendance in attending(configuration, connection, coming, access, terms):
            for ref, invited in attendance.invited.items():
                if attendance.sitting.heard_by(ref):
                    event = invited.event
                    of[ref].append(Attendance(event.starts_at, event.ends_at, event.whole))
    return Tomorrow(day, dict(of))
