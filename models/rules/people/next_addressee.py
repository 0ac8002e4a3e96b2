"""Handing on: who is told next when somebody who was told says that it is not theirs."""

from config.terms import Addressee, OwedBy
from models.rules.people.addressing import NEXT, WORDS, Directory, Matter, Told, address


def next_after(ref: str, word: Addressee, matter: Matter, directory: Directory) -> list[Told]:
    """The next addressees of the person's own side, by the order in which a step falls back; operations in the end.

    `word` is what led to the person. Whoever says so is never told again, whatever else leads to them.
    """
    agency = directory.people[ref].agency
    own_side = matter._replace(owed_by=OwedBy(agency.value))
    at = Addressee.SPOC if word is Addressee.COUNTERPART else Addressee(word)
    said = f"the {WORDS[agency, at]} says that it is not theirs"
    found: list[Told] = []
    while not found and at is not Addressee.OPERATIONS:
        at = NEXT[agency, at]
        found = [told for told in address((at,), own_side, directory) if told.contact_ref != ref]
    return [told._replace(addressee=word, note="; ".join(filter(None, (said, told.note)))) for told in found]
