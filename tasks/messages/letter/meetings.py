"""The meetings that a letter tells of: those that its reader attends, as their calendar has them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Connection

from config.forces import pair_name
from config.sittings import Part
from models.queries.reviews import attended_sittings, invitations
from models.rules.reviews.events import InvitedEvent
from models.rules.reviews.inviting import ComingSitting
from tasks.messages import reply_links
from tasks.messages.attending import attending, terms_of
from tasks.messages.letter.contexts import LetterSitting
from tasks.platform.configuration import Configuration


def meetings(
    configuration: Configuration, connection: Connection, refs: Collection[str], at: datetime, days: tuple[date, date]
) -> dict[str, list[LetterSitting]]:
    """Return each person's meetings from the first to the last of these days, the earliest first.

    Who is away on a meeting's day has none of it; their deputy has it.
    """
    sittings = attended_sittings.between(connection, *days)
    access = invitations.with_access(connection) if sittings else frozenset()
    begun = [case.case_id for sitting in sittings if sitting.day == days[0] for case in sitting.cases]
    named = attended_sittings.references(connection, begun) if begun else {}
    found: dict[str, list[LetterSitting]] = defaultdict(list)
    for attendance in attending(configuration, connection, sittings, access, terms_of(configuration, at)):
        for ref in refs & attendance.invited.keys():
            if attendance.sitting.heard_by(ref):
                meeting, invited = attendance.sitting, attendance.invited[ref]
                known = [case for case in meeting.heard_by(ref) if not case.restricted or ref in access]
                cases = [named[case.case_id] for case in known if case.case_id in named]
                chairs = Part.CHAIR in invited.parts and meeting.day == days[0]
                at_hand = (meeting.id, meeting.ref)
                link = reply_links.for_outcomes(configuration, ref, at_hand, cases, days[0]) if chairs else ""
                found[ref].append(replace(_meeting(meeting, ref, invited), record=link))
    return {ref: sorted(theirs, key=lambda one: (one.starts_at, one.ref)) for ref, theirs in found.items()}


def _meeting(sitting: ComingSitting, ref: str, invited: InvitedEvent) -> LetterSitting:
    own = invited.event.cases
    return LetterSitting(
        ref=sitting.ref,
        pair=pair_name(sitting.force_code, sitting.cps_area),
        starts_at=sitting.starts_at,
        place=sitting.place,
        whole=invited.event.whole,
        cases=len(sitting.heard_by(ref)),
        own=len(own),
        own_at=own[0].starts_at if own else None,
    )
