"""Readers: which cases they may know of, and the role in which they are addressed."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import TypedDict

from config.terms import Role
from models.queries.obligations.obligation_views import ObligationView, Reader
from models.rules.people.knowing import GuardedCase, hears, open_to
from tasks.messages.itemising import reference

_ROLES = (Role.LEAD, Role.SPOC, Role.LEGAL_MANAGER, Role.SUPERVISOR, Role.PROSECUTOR, Role.OFFICER)


def counted_for(reader: Reader | None, matter: GuardedCase) -> bool:
    """Return whether it is a restricted case of which the reader may only learn that there is one."""
    return (not matter.barred if reader is None else hears(reader, matter)) and not open_to(reader, matter)


def closed_to(reader: Reader | None, obligations: Sequence[ObligationView]) -> frozenset[str]:
    """Return the references of restricted cases, of which the reader may only learn the number."""
    return frozenset(reference(matter) for matter in obligations if counted_for(reader, matter))


def without_addressee(reader: Reader | None, obligations: Sequence[ObligationView]) -> int:
    """Count the cases that came to operations because nobody is left who may hear of them."""
    return len({reference(matter) for matter in obligations if matter.barred}) if reader is None else 0


def in_role(reader: Reader | None) -> tuple[str, str]:
    """Return the role in which a reader is addressed, and whose SPOC they ask about a restricted case."""
    if reader is None:
        return "operations", "operations"
    return (foremost(reader.roles) or Role.OFFICER).value, reader.agency.value


class ReaderValues(TypedDict):
    """The values of a `ReaderContext`."""

    day: date
    reader: str
    asks: str


class DeskValues(ReaderValues):
    """The values of a `DeskContext`."""

    operations: str


def of_desk(reader: Reader | None, today: date, operations: str | None) -> DeskValues:
    """Return what every message to a reader has that names operations to people, by their mailbox."""
    return {**of_reader(reader, today), "operations": (operations or "") if reader else ""}


def of_reader(reader: Reader | None, today: date) -> ReaderValues:
    """Return what every message to a reader has."""
    role, asks = in_role(reader)
    return {"day": today, "reader": role, "asks": asks}


def foremost(roles: Collection[str]) -> Role | None:
    """Return the most senior of a person's roles."""
    return next((role for role in _ROLES if role in roles), None)
