"""The nights of a book: each day is lived in this process, and described by what changed in the database."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

from config.days.london import at_london
from flows.configured import configured
from flows.demo import NOON, START
from flows.round_steps import whole_round
from tasks.outbox.delivery import deliver
from tasks.rounds import summary
from tests.approved.nights import lists
from tests.approved.nights.book import Force
from tests.approved.nights.happenings import AFTER, BEFORE, Happening
from tests.approved.nights.house import House, call, installed, typed
from tests.approved.nights.mails import letters, subjects
from tests.approved.nights.naming import Names, Tables, named
from tests.approved.nights.plain import masked, shortened
from tests.approved.nights.tables import changes, every_row

DAYS = 18  # to the Thursday after Easter
LISTED = (date(2026, 3, 31), date(2026, 4, 9))  # whose lists are printed


class Night(NamedTuple):
    """A day, the text that describes it, and the tables in which rows changed."""

    day: date
    text: str
    tables: frozenset[str]


def lived(home: Path, url: str) -> Iterator[Night]:
    """Live day after day, and yield the description of each."""
    before: Tables = {}
    with installed(home, url) as house:
        force, read = Force(home), 0
        posted: Counter[str] = Counter()
        for day in (START + timedelta(days=number) for number in range(DAYS)):
            house.post.day += 1
            parts = _lived(house, force, day)
            posts = _posts(house)
            after, mails = every_row(house.engine), house.post.kept
            parts |= {
                "Mails": subjects(mails[read:]),
                "Slack": sorted((posts - posted).elements()),
                "Rows": list(changes(before, after, day)),
            }
            if day in LISTED:
                parts |= lists.of_day(house, day)
            if day == LISTED[0]:
                parts["Letters"] = letters(mails[read:])
            if day == LISTED[-1]:
                parts |= lists.of_cases(house, day)
            yield Night(
                day,
                _described(day, parts, partial(_plain, Names(after), str(home))),
                frozenset(name for name in after if after[name] != before.get(name, {})),
            )
            before, read, posted = after, len(mails), posts


def _lived(house: House, force: Force, day: date) -> dict[str, list[str]]:
    """Live a day: what happens before the round, the round, what people answer and do, and what happens afterwards."""
    first = _happen(BEFORE, house, force, day)
    made = whole_round(configured(), day, at_london(day))
    printed = [made.state, *made.verdict.trouble, made.delivered.sentence if made.delivered else "no delivery"]
    if day in LISTED:
        printed += summary.page(configured(), made.content, day).splitlines()
    if house.mailed and force.answer(day):
        printed += call("replies", "--as-of", day.isoformat())
        deliver(configured(), at_london(day, NOON))
    acts = (typed(*command, day=day) for command in force.work(day))
    return {
        "Before": first,
        "Round": printed,
        "Acts": [line for lines in acts for line in lines],
        "After": _happen(AFTER, house, force, day),
    }


def _happen(happenings: Mapping[date, Iterable[Happening]], house: House, force: Force, day: date) -> list[str]:
    return [line for each in happenings.get(day, ()) for line in each(house, force, day)]


def _posts(house: House) -> Counter[str]:
    """Return where each message in Slack is, and how it begins."""
    places = house.slack.conversations
    return Counter(f"{place}: {post['text']}" for place in places for post in house.slack.posts(place))


def _described(day: date, parts: Mapping[str, list[str]], plain: Callable[[str], str]) -> str:
    lines = [f"{day:%A %-d %B %Y}"]
    for title, content in parts.items():
        if content:
            rows = title == "Rows"  # which are plain already
            lines += ["", f"== {title}", *(content if rows else map(plain, content))]
    return "\n".join(lines) + "\n"


def _plain(names: Names, home: str, line: str) -> str:
    """Return a printed line with names in the place of numbers and without what is random."""
    return shortened(masked(named(line.replace(home, "HOME"), names.of))).rstrip()
