"""The list of harassment that may be stalking: reckoned a second time from the rows, and its sentences."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from io import StringIO
from typing import TYPE_CHECKING

from tests.whole.reading.facts import Facts
from tests.whole.reading.people import Case, People
from tests.whole.reading.store import SENDER
from tests.whole.truth.sentences import Letter, says
from tests.whole.truth.world import parsed

if TYPE_CHECKING:
    from tests.whole.truth.mails import Mail
    from tests.whole.truth.world import World

HEADING = "HARASSMENT THAT MAY BE STALKING"
FORCES = {"45": "Surrey", "46": "Kent", "43": "Thames Valley", "01": "Metropolitan"}
LONGEST = 3
KEYS = {"same suspect as": "suspect_key", "same victim as": "victim_key"}


@dataclass(frozen=True)
class Listed:
    """A case by what lists it: numbers by their words, the related cases, the latest day, and the reason."""

    counts: dict[str, int]
    first: date | None  # the day of the first incident
    related: dict[str, frozenset[str]]
    latest: date
    reason: date | None
    unseen: bool

    @property
    def keys(self) -> frozenset[str]:
        """Everything for which it is listed."""
        numbers = {f"{number} {what}" for what, number in self.counts.items()}
        return frozenset(numbers | {f"{how} {case}" for how, cases in self.related.items() for case in cases})

    @property
    def answered(self) -> bool:
        """Return whether the reason is no older than the latest of these facts."""
        return self.reason is not None and self.reason >= self.latest


def expected(world: World, address: str) -> dict[str, Listed]:
    """Give the cases of a reader's list, by reference."""
    if address not in world.pattern_lists:
        world.pattern_lists[address] = _expected(world, address)
    return world.pattern_lists[address]


def _expected(world: World, address: str) -> dict[str, Listed]:
    person, people, found = world.person(address), world.reading.people(world.day), {}
    for facts in world.everything:
        if not facts.open or facts.kind != "harassment" or person["contact_ref"] in facts.barred:
            continue
        if facts.restricted and not person["restricted_access"]:
            continue
        if _leads(person["contact_ref"], person["agency"], facts, people) and (listed := _listed(facts, world)):
            found["/".join(facts.key)] = listed
    return found


def _leads(own: str, agency: str, facts: Facts, people: People) -> bool:
    """Return whether somebody leads on a case, or stands in for who does; where nobody leads, every SPOC there does."""
    case, there = Case.of(facts), replace(people, barred=facts.barred)
    lead = there.leader(agency, case)
    spocs = [lead] if lead else there.with_role("spoc", agency, case.force if agency == "police" else case.area)
    return any(ref == own or (people.absent(ref) and people.deputy(ref) == own) for ref in spocs)


def _listed(facts: Facts, world: World) -> Listed | None:
    case, counts, days = facts.case, {}, []
    acts = facts.own("incidents")
    if len(acts) >= 2:
        counts["incidents"] = len(acts)
        days.append(max(row["reported_on"] for row in acts))
    if case["relationship"] == "ex_partner":
        counts["a former partner"] = 1
        days.append(case["opened_on"])
    if breaches := [row["reported_on"] for row in acts if row["breach"]]:
        counts["breaches"] = len(breaches)
        days.append(max(breaches))
    related = {}
    for how, column in KEYS.items():
        others = [other for other in world.of_key(column, facts.case[column]) if _related(facts, other, column)]
        if others:
            related[how] = frozenset("/".join(other.key) for other in others)
            days.append(max(facts.case["opened_on"], *(other.case["opened_on"] for other in others)))
    if not days:
        return None
    reason = case["why_not_stalking_on"]
    unseen = reason is None and not facts.store.sees(case, "cases", "why_not_stalking_on")
    latest = max([*days, facts.declassified_on] if facts.declassified_on else days)
    first = min(row["occurred_on"] for row in acts) if acts else None
    return Listed(counts, first, related, latest, reason, unseen)


def _related(facts: Facts, other: Facts, column: str) -> bool:
    same = facts.case[column] is not None and facts.case[column] == other.case[column]
    apart = other.restricted or other.barred or (facts.root and facts.root == other.root)
    return same and other.key != facts.key and other.case[SENDER] == facts.case[SENDER] and not apart


def listed_in(mail: Mail) -> list[str]:
    """Give the cases that a mail's attached list has."""
    lists = [content for name, content in mail.attached if name.startswith("harassment-")]
    return [row["Reference"] for content in lists for row in csv.DictReader(StringIO(content))]


def fresh(letter: Letter) -> set[str]:
    """Give the cases without an answer that the reader has never read of, or that have something new since."""
    known = letter.world.patterns.get(letter.mail.to, {})
    found = expected(letter.world, letter.mail.to).items()
    return {about for about, one in found if not one.answered and not one.keys <= known.get(about, frozenset())}


@says(r"Cases for you to look at as SPOC, listed for their facts and for no measure of a person")
def there_are_some(letter: Letter) -> None:
    assert expected(letter.world, letter.mail.to), "none is listed for anything"


@says(r"New or changed: <n:all>(?:, of which the <n:here> most urgent are here)?")
def new_or_changed(letter: Letter, all: int, here: int | None) -> None:  # noqa: A002  the word of the sentence
    found = fresh(letter)
    assert all == len(found), f"new or changed are {sorted(found)}"
    letter.pattern["here"] = here or all
    assert letter.pattern["here"] <= LONGEST, f"{here} of {len(found)} are listed"
    letter.pattern["fresh"] = all


@says(r"As you last read: <n:number>")
def as_before(letter: Letter, number: int) -> None:
    open_ = {about for about, one in expected(letter.world, letter.mail.to).items() if not one.answered}
    assert number == len(open_ - fresh(letter)), f"unchanged are {sorted(open_ - fresh(letter))}"
    letter.pattern["unchanged"] = number


@says(r"Each stays until it is recorded as stalking, or why it is not since its latest fact")
def what_takes_a_case_off(letter: Letter) -> None:
    assert any(not one.answered for one in expected(letter.world, letter.mail.to).values()), "every case has its answer"


@says(r"With a reason recorded since the latest fact: <n:number>")
def with_a_reason(letter: Letter, number: int) -> None:
    answered = {about for about, one in expected(letter.world, letter.mail.to).items() if one.answered}
    assert number == len(answered), f"answered are {sorted(answered)}"
    letter.pattern["answered"] = number


@says(r"Listed(?P<words__again> again, with something new)?: <words:signs>")
def listed(letter: Letter, again: str | None, signs: str) -> None:
    assert letter.about in fresh(letter), "it is not new, not theirs, or has an answer"
    assert bool(again) == (letter.about in letter.world.patterns.get(letter.mail.to, {}))
    one, said = expected(letter.world, letter.mail.to)[letter.about], signs.split("; ")
    counts, related = Counter(one.counts), {}
    for each in said:
        if found := re.fullmatch(r"(same (?:suspect|victim) as) (.+?)(?: and (\d+) more)?", each):
            named = frozenset(found[2].split(", "))
            assert len(named) + int(found[3] or 0) == len(one.related.get(found[1], ())), f"they are {one.related}"
            related[found[1]] = named
        elif each == "a former partner":
            counts -= Counter({each: 1})
        elif found := re.fullmatch(r"(\d+) incidents since (.+)", each):
            counts -= Counter({"incidents": int(found[1])})
            assert one.counts.get("incidents") == int(found[1]), f"they are {one.counts}"
            assert parsed(found[2], letter.today) == one.first, f"the first occurred on {one.first}"
        elif found := re.fullmatch(r"(\d+) breach(?:es)?", each):
            assert one.counts.get("breaches") == int(found[1]), f"they are {one.counts}"
            counts -= Counter({"breaches": int(found[1])})
    assert not +counts, f"it is listed for {one.counts} too"
    for how, cases in one.related.items():
        assert related.get(how, frozenset()) <= {_told(case, letter.about) for case in cases}, f"they are {cases}"
        assert how in related, f"{how} {sorted(cases)} too"
    letter.pattern["listed"] += 1


def _told(case: str, own: str) -> str:
    force = case.split("/", maxsplit=1)[0]
    return case if force == own.split("/", maxsplit=1)[0] else f"{case} ({FORCES[force]})"


@says(r"No reason why it is not stalking is recorded")
def no_reason(letter: Letter) -> None:
    one = expected(letter.world, letter.mail.to)[letter.about]
    assert one.reason is None, f"one was recorded on {one.reason}"
    assert not one.unseen, "whether one is cannot be seen"


@says(r"Until then it is watched as stalking")
def watched(letter: Letter) -> None:
    assert any(life.owed.rule == "why-not-stalking" for life in letter.world.lives(letter.about)), "it is not asked why"


@says(r"Whether a reason why it is not stalking is recorded cannot be seen: its source sends no such day")
def no_reason_seen(letter: Letter) -> None:
    assert expected(letter.world, letter.mail.to)[letter.about].unseen


@says(r"The reason why it is not stalking was recorded on <day:recorded>, before the latest of these on <day:latest>")
def old_reason(letter: Letter, recorded: date, latest: date) -> None:
    one = expected(letter.world, letter.mail.to)[letter.about]
    assert (recorded, latest) == (one.reason, one.latest), f"it was on {one.reason}, the latest is {one.latest}"


def whole_list(letter: Letter) -> None:
    """Hold a list against what lists cases: it is there if there is any, and has as many as it says."""
    found = expected(letter.world, letter.mail.to) if "HOW THINGS STAND" in letter.mail.plain else {}
    if not found:
        assert not letter.pattern, "nothing is to be listed"
        return
    answered, new = sum(one.answered for one in found.values()), len(fresh(letter))
    numbers = {"fresh": new, "unchanged": len(found) - answered - new, "answered": answered}
    assert sorted(listed_in(letter.mail)) == sorted(found), "its attached list has others"
    said = {name: letter.pattern[name] for name in numbers}
    assert said == numbers, f"they are {numbers}"
    assert letter.pattern["listed"] == letter.pattern["here"], f"{letter.pattern['listed']} of {new} are listed"
    assert bool(new) == bool(letter.pattern["listed"]), "none of those that are new is listed"
