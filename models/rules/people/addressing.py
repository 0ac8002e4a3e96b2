"""Addressing: resolves a ladder's addressees to people on a day, with fallbacks, deputies and absences."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from config.terms import Addressee, Agency, OwedBy, Role

_OWNER, _SUPERVISOR, _SPOC = Addressee.OWNER, Addressee.SUPERVISOR, Addressee.SPOC
_LEAD, _COUNTERPART, _OPERATIONS = Addressee.LEAD, Addressee.COUNTERPART, Addressee.OPERATIONS
NEXT: dict[tuple[Agency, Addressee], Addressee] = {
    (Agency.POLICE, _OWNER): _SUPERVISOR,
    (Agency.CPS, _OWNER): _SPOC,  # no prosecutor is allocated yet
    **{(agency, _SUPERVISOR): _SPOC for agency in Agency},
    **{(agency, addressee): _LEAD for agency in Agency for addressee in (_SPOC, _COUNTERPART)},
    **{(agency, _LEAD): _OPERATIONS for agency in Agency},
}
ROLE_NAMES = {
    (Agency.POLICE, _OWNER): "officer in the case",
    (Agency.CPS, _OWNER): "prosecutor",
    (Agency.POLICE, _SUPERVISOR): "supervisor",
    (Agency.CPS, _SUPERVISOR): "legal manager",
    (Agency.POLICE, _SPOC): "police SPOC",
    (Agency.CPS, _SPOC): "CPS SPOC",
    (Agency.POLICE, _LEAD): "police lead",
    (Agency.CPS, _LEAD): "CPS lead",
}
MOST_DEPUTIES = 3


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


class Parties(NamedTuple):
    """The values that decide whom a step concerns: a case's force and CPS Area, or all those of another subject.

    Whoever is `barred` is nobody for it: no addressee, no deputy, nobody who may say anything of it.
    """

    owed_by: OwedBy
    force_codes: tuple[str, ...]
    cps_areas: tuple[str, ...] = ()
    oic_ref: str | None = None
    supervisor_ref: str | None = None
    prosecutor_ref: str | None = None
    action_owner_ref: str | None = None
    barred: frozenset[str] = frozenset()

    @property
    def numbers_of(self) -> str | None:
        """Return the force whose numbers apply: the case's, or the subject's if it has exactly one."""
        return sole(self.force_codes)


def sole(force_codes: Sequence[str]) -> str | None:
    """Return the force if there is exactly one."""
    return force_codes[0] if len(force_codes) == 1 else None


class Recipient(NamedTuple):
    """One person, or operations (no ref), the first of the ladder's addressees that led to them, and the reason."""

    addressee: Addressee
    contact_ref: str | None
    note: str = ""  # roles only: "no prosecutor is recorded", "standing in for the supervisor"


class Directory:
    """All possible recipients on one day."""

    def __init__(self, people: Sequence[Person]) -> None:
        self.people = {person.ref: person for person in people}
        self._holders: dict[tuple[Agency, str, str], list[str]] = {}
        for person in people:
            places = person.force_codes if person.agency is Agency.POLICE else person.cps_areas
            for role in person.roles if person.active else ():
                for place in places:
                    self._holders.setdefault((person.agency, role, place), []).append(person.ref)
        for refs in self._holders.values():
            refs.sort()
        self.resolved: dict[tuple[object, ...], tuple[tuple[str | None, str], ...]] = {}  # answers hold for the day

    def active(self, ref: str | None) -> bool:
        """Report whether it is a known contact who is active today."""
        person = self.people.get(ref) if ref else None
        return person is not None and person.active

    def holders(self, agency: Agency, role: Role, places: Sequence[str]) -> list[str]:
        """List the active contacts with a role for a force (police) or CPS Area (cps)."""
        found = [ref for place in places for ref in self._holders.get((agency, role, place), ())]
        return sorted(set(found)) if len(places) > 1 else found


def address(to: Sequence[Addressee], matter: Parties, directory: Directory) -> list[Recipient]:
    """Resolve a step's addressees, each person once. Every step has at least one recipient."""
    recipients: dict[str | None, Recipient] = {}
    for addressee in to:
        for ref, note in _resolve(addressee, matter, directory):
            if ref not in recipients:
                recipients[ref] = Recipient(addressee, ref, note)
    return list(recipients.values())


def owners(matter: Parties, directory: Directory) -> tuple[list[Recipient], bool]:
    """Return the owners for today, and whether each is the first one recorded (no deputy or replacement)."""
    found = address((_OWNER,), matter, directory)
    named = matter.action_owner_ref
    return found, all(not one.note for one in found) and named in {None, found[0].contact_ref}


def stand_ins(people: Sequence[Person]) -> dict[str, Person]:
    """Map each person who is absent today to the deputy who acts for them, if there is one."""
    directory = Directory(people)
    absent = [person.ref for person in people if person.active and person.absent]
    found = ((ref, _stand_in(ref, directory)) for ref in absent)
    return {ref: directory.people[deputy] for ref, deputy in found if deputy is not None}


def halves(owed_by: OwedBy) -> tuple[Agency, ...]:
    """List the agencies whose people an obligation concerns. Each is resolved, and falls back, separately."""
    if owed_by is OwedBy.OPERATIONS:
        return ()
    return (Agency.POLICE, Agency.CPS) if owed_by is OwedBy.BOTH else (Agency(owed_by.value),)


def _resolve(addressee: Addressee, matter: Parties, directory: Directory) -> Iterator[tuple[str | None, str]]:
    if addressee is _OPERATIONS:
        yield None, ""
    elif matter.owed_by is OwedBy.OPERATIONS:
        for force_code in matter.force_codes:  # each force of a silent source separately
            yield from _known(addressee, Agency.POLICE, matter._replace(force_codes=(force_code,)), directory)
    elif addressee is _COUNTERPART:
        if matter.owed_by is not OwedBy.BOTH:
            other = Agency.CPS if matter.owed_by is OwedBy.POLICE else Agency.POLICE
            yield from _known(addressee, other, matter, directory)
    else:
        for agency in halves(matter.owed_by):
            yield from _known(addressee, agency, matter, directory)


def _known(
    addressee: Addressee, agency: Agency, matter: Parties, directory: Directory
) -> tuple[tuple[str | None, str], ...]:
    """Resolve one agency's half, once for all matters with the same values."""
    key = (addressee, agency, *matter[1:])
    found = directory.resolved.get(key)
    if found is None:
        found = directory.resolved[key] = tuple(_half(addressee, agency, matter, directory))
    return found


def _half(
    addressee: Addressee, agency: Agency, matter: Parties, directory: Directory
) -> Iterator[tuple[str | None, str]]:
    if addressee is _OPERATIONS:
        yield None, ""
        return
    who = ROLE_NAMES[agency, _SPOC if addressee is _COUNTERPART else addressee]
    refs = _recorded(addressee, agency, matter, directory)
    uncovered = False
    for ref in refs:
        stand_in = _stand_in(ref, directory, matter.barred)
        uncovered = uncovered or stand_in is None
        yield stand_in or ref, "" if stand_in in {ref, None} else f"standing in for the {who}"
    if not refs or uncovered:
        why = f"the {who} is away and has no deputy" if refs else f"no {who} is recorded"
        for next_ref, note in _half(NEXT[agency, addressee], agency, matter, directory):
            yield next_ref, f"{why}; {note}" if note else why


def _recorded(addressee: Addressee, agency: Agency, matter: Parties, directory: Directory) -> list[str]:
    """List the known, active contacts that an addressee names, without barred ones, before absences are applied."""
    if addressee is _OWNER:
        if _may_hear(matter.action_owner_ref, matter, directory):
            return [str(matter.action_owner_ref)]
        named = matter.oic_ref if agency is Agency.POLICE else matter.prosecutor_ref
        return [str(named)] if _may_hear(named, matter, directory) else []
    if addressee is _SUPERVISOR and agency is Agency.POLICE:
        return [str(matter.supervisor_ref)] if _may_hear(matter.supervisor_ref, matter, directory) else []
    role = {_SUPERVISOR: Role.LEGAL_MANAGER, _LEAD: Role.LEAD}.get(addressee, Role.SPOC)
    found = directory.holders(agency, role, matter.force_codes if agency is Agency.POLICE else matter.cps_areas)
    return [ref for ref in found if ref not in matter.barred] if matter.barred else found


def _may_hear(ref: str | None, matter: Parties, directory: Directory) -> bool:
    return directory.active(ref) and ref not in matter.barred


def _stand_in(ref: str, directory: Directory, barred: Collection[str] = ()) -> str | None:
    """Return the person, or an absent person's deputy, up to three steps along and never in a circle.

    None if there is none. A deputy who is barred is none.
    """
    person, seen = directory.people[ref], {ref}
    for _ in range(MOST_DEPUTIES):
        if not person.absent:
            return person.ref
        deputy = person.deputy_ref
        if deputy is None or deputy in seen or deputy in barred or not directory.active(deputy):
            return None
        seen.add(deputy)
        person = directory.people[deputy]
    return None if person.absent else person.ref
