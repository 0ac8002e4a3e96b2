"""Next week's gaps: who will be away with nobody to stand in, which SPOC leaves, what has no SPOC, panel or chair."""

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection

from config.forces import FORCES
from config.settings import settings
from config.terms import Agency, OwedBy
from models.queries.outbox import digests
from models.queries.people import contacts, cover_gaps
from models.queries.people.cover_gaps import ComingAbsence
from models.queries.rounds import rounds
from models.rules.people.addressing import Parties, stand_ins
from tasks.platform import configuration, templates
from tasks.platform.database import transaction
from tasks.reviews.shortfall import named, without_panel

AHEAD = 7  # days
TOLD = "gaps"  # the switch that holds what was open when last looked: a gap is told when it opens, and not every day


def tell(today: date, at: datetime) -> int:
    """Tell operations, in one message, of the gaps that opened since they were last looked for; how many they are.

    A gap that closes and opens again is told again. References, roles and counts only.
    """
    last = today + timedelta(days=AHEAD)
    with transaction() as connection:
        away = {f"away:{one.contact_ref}:{one.from_on}": one for one in _uncovered(connection, today, last)}
        leaving = {
            f"leaving:{one.contact_ref}:{one.place}:{one.last_on}": one._replace(place=_named(one.agency, one.place))
            for one in cover_gaps.leaving(connection, today, last)
        }
        vacant = {
            f"vacant:{one.place}": one._replace(place=_named(one.agency, one.place))
            for one in cover_gaps.vacant(connection, today)
        }
        panelless = {f"panel:{'/'.join(pair)}": named(pair) for pair in without_panel(connection)}
        chairless = {
            f"chair:{one.chair_ref}:{'/'.join(one.pair)}": (one.chair_ref, named(one.pair), one.from_on)
            for one in cover_gaps.chairless(connection, today)
        }
        before = set(json.loads(rounds.switch(connection, TOLD) or "[]"))
        rounds.set_switch(connection, TOLD, json.dumps([*away, *leaving, *vacant, *panelless, *chairless]), at)
        new = [_new(each, before) for each in (away, leaving, vacant, panelless, chairless)]
        number = sum(map(len, new))
        if number:
            told = dict(zip(("away", "leaving", "vacant", "panelless", "chairless"), new, strict=True))
            said = templates.note("gaps.txt", {**told, "most": configuration.policy().digest.longest})
            key = f"gaps:{today}:{sha256(said.encode()).hexdigest()[:12]}"
            digests.operations(connection, key, today, said, at, [settings().main])
    return number


def _new(found: Mapping[str, object], before: Collection[str]) -> list[object]:
    return [one for key, one in found.items() if key not in before]


def _uncovered(connection: Connection, today: date, last: date) -> Iterator[ComingAbsence]:
    """The coming absences on one of whose days, as far as one looks, nobody stands in."""
    coming = cover_gaps.absences(connection, today, last)
    asked = [Parties(OwedBy.POLICE, (), oic_ref=one.contact_ref) for one in coming]  # each by name, and their deputies
    covered = {
        day: stand_ins(contacts.on_duty(connection, day, asked))
        for day in (today + timedelta(days=n) for n in range(AHEAD + 1))
        if any(one.from_on <= day <= one.to_on for one in coming)
    }
    for one in coming:
        days = [day for day in covered if one.from_on <= day <= one.to_on]
        if any(one.contact_ref not in covered[day] for day in days):
            yield one


def _named(agency: Agency, place: str) -> str:
    if agency is Agency.CPS:
        return f"CPS {place}"
    return f"{FORCES[place].name} ({place})" if place in FORCES else f"force {place}"
