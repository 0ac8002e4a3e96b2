"""Inviting: who attends a sitting, for which minutes, and how that differs from the invitations they have."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, Self

from config.sittings import Part
from config.terms import Addressee, OwedBy
from models.rules.people.addressing import Directory, Parties, address
from models.rules.reviews.sitting_leads import leading

_WHOLE = frozenset({Part.CHAIR, Part.SPOC})
_HALVES = ((Part.OFFICER, OwedBy.POLICE), (Part.PROSECUTOR, OwedBy.CPS))


class SittingCase(NamedTuple):
    """A case convened to a sitting, and the values that decide who attends for it."""

    case_id: int
    slot: int
    restricted: bool
    matter: Parties


class ComingSitting(NamedTuple):
    """A future sitting with the cases convened to it."""

    id: int
    ref: str
    day: date
    starts_at: datetime
    places: int
    minutes_per_case: int
    place: str
    chair: Parties
    spocs: Parties
    cases: tuple[SittingCase, ...]


class PlacedCase(NamedTuple):
    """One case's time in a person's event, and whether they may know which case it is."""

    case_id: int
    starts_at: datetime
    open: bool


class Event(NamedTuple):
    """One person's calendar event for one sitting.

    An event for the whole sitting names no case, so case changes leave it.
    """

    starts_at: datetime
    minutes: int
    place: str
    cases: tuple[PlacedCase, ...] = ()

    @property
    def whole(self) -> bool:
        """Report whether it covers the whole sitting."""
        return not self.cases

    @property
    def ends_at(self) -> datetime:
        """Return the moment when it ends."""
        return self.starts_at + timedelta(minutes=self.minutes)


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
        """Parse the value that `as_json` wrote."""
        was = stored.get("was")
        parts = tuple(Part(value) for value in stored["parts"])
        return cls(InvitedEvent(_event(stored), parts, tuple(stored["notes"])), _event(was) if was else None)


class InvitationState(NamedTuple):
    """A current invitation. `left`: its last message was sent. `lost`: it was not, and never will be."""

    sitting_id: int
    sitting_ref: str
    contact_ref: str
    sequence: int
    saved: SavedInvitation
    told_on: date
    cancelled: bool
    left: bool
    lost: bool

    @property
    def known_event(self) -> Event | None:
        """Return the event that its reader knows of: the last one sent to them."""
        if not self.left:
            return self.saved.was
        return None if self.cancelled else self.saved.invited.event


class InvitationChange(NamedTuple):
    """A new (sequence 0), changed or cancelled invitation. `before` is the current one."""

    sitting_id: int
    sitting_ref: str
    contact_ref: str
    sequence: int
    saved: SavedInvitation
    cancelled: bool
    before: InvitationState | None = None

    @property
    def quiet(self) -> bool:
        """Report whether its reader needs no message: an unsent change goes back to the event that they know."""
        return self.before is not None and self.before.known_event == (
            None if self.cancelled else self.saved.invited.event
        )

    def may_be_sent(self, today: date) -> bool:
        """Report whether it may be sent today: one change per person and day, but a cancellation at any time."""
        before = self.before
        return self.cancelled or before is None or before.told_on < today or not before.left


def invited(sitting: ComingSitting, directory: Directory, access: Collection[str]) -> dict[str, InvitedEvent]:
    """Map each person who attends a sitting to their invitation, as of its day. Empty if it has no case.

    The chair and SPOCs attend all of it. A case's officer and prosecutor attend from their first case to their last,
    with the fallbacks of a step. `access` holds the people who may read restricted cases.
    """
    if not sitting.cases:
        return {}
    whole = Event(sitting.starts_at, sitting.places * sitting.minutes_per_case, sitting.place)
    found: dict[str, tuple[list[Part], list[str], list[SittingCase]]] = {}
    for part, ref, note, case in _attendees(sitting, directory):
        if ref is None:  # operations attend nothing
            continue
        parts, notes, cases = found.setdefault(ref, ([], [], []))
        if part not in parts:
            parts.append(part)
        if note and note not in notes:
            notes.append(note)
        if case and case not in cases:
            cases.append(case)
    return {
        ref: InvitedEvent(
            whole if _WHOLE & set(parts) else _own(sitting, cases, knows=ref in access), tuple(parts), tuple(notes)
        )
        for ref, (parts, notes, cases) in found.items()
    }


def _attendees(
    sitting: ComingSitting, directory: Directory
) -> Iterator[tuple[Part, str | None, str, SittingCase | None]]:
    """Yield each part, the person who has it, the reason if it is not theirs by right, and the case it is for."""
    for one in leading(sitting.chair, sitting.spocs, directory):
        yield one.part, one.contact_ref, one.note, None
    for case in sitting.cases:
        for part, owed_by in _HALVES:
            for recipient in address((Addressee.OWNER,), case.matter._replace(owed_by=owed_by), directory):
                yield part, recipient.contact_ref, recipient.note, case


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


InvitationPlan = Mapping[tuple[int, str, str], InvitedEvent]  # by sitting id, sitting reference and contact reference


def changes(wanted: InvitationPlan, current: Sequence[InvitationState], at: datetime) -> list[InvitationChange]:
    """List the differences from the invitations that people have, unsent ones included.

    An event that has begun is not changed.
    """
    known = {(one.sitting_id, one.sitting_ref, one.contact_ref): one for one in current}
    made = [_wanted(key, one, known.get(key)) for key, one in wanted.items()]
    gone = [_unwanted(one, at) for key, one in known.items() if key not in wanted]
    return sorted((one for one in (*made, *gone) if one), key=lambda one: (one.sitting_id, one.contact_ref))


def _wanted(
    key: tuple[int, str, str], invited: InvitedEvent, before: InvitationState | None
) -> InvitationChange | None:
    if before is None:
        return InvitationChange(*key, 0, SavedInvitation(invited), cancelled=False)
    if before.saved.invited.event == invited.event and not before.cancelled and not before.lost:
        return None
    return InvitationChange(
        *key, before.sequence + 1, SavedInvitation(invited, before.known_event), cancelled=False, before=before
    )


def _unwanted(before: InvitationState, at: datetime) -> InvitationChange | None:
    current, known = before.saved.invited, before.known_event
    if before.cancelled or current.event.starts_at <= at:
        return None
    key = (before.sitting_id, before.sitting_ref, before.contact_ref)
    saved = SavedInvitation(current._replace(event=known or current.event), known)
    return InvitationChange(*key, before.sequence + 1, saved, cancelled=True, before=before)


def _event_json(event: Event) -> dict[str, Any]:
    return {
        "starts_at": event.starts_at.isoformat(),
        "minutes": event.minutes,
        "place": event.place,
        "cases": [[case_id, starts_at.isoformat(), known] for case_id, starts_at, known in event.cases],
    }


def _event(stored: Mapping[str, Any]) -> Event:
    cases = tuple(
        PlacedCase(id_, datetime.fromisoformat(starts_at), known) for id_, starts_at, known in stored["cases"]
    )
    return Event(datetime.fromisoformat(stored["starts_at"]), stored["minutes"], stored["place"], cases)
