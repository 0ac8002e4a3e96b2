"""An installation for the nights: its database, settings, mail server and Slack, and its command line."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import StringIO
from itertools import count
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import Engine, create_engine, text

from config.days.london import at_london
from config.settings import settings
from flows.command_line import main
from tasks.carriers.slack import api
from tasks.demo.mail_sink import REPLIES, replies_beside
from tasks.demo.sittings import PANELS
from tasks.servers import database
from tests.support.post import free_port
from tests.support.slack_stand_in import BOT, SlackStandIn

OPERATIONS = "casebeat-operations@demo.police.uk"
FEW_PLACES = (
    PANELS.replace("cases: 34", "cases: 1").replace("cases: 16", "cases: 1").replace("MO,TU,WE,TH,FR", "TU,WE,TH")
)
PLACES = {"45": "C0FORCE45", "South East": "C0AREASE"}  # the Slack channel of each
OF_OPERATIONS = "C0OPERATIONS"
_SLACKS_DAY = date(2026, 3, 30)


class Post:
    """A mail server that keeps each mail in a Maildir, in the order of arrival, and may refuse an address.

    The files' names put a day's mails in the order of their recipients: between people, the order is nobody's promise.
    """

    def __init__(self, folder: Path) -> None:
        self.kept: list[EmailMessage] = []
        self.refused: dict[str, str] = {}  # by address, the code: 550 for good, 451 for now
        self.day = 0
        self._folder = folder
        for box in (folder, replies_beside(folder)):
            for part in ("cur", "new", "tmp"):
                (box / part).mkdir(parents=True)

    async def handle_RCPT(  # noqa: N802  aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        if address in self.refused:
            return f"{self.refused[address]} refused by the test"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        del server, session
        to, content = str(envelope.rcpt_tos[0]), bytes(envelope.content or b"")
        reply = to == REPLIES
        if not reply:
            self.kept.append(message_from_bytes(content, policy=policy.default))
        box = replies_beside(self._folder) if reply else self._folder
        number = len(list((box / "new").iterdir()))
        (box / "new" / f"{self.day:02}.{'' if reply else to}.{number:06}").write_bytes(content)
        return "250 kept"


@dataclass
class House:
    """The installation while it runs."""

    home: Path
    engine: Engine
    post: Post
    slack: SlackStandIn
    port: int
    panels: str = FEW_PLACES

    def agree(self, panels: str) -> None:
        """Write the panels that are agreed now into a file of their own: a process reads a file once."""
        self.panels = panels
        file = self.home / f"panels-{len(list(self.home.glob('panels-*')))}.yaml"
        file.write_text(panels, encoding="utf-8")
        self.set(PANELS=file)

    def set(self, **values: object) -> None:
        """Change settings, each by its name without the prefix."""
        os.environ.update({f"CASEBEAT_{name}": str(value) for name, value in values.items()})

    @property
    def mailed(self) -> bool:
        """Return whether the mail server is there."""
        return settings().mail.host is not None and settings().mail.port == self.port

    def ask(self, statement: str) -> list[Any]:
        """Return the rows of a statement, as tuples."""
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]

    def connect_slack(self) -> None:
        """Switch Slack on: buttons, and a Slack channel for the force and for the Area."""
        for (user,) in self.ask("select slack_user_id from contacts where slack_user_id is not null"):
            self.slack.user(user)
        for place in (*PLACES.values(), OF_OPERATIONS):
            self.slack.channel(place)
        self.set(
            SLACK__TOKEN=self.slack.token, SLACK__APP_TOKEN=self.slack.app_token, SLACK__TEAM=BOT["team"],
            SLACK__APP=BOT["app_id"], SLACK__BASE_URL=self.slack.base_url, SLACK__STAND_IN="yes",
            SLACK__OPERATIONS=OF_OPERATIONS,
            SLACK__CHANNELS=",".join(f"{place}={channel}" for place, channel in PLACES.items()),
        )  # fmt: skip


@contextmanager
def installed(home: Path, url: str) -> Iterator[House]:
    """Set up an installation while the block runs, and put the settings of this process back afterwards."""
    before = {name: value for name, value in os.environ.items() if name.startswith("CASEBEAT_")}
    pace, api.PACE_SECONDS = api.PACE_SECONDS, 0
    engine, ticks = create_engine(url), count()
    began = at_london(_SLACKS_DAY).timestamp()
    try:
        with _mail_server(home / "mail") as (port, post), SlackStandIn(clock=lambda: began + next(ticks)) as slack:
            for name in before:
                del os.environ[name]
            house = House(home, engine, post, slack, port)
            house.set(**_values(home, url, port))
            house.agree(FEW_PLACES)
            yield house
    finally:
        database.close()
        engine.dispose()
        api.PACE_SECONDS = pace
        for name in [each for each in os.environ if each.startswith("CASEBEAT_")]:
            del os.environ[name]
        os.environ.update(before)


@contextmanager
def _mail_server(folder: Path) -> Iterator[tuple[int, Post]]:
    post, port = Post(folder), free_port()
    running = Controller(post, hostname="127.0.0.1", port=port, ready_timeout=60)
    running.start()
    try:
        yield port, post
    finally:
        running.stop()


def _values(home: Path, url: str, port: int) -> dict[str, object]:
    return {
        "HOME": home / "home", "DATABASE_URL": url, "DROP": home / "drop", "CLOCK": "virtual",
        "SIGNING_SECRET": "of the nights, and of nothing else", "MAIL__PORT": port, "MAIL__OPERATIONS": OPERATIONS,
        "MAIL__FROM_ADDRESS": "casebeat@demo.police.uk",
        "REPLIES__MAILDIR": replies_beside(home / "mail"), "REPLIES__ADDRESS": REPLIES,
    }  # fmt: skip


def call(*arguments: str) -> list[str]:
    """Run a command, and return the lines that it prints, with its exit code where that is not 0."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main.run(arguments)
    return [*out.getvalue().splitlines(), *err.getvalue().splitlines(), *([f"exit code {code}"] if code else [])]


def typed(*command: str, day: date) -> list[str]:
    """Run a command as of a day; return it, and what it prints."""
    return [f"$ {' '.join(command)}", *call(*command, "--as-of", day.isoformat())]
