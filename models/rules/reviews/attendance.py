"""Attendance: who comes to a sitting, for which minutes, and what of it is said when."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from config.days.duration import Duration, Unit
from config.days.london import london_day
from models.rules.calendar import WorkingCalendar
from models.rules.people.directory import Directory
from models.rules.reviews.events import InvitedEvent, Occasion
from models.rules.reviews.inviting import Blocking, ComingSitting, invited, leading_by_row, leads_by_right
from models.rules.reviews.sitting_days import back

_HALF_HOUR, _EPOCH = timedelta(minutes=30), datetime.fromtimestamp(0, UTC)
_ONE, _MONTH = Duration(1, Unit.WORKING_DAYS), Duration(1, Unit.MONTHS)


class InvitingTerms(NamedTuple):
    """The moment of an invitation, and the policy's numbers: how long before a sitting it is settled and has an agenda.

    `around` is the margin of a person's own cases. A SPOC with more than `series_from` of them has the panel's series,
    and who comes for their own to more meetings is invited with the agenda.
    """

    at: datetime
    calendar: WorkingCalendar
    settled: Duration
    agenda: Duration
    around: timedelta
    series_from: int

    def is_settled(self, day: date) -> bool:
        """Return whether the minutes of a day's sitting are fixed, so that a case's people are invited."""
        return london_day(self.at) >= back(day, self.settled, self.calendar)

    def within_a_month(self, day: date) -> bool:
        """Return whether a day lies within the month to come."""
        return day <= self.calendar.plus(london_day(self.at), _MONTH)

    def has_agenda(self, day: date) -> bool:
        """Return whether the agenda of a day's sitting may be out."""
        return london_day(self.at) >= back(day, self.agenda, self.calendar)

    @property
    def begins_week(self) -> bool:
        """Return whether it is on the first working day of a week, on which leads hear of hours that are free."""
        today = london_day(self.at)
        return back(today, _ONE, self.calendar).isocalendar()[:2] != today.isocalendar()[:2]

    def takes_cases(self, day: date) -> bool:
        """Return whether an empty sitting of a day may still get a case: until the working day before."""
        return london_day(self.at) < back(day, _ONE, self.calendar)


class SittingAttendance(NamedTuple):
    """A sitting with the events of who attends it, its leads by right, and whether it may still get a case.

    `by_row` are the SPOCs whom its cases' own rows name, `away` the people who are away on its day, and `regulars`
    those who have its series for their own cases. `fixed` says whether its minutes are, `begins_week` whether it is
    asked on the first working day of a week.
    """

    sitting: ComingSitting
    invited: Mapping[str, InvitedEvent]
    leads: frozenset[str]
    by_row: tuple[str, ...]
    away: frozenset[str]
    takes_cases: bool
    fixed: bool
    begins_week: bool
    regulars: frozenset[str] = frozenset()

    @property
    def in_series(self) -> frozenset[str]:
        """Return those who have this sitting in their series."""
        return self.leads | self.regulars

    def is_on(self, ref: str) -> bool:
        """Return whether it is not called off for a person: by the cases of which they may hear."""
        return self.takes_cases or bool(self.sitting.heard_by(ref))

    def has_come_off(self, ref: str) -> bool:
        """Return whether a person of the series has no meeting of it, whatever its minutes are."""
        away = ref in self.away or (ref in self.leads and ref not in self.invited)
        return away or ref not in self.in_series or not self.is_on(ref)

    def meeting(self, ref: str) -> Occasion | None:
        """Return a person's meeting in the series: all places until its minutes are fixed, then what is theirs.

        Of who attends all of it, it ends on a half hour then, so that most cases that come late change no diary.
        """
        if self.has_come_off(ref):
            return None
        if not self.fixed:
            return self.sitting.whole
        if ref not in self.invited:
            return None
        event = self.invited[ref].event
        return _to_half_hour(event.occasion, self.sitting.whole) if event.whole else event.occasion


def _to_half_hour(occasion: Occasion, whole: Occasion) -> Occasion:
    """Let a meeting end on a half hour, if the sitting has so many places, in whole minutes."""
    ends_at = min(occasion.ends_at + (_EPOCH - occasion.ends_at) % _HALF_HOUR, whole.ends_at)
    return occasion._replace(minutes=int((ends_at - occasion.starts_at).total_seconds()) // 60)


def attended(
    sittings: Sequence[ComingSitting], directory: Directory, access: Collection[str], terms: InvitingTerms
) -> list[SittingAttendance]:
    """Find who attends the sittings of one day."""
    return [_attended(sitting, directory, access, terms) for sitting in sittings]


def _attended(
    sitting: ComingSitting,
    directory: Directory,
    access: Collection[str],
    terms: InvitingTerms,
) -> SittingAttendance:
    fixed = terms.is_settled(sitting.day)
    return SittingAttendance(
        sitting,
        invited(sitting, directory, access, Blocking(fixed, terms.around)),
        leads=leads_by_right(sitting, directory.present) if sitting.rule else frozenset(),
        by_row=tuple(leading_by_row(sitting, directory.present)) if sitting.rule else (),
        away=frozenset(person.ref for person in directory.people.values() if person.absent),
        takes_cases=terms.takes_cases(sitting.day),
        fixed=fixed,
        begins_week=terms.begins_week,
    )
