"""The ground of a fault test: a copy of a book on the eve of its Monday, with servers of its own."""

import copy
import itertools
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import Any

import psycopg2

from config.days.london import LONDON, london_day
from tasks.servers import postgres
from tests.faults import book
from tests.faults.process import Call, Process
from tests.support.copies import as_superuser, copy_database
from tests.support.post import RawServer
from tests.support.slack_stand_in import Conversation, SlackStandIn

OPERATIONS = "operations@surrey.police.uk"
SECRET = "s" * 40
PLACES = {"45": "C0FORCE45", "South East": "C0AREASE"}
EIGHT = datetime.combine(book.MONDAY, clock(8), LONDON)
OPERATIONS_PLACE = "C0OPSROOM"
PANELS = Path(__file__).with_name("panels.yaml")
_numbers = itertools.count(1)
SLACK = True


@dataclass
class Eve:
    """The state before: the database to copy, and the messages sent until then."""

    server: Path
    name: str
    letters: list[bytes]
    conversations: dict[str, Conversation]


@dataclass
class Ground:
    """A copy of the book, the settings that name it, and the servers that receive its messages."""

    folder: Path
    server: Path
    name: str
    mail: RawServer | None
    slack: SlackStandIn | None
    before: list[bytes] = field(default_factory=list)
    more: dict[str, str] = field(default_factory=dict)
    also: dict[str, str] = field(default_factory=dict)  # variables that are not Casebeat's
    own: bool = False  # whether the server is an embedded one of its own, under its home
    calls: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def home(self) -> Path:
        return self.server if self.own else self.folder / "home"

    @property
    def drop(self) -> Path:
        return self.folder / "drop"

    @property
    def letters(self) -> list[bytes]:
        """Every letter that the mail server accepted."""
        return [*self.before, *(self.mail.accepted if self.mail else [])]

    @property
    def env(self) -> dict[str, str]:
        given = {
            "HOME": str(self.home), "CLOCK": "virtual", "DROP": str(self.drop), "SIGNING_SECRET": SECRET,
            "PANELS": str(PANELS),
        }  # fmt: skip
        if not self.own:
            given |= {
                "DATABASE_URL": postgres.url(self.server, database=self.name),
                "DATABASE_OWNER_URL": postgres.url(self.server, database=self.name, role="casebeat_owner"),
            }
        if self.mail:
            given |= {"MAIL__HOST": "127.0.0.1", "MAIL__PORT": str(self.mail.port), "MAIL__OPERATIONS": OPERATIONS}
        if self.slack:
            given |= {
                "SLACK__TOKEN": self.slack.token, "SLACK__BASE_URL": self.slack.base_url, "SLACK__STAND_IN": "yes",
                "SLACK__CHANNELS": ",".join(f"{place}={channel}" for place, channel in PLACES.items()),
                "SLACK__OPERATIONS": OPERATIONS_PLACE,
            }  # fmt: skip
        return {f"CASEBEAT_{name}": value for name, value in {**given, **self.more}.items()} | self.also

    def begin(self, *command: str, deliver: datetime | None = None, **more: Any) -> Process:
        """Start a process with a command, or a delivery."""
        return Process(Call(self.folder / f"call{next(self.calls)}", self.env, command, deliver=deliver, **more))

    def round(self, day: date = book.MONDAY, **more: Any) -> Process:
        return self.begin("run", "--as-of", day.isoformat(), **more)

    def heal(self, at: datetime = EIGHT) -> list[Process]:
        """Run the next round of the day, and then deliveries until the last wait is over."""
        ended = [self.round(london_day(at))]
        ended[0].join()
        for hours in (1, 3):
            self.time_passes()
            ended.append(self.begin(deliver=at + timedelta(hours=hours), watched=False))
            ended[-1].join()
        return ended

    def time_passes(self) -> None:
        """End every lease and every settle time: they read the server's own clock."""
        self.ask("update messages set lease_until = now() - interval '1 s' where lease_until > now() returning 1")

    def ask(self, statement: str, given: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        if self.own:
            postgres.start(self.server)  # the server may have been struck
        where = postgres.url(self.server).partition("?host=")[2]
        opened = psycopg2.connect(host=where, user="postgres", dbname=self.name)
        try:
            with opened, opened.cursor() as cursor:
                cursor.execute(statement, given)
                return cursor.fetchall()
        finally:
            opened.close()

    def quiet(self) -> None:
        """Wait until the servers have noticed the killed processes."""
        end = time.monotonic() + 20
        asked = """select count(*) from pg_stat_activity where datname = current_database()
                   and backend_type = 'client backend' and pid <> pg_backend_pid()"""
        while self.ask(asked) != [(0,)] or (self.mail and self.mail.ended < self.mail.sessions):
            assert time.monotonic() < end, "a session outlives its process"
            time.sleep(0.01)


class Field:
    """Makes the eve once, and grounds from it."""

    def __init__(self, server: Path, folder: Path) -> None:
        self.server, self.folder = server, folder
        self._eves: dict[tuple[bool, bool], Eve] = {}

    def eve(self, *, mailed: bool = True, slack: bool = SLACK) -> Eve:
        """The book before its Monday, with its rounds run and its messages sent by day."""
        kind = (mailed, slack)
        if kind not in self._eves:
            name = f"eve{next(_numbers)}"
            copy_database(self.server, "casebeat", name)
            with _servers(mailed=mailed, slack=slack) as (mail, posts):
                made = Ground(self.folder / name, self.server, name, mail, posts)
                _live_until_the_eve(made)
                self._eves[kind] = Eve(self.server, name, made.letters, posts.conversations if posts else {})
        return self._eves[kind]

    @contextmanager
    def ground(self, *, mailed: bool = True, slack: bool = SLACK, **more: str) -> Iterator[Ground]:
        """A fresh copy of the eve."""
        eve = self.eve(mailed=mailed, slack=slack)
        name = f"ground{next(_numbers)}"
        copy_database(self.server, eve.name, name)
        folder = self.folder / name
        shutil.copytree(self.folder / eve.name, folder, ignore=shutil.ignore_patterns("call*"))
        try:
            with _servers(eve, mailed=mailed, slack=slack) as (mail, posts):
                yield Ground(folder, self.server, name, mail, posts, list(eve.letters), more)
        finally:
            as_superuser(self.server, f"drop database {name} with (force)")
            shutil.rmtree(folder)


@contextmanager
def own_server(folder: Path, home: Path, *, slack: bool = SLACK) -> Iterator[Ground]:
    """A ground on the eve of its Monday with an embedded server of its own under `home`, which may be struck."""
    with _servers(slack=slack) as (mail, posts):
        made = Ground(folder, home, "casebeat", mail, posts, own=True)
        try:
            _live_until_the_eve(made)
            yield made
        finally:
            postgres.stop(made.home)


def _live_until_the_eve(made: Ground) -> None:
    made.drop.mkdir(parents=True)
    for day in book.BEFORE:
        book.extracts(made.drop, day)
        held = made.round(day, watched=False)
        assert held.join() in {0, 1}, held.said
        assert "failed" not in held.said.replace("0 failed", ""), held.said
    made.quiet()
    book.extracts(made.drop, book.MONDAY)


@contextmanager
def _servers(
    eve: Eve | None = None, *, mailed: bool = True, slack: bool
) -> Iterator[tuple[RawServer | None, SlackStandIn | None]]:
    with ExitStack() as stack:
        mail = stack.enter_context(RawServer()) if mailed else None
        posts = stack.enter_context(SlackStandIn()) if slack else None
        if posts:
            for user in book.IN_SLACK.values():
                posts.user(user)
            for place in (*PLACES.values(), OPERATIONS_PLACE):
                posts.channel(place)
            posts.conversations.update(copy.deepcopy(eve.conversations if eve else {}))
        yield mail, posts
