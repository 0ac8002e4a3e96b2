"""Inviting: who attends a sitting as of its day, for which minutes, and who leads it by right."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from config.leading import LeadNamed
from config.sittings import Part
from config.terms import Addressee, Agency, OwedBy, Role
from models.rules.people.addressing import address
from models.rules.people.directory import Directory
from models.rules.people.leading import leads
from models.rules.people.parties import Parties
from models.rules.reviews.events import Event, InvitedEvent, Occasion, PlacedCase
from models.rules.reviews.sitting_leads import leading

LEADS = frozenset({Part.CHAIR, Part.SPOC})
_HALVES = ((Part.OFFICER, OwedBy.POLICE), (Part.PROSECUTOR, OwedBy.CPS))


class SittingCase(NamedTuple):
    """A case convened to a sitting, and the values that decide who attends for it."""

    case_id: int
    slot: int
    restricted: bool
    matter: Parties


class ComingSitting(NamedTuple):
    """A sitting to come with the cases convened to it."""

    id: int
    ref: str
    force_code: str
    cps_area: str
    day: date
    starts_at: datetime
    places: int
    minutes_per_case: int
    place: str
    rule: str | None  # the timetable that its panel's sittings have in common; None: it belongs to no series
    ruled_on: date | None
    chair: Parties
    spocs: Parties
    cases: tuple[SittingCase, ...]

    def heard_by(self, ref: str) -> tuple[SittingCase, ...]:
        """Return the cases of which a person may hear."""
        return tuple(case for case in self.cases if ref not in case.matter.barred)

    @property
    def whole(self) -> Occasion:
        """Return it with all its places."""
        return Occasion(self.starts_at, self.places * self.minutes_per_case, self.place)

    def between(self, cases: Collection[SittingCase]) -> Occasion:
        """Return it from the first to the last of these cases, of which there is at least one."""
        first, last = (bound(case.slot for case in cases) for bound in (min, max))
        length = self.minutes_per_case
        return Occasion(self.starts_at + timedelta(minutes=first * length), (last + 1 - first) * length, self.place)


class Blocking(NamedTuple):
    """How much of a day a sitting takes: whether its minutes are fixed, and the margin around a person's own cases."""

    fixed: bool = True
    around: timedelta = timedelta(0)


def invited(
    sitting: ComingSitting, directory: Directory, access: Collection[str], blocking: Blocking
) -> dict[str, InvitedEvent]:
    """Map each person who attends a sitting, be it without cases yet, to their event, as of its day.

    The chair and the panel's SPOCs attend from its first case to its last; all of its places are theirs before the
    minutes are fixed. A case's officer, its prosecutor and the SPOC whom its own row names attend from their first
    case to their last, with the fallbacks of a step. Nobody attends who is away, though a step would go to them
    for want of a deputy. `access` holds the people who may read restricted cases.
    """
    found: dict[str, tuple[list[Part], list[str], list[SittingCase]]] = {}
    whole: set[str] = set()
    for part, ref, note, case in _attendees(sitting, directory):
        if case is None:
            whole.add(ref)
        parts, notes, cases = found.setdefault(ref, ([], [], []))
        if part not in parts:
            parts.append(part)
        if note and note not in notes:
            notes.append(note)
        if case and case not in cases:
            cases.append(case)
    return {
        ref: InvitedEvent(
            Event(*_all_of(sitting, ref, blocking))
            if ref in whole
            else _own(sitting, cases, blocking, knows=ref in access),
            tuple(parts),
            tuple(notes),
        )
        for ref, (parts, notes, cases) in found.items()
    }


def leads_by_right(sitting: ComingSitting, present: Directory) -> frozenset[str]:
    """Return the chair and the SPOCs of a sitting, whether or not they are away or barred from a case that day.

    `present` are the day's people as if nobody were away. Whoever comes in another's place is no lead by right.
    """
    chair = sitting.chair._replace(barred=frozenset())
    found = {recipient.contact_ref for recipient in leading(chair, sitting.spocs, present)}
    return frozenset(
        person.ref
        for person in present.people.values()
        if person.ref in found and (person.ref == chair.owner_ref or Role.SPOC in person.roles)
    )


def leading_by_row(sitting: ComingSitting, present: Directory) -> list[str]:
    """Return the SPOC whom each case's own row names to lead on it, once a case."""
    found = (leads(agency, case.matter, present) for case in sitting.cases for agency in Agency)
    return [lead.contact_ref for lead in found if lead and lead.named is LeadNamed.CASE]


def kept_event(
    wanted: Event,
    known: Event | None,
    sitting: ComingSitting,
    ref: str,
    access: Collection[str],
    *,
    may_wait: bool = False,
) -> Event:
    """Return the event that a person knows, if their diary shows the same by it: day, hour and place.

    A case that came or went within the same minutes changes nothing: nor does the last one if it went, and to who
    attends all of it the first one. What is new beside cases whose minutes they know may wait, so that several changes
    are one update, unless they come earlier for it. A reference that this person may no more read is taken out.
    """
    if known is None or not (_shows(known, wanted, sitting, ref) or (may_wait and _goes_on(known, wanted))):
        return wanted
    closed = {
        case.case_id
        for case in sitting.cases
        if ref in case.matter.barred or (case.restricted and ref not in access)
    }  # fmt: skip
    return wanted if any(placed.open and placed.case_id in closed for placed in known.cases) else known


def _shows(known: Event, wanted: Event, sitting: ComingSitting, ref: str) -> bool:
    told, whole = known.occasion, sitting.whole
    if not (known.whole and wanted.whole):
        return told.starts_at == wanted.starts_at and told.covers(wanted.occasion)
    if told == wanted.occasion:
        return True
    if not sitting.heard_by(ref):  # it lost its last case, and may still get another
        return whole.covers(told)
    return kept_meeting(told, wanted.occasion, whole) == told


def _goes_on(known: Event, wanted: Event) -> bool:
    """Return whether a person still comes for a case that they know of, and none of theirs is earlier than they know.

    Every case that they know of has the same minutes.
    """
    told = {placed.case_id: placed.starts_at for placed in known.cases}
    both = [placed for placed in wanted.cases if placed.case_id in told]
    same = all(told[placed.case_id] == placed.starts_at for placed in both)
    return bool(both) and same and known.starts_at <= wanted.starts_at and known.place == wanted.place


def serves(said: Occasion, whole: Occasion, used: Occasion | None) -> bool:
    """Return whether a meeting of who attends all of a sitting fits it: all of its places, or those from first to last.

    `used` is None where it has no case, or none any more.
    """
    if used is None:
        return whole.covers(said)
    return said == whole or (said.minutes < whole.minutes and said.covers(used))


def kept_meeting(
    told: Occasion | None, wanted: Occasion | None, whole: Occasion, *, more: bool = False, less: bool = False
) -> Occasion | None:
    """Return what a diary shows of a sitting if its reader hears of it only when they must.

    What their diary has stays if it covers what is wanted and is less than all places of the sitting (`whole`). `more`
    and `less` say whether the news may wait that it takes more than the diary has, or leaves some of it free.
    """
    if told is None or not told.meets(whole):
        return wanted
    if wanted is None:
        return told if less else None
    if not told.covers(wanted):
        return told if more and told.starts_at <= wanted.starts_at else wanted
    return told if less or told.minutes < whole.minutes else wanted


def _attendees(sitting: ComingSitting, directory: Directory) -> Iterator[tuple[Part, str, str, SittingCase | None]]:
    """Yield each part, the person who has it, the reason if it is not theirs by right, and the case it is for.

    Operations attend nothing, and nobody does on a day on which they are away.
    """
    for part, ref, note, case in _addressed(sitting, directory):
        if ref is not None and not directory.away(ref):
            yield part, ref, note, case


def _addressed(
    sitting: ComingSitting, directory: Directory
) -> Iterator[tuple[Part, str | None, str, SittingCase | None]]:
    for lead_recipient in leading(sitting.chair, sitting.spocs, directory):
        yield lead_recipient.part, lead_recipient.contact_ref, lead_recipient.note, None
    for case in sitting.cases:
        for part, owed_by in _HALVES:
            matter = case.matter._replace(owed_by=owed_by)
            for recipient in address((Addressee.OWNER,), matter, directory):
                yield part, recipient.contact_ref, recipient.note, case
            lead = leads(Agency(owed_by.value), matter, directory)
            if lead and lead.named is LeadNamed.CASE:  # the panel's SPOCs attend all of it
                for recipient in address((Addressee.SPOC,), matter, directory):
                    yield Part.SPOC, recipient.contact_ref, recipient.note, case


def _all_of(sitting: ComingSitting, ref: str, blocking: Blocking) -> Occasion:
    """Return the time of a sitting for who attends all of it: of the cases of which they may hear."""
    heard = sitting.heard_by(ref)
    return sitting.between(heard) if blocking.fixed and heard else sitting.whole


def _own(sitting: ComingSitting, cases: Sequence[SittingCase], blocking: Blocking, *, knows: bool) -> Event:
    """Return the event from the first to the last of a person's own cases, with the margin around."""
    length, minutes = sitting.minutes_per_case, sitting.between(cases)
    placed = (
        PlacedCase(
            case.case_id, sitting.starts_at + timedelta(minutes=case.slot * length), knows or not case.restricted
        )
        for case in sorted(cases, key=lambda case: case.slot)
    )
    around = blocking.around
    longer = minutes.minutes + 2 * int(around.total_seconds()) // 60
    return Event(minutes.starts_at - around, longer, sitting.place, tuple(placed))
