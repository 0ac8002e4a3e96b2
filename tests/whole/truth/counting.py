"""The counts of what mails say and how much of it is so, over the demo's weeks, as a table and as values."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from tests.whole.reading.days import working

if TYPE_CHECKING:
    from tests.whole.truth.links import Answered
    from tests.whole.truth.mails import Mail
    from tests.whole.truth.world import World

BLOCK_1 = ("Lost", "Ran out, or within 7 days", "Cannot wait")
HEADINGS = re.compile(
    r"(?:Lost|Ran out, or within 7 days|Cannot wait|What changed|What is stalled|Put right|Done in your name|"
    r"What you lead on now|The victim first|Yours to do or decide|Joint review meetings|How things stand|Still open|"
    r"Harassment that may be stalking|Ended, nothing more is asked of you|The rest, counted)"
)
LISTED = ("owed_by", "stalled_by")  # the checks of whatever an item names
ROLES = ("prosecutor", "officer", "supervisor", "legal_manager", "spoc", "lead")
DANGER = "Signs of danger against the grade of risk, missing "  # begins what an item says of one
UPDATE = re.compile(r" (?:changed|moved|called off|cancelled)\b")


@dataclass
class Counts:
    """What is counted while the weeks are read."""

    sentences: Counter[str] = field(default_factory=Counter)
    words: dict[str, int] = field(default_factory=dict)  # of the fullest letter of a role, without block 1
    mails: Counter[tuple[str, str]] = field(default_factory=Counter)  # by role and kind
    changes: Counter[str] = field(default_factory=Counter)  # calendar mails that change or cancel, by role
    most: Counter[str] = field(default_factory=Counter)  # letters and calendar mails of one person and day, by role
    people: dict[str, str] = field(default_factory=dict)  # each address: the first of its roles
    days: list[date] = field(default_factory=list)  # working days
    links: Counter[tuple[str, str]] = field(default_factory=Counter)  # by their word, and what became of them
    answers: Counter[tuple[str, str]] = field(default_factory=Counter)  # what they say, and whether it is so
    refused: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    dangers: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))  # by agency: of a SPOC and a day

    def take(self, world: World, mails: Iterable[Mail], wrong: Iterable[str]) -> None:
        """Count the mails of a day."""
        self.days += [world.day] if working(world.day) else []
        self.people |= {row["email"]: row["roles"][0] for row in world.reading.store.rows("contacts")}
        self.wrong += wrong
        mails = list(mails)
        self._count_dangers(world, mails)
        there: Counter[str] = Counter()
        for mail in mails:
            role = self.people[mail.to]
            self.mails[role, mail.kind] += 1
            if mail.kind == "letters":
                self.words[role] = max(self.words.get(role, 0), words(mail))
            if mail.kind == "calendar":
                self.changes[role] += bool(UPDATE.search(mail.subject))
            there[mail.to] += mail.kind in ("letters", "calendar")
        for address, number in there.items():
            role = self.people[address]
            self.most[role] = max(self.most[role], number)

    def _count_dangers(self, world: World, mails: Iterable[Mail]) -> None:
        """Count of how many dangers each SPOC who leads on a case reads what is new, from their second morning on."""
        told = Counter({mail.to: 0 for mail in mails})
        for mail in mails:
            told[mail.to] += dangers(mail) if mail.kind in ("letters", "urgent") else 0
        for ref, agency in world.leading_spocs():
            if (address := world.address(ref)) in world.letters:
                self.dangers[agency].append(told[address])

    def told(self, found: Iterable[tuple[str, str, str]]) -> None:
        """Count what answers to replies say was done."""
        for mail, what, why in found:
            self.answers[what, "so" if not why else "not so"] += 1
            self.wrong += [f"{mail}: {why}"] if why else []

    def answered(self, found: Iterable[Answered]) -> None:
        """Count links that were answered."""
        for each in found:
            self.links[each.link.word, "done" if each.done else "refused"] += 1
            if not each.done:
                asked = f"{each.link.subject.partition('[')[0]}{each.link.body}"
                self.refused.append(f"{each.day} {each.link.to}: {asked}: {each.answered} {each.because}")

    def rows(self) -> Mapping[str, object]:
        """Give every count by its name."""
        says, ended = self.sentences, self.sentences["ended"]
        listed = sum(says[name] for name in LISTED)
        wrong_parts = says["owed_by!"] + says["stalled_by!"]
        found: dict[str, object] = {
            "letters and urgent mails read": says["whole"],
            "sentences read": sum(number for name, number in says.items() if not name.endswith("!")),
            "sentences that nobody taught": says["nobody taught"],
            "sentences that are not so": sum(number for name, number in says.items() if name.endswith("!")),
            "endings checked": ended,
            "endings wrong": says["ended!"],
            "endings that say 'or'": sum("one thing or another" in each for each in self.wrong),
            "items that name whoever owes it": listed,
            "items that name others, or wrong parts": wrong_parts,
            "items with links": says["answer"],
            "promises offered past the due day, or none offered": says["answer!"],
            "hand-overs said": says["come_to_them"],
            "hand-overs said that were none": says["come_to_them!"],
            "letters that are not so as a whole": says["whole!"],
            "headlines whose first number is not listed": sum("it leads with" in each for each in self.wrong) // 2,
            "meeting lines": says["meeting"] + says["own_meeting"] + says["changed_agenda"],
            "meeting lines without their event, or on leave": says["meeting!"] + says["own_meeting!"],
        }
        for agency, numbers in sorted(self.dangers.items()):
            found[f"{agency} SPOC who leads: dangers told a day"] = round(sum(numbers) / len(numbers), 2)
            found[f"{agency} SPOC who leads: most on a day"] = max(numbers)
        for word, what in sorted(self.answers):
            found[f"answers that say '{word}': {what}"] = self.answers[word, what]
        for word, what in sorted(self.links):
            found[f"links {word}: {what}"] = self.links[word, what]
        for role in ROLES:
            found |= self._of_a_role(role)
        return found

    def _of_a_role(self, role: str) -> dict[str, object]:
        number = sum(each == role for each in self.people.values()) * len(self.days)
        events = self.mails[role, "calendar"]
        name = role.replace("_", " ")
        return {
            f"{name}: words of the fullest letter without block 1": self.words.get(role, 0),
            f"{name}: letters a person and working day": round(self.mails[role, "letters"] / (number or 1), 2),
            f"{name}: calendar mails a person and working day": round(events / (number or 1), 2),
            f"{name}: changes among them, in per cent": round(100 * self.changes[role] / (events or 1)),
            f"{name}: most of both for one person on a day": self.most[role],
        }


def dangers(mail: Mail) -> int:
    """Count the dangers of which a letter or a mail of its own tells in its first block."""
    number, first = 0, mail.kind == "urgent"
    for line in mail.page:
        first = first if mail.kind == "urgent" or not HEADINGS.fullmatch(line) else line == BLOCK_1[-1]
        number += first and line.startswith(DANGER)
    return number


def words(mail: Mail) -> int:
    """Count the words of a letter's page without block 1."""
    number, inside = 0, False
    for line in mail.page:
        inside = line in BLOCK_1 if HEADINGS.fullmatch(line) else inside
        number += 0 if inside else sum(any(map(str.isalnum, word)) for word in line.split())
    return number


def table(rows: Mapping[str, object]) -> str:
    """Give counts as a plain table."""
    widest = max(map(len, rows))
    return "\n".join(f"{name:<{widest}}  {value:>8}" for name, value in rows.items())
