"""Readdressing: who is told instead of someone who left, went on leave or handed a role on before it was said."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from models.rules.people.addressing import Directory, Told

LEFT = "its reader has left"
AWAY = "its reader is away, and another stands in"
OTHER = "it is for someone else now"
LAPSED = "promise lapsed"  # how the note of a telling begins that names a promise


class Waiting(NamedTuple):
    """A notification that is about to be said."""

    id: int
    contact_ref: str | None
    note: str
    lapsed: bool = False  # it says that a promise lapsed


class Readdressed(NamedTuple):
    """What becomes of one obligation's notifications: which are not said and why, whose note changes, who is new."""

    silent: dict[int, str]
    notes: dict[int, str]
    new: list[Told]


NOTHING = Readdressed({}, {}, [])


def readdress(
    waiting: Sequence[Waiting], right: Sequence[Told], told: Collection[str | None], directory: Directory
) -> Readdressed:
    """Whom these notifications of one obligation's step reach, now that `right` are the people it leads to.

    `told` are those who hear of the step anyway, or were told of it; nobody is told twice. Whoever is no longer right
    is not written to, and the right ones who would not hear of it are; so is the next in line of one who is away with
    nobody to stand in. The others are undisturbed, but for the reason why they are told.
    """
    people = {one.contact_ref: one for one in right}
    wrong = [one for one in waiting if one.contact_ref not in people]
    away = any(is_away(one.contact_ref, directory) for one in waiting)
    if not wrong and not away:
        return NOTHING
    lapsed = any(one.lapsed or one.note.startswith(LAPSED) for one in waiting)
    notes = {one.id: _note(people[one.contact_ref], lapsed=lapsed) for one in waiting if one.contact_ref in people}
    heard = {*told, *(one.contact_ref for one in waiting)}
    unheard = away or any(one.contact_ref not in told for one in wrong)
    new = [one._replace(note=_note(one, lapsed=lapsed)) for one in right if one.contact_ref not in heard]
    return Readdressed(
        silent={one.id: _why(one.contact_ref, directory) for one in wrong},
        notes={one.id: notes[one.id] for one in waiting if one.id in notes and notes[one.id] != one.note},
        new=new if unheard else [],
    )


def is_away(ref: str | None, directory: Directory) -> bool:
    """Whether that is somebody who is on leave that day."""
    person = directory.people.get(ref or "")
    return person is not None and person.absent


def _note(told: Told, *, lapsed: bool) -> str:
    return "; ".join(part for part in (LAPSED if lapsed else "", told.note) if part)


def _why(ref: str | None, directory: Directory) -> str:
    person = directory.people.get(ref or "")
    if person is None or (person.active and not person.absent):
        return OTHER
    return AWAY if person.active else LEFT
