"""The list that is attached to a letter: every row of it is held against the same facts."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from io import StringIO
from typing import TYPE_CHECKING

from tests.whole.reading.days import said_by, working
from tests.whole.reading.duties.watched import presumed
from tests.whole.truth.dangers import told_of
from tests.whole.truth.sentences import PART, Item, Letter, read_line
from tests.whole.truth.words import KINDS, RECORDED_AS, RISKS, STEPS, TITLES
from tests.whole.truth.world import World, next_step, parsed

if TYPE_CHECKING:
    from datetime import date

    from tests.whole.reading.life import Life
    from tests.whole.truth.mails import Mail

OF_A_LETTER = re.compile(r"casebeat-\d{4}-\d\d-\d\d\.csv")
WITHOUT_A_FACT = {"policy", "unseen"}  # ends of which no fact tells, whatever was done before
REVIEW = "joint-review"  # its steps wait for its meeting


def wrong_rows(mail: Mail, world: World) -> Iterator[str]:
    """Yield what is not so in the rows of a letter's list."""
    for name, content in mail.attached:
        for row in csv.DictReader(StringIO(content)) if OF_A_LETTER.fullmatch(name) else ():
            try:
                _hold(row, mail, world)
                _beside(row, mail, world)
            except AssertionError as error:
                yield f"it is not so: {row['Reference']}, {row['What is owed']} ({error})"


def _matter(row: dict[str, str], world: World) -> Life:
    owed, _, parts = row["What is owed"].partition(", missing ")
    title, *more = owed.split(", ")
    subject = more[-1] if more and more[-1] not in KINDS.values() else ""
    rule = TITLES[title]
    for life in world.lives(row["Reference"]):
        if life.owed.rule == rule and (not life.owed.case_ref or life.owed.subject.partition(":")[2] == subject):
            missing = [] if life.ended_on else sorted(world.parts(life).values())
            assert sorted(PART.findall(parts)) == missing, f"missing are {missing}"
            return life
    raise AssertionError("nothing like it is owed")


def _hold(row: dict[str, str], mail: Mail, world: World) -> None:
    life = _matter(row, world)
    case = world.case(row["Reference"])
    assert (RISKS[row["Risk"]] if case else row["Risk"]) == (case["risk"] if case else ""), "its risk"
    if row["Ended"]:
        endings = world.endings_to_tell(life, mail.to)
        days = {own or ending.learnt_on for ending in endings for _, own in ending.facts or {("", None)}}
        days |= {ending.learnt_on for ending in endings if ending.why & WITHOUT_A_FACT}
        assert parsed(row["Ended"], world.day) in days, f"it ended on {days}"
        return
    assert not life.ended_on, f"it ended on {life.ended_on}"
    assert parsed(row["Due"], world.day) == life.owed.due, f"it is due {life.owed.due}"
    assert parsed(row["Do by"], world.day) == said_by(life.owed.due)
    assert row["State"].partition(" since ")[0] == life.severity(world.day), f"it is {life.severity(world.day)}"
    tried = {STEPS[step]: on for step, on in (_step(each, world) for each in row["Tried"].split("; ") if each)}
    assert tried.items() <= life.taken.items(), f"taken were {life.taken}"
    _next(row["Next"], life, world)


def _beside(row: dict[str, str], mail: Mail, world: World) -> None:
    """Hold what a row says of a danger, and of a case that is watched as stalking, as where it stands in a letter."""
    if row["Ended"]:
        assert not row["Danger"], "it is over"
        return
    item = Item("", row["Reference"], [_matter(row, world)])
    letter = Letter(mail, world, about=item.about, life=item.lives[0], items=[item])
    for wrong in read_line(letter, row["Danger"]):
        raise AssertionError(wrong)
    facts = world.facts.get(item.about)
    recorded = facts.kind if facts and presumed(facts) else None
    assert RECORDED_AS.get(row["Watched"]) == recorded, f"it is recorded as {recorded}"
    item.said.add("watched")
    told_of(letter, item)


def _next(said: str, life: Life, world: World) -> None:
    """Check the next step and its day; of a joint review, whose steps wait for a meeting, that such a day can come."""
    coming = next_step(life, world.day)
    if life.owed.rule == REVIEW:
        day = parsed(said.rpartition(" on ")[2], world.day) if said else None
        assert day is None or (day > world.day and working(day)), f"a letter never leaves on {day}"
    elif said:
        step, day = _step(said.replace(" on ", " "), world)
        assert coming == (STEPS[step], day), f"next is {coming}"
    else:
        assert coming is None, f"next is {coming}"


def _step(said: str, world: World) -> tuple[str, date]:
    found = re.fullmatch(rf"({'|'.join(STEPS)}) (.+)", said)
    assert found, f"nobody taught: {said}"
    return found[1], parsed(found[2], world.day)
