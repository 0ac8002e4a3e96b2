"""Who may do what on a case: the one definition, which rules, commands, replies and the lists of forms read."""

from collections.abc import Container, Iterator, Mapping
from datetime import date

from config.doors import ActKind
from config.leading import OwnerKind
from config.terms import Addressee
from models.rules.arithmetic import format_day
from models.rules.people.addressing import address
from models.rules.people.directory import Directory
from models.rules.people.parties import Parties

_EVERYONE = tuple(Addressee)
_ANSWERING = (Addressee.OWNER, Addressee.SUPERVISOR, Addressee.SPOC, Addressee.LEAD)
BY_ADDRESSEE: Mapping[ActKind, tuple[Addressee, ...]] = {
    ActKind.PROMISE: _EVERYONE,
    ActKind.COMPLETION: _ANSWERING,
    ActKind.OUTCOME: _ANSWERING,
    ActKind.MOVE: _ANSWERING,
}
BY_CHAIR = frozenset({ActKind.OUTCOME})  # the chair of the sitting may too, whoever owes the case


def who_may(act: ActKind, matter: Parties, people: Directory, chair_ref: str | None = None) -> frozenset[str]:
    """List the contacts who may do an act on a matter today; one whose `owed_by` is both has those of either side."""
    chair = {chair_ref} if chair_ref and act in BY_CHAIR else set()
    return concerned(matter, people, BY_ADDRESSEE[act]) | (chair - matter.barred)


def concerned(matter: Parties, people: Directory, addressees: tuple[Addressee, ...] = _EVERYONE) -> frozenset[str]:
    """List everyone to whom one of a ladder's addressees could lead.

    These are its owner and the case's officer or prosecutor, the supervisor or legal managers, the SPOCs and leads of
    the side that owes it, the counterpart SPOCs, and anyone standing in for one of them today. Absent contacts are
    among them.
    """
    present = Directory([person._replace(absent=False) for person in people.people.values()], people.spocs)
    recipients = (
        recipient
        for variant in (matter, matter._replace(owner_ref=None, owner=OwnerKind.CASE))
        for directory in (people, present)
        for recipient in address(addressees, variant, directory, all_spocs=True)
    )
    return frozenset(recipient.contact_ref for recipient in recipients if recipient.contact_ref)


def not_entitled(by: str, allowed: Container[str], people: Directory, today: date, may: str) -> Iterator[str]:
    """Yield why a person may not ask for something. `may` ends the sentence about a contact who is not `allowed`."""
    if not people.active(by):
        yield f"{by} is not a known contact who is active on {format_day(today)}."
    elif by not in allowed:
        yield f"{by} is not one of those {may}"
