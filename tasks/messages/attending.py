"""Attending: who comes to the sittings ahead, by everybody's absences on each sitting's own day."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import Connection

from models.rules.people.parties import Parties
from models.rules.reviews.attendance import InvitingTerms, SittingAttendance, attended
from models.rules.reviews.inviting import ComingSitting
from tasks.platform.configuration import Configuration
from tasks.platform.directory import directory_on


def terms_of(configuration: Configuration, at: datetime) -> InvitingTerms:
    """Return the policy's numbers of invitations, as of a moment."""
    policy = configuration.policy
    return InvitingTerms(
        at,
        configuration.calendar,
        settled=policy.convening.settled,
        agenda=policy.agenda.before,
        around=policy.calendar.around,
        series_from=policy.series.from_,
    )


def attending(
    configuration: Configuration,
    connection: Connection,
    sittings: Sequence[ComingSitting],
    access: Collection[str],
    terms: InvitingTerms,
) -> list[SittingAttendance]:
    """Find who attends each sitting, with one directory for each day."""
    by_day: dict[date, list[ComingSitting]] = {}
    for sitting in sittings:
        by_day.setdefault(sitting.day, []).append(sitting)
    found = []
    for day, held in by_day.items():
        directory = directory_on(configuration, connection, day, set(_matters(held)))
        found += attended(held, directory, access, terms)
    return found


def _matters(sittings: Iterable[ComingSitting]) -> Iterable[Parties]:
    for sitting in sittings:
        yield from (sitting.chair, sitting.spocs, *(case.matter for case in sitting.cases))
