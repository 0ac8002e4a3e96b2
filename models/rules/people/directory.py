"""The directory: everyone who may be addressed on one day, by reference and by role and place."""

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from config.terms import Agency, Role

MOST_DEPUTIES = 3
PanelSpocs = Mapping[tuple[str, str, Agency], str]  # by force, CPS Area and agency
_NOBODY: PanelSpocs = MappingProxyType({})


class Person(NamedTuple):
    """A contact's state on one day."""

    ref: str
    agency: Agency
    roles: frozenset[str]
    force_codes: frozenset[str]
    cps_areas: frozenset[str]
    deputy_ref: str | None
    active: bool
    absent: bool
    restricted_access: bool = False
    coming: bool = False  # not active yet


class Reached(NamedTuple):
    """Whom an addressee leads to, each with a note, and everything that this depends on.

    `through` are the contacts whose state counts, known or not, the roles in a place (`role_of`), and panels
    (`panel_of`): a change of any of them can lead to somebody else.
    """

    people: tuple[tuple[str | None, str], ...]
    through: frozenset[str]


class Directory:
    """All possible recipients on one day, and the SPOCs whom the panels name."""

    def __init__(self, people: Sequence[Person], spocs: PanelSpocs = _NOBODY) -> None:
        self.people = {person.ref: person for person in people}
        self.spocs = spocs
        self._holders: dict[tuple[Agency, str, str], list[str]] = {}
        for person in people:
            places = person.force_codes if person.agency is Agency.POLICE else person.cps_areas
            for role in person.roles if person.active else ():
                for place in places:
                    self._holders.setdefault((person.agency, role, place), []).append(person.ref)
        for refs in self._holders.values():
            refs.sort()
        self.resolved: dict[tuple[object, ...], Reached] = {}  # answers hold for the day

    @cached_property
    def present(self) -> "Directory":
        """The same people, as if nobody were away."""
        return Directory([person._replace(absent=False) for person in self.people.values()], self.spocs)

    def active(self, ref: str | None) -> bool:
        """Return whether it is a known contact who is active today."""
        person = self.people.get(ref) if ref else None
        return person is not None and person.active

    def away(self, ref: str | None) -> bool:
        """Return whether it is a known contact who is away today."""
        person = self.people.get(ref) if ref else None
        return person is not None and person.absent

    def holders(self, agency: Agency, role: Role, places: Sequence[str]) -> list[str]:
        """List the active contacts with a role for a force (police) or CPS Area (cps)."""
        found = [ref for place in places for ref in self._holders.get((agency, role, place), ())]
        return sorted(set(found)) if len(places) > 1 else found


def role_of(agency: Agency, role: str, place: str) -> str:
    """Name a role in a place. No contact has such a reference: it has spaces."""
    return f"{agency.value} {role} {place}"


def panel_of(force_code: str, cps_area: str) -> str:
    """Name the SPOCs that the panel of a force and a CPS Area names."""
    return f"panel {force_code} {cps_area}"


def deputies(ref: str, directory: Directory, barred: Collection[str] = ()) -> tuple[str | None, list[str]]:
    """Return the person, or an absent person's deputy, and everyone who was asked on the way, known or not.

    Deputies are followed up to three steps along and never in a circle. None if there is none. A deputy who is barred
    is none.
    """
    person, asked = directory.people[ref], [ref]
    for _ in range(MOST_DEPUTIES):
        if not person.absent:
            return person.ref, asked
        deputy = person.deputy_ref
        if deputy is None or deputy in asked:
            return None, asked
        asked.append(deputy)
        if deputy in barred or not directory.active(deputy):
            return None, asked
        person = directory.people[deputy]
    return (None if person.absent else person.ref), asked


def stand_ins(people: Sequence[Person]) -> dict[str, Person]:
    """Map each person who is absent today to the deputy who acts for them, if there is one."""
    directory = Directory(people)
    absent = [person.ref for person in people if person.active and person.absent]
    found = ((ref, deputies(ref, directory)[0]) for ref in absent)
    return {ref: directory.people[deputy] for ref, deputy in found if deputy is not None}
