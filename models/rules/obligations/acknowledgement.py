"""Acknowledgement: who may take on an obligation, until when, and how often again. It never moves the due day."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from config.acknowledgement import AcknowledgementPolicy, PromiseType
from config.days.duration import Duration
from config.doors import ActKind
from config.terms import Risk, Role
from models.rules.access import refusal
from models.rules.arithmetic import format_day
from models.rules.calendar import OutsideCalendar, WorkingCalendar
from models.rules.people.directory import Directory, Person
from models.rules.people.parties import Parties
from models.rules.refusal import Refusal

MOVED_EARLIER = "moved earlier"  # an earlier due day ended the promise: the next one is not a renewal
WITHDRAWN = "withdrawn"  # a person took the promise back: the next one is a renewal, or else no promise need ever be


class AcknowledgementRequest(NamedTuple):
    """A person's request to acknowledge an obligation."""

    by: str
    until: date
    type: PromiseType | None = None


class EarlierPromise(NamedTuple):
    """The latest promise about the same obligation, its earlier versions included. `end` is None while it is live."""

    renewals: int
    end: str | None


class AcknowledgementGrant(NamedTuple):
    """The promise is allowed. `renewals` counts its renewals, this one included."""

    renewals: int


class AcknowledgementSetting(NamedTuple):
    """The terms of the decision: the day, the policy's limits, the risk of the case, the calendar, and what is owed."""

    today: date
    terms: AcknowledgementPolicy
    risk: Risk
    calendar: WorkingCalendar
    due_on: date
    hard: bool


def decide(
    request: AcknowledgementRequest,
    matter: Parties,
    people: Directory,
    earlier: EarlierPromise | None,
    setting: AcknowledgementSetting,
) -> AcknowledgementGrant | Refusal:
    """Check a request against every term at once, once its person may make it.

    `until` must be a working day after today, no later than `latest`, and renewed at most `acknowledge.renewals` times.
    A lead who gives a type has that type's longest instead, past the due day too, with any number of renewals.
    """
    if refused := refusal(ActKind.PROMISE, matter, request.by, people, setting.today):
        return refused
    renewals = _renewals(earlier)
    faults = (*_not_by_type(request, people.people[request.by]), *_not_until(request, renewals, setting))
    return Refusal(faults) if faults else AcknowledgementGrant(renewals)


def longest(terms: AcknowledgementPolicy, kind: PromiseType | None, risk: Risk) -> Duration:
    """Return the longest span of a promise: by the lead's type if there is one, otherwise by risk."""
    return terms.longest.of(risk) if kind is None else terms.lead[kind]


def latest(setting: AcknowledgementSetting) -> date:
    """Return the last working day that anyone may promise without a type; today where none is left.

    It is at most `acknowledge.longest` ahead (working days, by risk). Nobody promises to be late: of what is not
    overdue yet, it is the due day at the latest, and of what is hard the working day before it.
    """
    return _within(setting.terms.longest.of(setting.risk), setting, _before_late(setting))


def _before_late(setting: AcknowledgementSetting) -> date | None:
    """Return the last day on which what is owed would not be late; None if it is late already."""
    if setting.due_on < setting.today:
        return None
    return setting.due_on - timedelta(days=1) if setting.hard else setting.due_on


def _renewals(earlier: EarlierPromise | None) -> int:
    if earlier is None:
        return 0
    return earlier.renewals + (earlier.end != MOVED_EARLIER)


def _not_by_type(request: AcknowledgementRequest, who: Person) -> Iterator[str]:
    if request.type is not None and Role.LEAD not in who.roles:
        kind = request.type
        yield f"Only a lead may give --type {kind}, and {request.by} is not one. Leave it out, or ask your lead."


def _not_until(request: AcknowledgementRequest, renewals: int, setting: AcknowledgementSetting) -> Iterator[str]:
    if request.until <= setting.today:
        today = format_day(setting.today)
        yield f"{format_day(request.until)} is not after today, {today}. Promise a later working day."
        return
    if not setting.calendar.is_working(request.until):
        yield f"{format_day(request.until)} is not a working day. Promise a working day."
    if request.type is not None and request.type not in setting.terms.lead:
        yield f"The policy has no longest for --type {request.type}. It has: {', '.join(setting.terms.lead)}."
        return
    lift = f" A lead may promise longer, with a type ({_types(setting.terms.lead)})." if request.type is None else ""
    span = longest(setting.terms, request.type, setting.risk)
    if request.until > _within(span, setting):
        last = format_day(_within(span, setting))
        yield f"{format_day(request.until)} is too far ahead: the latest day is {last}, {span.text} from today.{lift}"
    elif request.type is None and request.until > latest(setting):
        yield f"{_late(request.until, setting)}{lift}"
    if request.type is None and renewals > setting.terms.renewals:
        most = setting.terms.renewals
        yield f"It has been renewed {most} time{'' if most == 1 else 's'} already, which is the most.{lift}"


def _late(until: date, setting: AcknowledgementSetting) -> str:
    """Say why a promise would be one to be late, and which day is left."""
    limit = "its time limit ends" if setting.hard else "it is due"
    last = latest(setting)
    left = f"the latest day is {format_day(last)}" if last > setting.today else "no day is left to promise"
    return f"On {format_day(until)} it would be late, since {limit} on {format_day(setting.due_on)}: {left}."


def _within(span: Duration, setting: AcknowledgementSetting, end: date | None = None) -> date:
    """Return the last working day within the span from today, and up to `end`; today where none is."""
    try:
        last = setting.calendar.plus(setting.today, span)
    except OutsideCalendar:
        return setting.today
    last = last if end is None else min(last, end)
    while last > setting.today and not setting.calendar.is_working(last):
        last -= timedelta(days=1)
    return max(last, setting.today)


def _types(lead: Mapping[PromiseType, Duration]) -> str:
    return ", ".join(f"{kind.value}: {span.text}" for kind, span in lead.items())
