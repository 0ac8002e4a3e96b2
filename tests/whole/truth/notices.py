"""What travels in letters beside obligations: reviews that failed, transferred cases, and where a force began."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from tests.whole.reading.first_day import is_limit
from tests.whole.truth.grammar import numbers
from tests.whole.truth.sentences import Letter, says
from tests.whole.truth.words import TITLES
from tests.whole.truth.world import parsed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.whole.reading.life import Life

RISK = {"high": r"at high risk", "medium": r"at medium risk", "standard": r"at standard risk"}
BY_RISK = r"\d+ at (?:high|medium|standard) risk(?:, \d+ at (?:high|medium|standard) risk)*"
HOW = {  # whether police attended, whether CPS did
    "the case was not reached": None,
    "police attended, and nobody from CPS": (True, False),
    "CPS attended, and nobody from police": (False, True),
    "nobody attended": (False, False),
}


@says(r"<about>: the joint review failed (?:twice|<n:times> times) running \(<words:each>\)")
def failed(letter: Letter, about: str, each: str, times: int | None) -> None:
    letter.about, said = about, each.split("; ")
    assert len(said) == (times or 2)
    for when, how in (one.split(": ", 1) for one in said):
        day = parsed(when, letter.today)
        known = letter.world.outcomes(about, day)
        assert HOW[how] in known, f"on {day} it was {known}"


@says(
    r"Have somebody from CPS who can decide, beside police, at the meeting on <day>, for which the case is "
    r"listed(?:, and have it taken first)?",
    r"Have somebody from police who can decide, beside CPS, at the meeting on <day>, for which the case is "
    r"listed(?:, and have it taken first)?",
    r"Have somebody from police and from CPS who can decide at the meeting on <day>, for which the case is "
    r"listed(?:, and have it taken first)?",
)
def have_somebody(letter: Letter, day: date) -> None:
    seat = letter.world.seat(letter.about)
    assert seat, "it is listed for no meeting"
    assert seat.day == day >= letter.today, f"it is listed for {seat.day}"


@says(r"<about>: transferred to another force")
def transferred(letter: Letter, about: str) -> None:
    letter.about = about
    case = letter.world.case(about)
    assert case
    assert case["finalised_reason"] == "transferred"


@says(
    r"No other force has sent a case of its URN: nobody is known to have it"
    r"(?:\. <n:number> orders? (?:has|have) not expired, the first on <day>)?"
)
def nobody_has_it(letter: Letter, number: int = 0, day: date | None = None) -> None:
    assert not _elsewhere(letter)
    its_orders(letter, number, day)


@says(
    r"Transferred too, of the same URN: <words:cases>\. Nobody is known to have it"
    r"(?:\. <n:number> orders? (?:has|have) not expired, the first on <day>)?"
)
def everybody_passed_it_on(letter: Letter, cases: str, number: int = 0, day: date | None = None) -> None:
    there = _elsewhere(letter)
    assert cases.split(", ") == sorted(there)
    assert set(there.values()) == {"transferred"}
    its_orders(letter, number, day)


def _elsewhere(letter: Letter) -> dict[str, str | None]:
    """Return why each case of the same URN in another force is over."""
    facts = letter.world.facts[letter.about]
    others = [other for other in letter.world.everything if other.root and other.root == facts.root]
    return {"/".join(other.key): other.case["finalised_reason"] for other in others if other.key[0] != facts.key[0]}


def its_orders(letter: Letter, number: int, day: date | None) -> None:
    ends = [row["expires_on"] for row in letter.world.facts[letter.about].own("orders") if row["expires_on"]]
    running = [end for end in ends if end >= letter.today]
    assert (len(running), min(running, default=None)) == (number or 0, day), f"they end on {running}"


@says(
    r"A review counts once both attended and it is recorded",
    r"Reminders of them still go to [^:]+, until the source of another force sends the case",
    r"Ask the force that takes it whether it has the case, its risk assessment and its orders; tell the victim who the "
    r"contact is now",
    r"Time limits, orders and breaches do not wait, nor do contact and risk assessments at high risk",
)
def always(letter: Letter) -> None:
    del letter


# Where a force began.


def _inherited(letter: Letter, rule: str | None = None) -> Iterator[Life]:
    """Yield what was due before the first day of the reader's force, and is owed still."""
    person = letter.world.person(letter.mail.to)
    areas = {each.replace("&", "and").lower() for each in person["cps_area"]}
    for life in letter.world.reading.lives.values():
        case = letter.world.reading.cases.get((life.owed.force or "", life.owed.case_ref or ""))
        there = case and (case.force in person["force_code"] or case.area in areas)
        limit = is_limit(life.owed.rule)  # they do not wait, and are not counted with the others
        if (
            there
            and not limit
            and not life.ended_on
            and life.start
            and life.owed.due < life.start
            and rule in (None, life.owed.rule)
        ):
            yield life


def _by_risk(letter: Letter, rule: str | None = None) -> dict[str, int]:
    found: dict[str, int] = {}
    for life in _inherited(letter, rule):
        risk = life.owed.risk or "high"
        found[risk] = found.get(risk, 0) + 1
    return found


@says(r"(?P<words__title>WHERE WE START|SINCE WE STARTED|Where we start|Since we started): <words:places>", apart=True)
def where_they_start(letter: Letter, title: str, places: str) -> None:
    del places
    letter.block = title.upper()


@says(rf"<n:number> matters inherited on <day:first>: (?P<words__risks>{BY_RISK})")
def inherited(letter: Letter, number: int, first: date, risks: str) -> None:
    assert first <= letter.today
    assert numbers(risks, RISK) == _by_risk(letter), f"they are {_by_risk(letter)}"
    assert number == sum(_by_risk(letter).values())


@says(rf"<title>: (?P<words__risks>{BY_RISK}), the oldest since <day:oldest>")
def inherited_of_a_rule(letter: Letter, title: str, risks: str, oldest: date) -> None:
    rule = TITLES[title]
    assert numbers(risks, RISK) == _by_risk(letter, rule), f"they are {_by_risk(letter, rule)}"
    first = min(life.owed.due for life in _inherited(letter, rule))
    assert oldest == first, f"the oldest was due {first}"


@says(r"Late by then: (?P<words__how>\d.+)")
def late_by_then(letter: Letter, how: str) -> None:
    numbers_of = [int(number) for number in re.findall(r"(\d+) by up to", how)]
    assert sum(numbers_of) == len(list(_inherited(letter)))


@says(
    r"Each begins with whoever owes it, and goes further on <day:high> at high risk, <day:medium> at medium risk, "
    r"<day:standard> at standard risk, unless it ends first"
)
def goes_further(letter: Letter, high: date, medium: date, standard: date) -> None:
    assert letter.today <= high <= medium <= standard


@says(r"<n:now> inherited matters open, <n:then> on <day:first>: <n:fewer> fewer")
def fewer(letter: Letter, now: int, then: int, first: date, fewer: int) -> None:
    assert now == len(list(_inherited(letter))), f"they are {len(list(_inherited(letter)))}"
    assert then - now == fewer
    assert first < letter.today


@says(r"<day:on>: <n:number>", r"<day:on>", r"<n:number>", apart=True)
def week_by_week(letter: Letter, on: date | None = None, number: int | None = None) -> None:
    assert letter.block == "SINCE WE STARTED"
    assert on is None or on <= letter.today
    del number
