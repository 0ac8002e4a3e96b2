"""Pattern lists: for each leading SPOC, the harassment cases that may be stalking by their facts, new ones in full."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from sqlalchemy import Connection

from config.routes import Channel
from config.terms import OwedBy, Role
from models.queries import pattern
from models.queries.obligations.obligation_views import Reader
from models.queries.pattern import Listed
from models.rules.outbox.message_states import LEFT, SAID
from models.rules.pattern import news
from models.rules.people.directory import Directory
from models.rules.people.knowing import open_to
from models.rules.people.leading import leads
from models.rules.people.parties import Parties
from tasks.messages.letter.contexts import PatternEntry, PatternList
from tasks.messages.letter.standings import Standings
from tasks.pattern import PatternCase, pattern_cases
from tasks.platform.configuration import Configuration
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
        self,
        configuration: Configuration,
        connection: Connection,
        readers: Mapping[str, Reader],
        standings: Standings,
        channel: str,
    ) -> None:
        self._configuration = configuration
        by_mail = channel == Channel.EMAIL
        self._readers = sorted(ref for ref in readers if by_mail and ref in standings.posts)
        self._standings = standings
        places = {standings.posts[ref].where for ref in self._readers}
        waiting = configuration.waiting(standings.today)
        self._cases = {
            where: [
                pattern_case
                for pattern_case in pattern_cases(configuration, connection, *where)
                if waiting.isdisjoint(pattern_case.matter.force_codes)
            ]
            for where in places
        }
        self._people = _people(configuration, connection, self._cases.values(), standings)
        read = LEFT if configuration.settings.mail.host else SAID
        self._last = pattern.last_lists(connection, self._readers, channel, standings.today, read)

    def of(self, reader: Reader) -> ComposedList | None:
        """Return a reader's list; None where no case that they lead on, and may know of, has such a fact."""
        if reader.ref not in self._readers:
            return None
        acts_as = {reader.ref, *(person.ref for person in self._standings.instead.get(reader.ref, ()))}
        cases = self._cases[self._standings.posts[reader.ref].where]
        own = [case for case in cases if open_to(reader, case.matter) and self._leads(acts_as, reader, case.matter)]
        open_ = [case for case in own if not case.reason.answers]
        last = self._last.get(reader.ref, {})
        fresh = [case for case in open_ if news(case.keys, last.get(case.case_id))]
        read = [case for case in open_ if case not in fresh]
        answered = [case for case in own if case.reason.answers]
        by_state = (("fresh", fresh), ("unchanged", read), ("answered", answered))
        listed = [
            _listed(case, state, again=case.case_id in last) for state, cases in by_state for case in cases
        ]  # fmt: skip
        context = PatternList(
            fresh=len(fresh),
            unchanged=len(read),
            answered=len(answered),
            cases=tuple(listed[: min(len(fresh), self._configuration.policy.pattern.longest)]),
            listed=tuple(listed),
        )
        return ComposedList(context, {case.case_id: case.keys for case in own}) if own else None

    def _leads(self, acts_as: set[str], reader: Reader, matter: Parties) -> bool:
        """Return whether one of these people leads on a case, or is one of its SPOCs where nobody leads."""
        lead = leads(reader.agency, matter, self._people)
        if lead:
            return lead.contact_ref in acts_as
        return not acts_as.isdisjoint(self._people.holders(reader.agency, Role.SPOC, matter.places(reader.agency)))


def _people(
    configuration: Configuration, connection: Connection, found: Collection[list[PatternCase]], standings: Standings
) -> Directory:
    """Read the SPOCs of all places of these cases."""
    matters = [case.matter for cases in found for case in cases]
    forces = {code for matter in matters for code in matter.force_codes}
    areas = {area for matter in matters for area in matter.cps_areas}
    everywhere = Parties(OwedBy.BOTH, tuple(sorted(forces)), tuple(sorted(areas)))
    return directory_on(configuration, connection, standings.today, [everywhere])


def _listed(case: PatternCase, state: str, *, again: bool) -> PatternEntry:
    return PatternEntry(
        reference=case.reference,
        urn=case.urn,
        risk=case.risk,
        signs=case.signs,
        recorded_on=case.reason.recorded_on,
        latest_on=case.reason.latest_on,
        unseen=case.reason.unseen,
        presumed=case.presumed,
        again=again,
        state=state,
    )
