"""Readers: their access to restricted cases, and the role in which they are addressed."""

from collections.abc import Collection, Sequence

from config.terms import Role
from models.queries.obligations.obligation_views import ObligationView, Reader
from tasks.messages.itemising import reference

_ROLES = (Role.LEAD, Role.SPOC, Role.LEGAL_MANAGER, Role.SUPERVISOR, Role.PROSECUTOR, Role.OFFICER)


def open_to(reader: Reader | None, matter: ObligationView) -> bool:
    """Return whether the reader may know which case it is."""
    return not matter.restricted or (reader is not None and reader.restricted_access)


def closed_to(reader: Reader | None, found: Sequence[ObligationView]) -> frozenset[str]:
    """Return the references of which the reader may only learn the number."""
    return frozenset(reference(matter) for matter in found if not open_to(reader, matter))


def in_role(reader: Reader | None) -> tuple[str, str]:
    """Return the role in which a reader is addressed, and whose SPOC they ask about a restricted case."""
    if reader is None:
        return "operations", "operations"
    return (foremost(reader.roles) or Role.OFFICER).value, reader.agency.value


def foremost(roles: Collection[str]) -> Role | None:
    """Return the most senior of a person's roles."""
    return next((role for role in _ROLES if role in roles), None)
