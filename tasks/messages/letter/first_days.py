"""The first days of the forces that a lead is responsible for: where they start, and since then."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta

from sqlalchemy import Connection

from config.forces import force_name, pair_name
from config.terms import Risk, Role
from models.queries.obligations import inherited
from models.queries.obligations.inherited import Inheritance, InheritedGroup
from models.queries.obligations.obligation_views import Reader
from models.queries.people import jurisdictions
from models.rules.obligations import first_day
from models.rules.obligations.rulebook import RULES
from tasks.messages.letter.contexts import ForceStart, InheritedRule, InheritedWeek
from tasks.messages.letter.standings import Remit, Standings
from tasks.platform.configuration import Configuration

WEEKS = 26  # for as long as the weekly count is given
SHOWN = 13  # the most weeks in a chart: the first, and the latest
_WEEK = timedelta(days=7)
_RISKS = (Risk.HIGH, Risk.MEDIUM, Risk.STANDARD)


def starts(
    configuration: Configuration,
    connection: Connection,
    standings: Standings,
    readers: Mapping[str, Reader],
    weekly: Collection[str],
) -> dict[str, tuple[ForceStart, ...]]:
    """Return the starts of the forces of each lead whose letter has a standing; each place is counted once for a view.

    A lead who has read nothing since a force's first day reads where it starts, and how it goes from then on.
    """
    if not configuration.policy.starts:
        return {}
    counts = _Counts(configuration, connection, standings.today)
    return {ref: tuple(counts.of(readers[ref], standings)) for ref in weekly if ref in readers}


class _Counts:
    """The counts of inherited matters of a batch of letters."""

    def __init__(self, configuration: Configuration, connection: Connection, today: date) -> None:
        self._configuration = configuration
        self._connection, self._today = connection, today
        self._of_areas = jurisdictions.forces_of_areas(connection)
        self._made: dict[Inheritance, ForceStart | None] = {}

    def of(self, reader: Reader, standings: Standings) -> Iterator[ForceStart]:
        """Yield the starts of a lead's forces; none of anybody else's."""
        post, last = standings.posts.get(reader.ref), standings.last(reader)
        if post is None or Role.LEAD not in {*reader.roles, *post.instead_of}:
            return
        hidden = frozenset(standings.hidden.get(reader.ref, ()))
        for asked in self._asked(post, access=reader.restricted_access, hidden=hidden):
            if asked not in self._made:
                self._made[asked] = self._since(asked)
            start = self._made[asked]
            if start is not None and (last is None or last < asked.first_on):
                start = _where(self._configuration, start, inherited.groups(self._connection, asked), asked)
            if start is not None:
                yield start

    def _asked(self, post: Remit, *, access: bool, hidden: frozenset[int]) -> Iterator[Inheritance]:
        policy = self._configuration.policy
        places: list[tuple[str, str | None]] = [(code, None) for code in post.force_codes]
        places += [(code, area) for area in post.cps_areas for code in sorted(self._of_areas.get(area, ()))]
        for code, area in places:
            on = policy.starts.get(code)
            if on is not None and on <= self._today <= on + WEEKS * _WEEK:
                yield Inheritance(code, on, tuple(first_day.inherited_rules(policy, code)), area, access, hidden)

    def _since(self, asked: Inheritance) -> ForceStart | None:
        """Return how many are open week by week; None where none was, and none came."""
        days = [asked.first_on + at * _WEEK for at in range((self._today - asked.first_on).days // 7 + 1)]
        days = sorted({*days, self._today})
        counted = inherited.open_on(self._connection, asked, days)
        weeks = tuple(InheritedWeek(on=day.day, number=day.number) for day in counted)
        if not any(week.number for week in weeks[-2:]):
            return None
        shown = weeks if len(weeks) <= SHOWN else (weeks[0], *weeks[1 - SHOWN :])
        return ForceStart(place=_name(asked), on=asked.first_on, weeks=shown)


def _name(asked: Inheritance) -> str:
    return force_name(asked.force_code) if asked.cps_area is None else pair_name(asked.force_code, asked.cps_area)


def _where(
    configuration: Configuration, start: ForceStart, groups: Iterable[InheritedGroup], asked: Inheritance
) -> ForceStart:
    """Return the page of the first day: what was overdue, by risk, age and rule, and from when it climbs."""
    by_rule: dict[str, list[InheritedGroup]] = defaultdict(list)
    ages, risks = Counter[int](), Counter[Risk]()
    for group in groups:
        by_rule[group.rule].append(group)
        ages[group.weeks] += group.number
        risks[_risk(group)] += group.number
    rules = (_rule(name, found) for name, found in by_rule.items())
    policy, calendar = configuration.policy, configuration.calendar
    climbs = tuple((risk.value, calendar.plus(asked.first_on, policy.inherited.grace.of(risk))) for risk in _RISKS)
    return ForceStart(
        place=start.place, on=start.on, weeks=start.weeks, first=True,
        risks=tuple((risk.value, risks[risk]) for risk in _RISKS if risks[risk]),
        ages=tuple((weeks, ages[weeks]) for weeks in sorted(ages)), climbs=climbs,
        rules=tuple(sorted(rules, key=lambda rule: (-rule.number, rule.title))),
    )  # fmt: skip


def _risk(group: InheritedGroup) -> Risk:
    return Risk(group.risk).treated_as if group.risk in set(Risk) else Risk.HIGH


def _rule(name: str, groups: Iterable[InheritedGroup]) -> InheritedRule:
    risks, oldest = Counter[Risk](), date.max
    for group in groups:
        risks[_risk(group)] += group.number
        oldest = min(oldest, group.oldest_on)
    return InheritedRule(
        title=RULES[name].title,
        oldest_on=oldest,
        risks=tuple((risk.value, risks[risk]) for risk in _RISKS if risks[risk]),
    )
