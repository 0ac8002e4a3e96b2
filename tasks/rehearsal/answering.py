"""Answering in a rehearsal: each obligation gets the day on which it is answered, and on that day its fact is written.

The day is drawn once, by a number that is made of what is owed, so that it is the same under both policies as long as
its day is. What a policy only moves keeps it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from hashlib import blake2b

from sqlalchemy import Connection

from config.days.duration import Duration, Unit
from models.queries.obligations import worklist
from models.queries.rehearsal import answering_facts, answers
from models.queries.rehearsal.answers import AnsweredDuty, CaseThatSits, WaitingDuty
from models.rules.catalogue import joint_review
from models.rules.rehearsal import AnswerPace
from models.rules.result import CASE
from tasks.platform.configuration import Configuration
from tasks.rehearsal.assumption import Assumption
from tasks.servers.database import transaction

_AT_A_TIME = 50_000  # obligations: memory stays flat
_MOST = 2**53  # a float tells so many numbers apart


class Answering:
    """The answers of the rehearsed days up to the last of them."""

    def __init__(self, configuration: Configuration, assumption: Assumption, last: date) -> None:
        self._configuration = configuration
        self._last = last
        self._held = assumption.sittings_held
        self._paces = {rule.rule: rule.pace for rule in assumption.rules}
        self._drawn = 0  # the id of the last obligation that got its day

    def evening(self, day: date) -> None:
        """Draw the days of what has begun since, and write the facts of what is answered on this one.

        The next round sees them. On a day off nobody answers.
        """
        if not self._configuration.calendar.is_working(day):
            return
        with transaction() as connection:
            self._draw(connection, day)
            due = answers.due(connection, day)
            due += [_reviewed(case) for case in answers.listed(connection, day) if chance(*_place(case)) < self._held]
            by_rule: dict[str, list[AnsweredDuty]] = defaultdict(list)
            for duty in due:
                by_rule[duty.rule].append(duty)
            for rule, found in by_rule.items():
                asked = [(duty.case_id, duty.subject.partition(":")[2]) for duty in found]
                answering_facts.write(connection, rule, asked, day)
            worklist.mark_changed(connection, sorted({duty.case_id for duty in due}))

    def _draw(self, connection: Connection, day: date) -> None:
        carried = self._drawn == 0  # on the first evening, whatever is owed; then what is not carried on from before
        while found := answers.unanswered(connection, self._drawn, self._paces, _AT_A_TIME, carried=carried):
            answers.keep(connection, self._days(found, day))
            self._drawn = found[-1].id

    def _days(self, duties: Sequence[WaitingDuty], today: date) -> Iterator[tuple[WaitingDuty, date]]:
        for duty in duties:
            day = answered_on(self._configuration, duty, self._paces[duty.rule], today)
            if day is not None and day <= self._last:
                yield duty, day


def answered_on(configuration: Configuration, duty: WaitingDuty, pace: AnswerPace, today: date) -> date | None:
    """Return the working day on which something is answered, today at the earliest; None if it never is."""
    calendar = configuration.calendar
    lag = pace.lag(
        chance(duty.force_code, duty.case_ref, duty.rule, duty.subject, duty.done_on),
        calendar.working_days(duty.from_on, today),
    )
    if lag is None:
        return None
    return calendar.plus(calendar.last_working(duty.from_on), Duration(lag, Unit.WORKING_DAYS))


def chance(*parts: object) -> float:
    """Return a number from 0 to below 1 that is made of these parts, and the same on every machine."""
    digest = blake2b("/".join(map(str, parts)).encode(), digest_size=8).digest()
    return int.from_bytes(digest) % _MOST / _MOST


def _place(case: CaseThatSits) -> tuple[str, str, str]:
    return case.sitting_ref, case.force_code, case.case_ref


def _reviewed(case: CaseThatSits) -> AnsweredDuty:
    return AnsweredDuty(case.case_id, joint_review.RULE.name, CASE)


def on_evenings(configuration: Configuration, assumption: Assumption, last: date) -> Callable[[date], None]:
    """Return what happens before each round, up to the last day: on the evening before, people answer."""
    people = Answering(configuration, assumption, last)
    return lambda day: people.evening(day - timedelta(days=1))
