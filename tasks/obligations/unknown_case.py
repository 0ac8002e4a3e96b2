"""The first question of every door: the case that a person names, if they may know of it. If not, there is none."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from config.doors import ActKind, Door
from models.errors import Refuse
from models.queries.obligations.explain import similar_references
from models.queries.people import parties
from models.queries.people.parties import AskedCase
from models.rules.access import NOBODYS, Permission, authority
from models.rules.arithmetic import format_day
from models.rules.people.act import Act
from models.rules.people.directory import Directory
from models.rules.people.parties import Parties
from models.rules.references import CaseReference
from tasks.platform.configuration import Configuration
from tasks.platform.directory import directory_on

_COMMANDS: Mapping[ActKind, str] = {
    ActKind.PROMISE: "acknowledge",
    ActKind.COMPLETION: "complete-action",
    ActKind.OUTCOME: "record-review",
    ActKind.MOVE: "convene",
    ActKind.CONFIRMATION: "confirm-risk",
    ActKind.HOLD: "hold",
    ActKind.LOOK: "checklist",
}


class NamedCase(NamedTuple):
    """A case of which the person who named it may know, with its parties on both sides, and everyone of that day."""

    id: int
    matter: Parties
    people: Directory


def known_case(
    configuration: Configuration, connection: Connection, deed: ActKind, case: CaseReference, act: Act, today: date
) -> NamedCase:
    """Return the case that a person names for an act.

    Raises Refuse for a case that is not in the book and for one of which they may not know, word for word and after
    the same reads. A form knows no case that is kept apart, since several people read its page.
    """
    people = directory_on(configuration, connection, today)
    if not people.active(act.by):
        raise Refuse(f"{act.by} is not a known contact who is active on {format_day(today)}. Nothing was done.")
    asked, by_form = parties.asked_case(connection, case), act.door is Door.FORM
    known = _knows(people, asked, act.by)
    if asked is None or not known or (by_form and asked.kept_apart):
        near = ((one, parties.asked_case(connection, one)) for one in similar_references(connection, case))
        meant = [one for one, similar_case in near if _knows(people, similar_case, act.by)]
        raise _unknown_to_form(meant, deed) if by_form else _unknown(case, meant)
    return NamedCase(asked.case_id, asked.matter, people)


def _knows(people: Directory, asked: AskedCase | None, by: str) -> bool:
    """Return whether a person may know of a case. It takes as long where there is none."""
    matter, known_to = (asked.matter, asked.known_to) if asked else (NOBODYS, frozenset[str]())
    return authority(ActKind.LOOK, matter, by, people, known_to=known_to) is not Permission.UNKNOWN_TO_THEM


def may_know(connection: Connection, people: Directory, case: CaseReference, by: str) -> bool:
    """Return whether there is a case of a reference, and a person may know of it."""
    asked = parties.asked_case(connection, case)
    return asked is not None and _knows(people, asked, by)


def unknown_case(connection: Connection, case: CaseReference) -> Refuse:
    """Build the refusal for operations at their machine, with cases of a similar reference."""
    return _unknown(case, similar_references(connection, case))


def similar(connection: Connection, case: CaseReference) -> str:
    """Return the question whether another case was meant, a space before it; empty where none is similar."""
    return _question(similar_references(connection, case))


def _question(meant: Sequence[CaseReference]) -> str:
    return f" Did you mean {' or '.join(map(str, meant))}?" if meant else ""


def _unknown(case: CaseReference, meant: Sequence[CaseReference]) -> Refuse:
    return Refuse(f"There is no case {case} in the book. Write FORCE/CASE_REF.{_question(meant)} Nothing was done.")


def _unknown_to_form(meant: Sequence[CaseReference], deed: ActKind) -> Refuse:
    """Build the refusal of a form. It names the command for every case that it does not know, whatever the reason."""
    return Refuse(
        f"This form knows no such case. Write FORCE/CASE_REF.{_question(meant)} No form knows a case that is "
        f"restricted or bars anybody: casebeat {_COMMANDS[deed]} does on the command line. Nothing was done."
    )
