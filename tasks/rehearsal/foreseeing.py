"""Foreseeing: what nothing but the days changes is climbed for all weeks at once, in memory.

Left to the rounds of the days is whatever depends on something else: what is promised or waits, the forces with a first
day, and whatever leads to somebody who comes, goes or is away for a part of the weeks.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from config.days.london import at_london
from models.queries.rehearsal import foreseen as queries
from models.queries.rehearsal.foreseen import FirstNews, ForeseenObligation
from models.queries.rounds import rounds
from models.rules.catalogue.contents import CONVENED
from models.rules.outbox.letter_hour import leaves_at
from tasks.obligations import changed_ladders, projection
from tasks.platform import diagnosis
from tasks.platform.configuration import Configuration
from tasks.platform.directory import directory_on
from tasks.rehearsal.day_by_day import BY_SITTINGS, ClimbedByDay, ClimbsByDay
from tasks.rehearsal.paths import Paths
from tasks.servers import round_lock
from tasks.servers.database import transaction

_CASES, _WOKEN = 2_000, 20_000  # cases and obligations at a time: memory stays flat
BY_DAYS = (*CONVENED, *BY_SITTINGS)  # a sitting begins, pauses or ends them


class Foreseeing:
    """The weeks from a first day to a last as they are foreseen: who gets a letter when, and of how many matters."""

    def __init__(self, configuration: Configuration, first: date, last: date) -> None:
        self._configuration = configuration
        self.first, self.last = first, last
        self.matters: Counter[tuple[str, date]] = Counter()  # of a reader's day
        self.by_days = ClimbsByDay(configuration)
        self._letters: dict[date, set[str]] = defaultdict(set)
        self._overdue: dict[str, date] = {}  # the day from which somebody knows of something overdue
        self._news: list[FirstNews] = []
        self._steps: Counter[tuple[tuple[str, ...], date]] = Counter()  # by those who hear together
        self._known_on: dict[tuple[str, ...], date] = {}  # the day on which they know of what is, or becomes, overdue
        self._known = bytearray()  # by id, whether it was foreseen
        self._left: dict[str, set[int]] = defaultdict(set)  # to the rounds, by force
        self._renumbered: set[str] = set()

    def project(self, force_code: str, today: date, at: datetime) -> None:
        """Project a force whose book was projected by other numbers. Its ladders are climbed here, if they changed."""
        with transaction() as connection:
            digest = self._configuration.digest
            if rounds.switch(connection, f"projected:{force_code}") == digest:
                return
            policy = self._configuration.policy.for_force(force_code)
            queries.renumber(connection, force_code, {name: policy.of(name) for name in policy.names()})
            changed_ladders.carry(self._configuration, connection, force_code, policy.names())
            rounds.set_switch(connection, f"projected:{force_code}", digest, at)
        self._renumbered.add(force_code)
        projection.project(self._configuration, force_code, today, at, everything=True)

    def climb(self, day: date) -> None:
        """Climb what is foreseen, once a day's cases have their sittings: what they change of the day, others at once.

        After the first day that is what begins, or is looked at again.
        """
        with transaction() as connection:
            if day == self.first:
                self._people = directory_on(self._configuration, connection, day)
                self._moving = frozenset(queries.moving(connection, day, self.last))
                for force_code in self._forces():
                    self._begin(connection, force_code)
                queries.look_at(connection, [one for code in self._renumbered for one in self._left[code]], day)
            else:
                woken, paths = self._woken(connection, day), self._paths(day)
                for start in range(0, len(woken), _WOKEN):
                    found = queries.of_ids(connection, woken[start : start + _WOKEN])
                    self._foresee(connection, found, paths, day)
            self._newest = queries.newest(connection)
            for ladder, refs in self.by_days.climb(connection, day):
                self.take(ladder, [(day, refs)])
            self._keep(connection)

    def left(self) -> dict[str, set[int] | None]:
        """Return the forces of which the rounds climb something, and what: all that they owe where a first day is."""
        starts = self._configuration.policy.starts
        return {
            code: None if code in starts else self._left[code]
            for code in round_lock.forces()
            if code in starts or self._left[code]
        }

    def _forces(self) -> list[str]:
        """Return the forces without a first day of their own."""
        starts = self._configuration.policy.starts
        return [force_code for force_code in round_lock.forces() if force_code not in starts]

    def _woken(self, connection: Connection, day: date) -> list[int]:
        """Return what is not foreseen or left yet, and whose sitting may have changed."""
        left = {one for found in self._left.values() for one in found}
        found = queries.woken(connection, self._forces(), day, self._newest)
        return [one for one in found if one in self.by_days or not (self._is_known(one) or one in left)]

    def _is_known(self, obligation_id: int) -> bool:
        return obligation_id < len(self._known) and bool(self._known[obligation_id])

    def _begin(self, connection: Connection, force_code: str) -> None:
        """Foresee what a force owes: all of it from the first day on, where its ladders may have changed."""
        renumbered, paths = force_code in self._renumbered, self._paths(self.first)
        case_ids = queries.cases(connection, force_code)
        for start in range(0, len(case_ids), _CASES):
            found = queries.of_cases(connection, case_ids[start : start + _CASES], None if renumbered else self.last)
            if renumbered:
                found = [obligation._replace(next_step_on=self.first) for obligation in found]
            self._foresee(connection, found, paths, self.first)

    def _paths(self, day: date) -> Paths:
        return Paths(self._configuration, self._people, self._moving, day, self.last)

    def _foresee(
        self, connection: Connection, obligations: Sequence[ForeseenObligation], paths: Paths, day: date
    ) -> None:
        """Foresee what can be, and leave the rest to the rounds."""
        self._known.extend(
            bytes(max(0, max((obligation.id for obligation in obligations), default=0) + 1 - len(self._known)))
        )
        for obligation in obligations:
            if obligation.id in self.by_days:
                self.by_days.move(obligation, day)
            else:
                self._known[obligation.id] = self._foreseen(paths, obligation, day)
                if not self._known[obligation.id]:
                    self._left[obligation.matter.numbers_of or ""].add(obligation.id)
        queries.no_climb(
            connection,
            [
                obligation.id
                for obligation in obligations
                if obligation.rule in CONVENED and obligation.id in self.by_days
            ],
        )
        self._keep(connection)

    def _foreseen(self, paths: Paths, obligation: ForeseenObligation, day: date) -> bool:
        try:
            made = (
                None
                if obligation.waits
                else paths.by_day(obligation)
                if obligation.rule in BY_DAYS
                else paths.taken(obligation)
            )
        except Exception as error:  # noqa: BLE001  the rounds pass over it
            diagnosis.reason(error)
            return False
        if made is None:
            return False
        if isinstance(made, ClimbedByDay):
            self.by_days.add(obligation.id, made, max(obligation.next_step_on or day, day))
        else:
            self.take(obligation, made)
        return True

    def letters(self, day: date) -> frozenset[str]:
        """Return those who get a letter on a day."""
        return frozenset(self._letters.get(day, ()))

    def overdue(self, day: date) -> list[str]:
        """Return those who heard, before a day, of something that is overdue on it."""
        return [ref for ref, on in self._overdue.items() if on <= day]

    def begin_letters(self, day: date) -> None:
        """Begin the letters of a day. What else waits for these people joins them."""
        leaves = leaves_at(day, self._configuration.policy.letter, at_london(day))
        refs = self.letters(day)
        if refs:
            with transaction() as connection:
                queries.begin_letters(connection, refs, self._configuration.settings.main.channel, day, leaves)

    def take(self, matter: ForeseenObligation | ClimbedByDay, taken: Iterable[tuple[date, tuple[str, ...]]]) -> None:
        """Add the steps of an obligation, in their order."""
        first = True
        for day, refs in taken:
            if first:
                self._news.append(FirstNews(matter.case_id, matter.rule, matter.subject, day))
                first = False
            self._steps[refs, day] += 1
            known = max(day, matter.due_on)
            if self._known_on.get(refs, date.max) > known:
                self._known_on[refs] = known

    def _keep(self, connection: Connection) -> None:
        """Keep what was taken: those who hear together are few, and what they hear of is not."""
        queries.keep_news(connection, self._news)
        for (refs, day), count in self._steps.items():
            for ref in refs:
                self.matters[ref, day] += count
                self._letters[day].add(ref)
        for refs, known in self._known_on.items():
            for ref in refs:
                self._overdue[ref] = min(known + timedelta(days=1), self._overdue.get(ref, date.max))
        self._news.clear()
        self._steps.clear()
        self._known_on.clear()
