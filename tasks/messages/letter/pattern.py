"""Pattern lists: for each leading SPOC, the harassment cases that may be stalking by their facts, new ones in full."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from sqlalchemy import Connection

from config.routes import Channel
from config.settings import settings
from config.terms import OwedBy, Role
from models.queries import pattern
from models.queries.obligations.obligation_views import Reader
from models.queries.pattern import Listed
from models.rules.outbox.message_states import LEFT, SAID
from models.rules.pattern import news
from models.rules.people.directory import Directory
from models.rules.people.leading import leads
from models.rules.people.parties import Parties
from tasks.messages.letter.contexts import PatternEntry, PatternList
from tasks.messages.letter.standings import Standings
from tasks.messages.readers import open_to
from tasks.pattern import PatternCase, pattern_cases
from tasks.platform import configuration
from tasks.platform.directory import directory_on


class ComposedList(NamedTuple):
    """A reader's list, and what it has of each case, to be compared with the next."""

    context: PatternList
    listed: Listed


class PatternLists:
    """The lists of a batch's readers whose letter has the week's standing; each force and Area is read once.

    They go by mail alone: other channels are read by several people, or name no restricted case.
    """

    def __init__(
        self, connection: Connection, readers: Mapping[str, Reader], standings: Standings, channel: str
    ) -> None:
        by_mail = channel == Channel.EMAIL
        self._readers = sorted(ref for ref in readers if by_mail and ref in standings.posts)
        self._standings = standings
        places = {standings.posts[ref].where for ref in self._readers}
        waiting = configuration.waiting(standings.today)
        self._cases = {
            where: [one for one in pattern_cases(connection, *where) if waiting.isdisjoint(one.matter.force_codes)]
            for where in places
        }
        self._people = _people(connection, self._cases.values(), standings)
        read = LEFT if settings().mail.host else SAID
        self._last = pattern.last_lists(connection, self._readers, channel, standings.today, read)

    def of(self, reader: Reader) -> ComposedList | None:
        """Return a reader's list; None where no case that they lead on, and may know of, has such a fact."""
        if reader.ref not in self._readers:
            return None
        acts_as = {reader.ref, *(one.ref for one in self._standings.instead.get(reader.ref, ()))}
        cases = self._cases[self._standings.posts[reader.ref].where]
        own = [one for one in cases if open_to(reader, one.matter) and self._leads(acts_as, reader, one.matter)]
        open_ = [one for one in own if not one.reason.answers]
        last = self._last.get(reader.ref, {})
        fresh = [one for one in open_ if news(one.keys, last.get(one.case_id))]
        shown = fresh[: configuration.policy().pattern.longest]
        context = PatternList(
            fresh=len(fresh),
            unchanged=len(open_) - len(fresh),
            answered=len(own) - len(open_),
            cases=tuple(_listed(one, again=one.case_id in last) for one in shown),
        )
        return ComposedList(context, {one.case_id: one.keys for one in shown}) if own else None

    def _leads(self, acts_as: set[str], reader: Reader, matter: Parties) -> bool:
        """Return whether one of these people leads on a case, or is one of its SPOCs where nobody leads."""
        lead = leads(reader.agency, matter, self._people)
        if lead:
            return lead.contact_ref in acts_as
        return not acts_as.isdisjoint(self._people.holders(reader.agency, Role.SPOC, matter.places(reader.agency)))


def _people(connection: Connection, found: Collection[list[PatternCase]], standings: Standings) -> Directory:
    """Read the SPOCs of all places of these cases."""
    matters = [one.matter for cases in found for one in cases]
    forces = {code for one in matters for code in one.force_codes}
    areas = {area for one in matters for area in one.cps_areas}
    everywhere = Parties(OwedBy.BOTH, tuple(sorted(forces)), tuple(sorted(areas)))
    return directory_on(connection, standings.today, [everywhere])


def _listed(one: PatternCase, *, again: bool) -> PatternEntry:
    return PatternEntry(
        reference=one.reference,
        urn=one.urn,
        risk=one.risk,
        signs=one.signs,
        recorded_on=one.reason.recorded_on,
        latest_on=one.reason.latest_on,
        unseen=one.reason.unseen,
        again=again,
    )
