"""The plan of invitations: of each person and coming sitting, an event of its own or a meeting of a panel's series."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from config.days.london import at_london, london_day
from config.sittings import Part
from models.rules.reviews.attendance import InvitingTerms, SittingAttendance
from models.rules.reviews.events import Event, InvitedEvent, Occasion
from models.rules.reviews.invitation_changes import EventKey, InvitationState
from models.rules.reviews.inviting import LEADS, ComingSitting, kept_event, kept_meeting
from models.rules.reviews.series import RuledDays, SeriesTerms, in_diary, planned

PairPerson = tuple[str, str, str]  # a force, a CPS Area and a contact
OWN_CASES = "for the cases that this SPOC leads on"  # the note of who has a series for their own cases


class PanelSeries(NamedTuple):
    """A series of sittings that one rule of a panel names. It is open while the panel has that rule."""

    ref: str
    force_code: str
    cps_area: str
    rule: str
    terms: SeriesTerms
    open: bool


def plan(
    attendances: Sequence[SittingAttendance],
    series: Sequence[PanelSeries],
    states: Sequence[InvitationState],
    access: Collection[str],
    terms: InvitingTerms,
) -> dict[EventKey, InvitedEvent]:
    """Return the events that people should have, by sitting or series and person.

    Who leads a sitting by right has it in its series, and so has a SPOC with many cases of their own before the panel,
    unless an event of that sitting alone is theirs already.
    """
    held = {state.key: state for state in states}
    wanted: dict[EventKey, InvitedEvent] = {}
    refs = {attendance.sitting.ref: _series_of(attendance.sitting, series) for attendance in attendances}
    alone = [attendance for attendance in attendances if refs[attendance.sitting.ref] is None]
    for panel_series in series:
        theirs = [attendance for attendance in attendances if refs[attendance.sitting.ref] == panel_series.ref]
        regulars = _regulars(panel_series, theirs, held, terms)
        theirs = sorted((attendance._replace(regulars=regulars) for attendance in theirs), key=_ruled_on)
        wanted.update(_in_series(panel_series, theirs, held, terms.at))
        alone += theirs
    often = _often(alone, terms)
    for attendance in alone:
        wanted.update(_single(attendance, held, access, terms, often))
    return wanted


def _often(attendances: Sequence[SittingAttendance], terms: InvitingTerms) -> frozenset[PairPerson]:
    """Return who comes for their own cases to more meetings of a pair within a month than the policy's number."""
    soon = Counter(
        _by_pair(attendance, ref)
        for attendance in attendances
        if terms.within_a_month(attendance.sitting.day)
        for ref, invited in attendance.invited.items()
        if not invited.event.whole
    )
    return frozenset(comes for comes, meetings in soon.items() if meetings > terms.series_from)


def _by_pair(attendance: SittingAttendance, ref: str) -> PairPerson:
    return attendance.sitting.force_code, attendance.sitting.cps_area, ref


def _regulars(
    series: PanelSeries,
    theirs: Sequence[SittingAttendance],
    held: Mapping[EventKey, InvitationState],
    terms: InvitingTerms,
) -> frozenset[str]:
    """Return the SPOCs with more cases of their own than the policy's number before a panel within a month.

    Who has the series for it keeps it while any case of theirs is to come.
    """
    soon = Counter(
        ref for attendance in theirs if terms.within_a_month(attendance.sitting.day) for ref in attendance.by_row
    )
    new = {ref for ref, cases in soon.items() if cases > terms.series_from}
    coming = {ref for attendance in theirs for ref in attendance.by_row}
    return frozenset(new | {ref for ref in coming if _has(held.get((series.ref, ref)))})


def _single(
    attendance: SittingAttendance,
    held: Mapping[EventKey, InvitationState],
    access: Collection[str],
    terms: InvitingTerms,
    often: Collection[PairPerson],
) -> dict[EventKey, InvitedEvent]:
    """Return the events of a sitting that stand alone.

    Who has one keeps it. A case's people, and deputies, get one when the sitting is settled; who comes often, when it
    has its agenda: until then, cases come to most of their meetings.
    """
    sitting, wanted = attendance.sitting, {}
    for ref, event in attendance.invited.items():
        if not attendance.is_on(ref):
            continue
        state = held.get((sitting.ref, ref))
        has = _has(state)
        may_wait = _by_pair(attendance, ref) in often and not terms.has_agenda(sitting.day)
        asked = sitting.heard_by(ref) and (
            (terms.is_settled(sitting.day) and not may_wait) or (sitting.rule is None and event.event.whole)
        )
        if has or (asked and ref not in attendance.in_series):
            known = (state.current_event if state.left else state.known_event) if state else None
            kept = kept_event(event.event, known, sitting, ref, access, may_wait=attendance.takes_cases)
            wanted[sitting.ref, ref] = event._replace(event=kept)
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
    for ref in sorted({*states, *(ref for attendance in theirs for ref in attendance.in_series)}):
        event = _person_series(series, theirs, ref, days, held, at)
        if event:
            wanted[series.ref, ref] = _invited(event, theirs, ref, states.get(ref))
    return wanted


def _person_series(
    series: PanelSeries,
    theirs: Sequence[SittingAttendance],
    ref: str,
    days: RuledDays,
    held: Mapping[EventKey, InvitationState],
    at: datetime,
) -> Event | None:
    """Return one person's event of a series: what they know, while all that differs may wait."""
    state = held.get((series.ref, ref))
    known = [state.current_event, state.known_event] if state else []
    base = next((event for event in known if event), None)
    goes_on = series.open and bool(theirs) and ref in theirs[-1].in_series
    usual = theirs[-1].sitting.whole if theirs else None
    for waits in (True, False):  # where anything may not wait, what may is told with it
        shown = dict(days) | {_ruled_on(one): _shown(one, ref, base, held, waits=waits) for one in theirs}
        event = planned(series.terms, base, shown, at, usual, goes_on=goes_on)
        event = in_diary(event, known, shown, at) if event else None
        if event in known:
            break
    return event


def _shown(
    attendance: SittingAttendance,
    ref: str,
    base: Event | None,
    held: Mapping[EventKey, InvitationState],
    *,
    waits: bool,
) -> Occasion | None:
    """Return a meeting as a diary is to show it: as it has it, if that is enough, or if what is otherwise `waits`.

    It may wait until the working day before the meeting; what leaves some of it free, until a week begins.
    """
    wanted = _meeting(attendance, ref, base, held)
    off = attendance.has_come_off(ref) or _has(held.get((attendance.sitting.ref, ref)))
    if base is None or off:
        return wanted
    told, whole, waits = base.on(_ruled_on(attendance)), attendance.sitting.whole, waits and attendance.takes_cases
    return kept_meeting(told, wanted, whole, more=waits, less=waits and not attendance.begins_week)


def _days(terms: SeriesTerms, theirs: Sequence[SittingAttendance], at: datetime) -> RuledDays:
    """Return the days by a rule that are to come, up to its last sitting, as if there were no sitting."""
    table = terms.timetable
    last = max(map(_ruled_on, theirs), default=london_day(at))
    ruled = (day for day in table.days(london_day(at), last) if at_london(day, table.clock) > at)
    return dict.fromkeys(sorted({*ruled, *map(_ruled_on, theirs)}))


def _meeting(
    attendance: SittingAttendance, ref: str, base: Event | None, held: Mapping[EventKey, InvitationState]
) -> Occasion | None:
    """Return a person's meeting in the series: none where they have an event of the sitting alone.

    One that lost its last case, and may still get another, stays as their calendar has it.
    """
    if _has(held.get((attendance.sitting.ref, ref))):
        return None
    meeting, told = attendance.meeting(ref), base.on(_ruled_on(attendance)) if base else None
    if meeting and told and not attendance.sitting.heard_by(ref) and attendance.sitting.whole.covers(told):
        return told
    return meeting


def _has(state: InvitationState | None) -> bool:
    return state is not None and state.current_event is not None


def _invited(
    event: Event, theirs: Sequence[SittingAttendance], ref: str, state: InvitationState | None
) -> InvitedEvent:
    """Return a series with its person's parts in the latest sitting that they attend as a lead, or as a SPOC."""
    for attendance in reversed(theirs):
        if ref in attendance.leads and ref in attendance.invited:
            return InvitedEvent(event, tuple(part for part in attendance.invited[ref].parts if part in LEADS))
    if any(ref in attendance.regulars - attendance.leads for attendance in theirs):
        return InvitedEvent(event, (Part.SPOC,), (OWN_CASES,))
    return state.saved.invited._replace(event=event) if state else InvitedEvent(event, ())


def _series_of(sitting: ComingSitting, series: Sequence[PanelSeries]) -> str | None:
    """Return the series to which a sitting belongs: of a rule that came back, the one that is open, or the latest."""
    of = (sitting.force_code, sitting.cps_area, sitting.rule)
    found = [(one.open, one.ref) for one in series if (one.force_code, one.cps_area, one.rule) == of]
    return max(found)[1] if found else None


def _ruled_on(attendance: SittingAttendance) -> date:
    return attendance.sitting.ruled_on or attendance.sitting.day
