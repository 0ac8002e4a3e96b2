"""Blocks: which part of a letter each matter goes into, in which order, and what is only counted."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from config.letters import LongestBlocks
from config.terms import Addressee, Risk, Severity
from models.rules.catalogue import danger, suspect_wanted
from models.rules.obligations.rulebook import RULES
from tasks.messages.contexts import ObligationItem
from tasks.messages.letter.contexts import Count, LetterContext

SOON, LONG_AGO = 7, 28  # days: time limits and orders are listed from the first before their end to the second after it
COUNTED = (
    "lost", "passed", "within_7_days", "danger", "stalled", "critical", "besides", "overdue", "soon", "later", "old",
    "counterpart", "resolved", "news", "elsewhere",
)  # fmt: skip
NEWS = ("sittings", "taken_back", "enclosed")  # beside matters, the last first
RANK = {None: 2, Risk.HIGH: 0, Risk.UNKNOWN: 0, Risk.MEDIUM: 1, Risk.STANDARD: 2}
_OF_DANGER = frozenset({danger.RULE.name, suspect_wanted.RULE.name})
_BY_SEVERITY = {Severity.CRITICALLY_OVERDUE: "critical", Severity.OVERDUE: "overdue"}


class Blocks(NamedTuple):
    """The matters that a letter lists, by block, and those that it only counts."""

    lost: tuple[ObligationItem, ...]
    limits: tuple[ObligationItem, ...]
    at_once: tuple[ObligationItem, ...]
    victim: tuple[ObligationItem, ...]
    yours: tuple[ObligationItem, ...]
    resolved: tuple[ObligationItem, ...]
    rest: tuple[ObligationItem, ...]

    @property
    def shown(self) -> tuple[ObligationItem, ...]:
        """The matters that are owed and listed."""
        return (*self.limits, *self.at_once, *self.victim, *self.yours)

    @property
    def listed(self) -> frozenset[tuple[object, ...]]:
        """The keys of all matters that are listed."""
        return frozenset(key(item) for item in (*self.lost, *self.shown, *self.resolved))


def arranged(
    items: Iterable[ObligationItem], longest: LongestBlocks, leads: Callable[[ObligationItem], bool] = lambda _: False
) -> Blocks:
    """Put each matter into the first block that fits; what was lost, and limits near their end, are never left out.

    Within its block, what `leads` the headline comes first, and then a danger, or a suspect who is wanted; of dangers
    those that are new to the reader, so that repeated ones take none of their lines.
    """
    found: dict[str, list[ObligationItem]] = {name: [] for name in Blocks._fields}
    for item in sorted(each_once(items), key=lambda each: (not leads(each), *_danger_first(each), *pressing(each))):
        found[_block(item)].append(item)
    limits = sorted(found["limits"], key=lambda each: (each.due_on, each.reference))
    kept = {name: found[name][: getattr(longest, name)] for name in ("at_once", "victim", "yours", "resolved")}
    rest = [*found["rest"], *(item for name in kept for item in found[name][len(kept[name]) :])]
    return Blocks(
        tuple(found["lost"]), tuple(limits), **{name: tuple(those) for name, those in kept.items()}, rest=tuple(rest)
    )


def _danger_first(item: ObligationItem) -> tuple[bool, bool]:
    return item.rule not in _OF_DANGER, item.danger is not None and bool(item.tried)


def _block(item: ObligationItem) -> str:
    if item.ended is not None:
        return "lost" if item.ended.lost else "resolved"
    if near(item):
        return "limits"
    if item.at_once:
        return "at_once"
    if RULES[item.rule].victim_first:
        return "victim"
    return "rest" if item.addressee is Addressee.COUNTERPART else "yours"


def near(item: ObligationItem) -> bool:
    """Return whether it is a time limit or an order that ran out in the last 28 days, or ends within 7."""
    return item.hard and -SOON <= item.days <= LONG_AGO


def pressing(item: ObligationItem) -> tuple[object, ...]:
    """Order matters: high or unknown risk first, then the longest overdue."""
    return RANK[item.risk], item.due_on, item.reference, item.rule, item.subject


def each_once(items: Iterable[ObligationItem]) -> list[ObligationItem]:
    """Return each matter once, as it comes first; that one ended and that one is owed are two."""
    first: dict[tuple[object, ...], ObligationItem] = {}
    for item in items:
        first.setdefault(key(item), item)
    return list(first.values())


def key(item: ObligationItem) -> tuple[object, ...]:
    """Identify a matter within a letter."""
    return item.reference, item.rule, item.subject, item.ended


def kind(item: ObligationItem) -> str:
    """Return as what a matter is counted: a key of names.counts."""
    if item.ended is not None:
        return "lost" if item.ended.lost else "resolved"
    if item.hard:
        if item.days > 0:
            return "old" if item.days > LONG_AGO else "passed"
        return "within_7_days" if item.days >= -SOON else "later"
    if item.rule == danger.RULE.name and item.at_once:
        return "danger"
    if item.addressee is Addressee.COUNTERPART:
        return "counterpart"
    return _BY_SEVERITY.get(item.severity, "soon")


def stalls(item: ObligationItem) -> bool:
    """Return whether it stalls its case, and so is counted as the case where cases are counted."""
    return item.stalls and not item.hard and item.ended is None and item.severity is Severity.CRITICALLY_OVERDUE


def counted(items: Iterable[ObligationItem], *, besides: bool = False, **others: int) -> tuple[Count, ...]:
    """Count matters by kind, with other numbers, in the order in which a letter tells them.

    With `besides`, what is critically overdue is so besides the stalled cases, which are counted as cases.
    """
    found = Counter(map(kind, items)) + Counter(others)
    if besides:
        found["besides"] = found.pop("critical", 0)
    return tuple(Count(what, found[what]) for what in COUNTED if found[what])


def shortened(letter: LetterContext, number: int) -> LetterContext:
    """Leave this many of a letter's last matters out, and count them; limits and orders stay longest."""
    standing, besides = letter.standing, any(count.what == "besides" for count in letter.counts)
    if standing and (standing.still_open or standing.stalled):
        name = "still_open" if standing.still_open else "stalled"
        kept = getattr(standing, name)[: max(0, len(getattr(standing, name)) - number)]
        gone = getattr(standing, name)[len(kept) :]
        counts = counted(gone, besides=besides) if name == "still_open" else (Count("stalled", len(gone)),)
        return replace(letter, standing=replace(standing, **{name: kept}), rest=together(letter.rest, counts))
    name = next(
        (name for name in ("resolved", "yours", "victim", "at_once", "limits", "lost") if getattr(letter, name)), ""
    )
    if not name:
        return _without_news(letter, number)
    kept = getattr(letter, name)[: max(0, len(getattr(letter, name)) - number)]
    gone = counted(getattr(letter, name)[len(kept) :], besides=besides)
    return replace(letter, **{name: kept}, rest=together(letter.rest, gone))


def ever_shorter(letter: LetterContext) -> Iterator[LetterContext]:
    """Yield the letter without its last matters, a quarter less each time: items still open go first.

    What changed goes last of all; the counts stay.
    """
    while shown := _lines(letter):
        letter = shortened(letter, max(1, shown // 4))
        yield letter
    yield replace(letter, changed=None, unchanged_since=None)


def _lines(letter: LetterContext) -> int:
    standing = letter.standing
    within = len(standing.still_open) + len(standing.stalled) if standing else 0
    blocks = (letter.lost, letter.limits, letter.at_once, letter.victim, letter.yours, letter.resolved)
    return within + sum(map(len, blocks)) + sum(len(getattr(letter, name)) for name in NEWS)


def _without_news(letter: LetterContext, number: int) -> LetterContext:
    """Leave out what is no matter of a list: meetings first, then what travels in the letter."""
    name = next((name for name in NEWS if getattr(letter, name)), "")
    if not name:
        return letter
    kept = getattr(letter, name)[: max(0, len(getattr(letter, name)) - number)]
    gone = Count("elsewhere", len(getattr(letter, name)) - len(kept))
    return replace(letter, **{name: kept}, rest=together(letter.rest, (gone,)))


def together(one: Iterable[Count], other: Iterable[Count]) -> tuple[Count, ...]:
    """Add numbers of the same kinds."""
    found: Counter[str] = Counter()
    for count in (*one, *other):
        found[count.what] += count.number
    return tuple(Count(what, found[what]) for what in COUNTED if found[what])
