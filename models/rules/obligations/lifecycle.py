"""The lifecycle of an obligation: compares what is stored with the rules' answers, and begins and ends versions."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from config.policy import Policy
from config.terms import EndReason, OwedBy, Risk
from models.rules.arithmetic import last_day
from models.rules.calendar import WorkingCalendar
from models.rules.obligations.first_day import ForceMatter, Start, start, woken
from models.rules.obligations.ladder import Days, Rung, first_day, next_day, reached, sooner, step_days
from models.rules.result import CASE, GONE, Outcome, Owes, OwesNothing

CARRIES_ON_WITHIN = timedelta(days=7)
Identity = tuple[str, str]  # rule, subject
_ENDS_IN_TIME = frozenset({EndReason.MET, EndReason.OUT_OF_SCOPE, EndReason.FINALISED})  # where not too late
_LEFT = OwesNothing(CASE, EndReason.OUT_OF_SCOPE, "it has left the case", said=GONE)


class StoredVersion(NamedTuple):
    """The latest stored version of an identity. `ended_on` is None while it is live."""

    id: int
    rule: str
    subject: str
    version: int
    chain_from: int
    owed_by: OwedBy
    due_on: date
    remind_on: date
    escalate_on: date
    done_on: date | None
    hard: bool
    stalls: bool
    because: str
    note: str
    last_step: int
    taken_on: tuple[date | None, ...]
    addressed: tuple[str, ...]
    through: tuple[str, ...]
    ended_on: date | None
    end_reason: EndReason | None
    promised_until: date | None


class Begin(NamedTuple):
    """The start of a version."""

    rule: str
    owes: Owes
    because: str
    version: int
    chain_from: int
    last_step: int
    taken_on: tuple[date | None, ...]
    next_step_on: date | None
    carries: StoredVersion | None  # the version it continues: its promise and its addressees carry over


class End(NamedTuple):
    """The end of a version: the fact in a sentence, its day where its source gives one, and whether it is a loss."""

    stored: StoredVersion
    reason: EndReason
    fact_on: date | None = None
    fact: str = ""
    lost: bool = False


class Amend(NamedTuple):
    """New particulars for a live version."""

    stored: StoredVersion
    owes: Owes
    because: str
    next_step_on: date | None


VersionChange = Begin | End | Amend


class ChangeSetting(NamedTuple):
    """The context of a change: the day, the force's policy, the risk of the case and the calendar.

    `renumbered` says that policy or calendar may have changed since the last.
    """

    today: date
    policy: Policy
    force_code: str | None
    risk: Risk
    calendar: WorkingCalendar
    renumbered: bool = False


def changes(
    stored: Mapping[Identity, StoredVersion],
    outcomes: Iterator[tuple[str, Outcome, str]],
    setting: ChangeSetting,
    enabled: frozenset[str],
) -> Iterator[VersionChange]:
    """Yield every difference. `outcomes` holds (rule, outcome, serialised because); `enabled` the rules turned on.

    A live obligation that no rule mentions any more ends with the rule's answer for the case as a whole (but for one
    that its own row was withdrawn). Without one, it left the case (out_of_scope), or its rule is off (policy).
    """
    answered: set[Identity] = set()
    of_case: dict[str, OwesNothing] = {}
    for rule, outcome, because in outcomes:
        identity = (rule, outcome.subject)
        answered.add(identity)
        before = stored.get(identity)
        live = before if before is not None and before.ended_on is None else None
        if isinstance(outcome, OwesNothing):
            if outcome.subject == CASE and outcome.end is not EndReason.WITHDRAWN:
                of_case[rule] = outcome
            if live:
                yield _ended(live, outcome, setting)
        elif live:
            yield from _goes_on(rule, live, outcome, because, setting)
        else:
            yield _begins(rule, before, outcome, because, setting)
    for identity, before in stored.items():
        if before.ended_on is None and identity not in answered:
            left = of_case.get(before.rule, _LEFT)
            yield _ended(before, left, setting) if before.rule in enabled else End(before, EndReason.POLICY)


def _ended(live: StoredVersion, nothing: OwesNothing, setting: ChangeSetting) -> End:
    """End a version by the rule's answer. What is hard and ended after its due day had run out before.

    Only another policy ends by policy: otherwise what the version counted is gone, and what is left does not count.
    """
    end = EndReason.MET if nothing.end is EndReason.POLICY and not setting.renumbered else nothing.end
    ran_out = live.hard and end in _ENDS_IN_TIME and (nothing.on or setting.today) > live.due_on
    return End(live, end, nothing.on, nothing.sentence, nothing.lost or ran_out)


def _goes_on(
    rule: str, live: StoredVersion, owes: Owes, because: str, setting: ChangeSetting
) -> Iterator[VersionChange]:
    if owes.done_on is not None and (live.done_on is None or owes.done_on > live.done_on):
        yield End(live, EndReason.MET, owes.done_on, owes.done)
        yield _fresh(rule, live.version + 1, owes, because, setting)
    elif owes.renewed_on is not None and owes.renewed_on > last_day(live.because):
        yield End(live, EndReason.RENEWED)
        yield _fresh(rule, live.version + 1, owes, because, setting)._replace(chain_from=live.chain_from)
    elif owes.due_on != live.due_on:
        yield End(live, EndReason.MOVED)
        yield _carried(rule, live, owes, because, setting)
    elif (owes.owed_by, owes.remind_on, owes.escalate_on, owes.done_on, owes.note, because) != (
        live.owed_by, live.remind_on, live.escalate_on, live.done_on, live.note, live.because,
    ):  # fmt: skip
        ahead = _ahead(rule, owes, live, setting)
        yield Amend(live, owes, because, _wakes(ahead, live.last_step, live.promised_until, setting))


def _begins(rule: str, before: StoredVersion | None, owes: Owes, because: str, setting: ChangeSetting) -> Begin:
    if before is None:
        return _fresh(rule, 1, owes, because, setting)
    again = before.ended_on is not None and setting.today - before.ended_on <= CARRIES_ON_WITHIN
    if again and before.due_on == owes.due_on:
        ahead = _ahead(rule, owes, before, setting)
        return Begin(
            rule, owes, because, before.version + 1, before.chain_from, before.last_step, before.taken_on,
            _wakes(ahead, before.last_step, before.promised_until, setting), before,
        )  # fmt: skip
    return _fresh(rule, before.version + 1, owes, because, setting)


def _fresh(rule: str, version: int, owes: Owes, because: str, setting: ChangeSetting) -> Begin:
    """Begin a version with no step taken."""
    ladder = setting.policy.for_force(setting.force_code).of(rule).ladder
    started = _start(rule, owes, setting)
    day = _first_day(setting.policy, ladder, owes.remind_on, owes.due_on, owes.escalate_on, started, setting.calendar)
    return Begin(rule, owes, because, version, version, 0, (), day, None)


@lru_cache(maxsize=16_384)  # a whole book has few different days
def _first_day(
    policy: Policy,
    ladder: str,
    remind_on: date,
    due_on: date,
    escalate_on: date,
    started: Start | None,
    calendar: WorkingCalendar,
) -> date | None:
    rung = Rung(remind_on, due_on, escalate_on, Risk.UNKNOWN, hard=False, last_step=0, start=started)
    return first_day(policy.ladders[ladder], rung, calendar)


def _carried(rule: str, live: StoredVersion, owes: Owes, because: str, setting: ChangeSetting) -> Begin:
    """Begin the version after `moved`: at the last step taken, or at the one reached by the new days if lower."""
    ahead = _ahead(rule, owes, live, setting)
    last_step = min(live.last_step, reached(ahead.days, setting.today))
    return Begin(
        rule, owes, because, live.version + 1, live.chain_from, last_step, live.taken_on,
        _wakes(ahead, last_step, live.promised_until, setting), live,
    )  # fmt: skip


class _Ahead(NamedTuple):
    """The days of the steps of an obligation, and what the first day of its force means to it."""

    days: Days
    start: Start | None


def _wakes(ahead: _Ahead, last_step: int, promised_until: date | None, setting: ChangeSetting) -> date | None:
    """Return the next day on which to look at a version that has taken this step."""
    return woken(sooner(next_day(ahead.days, last_step), promised_until), ahead.start, setting.today)


def _ahead(rule: str, owes: Owes, before: StoredVersion, setting: ChangeSetting) -> _Ahead:
    ladder = setting.policy.for_force(setting.force_code).of(rule).ladder
    rung = Rung(
        owes.remind_on, owes.due_on, owes.escalate_on, Risk.UNKNOWN, hard=False, last_step=0,
        taken_on=before.taken_on, start=_start(rule, owes, setting),
    )  # fmt: skip
    return _Ahead(_days(setting.policy, ladder, rung, setting.calendar), rung.start)


@lru_cache(maxsize=16_384)
def _days(policy: Policy, ladder: str, rung: Rung, calendar: WorkingCalendar) -> Days:
    return step_days(policy.ladders[ladder], rung, calendar)


def _start(rule: str, owes: Owes, setting: ChangeSetting) -> Start | None:
    """Return what the first day of the case's force means to an obligation."""
    if not setting.policy.starts:
        return None
    matter = ForceMatter(rule, owes.due_on, setting.risk, setting.force_code)
    return start(setting.policy, matter, setting.calendar)
