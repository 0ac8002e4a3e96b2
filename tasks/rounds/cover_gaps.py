"""Gaps of the next week: absences without a deputy, leaving SPOCs, places without a SPOC, panel, chair or reader."""

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import Connection

from config.forces import force_name, pair_name
from config.terms import Agency, OwedBy
from models.queries.outbox import digests
from models.queries.people import contacts, cover_gaps
from models.queries.people.cover_gaps import ComingAbsence
from models.queries.rounds import rounds
from models.rules.people.directory import stand_ins
from models.rules.people.leading import may_lead
from models.rules.people.parties import Parties
from tasks.platform import faults
from tasks.platform.configuration import Configuration
from tasks.platform.directory import directory_on
from tasks.reviews.shortfall import without_panel
from tasks.servers.database import transaction

AHEAD = 7  # days
_KINDS = ("away", "leaving", "vacant", "closed", "panelless", "chairless", "leaderless")
SWITCH = "gaps"  # stores the gaps that were open at the last check, so that a gap is reported once, when it opens


class UnfitSpoc(NamedTuple):
    """A SPOC whom a pair's panel names for an agency, and who cannot lead there."""

    contact_ref: str
    agency: Agency
    pair: tuple[str, str]


def report(configuration: Configuration, today: date, at: datetime) -> int:
    """Report to operations, in one message, the gaps that opened since the last check, and return their number.

    A gap that closes and opens again is reported again. The message holds references, roles and counts only.
    """
    with transaction() as connection:
        found = _open(configuration, connection, today)
        before = set(json.loads(rounds.switch(connection, SWITCH) or "[]"))
        rounds.set_switch(connection, SWITCH, json.dumps([key for each in found for key in each]), at)
        new = [_new(each, before) for each in found]
        number = sum(map(len, new))
        if number:
            gaps = dict(zip(_KINDS, new, strict=True))
            text = faults.note(
                configuration.settings, "gaps", {**gaps, "most": configuration.policy.letter.longest.listed}
            )
            key = f"gaps:{today}:{sha256(text.encode()).hexdigest()[:12]}"
            digests.operations(connection, key, today, text, at, [configuration.settings.main])
    return number


def restore(configuration: Configuration, connection: Connection, day: date, at: datetime) -> None:
    """Store the gaps that were open on a day as the last ones found, once the rounds after it are undone."""
    if rounds.switch(connection, SWITCH) is not None:
        rounds.set_switch(
            connection, SWITCH, json.dumps([key for each in _open(configuration, connection, day) for key in each]), at
        )


def _open(configuration: Configuration, connection: Connection, today: date) -> tuple[Mapping[str, object], ...]:
    """Return the gaps that are open within a week, kind by kind."""
    last = today + timedelta(days=AHEAD)
    away = {f"away:{absence.contact_ref}:{absence.from_on}": absence for absence in _uncovered(connection, today, last)}
    leaving = {
        f"leaving:{contact.contact_ref}:{contact.place}:{contact.last_on}": contact._replace(
            place=place_name(contact.agency, contact.place)
        )
        for contact in cover_gaps.leaving(connection, today, last)
    }
    vacant = {
        f"vacant:{post.place}": post._replace(place=place_name(post.agency, post.place))
        for post in cover_gaps.vacant(connection, today, configuration.policy.harassment_in)
    }
    closed = {
        f"closed:{place.force_code}": (force_name(place.force_code), place.cases)
        for place in cover_gaps.closed_to_all(connection, today, configuration.policy.harassment_in)
    }
    panelless = {f"panel:{'/'.join(pair)}": pair_name(*pair) for pair in without_panel(configuration, connection)}
    chairless = {
        f"chair:{chair.chair_ref}:{'/'.join(chair.pair)}": (chair.chair_ref, pair_name(*chair.pair), chair.from_on)
        for chair in cover_gaps.chairless(connection, today)
    }
    leaderless = {
        f"leads:{spoc.contact_ref}:{'/'.join(spoc.pair)}": (spoc.contact_ref, spoc.agency, pair_name(*spoc.pair))
        for spoc in cannot_lead(configuration, connection, today)
    }
    return away, leaving, vacant, closed, panelless, chairless, leaderless


def cannot_lead(configuration: Configuration, connection: Connection, today: date) -> Iterator[UnfitSpoc]:
    """Yield the SPOCs whom a panel names and who are no active SPOC of that agency there."""
    named = configuration.panels.spocs
    pairs = [Parties(OwedBy.BOTH, (force_code,), (cps_area,)) for force_code, cps_area, _ in named]
    directory = directory_on(configuration, connection, today, pairs)
    for (force_code, cps_area, agency), ref in named.items():
        if not may_lead(ref, agency, Parties(OwedBy.BOTH, (force_code,), (cps_area,)), directory):
            yield UnfitSpoc(ref, agency, (force_code, cps_area))


def _new(found: Mapping[str, object], before: Collection[str]) -> list[object]:
    return [one for key, one in found.items() if key not in before]


def _uncovered(connection: Connection, today: date, last: date) -> Iterator[ComingAbsence]:
    """Yield the coming absences that have no deputy on at least one of the days checked."""
    coming = cover_gaps.absences(connection, today, last)
    # loads each person and deputy
    asked = [Parties(OwedBy.POLICE, (), oic_ref=absence.contact_ref) for absence in coming]
    covered = {
        day: stand_ins(contacts.on_duty(connection, day, asked))
        for day in (today + timedelta(days=n) for n in range(AHEAD + 1))
        if any(absence.from_on <= day <= absence.to_on for absence in coming)
    }
    for absence in coming:
        days = [day for day in covered if absence.from_on <= day <= absence.to_on]
        if any(absence.contact_ref not in covered[day] for day in days):
            yield absence


def place_name(agency: Agency, place: str) -> str:
    """Format a force as Surrey (45), and a CPS Area as CPS South East."""
    if agency is Agency.CPS:
        return f"CPS {place}"
    return force_name(place)
