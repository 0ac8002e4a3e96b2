"""Owers: the people who owe an obligation, or its missing parts, by role and name."""

from config.leading import OwnerKind
from config.terms import Agency
from models.queries.obligations.obligation_views import ObligationView
from models.rules.catalogue.rule import PartOwner
from models.rules.obligations.rulebook import RULES
from models.rules.people.addressing import halves
from tasks.messages.contexts import Ower
from tasks.platform.text import one_line


def owers(matter: ObligationView) -> tuple[Ower, ...]:
    """Return who owes it: the people that a ladder's first step approaches, or who owe its missing parts."""
    if matter.case_ref is None:
        return ()
    if matter.chair_ref:
        return (_person(matter, "chair", matter.chair_ref),)
    if matter.owner_ref:
        return (_person(matter, "action", matter.owner_ref),)
    rule = RULES[matter.rule]
    police = PartOwner.SUPERVISOR if rule.owner is OwnerKind.SUPERVISOR else PartOwner.OFFICER
    of = {Agency.POLICE: police, Agency.CPS: PartOwner.PROSECUTOR}
    of_parts = {rule.parts[part]: None for part in matter.parts if part in rule.parts}
    return tuple(_ower(matter, owner) for owner in of_parts or map(of.__getitem__, halves(matter.owed_by)))


def _ower(matter: ObligationView, owner: PartOwner) -> Ower:
    refs = {
        PartOwner.OFFICER: matter.oic_ref,
        PartOwner.SUPERVISOR: matter.supervisor_ref,
        PartOwner.PROSECUTOR: matter.prosecutor_ref,
    }
    return _person(matter, owner, refs.get(owner) or "")


def _person(matter: ObligationView, role: str, ref: str) -> Ower:
    name, email = (matter.people or {}).get(ref, ("", ""))
    return Ower(role=role, ref=one_line(ref), name=one_line(name), email=email)
