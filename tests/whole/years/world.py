"""A force over a year: its people's work of each day, the outages of its mail server, the changes of its policy."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import yaml

from tests.whole.reading.books.book import Book
from tests.whole.reading.books.extracts import write
from tests.whole.reading.books.nights import change
from tests.whole.reading.duties.owed import SHAPE
from tests.whole.reading.life import Life
from tests.whole.reading.lives import Reading

SHIPPED = Path(__file__).parents[3] / "config" / "policy.yaml"
OPTIONAL = ("supervisor-review", "no-progress", "action", "time-limit-unknown")
REMINDERS = ("-2wd", "-3wd", "-1wd")


class Years:
    """One random book, changed day by day, beside an independent reading of the specification."""

    def __init__(self, seed: int, cases: int, folder: Path) -> None:
        self.book, self.reading, self.folder = Book(seed, cases), Reading(), folder
        self.chance = random.Random(f"years {seed}")  # noqa: S311
        self.policy = folder / "policy.yaml"
        self.off: set[str] = set()
        self.reminder = REMINDERS[0]
        self.counts: Counter[str] = Counter()
        self.write_policy()

    @property
    def today(self) -> date:
        return self.book.day

    def tomorrow(self) -> None:
        self.book.day += timedelta(days=1)
        for _ in range(self.chance.choice([0, 0, 1, 1, 2, 3])):
            change(self.book)
        self.book.leaders.name(self.book)
        if self.chance.random() < 0.02:
            self.change_policy()

    def change_policy(self) -> None:
        """Turn a rule off or on again, or move the reminders of actions to another day."""
        self.counts["policy changes"] += 1
        if self.chance.random() < 0.5:
            self.off ^= {self.chance.choice(OPTIONAL)}
        else:
            self.reminder = self.chance.choice(REMINDERS)
        self.write_policy()

    def write_policy(self) -> None:
        numbers = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
        for rule in self.off:
            numbers["rules"][rule]["enabled"] = False
        numbers["rules"]["action"]["remind"] = self.reminder
        self.policy = self.folder / f"policy-{self.counts['policy changes']}.yaml"
        self.policy.write_text(yaml.safe_dump(numbers, sort_keys=False), encoding="utf-8")
        SHAPE["action"] = (self.reminder, *SHAPE["action"][1:])
        self.reading.off = frozenset(self.off)

    def extracts(self) -> list[Path]:
        """Write what the sources send this night; a night without an extract happens."""
        folders = []
        for source in self.book.sources:
            first = source.name not in self.reading.store.covers
            if not first and self.chance.random() < 0.3:
                continue
            whole = first or self.chance.random() < 0.2
            files = source.snapshot(self.book.rng) if whole else source.delta(self.book.rng)
            folder = self.folder / f"{source.name}-{self.today:%Y%m%d}"
            mode = "snapshot" if whole else "delta"
            write(folder, source, mode, self.today, files, rng=self.book.rng)
            self.reading.store.load(source, mode, self.today, files)
            folders.append(folder)
        return folders

    def promise(self) -> tuple[list[str], bool] | None:
        """Let someone promise an obligation; return the command's arguments, and whether it should be accepted."""
        told = [
            (life, ref)
            for life in self.reading.lives.values()
            if not life.ended_on and life.owed.force and life.position >= 0
            for ref in self._owners(life)
        ]
        if not told:
            return None
        life, ref = self.chance.choice(told)
        until = self.today + timedelta(days=self.chance.randrange(13))
        granted = life.promise(ref, until, self.today)
        self.counts["promises" if granted else "promises refused"] += 1
        force, case_ref, rule, subject = life.owed.identity
        what = [f"{force}/{case_ref}", f"{rule}/{subject}", "--by", ref, "--until", until.isoformat()]
        return [*what, "--reason", "it is in hand", "--as-of", self.today.isoformat()], granted

    def report(self) -> tuple[list[str], str] | None:
        """Let an owner who may read of the case report an action as done; return the command's arguments, and who."""
        told = [
            (life, ref)
            for life in self.reading.lives.values()
            if not life.ended_on and life.owed.rule in ("action", "action-plan")
            for ref in self._owners(life)
        ]
        if not told:
            return None
        life, ref = self.chance.choice(told)
        force, case_ref, _, subject = life.owed.identity
        named = [f"{force}/{case_ref}", subject.removeprefix("action:"), "--by", ref]
        return [*named, "--as-of", self.today.isoformat()], ref

    def _owners(self, life: Life) -> list[str]:
        told = self.reading.told(("owner",), life, self.reading.people(self.today), "")
        case, contacts = self.reading.cases[life.owed.identity[:2]], self.reading.store.files["contacts"]
        return [
            ref
            for ref, word in told.items()
            if ref and word == "owner" and (not case.restricted or contacts[ref,].row["restricted_access"])
        ]


def read_letters(accepted: list[bytes]) -> list[EmailMessage]:
    """The letters that a mail server accepted."""
    return [message_from_bytes(each, policy=policy.default) for each in accepted]


def open_cases(reading: Reading, force: str) -> int:
    """The number of open cases of a force, by the rows of its sources."""
    return sum(not row["finalised_on"] and row["force_code"] == force for row in reading.store.cases())


def words_of(letter: EmailMessage) -> str:
    """All text of a letter: its body, and the attached list."""
    parts: list[Any] = [part for part in letter.walk() if part.get_content_type() in ("text/plain", "text/csv")]
    return "\n".join(part.get_content() for part in parts)
