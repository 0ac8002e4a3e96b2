"""Sentences with blanks, and the check of each: how a reader of letters is taught, and how it reads."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from tests.whole.truth.mails import Mail, sentences
from tests.whole.truth.words import BLOCKS, BRIEF, COUNTS, KINDS, PARTS, RISKS, ROLES, STEPS, TITLES, WHO
from tests.whole.truth.world import WRITTEN, Act, World, parsed

if TYPE_CHECKING:
    from tests.whole.reading.life import Life


def _one_of(words: object) -> str:
    return "(?:" + "|".join(re.escape(str(each)) for each in words) + ")"  # type: ignore[attr-defined]


_COUNT = rf"\d+ (?:{'|'.join(COUNTS.values())})"
_BRIEF = rf"\d+ (?:{'|'.join(BRIEF.values())})"
_OWER = rf"[\w -]+? \({_one_of(WHO)}\)"
_NAMED = rf"{_OWER}(?: and {_OWER})*|police and CPS|police|CPS|operations"
_UNREACHED = rf"(?:the|whoever is) {_one_of(WHO)} has (?:left|no address here)"
_NOBODY = rf"no {_one_of(WHO)} is recorded|{_UNREACHED}|no CPS SPOC is named to lead"
_WORDS = sorted((said for parts in PARTS.values() for said in parts.values()), key=len, reverse=True)
_PART = _one_of((*_WORDS, *(f"C{each:02}" for each in range(1, 16))))
PART = re.compile(_PART)
BLANKS = {
    "day": WRITTEN,
    "n": r"\d+",
    "hour": r"\d\d:\d\d",
    "about": r"[^()]+?",
    "of": r"(?:source [^():,;.]+(?:\.csv)?|(?:contact|area|force) [^():,;.]+)",
    "words": r".+?",
    "ref": r"[^()]+",
    "title": _one_of(TITLES),
    "kind": _one_of(KINDS.values()),
    "risk": _one_of(RISKS),
    "role": _one_of(ROLES),
    "step": _one_of(STEPS),
    "steps": rf"{_one_of(STEPS)} {WRITTEN}(?:, {_one_of(STEPS)} {WRITTEN})*",
    "owers": rf"(?:{_NAMED})(?:; (?:{_NOBODY}))*",
    "parts": rf"{_PART}(?:(?:, and | and |, ){_PART})*",
    "counts": rf"{_COUNT}(?:, {_COUNT})*",
    "count": _COUNT,
    "brief": rf"{_BRIEF}(?:, {_BRIEF})*",
}
BLANK = re.compile(r"(?<!P)<(\w+)(?::(\w+))?>")


@dataclass
class Item:
    """What stands below one heading of a letter: its block, its reference, what is owed, and what is said of it."""

    block: str
    about: str
    lives: list[Life] = field(default_factory=list)
    said: set[str] = field(default_factory=set)
    suspects: Counter[tuple[Any, ...]] = field(default_factory=Counter)  # where each is said to be


@dataclass
class Letter:
    """One part of a mail as it is read from its beginning: what has been found, and what the next line is about."""

    mail: Mail
    world: World
    block: str = ""
    about: str = ""
    life: Life | None = None
    subject: dict[str, int] = field(default_factory=dict)
    headline: Counter[str] = field(default_factory=Counter)
    rest: Counter[str] = field(default_factory=Counter)
    listed: dict[tuple[Any, ...], Life] = field(default_factory=dict)
    ended: Counter[tuple[Any, ...]] = field(default_factory=Counter)  # how often it tells of the end of each matter
    lost_here: list[str] = field(default_factory=list)  # the case of each matter in the block of what is lost
    tally: Counter[str] = field(default_factory=Counter)  # sentences by their check, and with ! those that are not so
    urgent: int = 0  # matters that an urgent mail's subject counts
    read: date = date.min  # when the reader read what is taken back
    acts: set[Act] = field(default_factory=set)  # that it tells of
    unnamed: int = 0  # acts on cases that its reader may not see
    cases: set[str] = field(default_factory=set)  # of which the sentence before counted joint reviews
    pattern: Counter[str] = field(default_factory=Counter)  # the numbers of its pattern list, and the cases listed
    leads: set[str] = field(default_factory=set)  # stalled cases on which its reader leads, where it says so
    as_of: set[tuple[date, str]] = field(default_factory=set)  # files that it says are of an earlier day
    foremost: tuple[str, str] | None = None  # what the headline's first number counts, and the reference that it names
    named: set[str] = field(default_factory=set)  # cases that it names among what changed, or is still stalled
    lost: set[str] = field(default_factory=set)  # cases of which it says that something was lost
    lost_unnamed: int = 0  # how many more of these it counts
    unseen: set[tuple[str, bool]] = field(default_factory=set)  # forces of which it says it, or of some cases
    items: list[Item] = field(default_factory=list)
    presumed: int = 0  # how many of the stalled cases it says are presumed to be stalking
    dangers: int = 0  # how many cases it says danger was raised of
    stands: bool = False  # whether it says how things stand
    said: Counter[tuple[Any, ...]] = field(default_factory=Counter)

    @property
    def today(self) -> date:
        """The day of the letter."""
        return self.world.day


NAMED = 5  # cases of each kind of change, or fewer where the page has no room
CHANGED_CASE = re.compile(rf"(\S+) \({_one_of(map(str.lower, RISKS))}(?:, (?P<title__title>{BLANKS['title']}))?\)")
Check = Callable[..., None]
TAUGHT: list[tuple[re.Pattern[str], Check]] = []
WITHOUT_HEADINGS = {"LOST"}  # blocks whose plain part names each case in its line
APART: set[Check] = set()  # the checks of what only one part of a mail says


def says(*taught: str, apart: bool = False) -> Callable[[Check], Check]:
    """Teach sentences, as expressions with blanks such as `<day>` and `<n:late>`; the check takes these by name."""

    def keep(check: Check) -> Check:
        TAUGHT.extend((re.compile(BLANK.sub(filled, each)), check) for each in taught)
        APART.update([check] if apart else [])
        return check

    return keep


def filled(found: re.Match[str]) -> str:
    """Give the expression of a blank, named by its kind and its name."""
    kind, name = found[1], found[2] or found[1]
    return f"(?P<{kind}__{name}>{BLANKS[kind]})"


def wrongs(
    mail: Mail, world: World, after: Callable[[Letter], None], tally: Counter[str] | None = None
) -> Iterator[str]:
    """Yield what is wrong with a mail: a sentence that nobody taught, one that is not so, a page that says another.

    `after` checks a part as a whole, once it is read. `tally` counts the sentences of the plain part by their check.
    """
    read = []
    for part in (mail.plain, mail.page):
        letter = Letter(mail, world)
        for line in (mail.subject, *part):
            yield from read_line(letter, line)
        yield from _tried(letter, "all of it", lambda letter=letter: after(letter), after)  # type: ignore[misc]
        read.append(letter.said)
        if tally is not None and part is mail.plain:
            tally.update(letter.tally)
    for only, name in ((read[0] - read[1], "plain part"), (read[1] - read[0], "page")):
        yield from (f"only its {name} says {' '.join(map(str, said))}" for said in only)


def read_line(letter: Letter, line: str) -> Iterator[str]:
    """Yield what is wrong with a line that stands next in a letter."""
    if line.upper() in BLOCKS:
        letter.block, letter.about, letter.life = line.upper(), "", None
        letter.stands = letter.stands or letter.block == "HOW THINGS STAND"
        return
    parts, whole = sentences(line), line.rstrip(" .:")
    for sentence in [whole] if _taught(whole) and not all(map(_taught, parts)) else parts:
        found = _taught(sentence)
        if found is None:
            letter.tally["nobody taught"] += 1
            yield f"nobody taught: {sentence}"
            continue
        blanks, check = found
        try:
            values = {name.partition("__")[2]: _value(letter, name, text) for name, text in blanks.items()}
        except AssertionError as error:
            yield f"it is not so: {sentence} ({error})"
            continue
        held = lambda check=check, values=values: check(letter, **values)  # noqa: E731
        yield from _tried(letter, sentence, held, check)
        if blanks and check not in APART and not (letter.block in WITHOUT_HEADINGS and "risk" in values):
            said = values | {"about": letter.about} if "about" in values else values
            letter.said[check.__name__, *map(str, said.values())] += 1


def _tried(letter: Letter, sentence: str, held: Callable[[], None], check: Check) -> Iterator[str]:
    letter.tally[check.__name__] += 1
    try:
        held()
    except AssertionError as error:
        letter.tally[f"{check.__name__}!"] += 1
        yield f"it is not so: {sentence} ({str(error).splitlines()[0] if str(error) else 'no reason'})"


def _taught(sentence: str) -> tuple[dict[str, str], Check] | None:
    for pattern, check in TAUGHT:
        if found := pattern.fullmatch(sentence):
            return found.groupdict(), check
    return None


def _value(letter: Letter, name: str, text: str | None) -> Any:
    kind = name.partition("__")[0]
    if text is None:
        return None
    return parsed(text, letter.today) if kind == "day" else int(text) if kind == "n" else text
