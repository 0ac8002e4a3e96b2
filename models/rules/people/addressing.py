"""Addressing: resolves a ladder's addressees to people on a day, with fallbacks, deputies and absences."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from config.leading import OwnerKind
from config.terms import Addressee, Agency, OwedBy, Role
from models.rules.people.directory import Directory, Reached, deputies, role_of
from models.rules.people.leading import asked, leads
from models.rules.people.parties import Parties

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
_ROLES = {_SUPERVISOR: Role.LEGAL_MANAGER, _SPOC: Role.SPOC, _LEAD: Role.LEAD}


class Recipient(NamedTuple):
    """One person, or operations (no ref), the first of the ladder's addressees that led to them, and the reason."""

    addressee: Addressee
    contact_ref: str | None
    note: str = ""  # roles only: "no prosecutor is recorded", "standing in for the supervisor"


def address(
    to: Sequence[Addressee], matter: Parties, directory: Directory, *, all_spocs: bool = False
) -> list[Recipient]:
    """Resolve a step's addressees, each person once. Every step has at least one recipient.

    A SPOC is the one who leads on the case, or with `all_spocs` every one of the agency.
    """
    recipients: dict[str | None, Recipient] = {}
    for addressee in to:
        for reached in _resolve(addressee, matter, directory, all_spocs=all_spocs):
            for ref, note in reached.people:
                if ref not in recipients:
                    recipients[ref] = Recipient(addressee, ref, note)
    return list(recipients.values())


def through(
    to: Sequence[Addressee], matter: Parties, directory: Directory, *, all_spocs: bool = False
) -> frozenset[str]:
    """Return all on whom it depends whom these addressees lead to: contacts, roles in a place, and panels."""
    reached = (one for addressee in to for one in _resolve(addressee, matter, directory, all_spocs=all_spocs))
    return frozenset().union(*(one.through for one in reached))


def owners(matter: Parties, directory: Directory) -> list[Recipient]:
    """Return the owners for today."""
    return address((_OWNER,), matter, directory)


def halves(owed_by: OwedBy) -> tuple[Agency, ...]:
    """List the agencies whose people an obligation concerns. Each is resolved, and falls back, separately."""
    if owed_by is OwedBy.OPERATIONS:
        return ()
    return (Agency.POLICE, Agency.CPS) if owed_by is OwedBy.BOTH else (Agency(owed_by.value),)


def _resolve(addressee: Addressee, matter: Parties, directory: Directory, *, all_spocs: bool) -> Iterator[Reached]:
    if addressee is _OPERATIONS:
        yield Reached(((None, ""),), frozenset())
    elif matter.owed_by is OwedBy.OPERATIONS:
        for force_code in matter.force_codes:  # each force of a silent source separately
            of_force, to = matter._replace(force_codes=(force_code,)), _SPOC if addressee is _COUNTERPART else addressee
            yield _known(to, Agency.POLICE, of_force, directory, all_spocs=all_spocs)
    elif addressee is _COUNTERPART:
        if matter.owed_by is not OwedBy.BOTH:
            other = Agency.CPS if matter.owed_by is OwedBy.POLICE else Agency.POLICE
            yield _known(_SPOC, other, matter, directory, all_spocs=all_spocs)
    else:
        for agency in halves(matter.owed_by):
            yield _known(addressee, agency, matter, directory, all_spocs=all_spocs)


def _known(addressee: Addressee, agency: Agency, matter: Parties, directory: Directory, *, all_spocs: bool) -> Reached:
    """Resolve one agency's half, once for all matters with the same values."""
    by_role = addressee is not _OWNER and (addressee is not _SUPERVISOR or agency is Agency.CPS)
    of_case = () if by_role else (matter.person(agency), matter.supervisor_ref, matter.owner_ref, matter.owner)
    key = (
        addressee, agency, all_spocs, matter.force_codes, matter.cps_areas, matter.spoc_ref(agency), matter.restricted,
        matter.barred, *of_case,
    )  # fmt: skip
    found = directory.resolved.get(key)
    if found is None:
        half = _Half(agency, matter, directory, all_spocs=all_spocs)
        people = tuple(half.people(addressee))
        found = directory.resolved[key] = Reached(people, frozenset(half.through))
    return found


class _Half:
    """The resolution of one agency's half of a matter, and what it went through."""

    def __init__(self, agency: Agency, matter: Parties, directory: Directory, *, all_spocs: bool) -> None:
        self.agency, self.matter, self.directory, self.all_spocs = agency, matter, directory, all_spocs
        self.through: set[str] = set()

    def people(self, addressee: Addressee) -> Iterator[tuple[str | None, str]]:
        """Yield each person to whom an addressee leads, with a note."""
        if addressee is _OPERATIONS:
            yield None, ""
        elif addressee is _OWNER:
            yield from self._owner()
        elif addressee is _SPOC and not self.all_spocs:
            yield from self._leading_spoc()
        else:
            of_case = (self.agency, addressee) == (Agency.POLICE, _SUPERVISOR)
            named = self.matter.supervisor_ref if of_case else None
            yield from self._all(addressee, self._recorded(addressee), ROLE_NAMES[self.agency, addressee], named)

    def _owner(self) -> Iterator[tuple[str | None, str]]:
        own, usual = self.matter.owner_ref, self.matter.person(self.agency)
        if self.matter.owner is OwnerKind.SUPERVISOR:
            yield from self.people(_SUPERVISOR)
        elif self.matter.owner is OwnerKind.CHAIR:
            yield from self._all(_OWNER, self._named(own), "chair of the meeting", own)
        elif mine := self._named(own):
            yield from self._all(_OWNER, mine, "action's owner")
        else:
            yield from self._all(_OWNER, self._named(usual), ROLE_NAMES[self.agency, _OWNER], usual)

    def _leading_spoc(self) -> Iterator[tuple[str | None, str]]:
        """Yield the SPOC who leads or their deputy; them and the others, if they are away; where nobody leads, all."""
        who, lead = ROLE_NAMES[self.agency, _SPOC], leads(self.agency, self.matter, self.directory)
        self.through.update(asked(self.agency, self.matter, self.directory))
        if lead is None:
            spocs = self._recorded(_SPOC)
            why = f"no {who} is named to lead" if len(spocs) > 1 and self.matter.pair else ""
            yield from _because(why, self._all(_SPOC, spocs, who))
        elif stand_in := self._stand_in(lead.contact_ref):
            yield stand_in, "" if stand_in == lead.contact_ref else f"standing in for the {who}"
        else:
            yield lead.contact_ref, ""
            others = [ref for ref in self._recorded(_SPOC) if ref != lead.contact_ref]
            rest = self._all(_SPOC, others, who) if others else self.people(NEXT[self.agency, _SPOC])
            yield from _because(f"the {who} who leads is away and has no deputy", rest)

    def _all(
        self, addressee: Addressee, refs: Sequence[str], who: str, named: str | None = None
    ) -> Iterator[tuple[str | None, str]]:
        """Yield all of these contacts or their deputies, and the next in line where one is away, or there are none.

        `named` is whom the case names, who may be none of them.
        """
        uncovered = False
        for ref in refs:
            stand_in = self._stand_in(ref)
            uncovered = uncovered or stand_in is None
            yield stand_in or ref, "" if stand_in in {ref, None} else f"standing in for the {who}"
        if not refs or uncovered:
            why = f"the {who} is away and has no deputy" if refs else self._why_nobody(who, named)
            yield from _because(why, self.people(NEXT[self.agency, addressee]))

    def _why_nobody(self, who: str, named: str | None) -> str:
        """Return why nobody is addressed whom the case names; who is barred is as if nobody were named."""
        if not named or named in self.matter.barred:
            return f"no {who} is recorded"
        person = self.directory.people.get(named)
        if person is None:
            return f"the {who} has no address here"
        return f"the {who} is not here yet" if person.coming else f"the {who} has left"

    def _recorded(self, addressee: Addressee) -> list[str]:
        """List the known, active contacts that an addressee names, without barred ones, before absences are applied."""
        if addressee is _SUPERVISOR and self.agency is Agency.POLICE:
            return self._named(self.matter.supervisor_ref)
        role, places = _ROLES[addressee], self.matter.places(self.agency)
        found = self.directory.holders(self.agency, role, places)
        self.through.update(found, (role_of(self.agency, role, place) for place in places))
        return [ref for ref in found if ref not in self.matter.barred] if self.matter.barred else found

    def _named(self, ref: str | None) -> list[str]:
        if ref is None:
            return []
        self.through.add(ref)
        return [ref] if self.directory.active(ref) and ref not in self.matter.barred else []

    def _stand_in(self, ref: str) -> str | None:
        stand_in, asked_for = deputies(ref, self.directory, self.matter.barred)
        self.through.update(asked_for)
        return stand_in


def _because(why: str, people: Iterable[tuple[str | None, str]]) -> Iterator[tuple[str | None, str]]:
    """Yield people with one more reason before their own."""
    for ref, note in people:
        yield ref, "; ".join(filter(None, (why, note)))
