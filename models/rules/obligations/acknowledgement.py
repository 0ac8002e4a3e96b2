"""Acknowledging: who may take an obligation on, until when, and how often again. Nothing of it moves the due day."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from config.acknowledgement import Acknowledge, PromiseType
from config.duration import Duration
from config.terms import Addressee, Risk, Role
from models.rules.arithmetic import format_day
from models.rules.calendar import OutsideCalendar, WorkingCalendar
from models.rules.people.addressing import Directory, Matter, Person, address

MOVED_EARLIER = "moved earlier"  # how a promise ends that the due day overtook: the one that follows renews nothing


class Wish(NamedTuple):
    """What somebody asks for."""

    by: str
    until: date
    type: PromiseType | None = None


class Earlier(NamedTuple):
    """The latest promise about the same obligation, its earlier versions included. `end` is None while it stands."""

    renewals: int
    end: str | None


class Granted(NamedTuple):
    """The promise may be made. `renewals` counts how often it has been renewed, this time included."""

    renewals: int


class Refused(NamedTuple):
    """It may not be made: every reason, each a sentence with what to do."""

    faults: tuple[str, ...]


class Setting(NamedTuple):
    """What a wish is judged by: the day, the policy's terms, the case's risk."""

    today: date
    terms: Acknowledge
    risk: Risk
    calendar: WorkingCalendar


def decide(
    wish: Wish, matter: Matter, people: Directory, earlier: Earlier | None, setting: Setting
) -> Granted | Refused:
    """Judge a wish by all its terms at once.

    `until` is a working day after today, at most `acknowledge.longest` ahead (working days, by risk), renewed at most
    `acknowledge.renewals` times; or, for a lead who gives a type, at most that type's longest, however often.
    """
    renewals = _renewals(earlier)
    who = people.people.get(wish.by)
    if who is None or not who.active:
        return Refused((f"{wish.by} is not a known contact who is active on {format_day(setting.today)}.",))
    faults = [*_not_theirs(wish, matter, people), *_not_by_type(wish, who), *_not_until(wish, renewals, setting)]
    return Refused(tuple(faults)) if faults else Granted(renewals)


def may(matter: Matter, people: Directory, words: tuple[Addressee, ...] = tuple(Addressee)) -> frozenset[str]:
    """The contacts who may take an obligation on: everyone to whom one of a ladder's words could lead.

    These are its owner and the case's officer or prosecutor, the supervisor or legal managers, the SPOCs and leads of
    the side that owes it, the counterpart SPOCs, and whoever stands in for one of them today. Those who are away may
    promise too.
    """
    present = Directory([person._replace(absent=False) for person in people.people.values()])
    told = (
        told
        for each in (matter, matter._replace(action_owner_ref=None))
        for directory in (people, present)
        for told in address(words, each, directory)
    )
    return frozenset(one.contact_ref for one in told if one.contact_ref)


def longest(terms: Acknowledge, kind: PromiseType | None, risk: Risk) -> Duration:
    """How far ahead a promise may reach: by the lead's type where there is one, else by risk."""
    return terms.longest.of(risk) if kind is None else terms.lead[kind]


def _renewals(earlier: Earlier | None) -> int:
    if earlier is None:
        return 0
    return earlier.renewals + (earlier.end != MOVED_EARLIER)


def _not_theirs(wish: Wish, matter: Matter, people: Directory) -> Iterator[str]:
    if wish.by not in may(matter, people):
        yield (
            f"{wish.by} is not one of those it is for: its owner, supervisor or legal manager, a SPOC or a lead. "
            "One of them may take it on."
        )


def _not_by_type(wish: Wish, who: Person) -> Iterator[str]:
    if wish.type is not None and Role.LEAD not in who.roles:
        yield f"Only a lead may give --type {wish.type}, and {wish.by} is not one. Leave it out, or ask your lead."


def _not_until(wish: Wish, renewals: int, setting: Setting) -> Iterator[str]:
    if wish.until <= setting.today:
        yield f"{format_day(wish.until)} is not after today, {format_day(setting.today)}. Promise a later working day."
        return
    if not setting.calendar.is_working(wish.until):
        yield f"{format_day(wish.until)} is not a working day. Promise a working day."
    if wish.type is not None and wish.type not in setting.terms.lead:
        yield f"The policy has no longest for --type {wish.type}. It has: {', '.join(setting.terms.lead)}."
        return
    span = longest(setting.terms, wish.type, setting.risk)
    latest = _latest(span, setting)
    lift = f" A lead may promise longer, with --type ({_types(setting.terms.lead)})." if wish.type is None else ""
    if wish.until > latest:
        yield (
            f"{format_day(wish.until)} is too far ahead: the latest day is {format_day(latest)}, "
            f"{span.words} from today.{lift}"
        )
    if wish.type is None and renewals > setting.terms.renewals:
        most = setting.terms.renewals
        yield f"It has been renewed {most} time{'' if most == 1 else 's'} already, which is the most.{lift}"


def _latest(span: Duration, setting: Setting) -> date:
    """The last day within the span; a span that ends on a day off reaches back to the working day before."""
    try:
        latest = setting.calendar.plus(setting.today, span)
    except OutsideCalendar:
        return setting.today
    while not setting.calendar.is_working(latest):
        latest -= timedelta(days=1)
    return latest


def _types(lead: Mapping[PromiseType, Duration]) -> str:
    return ", ".join(f"{kind.value}: {span.words}" for kind, span in lead.items())
