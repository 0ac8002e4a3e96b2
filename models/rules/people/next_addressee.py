"""Handing on: the next recipient when a person replies that an obligation is not theirs."""

from config.terms import Addressee, OwedBy
from models.rules.people.addressing import NEXT, ROLE_NAMES, Directory, Parties, Recipient, address


def next_after(ref: str, addressee: Addressee, matter: Parties, directory: Directory) -> list[Recipient]:
    """List the next addressees on the person's own side, in a step's fallback order. Operations are the last.

    `addressee` is the one that led to the person, who is never addressed again, whatever else leads to them.
    """
    agency = directory.people[ref].agency
    own_side = matter._replace(owed_by=OwedBy(agency.value))
    at = Addressee.SPOC if addressee is Addressee.COUNTERPART else Addressee(addressee)
    reason = f"the {ROLE_NAMES[agency, at]} says that it is not theirs"
    found: list[Recipient] = []
    while not found and at is not Addressee.OPERATIONS:
        at = NEXT[agency, at]
        found = [recipient for recipient in address((at,), own_side, directory) if recipient.contact_ref != ref]
    return [
        recipient._replace(addressee=addressee, note="; ".join(filter(None, (reason, recipient.note))))
        for recipient in found
    ]
