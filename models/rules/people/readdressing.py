"""Readdressing: the recipients in place of someone who left, went on leave, handed on a role, or says *not mine*."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from config.terms import Addressee, Agency, OwedBy, Role
from models.rules.people.addressing import NEXT, ROLE_NAMES, Recipient, address
from models.rules.people.directory import Directory
from models.rules.people.parties import Parties

LEFT = "its reader has left"
AWAY = "its reader is away, and another stands in"
OTHER = "it is for someone else now"
BARRED = "its reader may hear nothing of the case"
LAPSED = "promise lapsed"  # the start of the note of a notification about a lapsed promise


class PendingNotification(NamedTuple):
    """A notification that is about to be sent."""

    id: int
    contact_ref: str | None
    note: str
    lapsed: bool = False  # it reports a lapsed promise


class Readdressing(NamedTuple):
    """The changes to one obligation's notifications: silenced ones with reasons, new notes, new recipients."""

    silent: dict[int, str]
    notes: dict[int, str]
    new: list[Recipient]


NOTHING = Readdressing({}, {}, [])


def readdress(
    waiting: Sequence[PendingNotification],
    right: Sequence[Recipient],
    informed: Collection[str | None],
    directory: Directory,
) -> Readdressing:
    """Decide whom the notifications of one obligation's step reach, given `right`, the people it now leads to.

    `informed` are those who will receive the step anyway or already have; nobody receives it twice. A person who is no
    longer right is skipped, and the right people who would miss it are added. So is the next in line of an absent
    person without a stand-in. For everyone else only the reason may change.
    """
    people = {recipient.contact_ref: recipient for recipient in right}
    wrong = [notification for notification in waiting if notification.contact_ref not in people]
    away = any(directory.away(notification.contact_ref) for notification in waiting)
    if not wrong and not away:
        return NOTHING
    lapsed = any(notification.lapsed or notification.note.startswith(LAPSED) for notification in waiting)
    notes = {
        notification.id: _note(people[notification.contact_ref], lapsed=lapsed)
        for notification in waiting
        if notification.contact_ref in people
    }
    reached = {*informed, *(notification.contact_ref for notification in waiting)}
    some_missed = away or any(notification.contact_ref not in informed for notification in wrong)
    new = [
        recipient._replace(note=_note(recipient, lapsed=lapsed))
        for recipient in right
        if recipient.contact_ref not in reached
    ]
    return Readdressing(
        silent={notification.id: _why(notification.contact_ref, directory) for notification in wrong},
        notes={
            notification.id: notes[notification.id]
            for notification in waiting
            if notification.id in notes and notes[notification.id] != notification.note
        },
        new=new if some_missed else [],
    )


def _note(recipient: Recipient, *, lapsed: bool) -> str:
    return "; ".join(part for part in (LAPSED if lapsed else "", recipient.note) if part)


def _why(ref: str | None, directory: Directory) -> str:
    person = directory.people.get(ref or "")
    if person is None or (person.active and not person.absent):
        return OTHER
    return AWAY if person.active else LEFT


def next_after(ref: str, addressee: Addressee, matter: Parties, directory: Directory) -> list[Recipient]:
    """List the next addressees on the person's own side, in a step's fallback order. Operations are the last.

    `addressee` is the one that led to the person, who is never addressed again, whatever else leads to them.
    """
    agency = directory.people[ref].agency
    own_side = matter._replace(owed_by=OwedBy(agency.value))
    at = Addressee.SPOC if addressee is Addressee.COUNTERPART else Addressee(addressee)
    reason = f"{_called(ref, at, matter, directory)} says that it is not theirs"
    found: list[Recipient] = []
    while not found and at is not Addressee.OPERATIONS:
        at = NEXT[agency, at]
        found = [recipient for recipient in address((at,), own_side, directory) if recipient.contact_ref != ref]
    return [
        recipient._replace(addressee=addressee, note="; ".join(filter(None, (reason, recipient.note))))
        for recipient in found
    ]


def _called(ref: str, at: Addressee, matter: Parties, directory: Directory) -> str:
    """Name by their own part in the case the person whom an addressee led to, perhaps in another's place."""
    agency = directory.people[ref].agency
    parts = {
        matter.person(agency): ROLE_NAMES[agency, Addressee.OWNER],
        matter.supervisor_ref: ROLE_NAMES[Agency.POLICE, Addressee.SUPERVISOR],
        matter.owner_ref: "action's owner",
    }
    own = at in {Addressee.OWNER, Addressee.SUPERVISOR}
    named = parts.get(ref) if own else None
    roles = ((Role.LEAD, Addressee.LEAD), (Role.SPOC, Addressee.SPOC), (Role.LEGAL_MANAGER, Addressee.SUPERVISOR))
    held = (ROLE_NAMES[agency, of] for role, of in roles if role in directory.people[ref].roles)
    return f"the {named or next(held, ROLE_NAMES[agency, at]) if own else ROLE_NAMES[agency, at]}"
