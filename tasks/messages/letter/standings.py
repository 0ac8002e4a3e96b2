"""Standings: the forces and Areas a reader is responsible for, their situation, and their stalled cases."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from config.forces import FORCES, force_name
from config.terms import Addressee, Agency, Happening, OwedBy, Role
from models.queries.obligations import movements, stalled_obligations
from models.queries.obligations.obligation_views import NotificationView, ObligationView, Reader
from models.queries.obligations.stalled_obligations import PlaceTotals, StallingObligation
from models.queries.people import contacts, disclosure, jurisdictions
from models.rules.people.directory import Person, stand_ins
from models.rules.people.knowing import open_to
from models.rules.people.parties import Parties
from tasks.messages.contexts import ObligationItem
from tasks.messages.itemising import item
from tasks.messages.letter.blocks import LONG_AGO, pressing
from tasks.messages.letter.contexts import Movement, StalledCase
from tasks.obligations import coverage
from tasks.platform.configuration import Configuration

StalledObligations = list[StallingObligation]
_Places = tuple[tuple[str, ...], tuple[str, ...]]  # force codes, CPS Areas
_View = tuple[_Places, bool, frozenset[int]]  # places, access to restricted cases, the cases that are hidden
_ANSWER = {Role.LEAD, Role.SPOC}


class Remit(NamedTuple):
    """The forces and Areas that a person is responsible for, including those of absent people for whom they act."""

    force_codes: tuple[str, ...]
    cps_areas: tuple[str, ...]
    instead_of: tuple[str, ...] = ()  # roles of absent people whose responsibility exceeds the reader's own

    @property
    def where(self) -> _Places:
        """Forces and Areas, as a key."""
        return self.force_codes, self.cps_areas

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the forces and Areas."""
        return (*map(force_name, self.force_codes), *(f"CPS {area}" for area in self.cps_areas))


class Standings:
    """The situation of all that a batch's readers are responsible for; each force and Area is read once."""

    def __init__(
        self,
        configuration: Configuration,
        connection: Connection,
        readers: Mapping[str, Reader],
        weekly: Collection[str],
        channel: str,
        today: date,
    ) -> None:
        """Read the situation. `weekly` names the readers whose letter on this channel includes the week's standing."""
        self._configuration = configuration
        self.today = today
        waiting = configuration.waiting(today)
        self._of_areas = of_areas = jurisdictions.forces_of_areas(connection) if configuration.policy.starts else {}
        self.instead = instead = acting(connection, today) if weekly else {}
        found = {ref: _post(reader, instead.get(ref, []) if ref in weekly else []) for ref, reader in readers.items()}
        started = ((ref, _started(post, waiting, of_areas)) for ref, post in found.items())
        self.posts = {ref: post for ref, post in started if post is not None}
        self.hidden = disclosure.hidden_cases(connection, sorted(self.posts)) if self.posts else {}
        self._whole = {
            (where, access, hidden): stalled_obligations.totals(
                connection, today, *where, access=access, hidden=sorted(hidden), waiting=waiting
            )
            for where, access, hidden in {self._key(readers[ref]) for ref in self.posts}
        }
        first_on = today - timedelta(days=LONG_AGO)
        self._limits = {
            where: stalled_obligations.near_limits(connection, today, first_on, *where)
            for where in {post.where for post in self.posts.values()}
        }
        places = {self.posts[ref].where for ref in weekly if ref in self.posts}
        self._stalled: dict[object, StalledObligations] = {
            where: stalled_obligations.stalled(connection, today, *where, waiting) for where in places
        }
        self._last = movements.last_standings(connection, sorted(weekly), channel, today) if weekly else {}
        self._moves = self._moved(connection)
        self._cases: dict[_View, list[tuple[int, StalledCase]]] = {}
        unseen = coverage.unseen_by_force(configuration, connection) if weekly else {}
        self._unseen = {code: rules for code, rules in unseen.items() if code not in waiting}
        self._of_some = coverage.unseen_of_some(configuration, connection) if weekly else frozenset()

    def _moved(self, connection: Connection) -> dict[int, list[movements.DatedFact]]:
        """Read what was done on the stalled cases since any reader's last standing, or in a week before their first."""
        cases = sorted({case_id for stalled in self._stalled.values() for case_id, _ in stalled})
        since = min([*self._last.values(), self.today - timedelta(days=7)])
        return movements.movements(connection, cases, since, self.today) if cases else {}

    def own(self, reader: Reader) -> Remit | None:
        """Return the forces and Areas of the reader's own roles that have started; None without."""
        return _started(_post(reader, []), self._configuration.waiting(self.today), self._of_areas)

    def last(self, reader: Reader) -> date | None:
        """Return the day of the last standing that the reader was sent since their first force began; None without."""
        on, post = self._last.get(reader.ref), self.posts.get(reader.ref)
        return on if not (on and post) or _started(post, self._configuration.waiting(on), self._of_areas) else None

    def limits(self, reader: Reader) -> list[ObligationView]:
        """Return the time limits and orders of the reader's forces or Areas that ran out lately or are near."""
        post = self.posts.get(reader.ref)
        return [one.matter for one in self._limits[post.where] if open_to(reader, one.matter)] if post else []

    def whole(self, reader: Reader) -> PlaceTotals | None:
        """Return the situation of all that the reader is responsible for; None without a force or Area."""
        return self._whole[self._key(reader)] if reader.ref in self.posts else None

    def _key(self, reader: Reader) -> _View:
        """Return what decides which cases the reader learns of; readers with the same share one standing."""
        hidden = self.hidden.get(reader.ref, frozenset())
        return self.posts[reader.ref].where, reader.restricted_access, hidden

    def unseen(self, reader: Reader) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
        """Return the forces of the reader's, by name, of which rules cannot be seen, with the same rules together.

        Where another source shows a rule, it cannot be seen of some of the force's cases alone, which its name says.
        """
        post = self.posts.get(reader.ref)
        together: dict[tuple[str, ...], list[str]] = {}
        for code, rules in self._unseen.items() if post else ():
            force = FORCES.get(code)
            if post and (code in post.force_codes or (force and force.cps_area in post.cps_areas)):
                name = force.name if force else f"force {code}"
                some = tuple(rule for rule in rules if (code, rule) in self._of_some)
                together.setdefault(tuple(rule for rule in rules if rule not in some), []).append(name)
                together.setdefault(some, []).append(f"some cases of {name}")
        return tuple((tuple(forces), rules) for rules, forces in together.items() if rules)

    def stalled(self, reader: Reader) -> list[tuple[int, StalledCase]]:
        """Return the stalled cases of the reader's forces and Areas by id: high risk first, then the oldest stall."""
        post = self.posts.get(reader.ref)
        if post is None:
            return []
        view = self._key(reader)
        if view not in self._cases:
            cases: dict[int, list[ObligationView]] = {}
            for case_id, matter in self._stalled.get(post.where, []):
                if open_to(reader, matter):
                    cases.setdefault(case_id, []).append(matter)
            made = [(case_id, self._case(case_id, found)) for case_id, found in cases.items()]
            self._cases[view] = sorted(
                made, key=lambda one: (pressing(one[1].owed[0])[0], one[1].since, one[1].reference)
            )
        since = self.last(reader) or self.today - timedelta(days=7)
        return [
            (case_id, replace(case, moves=tuple(move for move in case.moves if move.on >= since)))
            for case_id, case in self._cases[view]
        ]

    def _case(self, case_id: int, found: list[ObligationView]) -> StalledCase:
        owed = tuple(self._item(each) for each in found)
        since = min(each.since for each in owed)
        return StalledCase(
            reference=owed[0].reference,
            urn=owed[0].urn,
            risk=found[0].risk,
            since=since,
            days=(self.today - since).days,
            owed=owed,
            moves=tuple(Movement(what=one.what, on=one.on, kind=one.kind) for one in self._moves.get(case_id, [])),
        )

    def _item(self, matter: ObligationView) -> ObligationItem:
        """Build an item that is part of a standing, and no news of its own."""
        return item(self._configuration, standing_view(matter, self.today), None, self.today, news=False)


def standing_view(matter: ObligationView, today: date) -> NotificationView:
    """Return the view of an obligation of which nobody was notified now."""
    beyond = matter.last_step + 1  # so that every step taken counts as tried, including today's
    return NotificationView(0, 0, Happening.STEP, beyond, Addressee.SPOC, "", today, today, matter)


def ended_view(matter: ObligationView, today: date) -> NotificationView:
    """Return the view of an obligation that has ended, of which nobody was notified now."""
    return standing_view(matter, today)._replace(happening=Happening.RESOLVED)


def acting(connection: Connection, today: date) -> dict[str, list[Person]]:
    """Return who acts that day for which absent SPOCs and leads: the same deputies who receive their steps."""
    absent = contacts.absent_leads(connection, today)
    if not absent:
        return {}
    asked = [Parties(OwedBy.POLICE, (), oic_ref=ref) for ref in absent]  # loads each person and deputy
    known = contacts.on_duty(connection, today, asked)
    by_ref = {person.ref: person for person in known}
    found: dict[str, list[Person]] = {}
    for ref, deputy in stand_ins(known).items():
        if ref in absent:
            found.setdefault(deputy.ref, []).append(by_ref[ref])
    return found


def _post(reader: Reader, absent: Collection[Person]) -> Remit:
    own = bool(reader.roles & _ANSWER)
    forces, areas = _answered(reader.agency, reader.force_codes if own else (), reader.cps_areas if own else ())
    instead = set()
    for person in absent:
        theirs = _answered(person.agency, person.force_codes, person.cps_areas)
        if not (theirs[0] <= forces and theirs[1] <= areas):
            instead.add(Role.LEAD if Role.LEAD in person.roles else Role.SPOC)
        forces, areas = forces | theirs[0], areas | theirs[1]
    return Remit(tuple(sorted(forces)), tuple(sorted(areas)), tuple(sorted(instead)))


def _started(post: Remit, waiting: Collection[str], of_areas: Mapping[str, Collection[str]]) -> Remit | None:
    """Leave out forces that have not started, and Areas in which none has; None where nothing is left."""
    forces = tuple(code for code in post.force_codes if code not in waiting)
    areas = tuple(area for area in post.cps_areas if not (of_areas.get(area) and {*of_areas[area]} <= {*waiting}))
    return post._replace(force_codes=forces, cps_areas=areas) if forces or areas else None


def _answered(agency: Agency, force_codes: Collection[str], cps_areas: Collection[str]) -> tuple[set[str], set[str]]:
    return (set(force_codes), set()) if agency is Agency.POLICE else (set(), set(cps_areas))
