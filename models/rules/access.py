"""Who may do what on a case: one function of the act, the case and the person, and the table that it reads."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from config.doors import ActKind
from config.leading import OwnerKind
from config.terms import Addressee, Agency, OwedBy, Role
from models.rules.arithmetic import format_day
from models.rules.people.addressing import address
from models.rules.people.directory import Directory, deputies
from models.rules.people.knowing import open_to
from models.rules.people.parties import Parties
from models.rules.refusal import Refusal


class Permission(StrEnum):
    """What a case and an act on it are to a person."""

    MAY = "may"
    MAY_NOT = "may not"
    UNKNOWN_TO_THEM = "unknown to them"


class Entitlement(NamedTuple):
    """Who may do an act: those to whom addressees lead, the holders of roles there, and perhaps the sitting's chair.

    `who` ends the sentence about a person who is none of them.
    """

    addressees: tuple[Addressee, ...] = ()
    roles: tuple[Role, ...] = ()
    chair: bool = False
    who: str = ""


_EVERYONE = tuple(Addressee)
_ANSWERING = (Addressee.OWNER, Addressee.SUPERVISOR, Addressee.SPOC, Addressee.LEAD)
ENTITLED: Mapping[ActKind, Entitlement] = {
    ActKind.PROMISE: Entitlement(
        _EVERYONE,
        who="it is for: whoever owes it, the supervisor or legal manager, a SPOC or a lead. One of them may take it "
        "on.",
    ),
    ActKind.COMPLETION: Entitlement(
        _ANSWERING,
        who="who may say so: whoever owes it, the officer in the case or the prosecutor, the supervisor or legal "
        "manager, or a SPOC or lead of the side that owes it. One of them may report it.",
    ),
    ActKind.OUTCOME: Entitlement(
        _ANSWERING,
        chair=True,
        who="who may say so: the chair, the officer in the case or the prosecutor, the supervisor or legal manager, or "
        "a SPOC or lead of either side. One of them may record it.",
    ),
    ActKind.MOVE: Entitlement(
        _ANSWERING,
        who="who may move it: the officer in the case, the supervisor, the prosecutor, a legal manager, or a SPOC or "
        "lead of either agency. One of them may.",
    ),
    ActKind.CONFIRMATION: Entitlement(
        (Addressee.SUPERVISOR, Addressee.SPOC, Addressee.LEAD),
        who="who may confirm it: the supervisor, or a SPOC or lead of the force. One of them may.",
    ),
    ActKind.HOLD: Entitlement(
        roles=(Role.SPOC, Role.LEAD),
        who="who may hold it: a SPOC or a lead of its force or CPS Area. One of them may.",
    ),
    ActKind.LOOK: Entitlement(_EVERYONE, who="who answer for it on either side."),
    ActKind.HAND_OVER: Entitlement(_EVERYONE, who="it is for."),
    ActKind.UNDOING: Entitlement(roles=(Role.SPOC, Role.LEAD), who="who may undo rounds: a lead or a SPOC."),
    ActKind.EXTRACT: Entitlement(
        roles=(Role.SPOC, Role.LEAD),
        who="who may decide on it: a SPOC or a lead of a force or CPS Area that it covers. One of them may.",
    ),
}  # of rounds no case is named, so that the place of whoever undoes them does not count
TAKES_BACK = (
    "who may take it back: the person in whose name it was done, or one who may do it themselves. One of them may."
)
NOBODYS = Parties(OwedBy.BOTH, ())  # a case that is not in the book: it is known to nobody


def authority(
    act: ActKind,
    case: Parties,
    by: str,
    people: Directory,
    *,
    chair_ref: str | None = None,
    done_by: str | None = None,
    known_to: frozenset[str] = frozenset(),
) -> Permission:
    """Return whether a person may do an act on a case today, or may not, or may not even know that there is the case.

    The first question is whether they know of it: they are active, not barred, and have access where it is restricted;
    and it concerns them on either side, or it is `known_to` them: they chair its sitting, own one of its actions, acted
    on it, or stand in today for one who does. `case` has the parties of what is acted on, an obligation or an action,
    or of the case on both sides. `done_by` is in whose name that was done which is taken back: they may too.
    """
    asked = ENTITLED[act]
    besides = frozenset(filter(None, (chair_ref if asked.chair else None, done_by)))
    knowing = concerned(case._replace(owed_by=OwedBy.BOTH), people) | _or_deputies(known_to, case, people) | besides
    if by not in knowing or not _may_hear(case, by, people):
        return Permission.UNKNOWN_TO_THEM
    entitled = concerned(case, people, asked.addressees) | _holders(case, people, asked.roles) | besides
    return Permission.MAY if by in entitled else Permission.MAY_NOT


def refusal(
    act: ActKind,
    case: Parties,
    by: str,
    people: Directory,
    today: date,
    *,
    chair_ref: str | None = None,
    done_by: str | None = None,
) -> Refusal | None:
    """Return why a person may not do an act on a case of which they know; None if they may. It tells nothing of it."""
    if not people.active(by):
        return Refusal((f"{by} is not a known contact who is active on {format_day(today)}.",))
    if authority(act, case, by, people, chair_ref=chair_ref, done_by=done_by) is Permission.MAY:
        return None
    return Refusal((f"{by} is not one of those {who_may(act, done_by)}",))


def who_may(act: ActKind, done_by: str | None = None) -> str:
    """Return the end of the sentence about a person who may not do an act, or take back what was `done_by` someone."""
    return ENTITLED[act].who if done_by is None else TAKES_BACK


def concerned(matter: Parties, people: Directory, addressees: tuple[Addressee, ...] = _EVERYONE) -> frozenset[str]:
    """List everyone to whom one of a ladder's addressees could lead.

    These are its owner and the case's officer or prosecutor, the supervisor or legal managers, the SPOCs and leads of
    the side that owes it, the counterpart SPOCs, and anyone standing in for one of them today. Absent contacts are
    among them.
    """
    recipients = (
        recipient
        for variant in (matter, matter._replace(owner_ref=None, owner=OwnerKind.CASE))
        for directory in (people, people.present)
        for recipient in address(addressees, variant, directory, all_spocs=True)
    )
    return frozenset(recipient.contact_ref for recipient in recipients if recipient.contact_ref)


def _may_hear(case: Parties, by: str, people: Directory) -> bool:
    """Return whether a person may hear of a case at all, whomever it concerns."""
    person = people.people.get(by)
    return person is not None and person.active and open_to(person, case)


def _or_deputies(refs: frozenset[str], case: Parties, people: Directory) -> frozenset[str]:
    """Return contacts with those who stand in for the absent among them today."""
    stand_ins = (deputies(ref, people, case.barred)[0] for ref in refs if ref in people.people)
    return refs | frozenset(ref for ref in stand_ins if ref)


def _holders(case: Parties, people: Directory, roles: tuple[Role, ...]) -> frozenset[str]:
    return frozenset(
        ref for agency in Agency for role in roles for ref in people.holders(agency, role, case.places(agency))
    )
