"""The time limits of a case by their own days: each that came, and whether something met it by then."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import NamedTuple, cast

from config.numbers import LimitNumbers
from config.terms import OwedBy, SuspectStatus
from models.rules.catalogue.awaiting_charge import CHARGED_ON
from models.rules.catalogue.time_limit_unknown import NOTED_ON
from models.rules.facts import CaseFacts
from models.rules.report.asking import Asking, Fallen, ended, source_of, without
from models.rules.report.earlier import DayKind
from models.rules.report.history import DayValue, History, SuspectPeriod
from models.rules.result import CASE, OwesNothing
from models.rules.sight import SentColumn

Way = Callable[[Asking, CaseFacts, History], Iterator[Fallen | None]]  # how a rule's duties are found
NOTED = "noted"  # in place of a missing part: a note met the limit, and no charge


def bail_ends(asking: Asking, facts: CaseFacts, history: History) -> Iterator[Fallen | None]:
    """Yield each end of pre-charge bail. A charge, a new status or a later end meets it."""
    on_bail = [status for status in history.statuses() if status.state is SuspectStatus.BAIL]
    for limit in _limits(history, DayKind.BAIL_ENDS, on_bail):
        charged_on = facts.case.charged_on
        if _sees(facts, CHARGED_ON) and (charged_on is None or charged_on > limit.began_on):
            yield _met(asking, facts, limit, charged_on)


def custody_ends(asking: Asking, facts: CaseFacts, history: History) -> Iterator[Fallen | None]:
    """Yield each custody time limit of each defendant. A later limit meets it, or that nobody is in custody any more.

    Who is in custody by what CPS say now, or for want of a status, has been so all along.
    """
    statuses = [one for subject, alone in facts.suspects for one in history.of(subject, alone).statuses()]
    held = [status for status in statuses if status.state is SuspectStatus.CUSTODY]
    for subject, alone in facts.defendants:
        in_custody = alone.case.in_custody
        several = in_custody is None and (len(facts.defendants) > 1 or not statuses)
        always = [SuspectPeriod(SuspectStatus.CUSTODY, date.min, None)] if in_custody or several else []
        for limit in _limits(history.of(subject, alone), DayKind.CUSTODY_ENDS, [*always, *held]):
            if duty := _met(asking, alone, limit, None):
                yield duty._replace(subject=subject)


def _sees(facts: CaseFacts, column: SentColumn) -> bool:
    return facts.sight.sees(column, facts.case.cps_source_id, OwedBy.CPS)


class _Limit(NamedTuple):
    """A limit, the day since which its status ran, and what met it or took it away, where something did."""

    day: date
    began_on: date
    left_on: date | None  # another status began
    later_on: date | None  # a later limit was told
    dropped_on: date | None  # it was taken away, or corrected to an earlier day


def _limits(history: History, kind: DayKind, statuses: Sequence[SuspectPeriod]) -> Iterator[_Limit]:
    """Yield each limit that came while one of these statuses was so, the last of them if there were several."""
    values = history.values(kind)
    for at, value in enumerate(values):
        begun = [status for status in statuses if status.on <= value.day]
        if status := max(begun, key=lambda one: (one.until_on or date.max, one.on), default=None):
            after = values[at + 1].day if at + 1 < len(values) else None
            later = after is not None and after > value.day
            yield _Limit(value.day, status.on, status.until_on, *_replaced(value, later=later))


def _replaced(value: DayValue, *, later: bool) -> tuple[date | None, date | None]:
    return (value.until_on, None) if later else (None, value.until_on)


def _met(asking: Asking, facts: CaseFacts, limit: _Limit, charged_on: date | None) -> Fallen | None:
    if not facts._replace(case=facts.case._replace(finalised_on=None)).clock_case:
        return None
    met_on = min(filter(None, (charged_on, limit.left_on, limit.later_on)), default=None)
    duty = Fallen(
        asking.rule.name, CASE, limit.day, limit.day, done=met_on is not None, done_on=met_on,
        source_id=source_of(facts, CASE, asking.rule),
    )  # fmt: skip
    over = min(filter(None, (limit.dropped_on, facts.case.finalised_on)), default=None)
    return ended(duty, over)


def six_months(asking: Asking, facts: CaseFacts, history: History) -> Iterator[Fallen | None]:
    """Yield each six-month limit, as the acts were known on its last day. A charge or a supervisor's note meets it."""
    if not _sees(facts, CHARGED_ON) or not facts.sight.sees(NOTED_ON, facts.case.source_id, OwedBy.POLICE):
        return
    case, limit = asking.past(facts), cast("LimitNumbers", asking.own).limit
    for act in sorted(_acts(facts, history)):
        view = _known_by(case, asking.calendar.plus(act, limit), history)
        for owes in asking.owes(without(view, (CHARGED_ON, NOTED_ON))):
            if owes.arose_on == act:
                yield _charged_or_noted(asking, facts, view, owes.due_on)


def _acts(facts: CaseFacts, history: History) -> set[date]:
    return {*history.days(DayKind.LAST_ACT), *(row.occurred_on for row in facts.incidents if row.supplied)}


def _known_by(case: CaseFacts, day: date, history: History) -> CaseFacts:
    """Return the case with the last act that was recorded by a day, and the incidents that were reported by it."""
    known = [value.day for value in history.values(DayKind.LAST_ACT) if value.until_on is None or value.until_on > day]
    row = case.case._replace(last_act_on=known[0] if known else None)
    return case._replace(case=row, incidents=tuple(one for one in case.incidents if one.reported_on <= day))


def _charged_or_noted(asking: Asking, facts: CaseFacts, view: CaseFacts, due_on: date) -> Fallen | None:
    answer = asking.answer(view, CASE)
    duty = Fallen(
        asking.rule.name, CASE, due_on, due_on, done=False, done_on=None,
        source_id=source_of(facts, CASE, asking.rule),
    )  # fmt: skip
    charged_on = answer.on if isinstance(answer, OwesNothing) and view.pha_charged else None
    noted_on = view.case.time_limit_noted_on
    uncharged = asking.answer(without(view, (CHARGED_ON,)), CASE)
    settled = noted_on is not None and getattr(uncharged, "due_on", None) != due_on
    if charged_on is not None and charged_on == view.case.charged_on and (charged_on <= due_on or not settled):
        duty = duty._replace(done=True, done_on=charged_on)
    elif settled:
        duty = duty._replace(done=True, done_on=noted_on, lacks=(NOTED,))
    elif isinstance(answer, OwesNothing):
        return None
    return ended(duty, facts.case.finalised_on)


def of_each_suspect(way: Way) -> Way:
    """Return the same for each suspect of a case."""

    def each(asking: Asking, facts: CaseFacts, history: History) -> Iterator[Fallen | None]:
        for subject, alone in facts.suspects:
            for duty in way(asking, alone, history.of(subject, alone)):
                yield duty and duty._replace(subject=subject)

    return each
