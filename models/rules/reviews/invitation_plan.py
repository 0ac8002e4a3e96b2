"""The plan of invitations: of each person and coming sitting, an event of its own or a meeting of a panel's series."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from config.days.duration import Duration, Unit
from config.days.london import at_london, london_day
from config.sittings import Part
from models.rules.calendar import WorkingCalendar
from models.rules.people.directory import Directory
from models.rules.reviews.events import InvitedEvent, Occasion
from models.rules.reviews.invitation_changes import EventKey, InvitationState
from models.rules.reviews.inviting import LEADS, ComingSitting, all_present, invited, kept_event, leads_by_right
from models.rules.reviews.series import RuledDays, SeriesTerms, in_diary, planned
from models.rules.reviews.sitting_days import back

_ONE = Duration(1, Unit.WORKING_DAYS)


class PanelSeries(NamedTuple):
    """A series of sittings that one rule of a panel names. It is open while the panel has that rule."""

    ref: str
    force_code: str
    cps_area: str
    rule: str
    terms: SeriesTerms
    open: bool


class InvitingTerms(NamedTuple):
    """The moment of an invitation, and how long before a sitting it is settled."""

    at: datetime
    calendar: WorkingCalendar
    settled: Duration

    def is_settled(self, day: date) -> bool:
        """Return whether the minutes of a day's sitting are fixed, so that a case's people are invited."""
        return london_day(self.at) >= back(day, self.settled, self.calendar)

    def takes_cases(self, day: date) -> bool:
        """Return whether an empty sitting of a day may still get a case: until the working day before."""
        return london_day(self.at) < back(day, _ONE, self.calendar)


class SittingAttendance(NamedTuple):
    """A sitting with the events of who attends it, its leads by right, and whether it may still get a case."""

    sitting: ComingSitting
    invited: Mapping[str, InvitedEvent]
    leads: frozenset[str]
    takes_cases: bool

    def is_on(self, ref: str) -> bool:
        """Return whether it is not called off for a person: by the cases of which they may hear."""
        return self.takes_cases or bool(self.sitting.heard_by(ref))


def attended(
    sittings: Sequence[ComingSitting], directory: Directory, access: Collection[str], terms: InvitingTerms
) -> list[SittingAttendance]:
    """Find who attends the sittings of one day."""
    present = all_present(directory)
    return [_attended(sitting, directory, present, access, terms) for sitting in sittings]


def _attended(
    sitting: ComingSitting,
    directory: Directory,
    present: Directory,
    access: Collection[str],
    terms: InvitingTerms,
) -> SittingAttendance:
    leads = leads_by_right(sitting, present) if sitting.rule else frozenset()
    return SittingAttendance(sitting, invited(sitting, directory, access), leads, terms.takes_cases(sitting.day))


def plan(
    attendances: Sequence[SittingAttendance],
    series: Iterable[PanelSeries],
    states: Sequence[InvitationState],
    access: Collection[str],
    terms: InvitingTerms,
) -> dict[EventKey, InvitedEvent]:
    """Return the events that people should have, by sitting or series and person.

    Who leads a sitting by right has it in its series, unless an event of that sitting alone is theirs already.
    """
    held = {state.key: state for state in states}
    wanted: dict[EventKey, InvitedEvent] = {}
    for attendance in attendances:
        wanted.update(_single(attendance, held, access, terms))
    for panel_series in series:
        theirs = [attendance for attendance in attendances if _of(attendance.sitting, panel_series)]
        wanted.update(_in_series(panel_series, sorted(theirs, key=_ruled_on), held, terms.at))
    return wanted


def _single(
    attendance: SittingAttendance,
    held: Mapping[EventKey, InvitationState],
    access: Collection[str],
    terms: InvitingTerms,
) -> dict[EventKey, InvitedEvent]:
    """Return the events of a sitting that stand alone.

    Who has one keeps it. A case's people, and deputies, get one when the sitting is settled.
    """
    sitting, wanted = attendance.sitting, {}
    for ref, event in attendance.invited.items():
        if not attendance.is_on(ref):
            continue
        state = held.get((sitting.ref, ref))
        has = _has(state)
        asked = sitting.heard_by(ref) and (
            terms.is_settled(sitting.day) or (sitting.rule is None and event.event.whole)
        )
        if has or (asked and ref not in attendance.leads):
            known = (state.current_event if state.left else state.known_event) if state else None
            wanted[sitting.ref, ref] = event._replace(event=kept_event(event.event, known, sitting, ref, access))
    return wanted


def _in_series(
    series: PanelSeries, theirs: Sequence[SittingAttendance], held: Mapping[EventKey, InvitationState], at: datetime
) -> dict[EventKey, InvitedEvent]:
    """Return each person's event of a series. Where none of its sittings is planned yet, they keep what they have."""
    states = {ref: state for (of, ref), state in held.items() if of == series.ref and state.current_event}
    if series.open and not theirs:
        return {state.key: state.saved.invited for state in states.values()}
    days = _days(series.terms, theirs, at)
    wanted = {}
    for ref in sorted({*states, *(ref for attendance in theirs for ref in attendance.leads)}):
        coming = dict(days) | {_ruled_on(attendance): _meeting(attendance, ref, held) for attendance in theirs}
        state = held.get((series.ref, ref))
        known = [state.current_event, state.known_event] if state else []
        goes_on = series.open and ref in theirs[-1].leads
        base = next((one for one in known if one), None)
        event = planned(series.terms, base, coming, at, goes_on=goes_on)
        if event:
            event = in_diary(event, known, coming, at)
            wanted[series.ref, ref] = InvitedEvent(event, _parts(theirs, ref, state))
    return wanted


def _days(terms: SeriesTerms, theirs: Sequence[SittingAttendance], at: datetime) -> RuledDays:
    """Return the days by a rule that are to come, up to its last sitting, as if there were no sitting."""
    table = terms.timetable
    last = max(map(_ruled_on, theirs), default=london_day(at))
    ruled = (day for day in table.days(london_day(at), last) if at_london(day, table.clock) > at)
    return dict.fromkeys(sorted({*ruled, *map(_ruled_on, theirs)}))


def _meeting(attendance: SittingAttendance, ref: str, held: Mapping[EventKey, InvitationState]) -> Occasion | None:
    """Return a lead's meeting in the series: none where they have an event of the sitting alone, or are away."""
    comes = (
        attendance.is_on(ref)
        and ref in attendance.leads
        and ref in attendance.invited
        and not _has(held.get((attendance.sitting.ref, ref)))
    )
    return attendance.sitting.whole if comes else None


def _has(state: InvitationState | None) -> bool:
    return state is not None and state.current_event is not None


def _parts(theirs: Sequence[SittingAttendance], ref: str, state: InvitationState | None) -> tuple[Part, ...]:
    """Return a person's parts in the latest sitting that they attend as a lead."""
    for attendance in reversed(theirs):
        if ref in attendance.leads and ref in attendance.invited:
            return tuple(part for part in attendance.invited[ref].parts if part in LEADS)
    return state.saved.invited.parts if state else ()


def _of(sitting: ComingSitting, series: PanelSeries) -> bool:
    return (sitting.force_code, sitting.cps_area, sitting.rule) == (series.force_code, series.cps_area, series.rule)


def _ruled_on(attendance: SittingAttendance) -> date:
    return attendance.sitting.ruled_on or attendance.sitting.day
