"""The leads of a sitting: its chair and both agencies' SPOCs on a day, or the people in their place."""

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from config.leading import OwnerKind
from config.sittings import Part
from config.terms import Addressee, OwedBy
from models.rules.people.addressing import address, halves
from models.rules.people.directory import Directory
from models.rules.people.leading import leads
from models.rules.people.parties import Parties


class LeadRecipient(NamedTuple):
    """One person, or operations (no ref), and the reason if it is not by their own right: roles only."""

    part: Part
    contact_ref: str | None
    note: str


def matters(
    chair_ref: str, force_code: str, cps_area: str, barred: Iterable[Collection[str]] = ()
) -> tuple[Parties, Parties]:
    """Return the matters that lead to a sitting's chair and to its SPOCs.

    `barred` are the people barred from each of its cases: none of them is its chair, in their own right or another's.
    """
    never = frozenset().union(*barred)
    chair = Parties(OwedBy.POLICE, (), owner_ref=chair_ref, barred=never, owner=OwnerKind.CHAIR)
    return chair, Parties(OwedBy.BOTH, (force_code,), (cps_area,))


def leading(chair: Parties, spocs: Parties, directory: Directory) -> list[LeadRecipient]:
    """List each lead once, the chair first. A chair who has left or is barred is not replaced: the SPOCs attend."""
    found: dict[str | None, LeadRecipient] = {}
    for recipient in _leading(chair, spocs, directory):
        found.setdefault(recipient.contact_ref, recipient)
    return list(found.values())


def present(chair: Parties, spocs: Parties, directory: Directory) -> list[LeadRecipient]:
    """List the leads without who is away and has no deputy: nobody is sent to a meeting on a day of their leave."""
    return [lead for lead in leading(chair, spocs, directory) if not directory.away(lead.contact_ref)]


def _leading(chair: Parties, spocs: Parties, directory: Directory) -> Iterator[LeadRecipient]:
    if directory.active(chair.owner_ref):
        for recipient in address((Addressee.OWNER,), chair, directory):
            if recipient.contact_ref:
                own = recipient.contact_ref == chair.owner_ref
                yield LeadRecipient(Part.CHAIR, recipient.contact_ref, "" if own else "standing in for the chair")
    for agency in halves(spocs.owed_by):
        side = spocs._replace(owed_by=OwedBy(agency.value))
        nobody = leads(agency, side, directory) is None  # then all attend, each in their own right
        for recipient in address((Addressee.SPOC,), side, directory, all_spocs=nobody):
            yield LeadRecipient(Part.SPOC, recipient.contact_ref, recipient.note)
