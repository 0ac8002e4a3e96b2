"""The outbox: deciding, grouping, composing over the years, and draining to loopback servers, against floors."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml

from benchmarks import floors, work
from benchmarks.clock import Figure, timed
from benchmarks.wires import TOKEN, by_http, by_smtp
from config.days.london import at_london
from config.routes import Channel
from config.settings import settings
from flows.configured import configured
from models.queries.driver import execute
from models.queries.outbox import outbox
from models.queries.outbox.outbox import ClaimTerms
from tasks.carriers import registry
from tasks.carriers.carrier import Carrier
from tasks.carriers.mail.letters import letter
from tasks.messages.composing import MessageBatch
from tasks.messages.letter.composing import LetterBatch
from tasks.messages.rendering import render
from tasks.obligations import chasing
from tasks.outbox import digests
from tasks.outbox.preparing import prepare
from tasks.outbox.sending import DeliveryCounts, ReadyMessage, Worker
from tasks.servers import database

DAY = date(2026, 3, 17)
AT = at_london(DAY).replace(hour=9)
WORKERS = (1, 4)
BATCH = 50


def figures(people: int, home: Path) -> Iterator[Figure]:
    """Remind everyone of one action by e-mail and by Slack: two notifications and two letters each."""
    with ExitStack() as running:
        mail, slack = (running.enter_context(sink(name, people)) for name in ("mail", "slack"))
        use_sinks(home, mail, slack)
        write_book(people)
        yield from _deciding(people)
        letters, posts = yield from _composing(people)
        yield from _draining(Channel.EMAIL, letters, lambda commit: by_smtp(mail, letters, commit))
        yield from _draining(Channel.SLACK, posts, lambda commit: by_http(slack, posts, commit))


@contextmanager
def sink(name: str, people: int) -> Iterator[int]:
    running = subprocess.Popen(  # noqa: S603  our own module
        [sys.executable, "-m", "benchmarks.sinks", name, str(people)], stdout=subprocess.PIPE, text=True
    )
    try:
        yield int(running.stdout.readline()) if running.stdout else 0
    finally:
        running.kill()
        running.communicate()


def use_sinks(home: Path, mail: int, slack: int) -> None:
    numbers = yaml.safe_load(settings().policy.read_text(encoding="utf-8"))
    numbers["delivery"]["most_per_run"] = 10**7
    home.mkdir(parents=True, exist_ok=True)
    (home / "policy.yaml").write_text(yaml.safe_dump(numbers, sort_keys=False), encoding="utf-8")
    chosen = {
        "POLICY": str(home / "policy.yaml"), "MAIL__HOST": "127.0.0.1", "MAIL__PORT": str(mail),
        "MAIL__OPERATIONS": "operations@surrey.police.uk", "SLACK__TOKEN": TOKEN, "SLACK__STAND_IN": "yes",
        "SLACK__BASE_URL": f"http://127.0.0.1:{slack}/api/",
    }  # fmt: skip
    os.environ.update({f"CASEBEAT_{name}": value for name, value in chosen.items()})


def write_book(people: int) -> None:
    """Write officers with one case each, whose one action has its reminder today."""
    statements = (
        """insert into sources (name, agency, covers, first_loaded_at, last_extracted_at)
           values ('bench', 'police', '{45}', '2026-03-02T05:00Z', '2026-03-02T05:00Z')""",
        """insert into contacts (contact_ref, source_id, agency, name, email, slack_user_id, roles, force_codes,
                                 cps_areas, first_seen_on)
           select 'P' || n, s.id, 'police', 'Robin Example', 'p' || n || '@surrey.police.uk', 'U0P' || n,
                  '{officer}', '{45}', '{}', '2026-03-02' from sources s, generate_series(0, %(people)s - 1) n""",
        "insert into slack_conversations select slack_user_id, 'D' || substr(slack_user_id, 2) from contacts",
        "insert into case_keys (force_code, case_ref) select '45', contact_ref from contacts",
        """insert into cases (id, source_id, force_code, case_ref, cps_area, opened_on, offence_codes, classification,
                              risk, oic_ref)
           select k.id, s.id, '45', k.case_ref, 'South East', '2026-03-02', '{PH97011}', 'stalking', 'high', k.case_ref
           from case_keys k, sources s""",
        """insert into obligations (case_id, force_code, rule, subject, version, chain_from, edition, owed_by,
                                    remind_on, due_on, escalate_on, next_step_on, hard, stalls, because, began_on,
                                    taken_on, last_step)
           select id, '45', 'action', 'action:A1', 1, 1, '2026-11', 'police', %(day)s, %(day)s::date + 2,
                  %(day)s::date + 7, %(day)s, false, true, '[]', '2026-03-02', '{}', 0 from cases""",
    )
    with database.transaction() as connection:
        for statement in statements:
            execute(connection, statement, {"people": people, "day": DAY} if "%(" in statement else ())
    work.settle()


def _deciding(people: int) -> Iterator[Figure]:
    read = floors.read_due(DAY, ["45"])
    decided = timed(chasing.chase, configured(), "45", DAY)
    what = f"deciding and recording {2 * people:,} notifications ÷ reading, and COPY of what it writes"
    yield Figure(what, decided, read + floors.write_climbed(DAY), None)
    yield Figure(
        f"grouping them into {2 * people:,} letters",
        timed(digests.group, configured(), DAY, at_london(DAY)),
        None,
        None,
    )
    work.settle()


def _composing(people: int) -> Generator[Figure, None, tuple[list[ReadyMessage], list[ReadyMessage]]]:
    """Compose everything without sending it. Returns the letters and posts, which the floors send."""
    worker = a_worker()
    letters: list[ReadyMessage] = []
    posts: list[ReadyMessage] = []
    carriers = registry.build(worker.configuration, worker.database, AT)
    seconds = timed(compose_all, worker, carriers[Channel.EMAIL], letters)
    rendered = timed(_render_alone, worker, letters)
    yield Figure(f"composing {people:,} letters by mail ÷ as many renderings alone", seconds, rendered, None)
    seconds = timed(compose_all, worker, carriers[Channel.SLACK], posts)
    yield Figure(f"composing {people:,} letters by Slack", seconds, None, None)
    back_to_the_queue()
    return letters, posts


def a_worker() -> Worker:
    """Return a delivery of the day."""
    return Worker(AT, configured(), database.engine(), uuid4(), DeliveryCounts())


def compose_all(worker: Worker, carrier: Carrier, made: list[ReadyMessage]) -> None:
    while True:
        with worker.database.begin() as connection:
            claimed = outbox.claim(connection, worker.token, ClaimTerms(carrier.channel, AT), BATCH)
        if not claimed:
            return
        made.extend(prepare(worker, carrier, claimed))


def _render_alone(worker: Worker, letters: list[ReadyMessage]) -> None:
    """Render one of the letters as often: Jinja and the mail around it, with nothing read for it."""
    with worker.database.begin() as connection:
        held = letters[0].held
        world = MessageBatch(configured(), connection, [held], AT)
        composed = LetterBatch(connection, [held], world).compose(held, world)
    for each in letters:
        if composed.context is not None:
            letter(composed, render(held.kind, composed.context), worker.configuration.settings.mail, each.to, AT)


def back_to_the_queue() -> None:
    owner = database.owner_engine()
    with owner.begin() as connection:
        execute(
            connection,
            """update messages set state = 'queued', attempts = 0, lease_until = null, lease_token = null, reason = '',
                      sending_at = null, sent_at = null, remote_ref = null, first_tried_at = null, body = null
               where day = %s""",
            (DAY,),
        )
        execute(connection, "update notifications set state = 'queued', reason = '' where day = %s", (DAY,))
    owner.dispose()
    work.settle()


def _draining(channel: Channel, bodies: list[ReadyMessage], floor: Callable[[bool], float]) -> Iterator[Figure]:
    bare, committed = floor(False), floor(True)
    for workers in WORKERS:
        back_to_the_queue()
        _put_off(channel, "1 year")
        seconds, composing, memory = _drained(workers, len(bodies))
        _put_off(channel, "-1 year")
        what = f"draining {len(bodies):,} by {channel}, {workers} worker{'s' if workers > 1 else ''}"
        aim = 1.6 if workers == 1 else None
        yield Figure(f"{what}, composing apart ÷ bare loop, a commit each", seconds - composing, committed, aim)
        yield Figure(f"{what}, all of it ÷ the same", seconds, committed, None)
        yield Figure(f"{what}, all of it ÷ bare loop without commits", seconds, bare, None)
        print(f"Memory of a worker, first and last batch: {memory[0]} and {memory[1]} MB", file=sys.stderr)


def _put_off(channel: Channel, span: str) -> None:
    """Move the due time of every message of another channel."""
    with database.transaction() as connection:
        execute(
            connection,
            "update messages set due_at = due_at + %s::interval where channel <> %s",
            (span, channel.value),
        )


def _drained(workers: int, number: int) -> tuple[float, float, list[int]]:
    """Return the longest worker's seconds, the mean seconds spent composing, and the memory of a worker."""
    running = [
        subprocess.Popen(  # noqa: S603  our own module
            [sys.executable, "-m", "benchmarks.drain", AT.isoformat()],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for _ in range(workers)
    ]  # fmt: skip
    for each in running:
        if each.stdout is None or each.stdout.readline() != "ready\n":
            raise SystemExit("a worker did not start")
    for each in running:
        if each.stdin is not None:
            each.stdin.write("go\n")
            each.stdin.flush()
    made: list[dict[str, Any]] = [json.loads(each.communicate()[0]) for each in running]
    sent = sum(one["counts"].get("sent", 0) for one in made)
    if sent != number:
        raise SystemExit(f"{sent} were sent, not {number}")
    composing = sum(one["composing"] for one in made) / workers
    return max(one["seconds"] for one in made), composing, made[0]["memory"]
