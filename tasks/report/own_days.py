"""A month's duties counted by their own days: the facts of its cases, as the rules for them read these."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy import Connection

from models.queries.intake import earlier_days
from models.queries.obligations.case_facts import case_facts
from models.queries.report import kept_figures, month_cases
from models.queries.report.month_cases import DutyOfCase, MonthCase
from models.queries.report.places import Counts, Period, ReportPlace
from models.queries.report.reaches import SourceReach
from models.rules.case_row import CaseRow
from models.rules.catalogue import bail_end, breach_unanswered, custody_limit, order_expiry, summary_time_limit
from models.rules.facts import CaseFacts
from models.rules.report import harassment, watched
from models.rules.report.asking import Fallen, Lived, by_its_day, in_time
from models.rules.report.duties import BY_DAYS_ALONE, BY_OWN_DAYS, fallen
from models.rules.report.limits import NOTED
from tasks.platform.configuration import Configuration

_CHUNK = 1_000  # cases whose facts are in memory at once
_LIMITS = {
    summary_time_limit.RULE.name: ("summary_limits_met", "summary_limits_lost"),
    bail_end.RULE.name: ("bail_ends_met", "bail_ends_lost"),
    custody_limit.RULE.name: ("custody_limits_met", "custody_limits_lost"),
    order_expiry.RULE.name: ("orders_decided", "orders_lapsed"),
}
_NOTED, _NEITHER, _HARASSMENT = "summary_limits_noted", "breaches_unanswered", "harassment"
_ASSESSMENT, _DECISION = breach_unanswered.RULE.parts
_LACKING = {
    (): "breaches_answered_late", (_DECISION,): "breaches_assessed_only", (_ASSESSMENT,): "breaches_decided_only",
}  # fmt: skip


_NAMED = (
    *(key for keys in _LIMITS.values() for key in keys),
    *_LACKING.values(),
    _NOTED,
    _NEITHER,
    _HARASSMENT,
    *harassment.FIGURES,
    *watched.FIGURES,
)


class SourceDays:
    """The days of each source's extracts, and the last of which they tell: no duty of a later day is counted."""

    def __init__(self, yesterday: date, reached: Sequence[SourceReach]) -> None:
        self._yesterday = yesterday
        self._taken = {one.id: one.taken_on for one in reached}
        self._by_source = {one.id: one.reach_on if one.in_month else None for one in reached}

    def until(self, source_id: int | None) -> date:
        """Return it of one source. Of what people record here nothing is late."""
        reach_on = self._by_source.get(source_id, self._yesterday) if source_id is not None else self._yesterday
        return min(reach_on or date.min, self._yesterday)

    def extract_after(self, source_id: int, day: date) -> date | None:
        """Return the day of the first extract that a source sent after a day; None where it sent none."""
        taken = self._taken.get(source_id, ())
        at = bisect_right(taken, day)
        return taken[at] if at < len(taken) else None


def counts(configuration: Configuration, connection: Connection, period: Period, days: SourceDays) -> Counts:
    """Count each place's duties: those of the month whose due day its source tells of, and those done in time."""
    found: dict[ReportPlace, Counter[str]] = defaultdict(Counter)
    for row, keys in _figures(configuration, connection, period, days):
        pair = ReportPlace(row.force_code, row.cps_area)
        for place in {pair, ReportPlace(row.force_code), ReportPlace(None, row.cps_area), ReportPlace()}:
            found[place].update(keys)
    return {place: _with_zeros(numbers) for place, numbers in found.items()}


def _with_zeros(numbers: Mapping[str, int]) -> dict[str, float | None]:
    """Add the figures that are zero: a reader knows them, and what they are parts of."""
    return {**dict.fromkeys((*_NAMED, *map(_in_time, numbers)), 0), **numbers}


def _in_time(key: str) -> str:
    """Return the figure of what was done in time beside one of what fell due: where nothing was, it is zero."""
    return key.replace(".due", ".in_time")


def _figures(
    configuration: Configuration, connection: Connection, period: Period, days: SourceDays
) -> Iterator[tuple[CaseRow, list[str]]]:
    """Yield each case with the figures in which it and its duties count."""
    began = kept_figures.first_days_of_forces(connection)
    cases = month_cases.cases(connection, period)
    for start in range(0, len(cases), _CHUNK):
        for facts, duties, lived in _fallen(configuration, connection, cases[start : start + _CHUNK]):
            first_on = began.get(facts.case.force_code, date.min)
            keys = [
                key
                for duty in duties
                if period.from_on <= duty.on <= period.to_on and first_on <= duty.due_on <= days.until(duty.source_id)
                for key in _keys(duty, lived.get(DutyOfCase(facts.case.case_id, duty.rule, duty.subject), ()), days)
            ]
            rules = configuration.policy.for_force(facts.case.force_code)
            if asked := harassment.figure(facts, rules, configuration.calendar, period.to_on):
                keys += [asked, _HARASSMENT]
            base = watched.counted(facts, duties, period.to_on)
            keys += [*base.keys, *(f"base:{facts.case.risk}.{column}" for column in base.columns)]
            yield facts.case, keys


def _fallen(
    configuration: Configuration, connection: Connection, chunk: Sequence[MonthCase]
) -> Iterator[tuple[CaseFacts, list[Fallen], Mapping[DutyOfCase, Sequence[Lived]]]]:
    policy, ids = configuration.policy, [case.id for case in chunk]
    urns = {case.id: case.urn_key_id for case in chunk}
    earlier = earlier_days.of_keys(connection, {key for case in chunk for key in case if key is not None})
    lived = month_cases.lived(connection, ids, BY_OWN_DAYS - BY_DAYS_ALONE)
    for facts in case_facts(connection, ids, policy):
        case_id = facts.case.case_id
        shared = urns[case_id]
        told = [*earlier.get(case_id, ()), *(earlier.get(shared, ()) if shared else ())]
        rules = policy.for_force(facts.case.force_code)
        yield facts, [*fallen(facts, told, rules, configuration.calendar)], lived


def _keys(duty: Fallen, lived: Iterable[Lived], days: SourceDays) -> Iterator[str]:
    """Yield the figures in which a duty counts."""
    limit = _LIMITS.get(duty.rule)
    done = by_its_day(duty) if duty.rule in BY_DAYS_ALONE else in_time(duty, lived, days.extract_after)
    yield f"{duty.rule}.due"
    if done:
        yield f"{duty.rule}.in_time"
    if limit:
        yield limit[not done]
    if NOTED in duty.lacks and done:
        yield _NOTED
    if duty.rule == breach_unanswered.RULE.name and not done:
        yield _LACKING.get(duty.lacks, _NEITHER)
