"""Owers: the people who owe an obligation, or its missing parts, by role and name."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Literal

from config.leading import OwnerKind
from config.terms import Agency, OwedBy, Role
from models.queries.obligations.obligation_views import ObligationView
from models.rules.catalogue.rule import PartOwner
from models.rules.obligations.rulebook import RULES
from models.rules.people.addressing import halves
from models.rules.people.directory import Directory, PanelSpocs, Person
from models.rules.people.leading import leads
from models.rules.people.parties import Parties
from tasks.messages.contexts import Ower
from tasks.platform.text import one_line

LEADING = "leading"  # the role of a SPOC who leads, where nobody does


def owers(matter: ObligationView, panels: PanelSpocs, today: date) -> tuple[Ower, ...]:
    """Return who owes it: the people that a ladder's first step approaches, or who owe its missing parts."""
    if matter.case_ref is None:
        return ()
    if matter.chair_ref:
        return (_person(matter, "chair", matter.chair_ref, today),)
    if matter.owner_ref:
        return (_person(matter, "action", matter.owner_ref, today),)
    rule = RULES[matter.rule]
    police = PartOwner.SUPERVISOR if rule.owner is OwnerKind.SUPERVISOR else PartOwner.OFFICER
    of = {Agency.POLICE: police, Agency.CPS: PartOwner.PROSECUTOR}
    of_parts = {rule.parts[part]: None for part in matter.parts if part in rule.parts}
    named = of_parts or map(of.__getitem__, halves(matter.owed_by))
    return tuple(ower for owner in named for ower in _owers(matter, owner, panels, today))


def _owers(matter: ObligationView, owner: PartOwner, panels: PanelSpocs, today: date) -> Iterator[Ower]:
    refs = {
        PartOwner.OFFICER: matter.oic_ref,
        PartOwner.SUPERVISOR: matter.supervisor_ref,
        PartOwner.PROSECUTOR: matter.prosecutor_ref,
    }
    if owner is PartOwner.SPOC:
        yield from _spocs(matter, panels, today)
    else:
        yield _person(matter, owner, refs[owner] or "", today)


def _spocs(matter: ObligationView, panels: PanelSpocs, today: date) -> Iterator[Ower]:
    """Yield the CPS SPOC who leads; where nobody does all of the Area, and where they are several, that nobody does."""
    known = {str(ref): (str(name), str(email)) for ref, name, email, *_ in matter.cps_spocs or ()}
    directory = Directory([_on(today, spoc, matter.cps_area) for spoc in matter.cps_spocs or ()], panels)
    case = Parties(
        OwedBy.CPS, (matter.force_code or "",), (matter.cps_area,), barred=matter.barred,
        cps_spoc_ref=matter.cps_spoc_ref, restricted=matter.restricted,
    )  # fmt: skip
    lead = leads(Agency.CPS, case, directory)
    there = [ref for ref in directory.holders(Agency.CPS, Role.SPOC, (matter.cps_area,)) if ref not in matter.barred]
    for ref in [lead.contact_ref] if lead else there or [""]:
        name, email = known.get(ref, ("", ""))
        yield Ower(role=PartOwner.SPOC, ref=one_line(ref), name=one_line(name), email=email)
    if lead is None and len(there) > 1:
        yield Ower(role=LEADING, ref="")


def _on(today: date, spoc: Sequence[Any], area: str) -> Person:
    """Return a SPOC of an Area as they are on a day, whoever is away: whom the records name, as of others."""
    ref, _, _, access, first, last = spoc
    active = (first or "") <= today.isoformat() <= (last or date.max.isoformat())
    return Person(
        ref, Agency.CPS, frozenset({Role.SPOC}), frozenset(), frozenset({area}), None, active, absent=False,
        restricted_access=access,
    )  # fmt: skip


def _person(matter: ObligationView, role: str, ref: str, today: date) -> Ower:
    name, email, last = (matter.people or {}).get(ref, ("", "", None))
    if last is not None and last < today.isoformat():
        return Ower(role=role, ref=one_line(ref), name=one_line(name), email=email, unreached="left")
    unreached: Literal["", "no_address"] = "no_address" if ref and not email else ""
    return Ower(role=role, ref=one_line(ref), name=one_line(name), email=email, unreached=unreached)
