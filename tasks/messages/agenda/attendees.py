"""The people who come to a sitting, for its agenda: by name and part, as their calendars have it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from config.days.london import at_london
from config.sittings import Part
from models.queries.obligations import obligation_views
from models.queries.reviews import attended_sittings, invitations
from models.rules.reviews.inviting import LEADS
from tasks.messages.attending import attending, terms_of
from tasks.messages.contexts import NamedPerson
from tasks.platform.configuration import Configuration
from tasks.platform.text import one_line

_ORDER = list(Part)


@dataclass(frozen=True, kw_only=True)
class Attendee(NamedPerson):
    """Somebody who comes, in their foremost part, and for which cases where that is for their own."""

    part: Part
    case_ids: frozenset[int] = frozenset()


def attendees(
    configuration: Configuration, connection: Connection, ref: str, day: date, today: date
) -> tuple[Attendee, ...]:
    """Return who comes to a sitting of a day, as of today: the chair, the SPOCs, then those of its cases."""
    sittings = [sitting for sitting in attended_sittings.between(connection, day, day) if sitting.ref == ref]
    access = invitations.with_access(connection) if sittings else frozenset()
    terms = terms_of(configuration, at_london(today))
    invited = {
        person: event
        for attendance in attending(configuration, connection, sittings, access, terms)
        for person, event in attendance.invited.items()
    }
    known = obligation_views.readers(connection, sorted(invited), today)
    found = [
        Attendee(
            ref=one_line(person),
            name=one_line(known[person].name) if person in known else "",
            email=known[person].email if person in known else "",
            part=min(event.parts, key=_ORDER.index),
            case_ids=frozenset(case.case_id for case in event.event.cases),
        )
        for person, event in invited.items()
    ]
    return tuple(sorted(found, key=lambda person: (_ORDER.index(person.part), person.name, person.ref)))


def shown_to(found: Collection[Attendee], case_ids: Collection[int]) -> tuple[Attendee, ...]:
    """Return who comes for all of it, or for one of the cases that a reader is shown."""
    return tuple(person for person in found if person.part in LEADS or not person.case_ids.isdisjoint(case_ids))
