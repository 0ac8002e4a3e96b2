"""Readers: what a person may read of, and in which role they are written to."""

from collections.abc import Collection, Sequence

from config.terms import Role
from models.queries.obligations.obligation_views import ObligationView, Reader
from tasks.messages.itemising import reference

_ROLES = (Role.LEAD, Role.SPOC, Role.LEGAL_MANAGER, Role.SUPERVISOR, Role.PROSECUTOR, Role.OFFICER)


def open_to(reader: Reader | None, matter: ObligationView) -> bool:
    """Whether the reader may know which case it is."""
    return not matter.restricted or (reader is not None and reader.restricted_access)


def closed_to(reader: Reader | None, found: Sequence[ObligationView]) -> frozenset[str]:
    """What the reader may only be told the number of."""
    return frozenset(reference(matter) for matter in found if not open_to(reader, matter))


def in_role(reader: Reader | None) -> tuple[str, str]:
    """The role in which someone is written to, and whose SPOC they ask of a restricted case."""
    if reader is None:
        return "operations", "operations"
    return (foremost(reader.roles) or Role.OFFICER).value, reader.agency.value


def foremost(roles: Collection[str]) -> Role | None:
    """Of somebody's roles the one by which they are called."""
    return next((role for role in _ROLES if role in roles), None)
