"""The floor of draining: bare loops over smtplib and HTTP, with or without one durable commit for each message."""

import http.client
import json
import smtplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from benchmarks.clock import timed
from tasks.carriers.slack.api import metadata
from tasks.carriers.slack.posts import post_ref
from tasks.outbox.sending import ReadyMessage
from tasks.servers import database

SENDER = "casebeat@surrey.police.uk"
TOKEN = "xoxb-stand-in"  # nosec B105 # noqa: S105  belongs to the tests' stand-in


@contextmanager
def _commits(commit: bool) -> Iterator[Callable[[int], None]]:  # noqa: FBT001
    """Make one durable commit for each message, with the least data."""
    owner = database.owner_engine()
    connection = owner.raw_connection()
    cursor = connection.cursor()
    cursor.execute("create table if not exists floor_sent (id bigint, at timestamptz default now())")
    connection.commit()

    def keep(number: int) -> None:
        if commit:
            cursor.execute("insert into floor_sent (id) values (%s)", (number,))
            connection.commit()

    yield keep
    connection.close()
    owner.dispose()


def by_smtp(port: int, letters: list[ReadyMessage], commit: bool) -> float:  # noqa: FBT001
    """Send these letters over one persistent connection. Returns seconds."""
    with _commits(commit) as keep, smtplib.SMTP("127.0.0.1", port) as session:
        return timed(lambda: [(_letter(session, each), keep(each.held.id)) for each in letters])


def _letter(session: smtplib.SMTP, each: ReadyMessage) -> None:
    session.sendmail(SENDER, [each.to], each.body)


def by_http(port: int, posts: list[ReadyMessage], commit: bool) -> float:  # noqa: FBT001
    """Post these over one persistent connection. Returns seconds."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    with _commits(commit) as keep:
        return timed(lambda: [(_post(connection, each), keep(each.held.id)) for each in posts])


def _post(connection: http.client.HTTPConnection, each: ReadyMessage) -> None:
    payload = json.dumps({"channel": each.to, "metadata": metadata(post_ref(each.held.key)), **json.loads(each.body)})
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    connection.request("POST", "/api/chat.postMessage", payload.encode(), headers)
    if not connection.getresponse().read().startswith(b'{"ok":true'):
        raise SystemExit("the stand-in refused a post")
