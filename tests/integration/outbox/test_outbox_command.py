"""`casebeat outbox` and `casebeat preview`, and a worker that is killed while it sends a letter."""

import email
import json
import os
import subprocess
import sys
import time
from datetime import timedelta
from email import policy
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from config.terms import State
from flows.command_line.main import run
from flows.configured import configured
from tasks.outbox import handling
from tasks.outbox.delivery import deliver
from tests.support.post import RawServer
from tests.worlds.rows import AT_NINE, World

ROOT = Path(__file__).parents[3]
DELIVER = (
    "from tests.worlds.rows import AT_NINE; from flows.configured import configured; "
    "from tasks.outbox.delivery import deliver; deliver(configured(), AT_NINE)"
)


def said_by(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = run(arguments)
    told = capsys.readouterr()
    return code, told.out + told.err


def test_what_waits_is_listed_held_and_released(database: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    assert said_by(capsys, "outbox") == (0, "no message yet.\n")
    with database.begin() as connection:
        World(connection).said()
    code, told = said_by(capsys, "outbox")
    assert code == 0
    assert "due Tue 17 Mar 2026 at 08:00 GMT, 0 tries" in told
    assert told.endswith("1 queued.\n")
    assert "held" in said_by(capsys, "outbox", "--hold")[1]
    assert "The outbox is held" in said_by(capsys, "outbox")[1]
    assert deliver(configured(), AT_NINE).held
    assert said_by(capsys, "outbox", "--release")[1] == "The outbox is released.\n"
    assert said_by(capsys, "outbox", "--release")[1] == "The outbox was not held. Nothing was done.\n"
    with database.begin() as connection:
        told_of = (
            connection.execute(text("select reason from audit where about = 'outbox' order by id")).scalars().all()
        )
    assert told_of == ["held", "released"]


def test_what_is_done_to_it_is_one_object(database: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    assert said_by(capsys, "outbox", "--hold", "--json") == (0, '{"held": true}\n')
    assert said_by(capsys, "outbox", "--release", "--json") == (0, '{"held": false, "changed": true}\n')
    assert said_by(capsys, "outbox", "--release", "--json") == (0, '{"held": false, "changed": false}\n')
    with database.begin() as connection:
        World(connection).said(state=State.DEAD, key="letter:P45of1")
    assert said_by(capsys, "outbox", "--requeue", "letter:P45of1", "--json") == (0, '{"queued": "letter:P45of1"}\n')


def test_the_list_is_one_object_a_line_and_holds_no_words(database: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    with database.begin() as connection:
        World(connection).said()
    deliver(configured(), AT_NINE)
    assert said_by(capsys, "outbox", "--json") == (0, "")
    code, told = said_by(capsys, "outbox", "--json", "--all")
    assert code == 0
    assert set(json.loads(told)) == {"key", "kind", "channel", "state", "reason", "due_at", "attempts"}
    assert "NAME-OF" not in told


def test_a_dead_message_is_revived_by_its_key_and_another_is_refused(
    database: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    with database.begin() as connection:
        world = World(connection)
        world.contact("P45of1", email="p@evilpolice.uk")
        world.notification(world.critical(world.case("S-1")), world.message("P45of1"), "P45of1")
    deliver(configured(), AT_NINE)
    key = next(one.key for one in handling.overview()[0] if one.state is State.DEAD)
    assert said_by(capsys, "outbox", "--requeue", key) == (0, f"{key} is queued again.\n")
    assert said_by(capsys, "outbox", "--requeue", key)[0] == 2
    assert said_by(capsys, "outbox", "--hold", "--release")[0] == 2


def test_all_that_died_of_a_code_since_a_day_is_revived_at_once(
    database: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = "550 5.7.1 at RCPT: the address was refused; put the contact right in its source"
    with database.begin() as connection:
        world = World(connection)
        for ref, reason, at in (
            ("P1", refused, AT_NINE), ("P2", refused, AT_NINE - timedelta(days=1)),
            ("P3", "5500 at RCPT", AT_NINE), ("P4", "550 at RCPT: the message was refused", AT_NINE),
        ):  # fmt: skip
            given = {"state": State.DEAD, "reason": reason, "sending_at": at, "key": f"letter:{ref}"}
            world.said(ref, f"CASE-{ref}", **given)
    again = ("outbox", "--requeue", "--since", "2026-03-17", "--reason")
    assert said_by(capsys, *again, "550 5.7.1", "--json") == (0, '{"queued": ["letter:P1"]}\n')
    assert said_by(capsys, *again, "550") == (0, "1 message is queued again.\n")
    assert said_by(capsys, *again, "550") == (
        2,
        (
            'casebeat: No message has died of "550" since Tue 17 Mar 2026: casebeat outbox shows the reasons. '
            "Nothing was done.\n"
        ),
    )
    with database.begin() as connection:
        told = connection.execute(text("select key from messages where state = 'queued' order by key")).scalars().all()
    assert told == ["letter:P1", "letter:P4"]


@pytest.mark.parametrize(
    "given",
    [
        ("--requeue",), ("--requeue", "--since", "2026-03-17"), ("--requeue", "--reason", "550"),
        ("--requeue", "letter:P1", "--since", "2026-03-17", "--reason", "550"), ("letter:P1",),
        ("--reason", "550"), ("--requeue", "letter:P1", "--release"),
    ],
)  # fmt: skip
def test_what_is_to_be_requeued_is_named_by_a_key_or_by_a_day_and_a_code(
    database: Engine, capsys: pytest.CaptureFixture[str], given: tuple[str, ...]
) -> None:
    code, told = said_by(capsys, "outbox", *given)
    assert (code, told.endswith("Nothing was done.\n")) == (2, True)


def test_a_preview_needs_no_database_and_says_where_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = said_by(capsys, "preview", "--to", str(tmp_path / "look"))
    assert (code, "index.html" in told) == (0, True)
    assert (tmp_path / "look" / "letter-spoc-monday.html").exists()
    (tmp_path / "file").write_text("")
    assert said_by(capsys, "preview", "--to", str(tmp_path / "file" / "look"))[0] == 2


def test_a_worker_killed_while_sending_is_made_up_for_at_once_and_marked(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.begin() as connection:
        World(connection).said()
    with RawServer("after", "hang", times=1) as server:
        for name, value in {"HOST": "localhost", "PORT": str(server.port), "SECURITY": "none",
                            "OPERATIONS": "ops@surrey.police.uk"}.items():  # fmt: skip
            monkeypatch.setenv(f"CASEBEAT_MAIL__{name}", value)
        killed = subprocess.Popen(
            [sys.executable, "-c", DELIVER], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
        for _ in range(300):
            if server.times == 0:
                break
            time.sleep(0.1)
        assert server.times == 0
        killed.kill()
        killed.wait()
        assert _until_free(database) == {State.SENT: 1}
        last = email.message_from_bytes(server.accepted[-1], policy=policy.default)
    assert last["Subject"].startswith("[May be a repeat] ")
    with database.begin() as connection:
        assert connection.execute(text("select count(*) from audit where verb = 'disclosure'")).scalar_one() == 2


def _until_free(database: Engine) -> dict[State, int]:
    """Wait until PostgreSQL has noticed the dead client, so that the next round finds everything free."""
    for _ in range(50):
        counts = deliver(configured(), AT_NINE).counts
        if counts:
            return counts
        time.sleep(0.1)
    return {}
