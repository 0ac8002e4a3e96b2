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
        """Return it as those have it who attend all of it."""
        return Occasion(self.starts_at, self.places * self.minutes_per_case, self.place)


def invited(sitting: ComingSitting, directory: Directory, access: Collection[str]) -> dict[str, InvitedEvent]:
    """Map each person who attends a sitting, be it without cases yet, to their event, as of its day.

    The chair and the panel's SPOCs attend all of it. A case's officer, its prosecutor and the SPOC whom its own row
    names attend from their first case to their last, with the fallbacks of a step. `access` holds the people who may
    read restricted cases.
    """
    found: dict[str, tuple[list[Part], list[str], list[SittingCase]]] = {}
    whole: set[str] = set()
    for part, ref, note, case in _attendees(sitting, directory):
        if ref is None:  # operations attend nothing
            continue
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
            Event(*sitting.whole) if ref in whole else _own(sitting, cases, knows=ref in access),
            tuple(parts),
            tuple(notes),
        )
        for ref, (parts, notes, cases) in found.items()
    }


def all_present(directory: Directory) -> Directory:
    """Return a day's people as if nobody were away."""
    return Directory([person._replace(absent=False) for person in directory.people.values()], directory.spocs)


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


def kept_event(wanted: Event, known: Event | None, sitting: ComingSitting, ref: str, access: Collection[str]) -> Event:
    """Return the event that a person knows, if their diary shows the same by it: day, hour and place.

    A case that came or went within the same minutes changes nothing. A reference that this person may no more read
    is taken out of their diary.
    """
    if known is None or known[:3] != wanted[:3]:
        return wanted
    closed = {
        case.case_id
        for case in sitting.cases
        if ref in case.matter.barred or (case.restricted and ref not in access)
    }  # fmt: skip
    return wanted if any(placed.open and placed.case_id in closed for placed in known.cases) else known


def _attendees(
    sitting: ComingSitting, directory: Directory
) -> Iterator[tuple[Part, str | None, str, SittingCase | None]]:
    """Yield each part, the person who has it, the reason if it is not theirs by right, and the case it is for."""
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


def _own(sitting: ComingSitting, cases: Sequence[SittingCase], *, knows: bool) -> Event:
    """Return the event from the first to the last of a person's own cases."""
    slots = [case.slot for case in cases]
    begins, length = min(slots), sitting.minutes_per_case
    placed = (
        PlacedCase(
            case.case_id, sitting.starts_at + timedelta(minutes=case.slot * length), knows or not case.restricted
        )
        for case in sorted(cases, key=lambda case: case.slot)
    )
    starts_at = sitting.starts_at + timedelta(minutes=begins * length)
    return Event(starts_at, (max(slots) + 1 - begins) * length, sitting.place, tuple(placed))
