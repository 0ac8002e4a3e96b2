"""Changes of invitations: how the events that people should have differ from those that they have."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from models.rules.reviews.events import Event, InvitedEvent, SavedInvitation

EventKey = tuple[str, str]  # the reference of a sitting or series, and of the contact
InvitationPlan = Mapping[EventKey, InvitedEvent]


class InvitationState(NamedTuple):
    """A current invitation. `left`: its last message was sent. `lost`: it was not, and never will be."""

    ref: str  # of the sitting or the series
    contact_ref: str
    sequence: int
    saved: SavedInvitation
    told_on: date
    cancelled: bool
    left: bool
    lost: bool

    @property
    def key(self) -> EventKey:
        """Return what it is about, and whose it is."""
        return self.ref, self.contact_ref

    @property
    def known_event(self) -> Event | None:
        """Return the event that its reader knows of: the last one sent to them."""
        if not self.left:
            return self.saved.was
        return None if self.cancelled else self.saved.invited.event

    @property
    def current_event(self) -> Event | None:
        """Return the event that its reader knows or that is on its way to them."""
        return None if self.cancelled or self.lost else self.saved.invited.event


class InvitationChange(NamedTuple):
    """A new (sequence 0), changed or cancelled invitation. `before` is the current one."""

    ref: str
    contact_ref: str
    sequence: int
    saved: SavedInvitation
    cancelled: bool
    before: InvitationState | None = None

    @property
    def quiet(self) -> bool:
        """Return whether its reader needs no message: an unsent change goes back to the event that they know."""
        return self.before is not None and self.before.known_event == (
            None if self.cancelled else self.saved.invited.event
        )

    @property
    def updates(self) -> bool:
        """Return whether it changes an event in its reader's calendar, and takes no meeting out of it."""
        was, now = self.saved.was, self.saved.invited.event
        if self.cancelled or self.quiet or was is None:
            return False
        if was.series is None or now.series is None:
            return True
        return set(now.series.off) <= set(was.series.off) and now.series.last_on == was.series.last_on

    def may_be_sent(self, leaves_on: date) -> bool:
        """Return whether it may leave that day: one change of an event a day, but a cancellation at any time."""
        before = self.before
        return not self.updates or before is None or before.told_on < leaves_on or not before.left

    def is_of(self, first: date, last: date) -> bool:
        """Return whether it changes what its reader's calendar has of these days."""
        was, now = self.saved.was or self.saved.invited.event, self.saved.invited.event
        if now.series is None:
            return any(first <= event.first_on <= last for event in (was, now))
        return any(was.on(day) != now.on(day) for day in now.days(last) if day >= first)


def changes(wanted: InvitationPlan, current: Sequence[InvitationState], at: datetime) -> list[InvitationChange]:
    """List the differences from the invitations that people have, unsent ones included, the nearest event first.

    An event that has begun is not changed; a series that has begun may end, or go if each of its meetings was off.
    """
    known = {state.key: state for state in current}
    made = [_wanted(key, event, known.get(key)) for key, event in wanted.items()]
    gone = [_unwanted(state, at) for key, state in known.items() if key not in wanted]
    return sorted(
        (change for change in (*made, *gone) if change),
        key=lambda one: (one.saved.invited.event.starts_at, one.ref, one.contact_ref),
    )


def one_a_day(
    invitation_changes: Iterable[InvitationChange],
    current: Sequence[InvitationState],
    leaves_on: date,
    until: date,
) -> list[InvitationChange]:
    """Keep of each person's updates only the first of a day. New events and cancellations always go.

    So does an update of a meeting that is held up to `until`, the working day after: tomorrow would be too late.
    """
    updated = {state.contact_ref: state.ref for state in current if state.told_on == leaves_on and state.saved.was}
    return [
        change
        for change in invitation_changes
        if change.is_of(leaves_on, until)
        or (
            change.may_be_sent(leaves_on)
            and (not change.updates or updated.setdefault(change.contact_ref, change.ref) == change.ref)
        )
    ]


def _wanted(key: EventKey, invited: InvitedEvent, before: InvitationState | None) -> InvitationChange | None:
    if before is None:
        return InvitationChange(*key, 0, SavedInvitation(invited), cancelled=False)
    if before.saved.invited.event == invited.event and not before.cancelled and not before.lost:
        return None
    return InvitationChange(
        *key, before.sequence + 1, SavedInvitation(invited, before.known_event), cancelled=False, before=before
    )


def _unwanted(before: InvitationState, at: datetime) -> InvitationChange | None:
    current, known = before.saved.invited, before.known_event
    if before.cancelled or (current.event.series is None and current.event.starts_at <= at):
        return None
    saved = SavedInvitation(current._replace(event=known or current.event), known)
    return InvitationChange(*before.key, before.sequence + 1, saved, cancelled=True, before=before)
