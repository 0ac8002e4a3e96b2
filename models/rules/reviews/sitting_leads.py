"""Who leads a sitting: its chair and both agencies' SPOCs, as they stand on a day, or whoever is in their place."""

from collections.abc import Iterator
from typing import NamedTuple

from config.sittings import Part
from config.terms import Addressee, OwedBy
from models.rules.people.addressing import Directory, Matter, address


class Leading(NamedTuple):
    """One person, or operations (no ref), and why they where it is not by their own right: roles only."""

    part: Part
    contact_ref: str | None
    note: str


def matters(chair_ref: str, force_code: str, cps_area: str) -> tuple[Matter, Matter]:
    """What decides whom a sitting's chair, and its SPOCs, lead to."""
    return Matter(OwedBy.POLICE, (), action_owner_ref=chair_ref), Matter(OwedBy.BOTH, (force_code,), (cps_area,))


def leading(chair: Matter, spocs: Matter, directory: Directory) -> list[Leading]:
    """Each once, the chair first. Nobody is in the place of a chair who has left: the SPOCs are there."""
    found: dict[str | None, Leading] = {}
    for one in _leading(chair, spocs, directory):
        found.setdefault(one.contact_ref, one)
    return list(found.values())


def _leading(chair: Matter, spocs: Matter, directory: Directory) -> Iterator[Leading]:
    if directory.active(chair.action_owner_ref):
        for told in address((Addressee.OWNER,), chair, directory):
            if told.contact_ref:
                own = told.contact_ref == chair.action_owner_ref
                yield Leading(Part.CHAIR, told.contact_ref, "" if own else "standing in for the chair")
    for told in address((Addressee.SPOC,), spocs, directory):
        yield Leading(Part.SPOC, told.contact_ref, told.note)
