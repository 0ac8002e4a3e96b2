"""What operations see of an installation, as it comes: mails, heartbeats, lines of `serve`, and the status."""

import json
import re
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import NamedTuple

from config.days.london import LONDON
from tests.faults.book_clock import BookClock
from tests.faults.ground import OPERATIONS, Ground
from tests.support.dead_mans_switch import DeadMansSwitch
from tests.support.served import COMMAND, Served

HEARTBEAT, MAIL, SERVE, STATUS, PAGE = "heartbeat", "mail", "serve", "casebeat status", "status page"
LETTER = "letter"  # to anybody but operations
STRUCK, DARK = "struck", "the machine is dark"
_STAMP = re.compile(r"^\w{3} \d+ \w{3} \d{4} [\d:]+ \w+: |,? on \w{3} \d+ \w{3} \d{4} [\d:]+ \w+\.?$")


class Seen(NamedTuple):
    """One thing that was seen: on the real clock, and on the book's."""

    at: float
    clock: datetime
    what: str
    said: str

    def __str__(self) -> str:
        return f"{self.clock:%H:%M:%S}  {self.what:16} {self.said}"


def parsed(letter: bytes) -> EmailMessage:
    made: EmailMessage = message_from_bytes(letter, policy=policy.default)
    return made


def to_operations(letter: EmailMessage) -> bool:
    return OPERATIONS in str(letter["To"])


@dataclass
class Watch:
    """Looks ten times a second, and asks for the status every few seconds, unless the machine is dark."""

    ground: Ground
    served: Served
    switch: DeadMansSwitch
    clock: BookClock
    seen: list[Seen] = field(default_factory=list)
    dark: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.letters = len(self.ground.letters)
        self.lines: list[str] = []
        self.threads = [threading.Thread(target=each, daemon=True) for each in (self._look, self._ask)]

    def begin(self) -> None:
        for each in self.threads:
            each.start()

    def end(self) -> None:
        self.over.set()
        for each in self.threads:
            each.join(60)

    def note(self, what: str, said: str) -> None:
        self.seen.append(Seen(time.monotonic(), self.clock.read().astimezone(LONDON), what, said))
        print(self.seen[-1], flush=True)  # noqa: T201

    def since(self, at: float, what: str) -> list[Seen]:
        return [one for one in self.seen if one.what == what and one.at > at]

    def _look(self) -> None:
        while not self.over.wait(0.1):
            letters = self.ground.letters
            for letter in map(parsed, letters[self.letters :]):
                if to_operations(letter):
                    self.note(MAIL, str(letter["Subject"]).partition(": ")[2] or str(letter["Subject"]))
                else:
                    self.note(LETTER, f"{letter['To']}: {letter['Subject']}")
            self.letters = len(letters)
            for _ in range(self.switch.counted()):
                self.note(HEARTBEAT, "came")
            self._serve_says()

    def _serve_says(self) -> None:
        with suppress(OSError):
            lines = self.served.said.splitlines()
            if lines[: len(self.lines)] != self.lines:
                self.lines = []  # it was begun again
            for line in lines[len(self.lines) :]:
                self.note(SERVE, _STAMP.sub("", line).partition(" Its log: ")[0])
            self.lines = lines

    def _ask(self) -> None:
        """Note the status where it differs from the last."""
        last = {STATUS: "", PAGE: ""}
        while not self.over.wait(2):
            for what, ask in ((STATUS, self._status), (PAGE, self._page)):
                said = "" if self.dark.is_set() else ask()
                if said and not self.dark.is_set() and said != last[what]:
                    self.note(what, said)
                    last[what] = said

    def _status(self) -> str:
        with suppress(subprocess.TimeoutExpired):
            done = subprocess.run(
                [*COMMAND, "status", "--json"], env=self.served.environment, capture_output=True, text=True,
                timeout=60, check=False,
            )  # fmt: skip
            with suppress(ValueError):
                told = json.loads(done.stdout)
                return "; ".join([told["headline"], *(one["sentence"] for one in told["wrong"])])
            return done.stderr.strip().splitlines()[-1] if done.stderr.strip() else ""
        return "no answer within a minute"

    def _page(self) -> str:
        asked = {"artifacts": {"key": {"any_": ["status"]}}, "sort": "CREATED_DESC", "limit": 1}
        with suppress(OSError, ValueError, IndexError):
            page = str(self.served.api.ask("POST", "artifacts/filter", asked)[0]["data"])
            wrong = re.findall(r"^- \*\*(.+?)\.\*\*", page.partition("Waits for a person")[0], re.MULTILINE)
            return "; ".join([*re.findall(r"^\*\*(.+?)\.\*\*", page, re.MULTILINE)[:1], *wrong])
        return ""
