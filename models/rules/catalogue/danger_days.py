"""The days on which something about a case says danger, each with what it was, in words."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from enum import IntEnum
from typing import NamedTuple

from config.days.duration import Duration
from config.numbers import DangerNumbers, RisingNumbers
from config.seen import SeenKind
from config.terms import Risk
from models.rules.arithmetic import format_day, ordinal
from models.rules.calendar import WorkingCalendar
from models.rules.facts import CaseFacts
from models.rules.row_facts import OtherCase
from models.rules.sight import SentColumn

RISK = SentColumn("cases.csv", "risk")
SUSPECT_KEY, VICTIM_KEY = SentColumn("cases.csv", "suspect_key"), SentColumn("cases.csv", "victim_key")


class DangerKind(IntEnum):
    """The kinds of signs of danger, in the order of a message."""

    BREACH = 1
    RISING = 2
    GRADE = 3
    LOWERED = 4
    SERIAL = 5


_OF_REPORTS = frozenset({DangerKind.BREACH, DangerKind.RISING, DangerKind.GRADE})


class DangerSign(NamedTuple):
    """One sign of danger: the day that counts, and its own day. Its words, verb, day and `since` make a clause."""

    on: date
    kind: DangerKind
    own_day: date
    said: str
    verb: str
    since: str = ""


def danger_signs(facts: CaseFacts, numbers: DangerNumbers, calendar: WorkingCalendar) -> list[DangerSign]:
    """Return the signs of a case. One from shortly before it was watched counts on that day, and earlier ones do not.

    Reports are those of all linked cases.
    """
    _, since = facts.watched_since
    signs = [*_of_reports(facts, numbers, calendar), *_lowered(facts), *_serial(facts, since)]
    if not signs:
        return []
    earliest = calendar.plus(since, _back(numbers.rising.within))
    return [sign._replace(on=max(sign.on, since)) for sign in signs if sign.on >= earliest]


def _of_reports(facts: CaseFacts, numbers: DangerNumbers, calendar: WorkingCalendar) -> Iterator[DangerSign]:
    supplied = [row for row in (*facts.incidents, *facts.linked_incidents) if row.supplied]
    for day in {row.reported_on for row in supplied if row.breach}:
        yield DangerSign(day, DangerKind.BREACH, day, "a breach", "was reported")
    reported = sorted(row.reported_on for row in supplied)
    standard = facts.case.risk is Risk.STANDARD
    graded = [(number, day) for number, day in _counted(reported) if standard and number >= numbers.grade.incidents]
    yield from _rising(reported, {day for _, day in graded}, numbers.rising, calendar)
    for number, day in graded:
        yield DangerSign(
            day, DangerKind.GRADE, day, f"the {ordinal(number)} report in all at standard risk", "was made"
        )


def _rising(
    reported: Sequence[date], graded: Collection[date], numbers: RisingNumbers, calendar: WorkingCalendar
) -> Iterator[DangerSign]:
    """Yield each report that follows another closely, with the number of all; on a `graded` day that is said anyway."""
    if len(reported) < numbers.incidents:
        return
    for number, day in _counted(reported):
        window = calendar.plus(day, _back(numbers.within))
        close = number - sum(other < window for other in reported)
        if close >= numbers.incidents:
            in_all = f" ({number} reports in all)" if number > close and day not in graded else ""
            said = f"the {ordinal(close)} report within {numbers.within.text}{in_all}"
            yield DangerSign(day, DangerKind.RISING, day, said, "was made")


def _counted(reported: Sequence[date]) -> Iterator[tuple[int, date]]:
    """Yield each day of a report, with the number of reports by then."""
    by_day = {day: number for number, day in enumerate(reported, 1)}  # the last of a day counts all of it
    for day, number in by_day.items():
        yield number, day


def _lowered(facts: CaseFacts) -> Iterator[DangerSign]:
    """Yield each day on which intake saw the risk lowered, unless it was assessed since the extract before."""
    assessed = facts.case.risk_assessed_on
    for change in facts.seen_changes:
        if change.kind is SeenKind.RISK_LOWERED and (assessed is None or assessed < change.since_on):
            said = "a grade of risk lowered without an assessment"
            yield DangerSign(change.seen_on, DangerKind.LOWERED, change.seen_on, said, "was seen")


def _serial(facts: CaseFacts, since: date) -> Iterator[DangerSign]:
    for other in facts.same_suspect:
        if _another_victim(facts.case.victim_key, other):
            day = other.opened_on
            known = facts.case.victim_key is not None and other.victim_key is not None
            said = f"another case of the same suspect{', of another victim,' if known else ''}"
            ended = f" and finalised on {format_day(other.finalised_on)}" if other.finalised_on else ""
            yield DangerSign(max(day, since), DangerKind.SERIAL, day, said, "was opened", ended)


def _another_victim(key: str | None, other: OtherCase) -> bool:
    """Return whether the other case may have another victim; of a linked case, that has to be known."""
    if key is None or other.victim_key is None:
        return not other.linked
    return key.lower() != other.victim_key.lower()


def in_words(signs: Iterable[DangerSign]) -> str:
    """Return what says danger on one day: a breach was reported on Fri 1 Jan 2027; the second report within 14 days."""
    said, told = [], None
    for sign in sorted(signs, key=lambda one: (one.kind, one.own_day, one.said)):
        again = sign.kind in _OF_REPORTS and told == sign.own_day  # the same report
        said.append(sign.said if again else f"{sign.said} {sign.verb} on {format_day(sign.own_day)}{sign.since}")
        told = sign.own_day
    return "; ".join(dict.fromkeys(said))


def _back(span: Duration) -> Duration:
    return Duration(-span.number, span.unit)
