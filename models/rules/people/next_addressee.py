"""Handing on: the next recipient when a person replies that an obligation is not theirs."""

from config.terms import Addressee, OwedBy
from models.rules.people.addressing import NEXT, WORDS, Directory, Parties, Recipient, address


def next_after(ref: str, word: Addressee, matter: Parties, directory: Directory) -> list[Recipient]:
    """List the next addressees on the person's own side, in a step's fallback order. Operations are the last.

    `word` is the addressee that led to the person, who is never addressed again, whatever else leads to them.
    """
    agency = directory.people[ref].agency
    own_side = matter._replace(owed_by=OwedBy(agency.value))
    at = Addressee.SPOC if word is Addressee.COUNTERPART else Addressee(word)
    reason = f"the {WORDS[agency, at]} says that it is not theirs"
    found: list[Recipient] = []
    while not found and at is not Addressee.OPERATIONS:
        at = NEXT[agency, at]
        found = [told for told in address((at,), own_side, directory) if told.contact_ref != ref]
    return [told._replace(addressee=word, note="; ".join(filter(None, (reason, told.note)))) for told in found]
