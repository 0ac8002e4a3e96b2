"""Which facts of a harassment case ask whether it is stalking, and whether a recorded reason answers them.

A case is listed for its facts, each with its day. Nothing is added up: no case and no person has a score.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from config.pattern import PatternPolicy, Sign


class KeyedCase(NamedTuple):
    """Another case with the same key of a suspect or a victim: by which of them, and which case."""

    sign: Sign
    case_id: int
    force_code: str
    reference: str  # force and case reference
    opened_on: date


class HarassmentFacts(NamedTuple):
    """The facts of a harassment case that may list it. The days of incidents are None where there is none."""

    opened_on: date
    former_partner: bool
    incidents: int
    first_on: date | None  # when the first of them occurred
    reported_on: date | None  # when the latest of them was reported
    breaches: int
    breached_on: date | None  # when the latest breach was reported
    declassified_on: date | None  # when it stopped being recorded as stalking
    why_not_stalking_on: date | None


class FoundSign(NamedTuple):
    """One fact for which a case is listed: how many of them, since when, its latest day, and the cases of one key."""

    sign: Sign
    on: date
    number: int = 1
    since: date | None = None
    cases: tuple[KeyedCase, ...] = ()

    @property
    def keys(self) -> list[str]:
        """Name the fact for a comparison with a later list: by numbers and ids, never by a key of a person."""
        if self.cases:
            return [f"{self.sign}:{case.case_id}" for case in self.cases]
        return [f"{self.sign}:{self.number}"]


class RecordedReason(NamedTuple):
    """The reason why a case is not stalking, as far as it is recorded, beside the latest day of its facts."""

    recorded_on: date | None
    latest_on: date
    unseen: bool = False  # the source sends no such day

    @property
    def answers(self) -> bool:
        """Return whether the reason was recorded when the latest of the facts was there already."""
        return self.recorded_on is not None and self.recorded_on >= self.latest_on


def signs(facts: HarassmentFacts, related: Sequence[KeyedCase], policy: PatternPolicy) -> tuple[FoundSign, ...]:
    """Return the facts for which a harassment case is listed, in the order of their kinds; none: it is not listed.

    Source: two occasions are a course of conduct (Protection from Harassment Act 1997 s.7(3)); conduct by a former
    partner is stalking unless police are satisfied that it is not (crime counting rules since April 2020). A breach and
    another case with the same suspect or victim are local.
    """
    return tuple(_found(facts, related, policy))


def _found(facts: HarassmentFacts, related: Sequence[KeyedCase], policy: PatternPolicy) -> Iterator[FoundSign]:
    if policy.incidents and facts.reported_on and facts.incidents >= policy.incidents:
        yield FoundSign(Sign.INCIDENTS, facts.reported_on, facts.incidents, facts.first_on)
    if policy.former_partner and facts.former_partner:
        yield FoundSign(Sign.FORMER_PARTNER, facts.opened_on)
    if policy.breach and facts.breached_on:
        yield FoundSign(Sign.BREACH, facts.breached_on, facts.breaches)
    for sign, wanted in ((Sign.SAME_SUSPECT, policy.same_suspect), (Sign.SAME_VICTIM, policy.same_victim)):
        cases = tuple(case for case in related if case.sign is sign)
        if wanted and cases:
            latest = max(case.opened_on for case in cases)
            yield FoundSign(sign, max(latest, facts.opened_on), len(cases), cases=cases)


def reason(facts: HarassmentFacts, found_signs: Sequence[FoundSign], *, unseen: bool) -> RecordedReason:
    """Return what is recorded about why the case is not stalking. A reason from before its declassification is old."""
    days = [sign.on for sign in found_signs]
    latest = max([*days, facts.declassified_on] if facts.declassified_on else days)
    return RecordedReason(facts.why_not_stalking_on, latest, unseen and facts.why_not_stalking_on is None)


def news(keys: Sequence[str], listed: Sequence[str] | None) -> bool:
    """Return whether a list has something of a case that the last list of the same reader had not."""
    return listed is None or not set(keys) <= set(listed)
