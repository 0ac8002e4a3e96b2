"""Deliver what is due: claim it, prepare it from the world as it is, send it and record the answer.

Two deliveries at once do no harm.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple
from uuid import uuid4

import psycopg2
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from config.routes import Route
from config.terms import State
from models.queries.outbox import daily_caps, digests, outbox, outbox_list, standstill, workers
from models.queries.outbox import refusals as refusal_queries
from models.queries.outbox.outbox import ClaimedMessage, ClaimTerms
from models.rules.outbox.letter_hour import letter_hour
from tasks.carriers import registry
from tasks.carriers.carrier import Answer, Busy, Carrier, Down
from tasks.messages import rendering
from tasks.outbox import circuit_breaker
from tasks.outbox.circuit_breaker import to_operations
from tasks.outbox.preparing import end, prepare
from tasks.outbox.readdressing import readdress
from tasks.outbox.reconciling import free, reconcile
from tasks.outbox.refusals import Refusals
from tasks.outbox.sending import DeliveryCounts, ReadyMessage, Worker, send
from tasks.platform.configuration import Configuration
from tasks.servers.database import engine

BATCH = 50


def deliver(
    configuration: Configuration, as_of: datetime, *, batch: int = BATCH, alarms_only: bool = False
) -> DeliveryCounts:
    """Send every message whose moment has come by `as_of`; free what dead workers held. Others may run beside it.

    With `alarms_only`, as while the outbox is held, only questions and alarms to operations leave.
    """
    database = engine()
    counts = DeliveryCounts(mailed=configuration.settings.mail.host is not None)
    worker = Worker(as_of, configuration, database, uuid4(), counts, alarms_only)
    with _present(worker):
        held = _held(worker)
        if not held or _asks(worker):
            free(worker)
            if not held:
                readdress(configuration, as_of, worker.today.date())
            with _carriers(worker) as carriers:
                _all_channels(worker, carriers, batch)
    with database.begin() as connection:
        worker.delivered.waiting = worker.delivered.put_back + standstill.waiting(connection, as_of)
        _report_undelivered(connection, worker)
        if not alarms_only:
            standstill.ended(connection, as_of)
    return worker.delivered


@contextmanager
def _present(worker: Worker) -> Iterator[None]:
    """Keep what this worker claims for as long as it lives, by a database session of its own."""
    with worker.database.connect().execution_options(isolation_level="AUTOCOMMIT") as session:
        workers.register(session, worker.token)
        try:
            yield
        finally:
            with suppress(DBAPIError, psycopg2.Error):  # a session that is lost holds nothing
                workers.unregister(session, worker.token)


@contextmanager
def _carriers(worker: Worker) -> Iterator[dict[str, Carrier]]:
    """Build the carriers that are set up, and close them."""
    built = registry.build(worker.configuration, worker.database, worker.as_of)
    try:
        yield built
    finally:
        for carrier in built.values():
            carrier.close()


def _all_channels(worker: Worker, carriers: Mapping[str, Carrier], batch: int) -> None:
    """Drain each channel in turn, none stopping another; then once more those that report another as down."""
    faults: list[Exception] = []
    for route in worker.configuration.settings.routes:
        try:
            if route.channel in carriers:
                _channel(worker, route, carriers[route.channel], batch)
            else:
                _silence(worker, route.channel, batch)
        except Exception as error:  # noqa: BLE001  raised when every channel has had its turn
            faults.append(error)
    if faults:
        raise faults[0]
    if worker.delivered.down:
        for route in worker.configuration.settings.routes:
            if route.channel in carriers and route.channel not in worker.delivered.down:
                _channel(worker, route, carriers[route.channel], batch)
    policy = worker.configuration.policy.delivery
    if worker.delivered.taken >= policy.most_per_run:
        with worker.database.begin() as connection:
            worker.delivered.capped += standstill.waiting(connection, worker.as_of)


def _channel(worker: Worker, route: Route, carrier: Carrier, batch: int) -> None:
    """Reconcile, send and refresh the messages of one carrier, unless it is paused."""
    pause = circuit_breaker.paused(worker, route.channel)
    if route.channel in worker.delivered.down:
        return
    refusals = Refusals(worker, carrier, refusing=pause is not None and pause.refusing)
    try:
        if pause:
            carrier.ready()  # one look, before anything is claimed
        reconcile(worker, carrier)
        _copy_to_operations(worker, route)
        _drain(worker, carrier, batch, refusals)
        refusals.end()
        if not _held(worker):
            carrier.refresh()
    except Busy:  # whoever uses it drains the same queue
        worker.delivered.busy = True
    except Down as down:
        refusals.put_back(str(down))
        circuit_breaker.opened(worker, route.channel, down)
    else:
        if pause and (not pause.refusing or refusals.accepted or not _waits(worker, route.channel)):
            circuit_breaker.closed(worker, route.channel)


def _waits(worker: Worker, channel: str) -> bool:
    with worker.database.begin() as connection:
        return refusal_queries.waits(connection, channel)


def _copy_to_operations(worker: Worker, route: Route) -> None:
    """Queue for a further channel that operations read what they were sent on the main one since yesterday."""
    if route.operations and not route.everyone:
        main, since = worker.configuration.settings.main.channel, worker.today.date() - timedelta(days=1)
        with worker.database.begin() as connection:
            digests.copy_to_operations(connection, main, route.channel, since)


def _drain(worker: Worker, carrier: Carrier, batch: int, refusals: Refusals) -> None:
    """Claim and send until nothing is due or is let out: by a hold, or by the run's cap once it is reached."""

    def prepare_one(message: ClaimedMessage) -> list[ReadyMessage]:
        return prepare(worker, carrier, [message])

    while (claimed := _claim(worker, carrier.channel, batch)).all:
        send(worker, carrier, prepare(worker, carrier, claimed.kept), prepare_one, refusals)


def _silence(worker: Worker, channel: str, batch: int) -> None:
    """Silence what was queued for a carrier that is no longer set up."""
    while claimed := _claim(worker, channel, batch).all:
        with worker.database.begin() as connection:
            for message in claimed:
                end(connection, worker, message, Answer(State.SILENT, f"{channel} is not set up"))


def _held(worker: Worker) -> bool:
    """Return whether only questions and alarms may leave."""
    with worker.database.begin() as connection:
        worker.delivered.held = outbox_list.is_held(connection)
    return worker.delivered.held or worker.alarms_only


def _asks(worker: Worker) -> bool:
    with worker.database.begin() as connection:
        return standstill.asks(connection)


class _Claimed(NamedTuple):
    """The messages that a worker has just claimed, and those of them that the caps let out today."""

    all: list[ClaimedMessage]
    kept: list[ClaimedMessage]


def _claim(worker: Worker, channel: str, batch: int) -> _Claimed:
    """Claim the next batch. Digests leave on working days, from their hour."""
    policy = worker.configuration.policy
    left = policy.delivery.most_per_run - worker.delivered.taken
    day = worker.today.date()
    hours = worker.configuration.calendar.is_working(day) and worker.as_of >= letter_hour(day, policy.letter)
    wanted = ClaimTerms(channel, worker.as_of, digests=hours, only_hard=left <= 0, held=_held(worker))
    with worker.database.begin() as connection:
        claimed = outbox.claim(connection, worker.token, wanted, min(batch, left) if left > 0 else batch)
        kept = _within_caps(connection, worker, claimed)
    worker.delivered.taken += sum(not message.hard for message in claimed)
    return _Claimed(claimed, kept)


def _within_caps(connection: Connection, worker: Worker, claimed: Sequence[ClaimedMessage]) -> list[ClaimedMessage]:
    """Put off until the next London morning what exceeds a person's cap; hard clocks are sent all the same.

    It runs in the claiming transaction: a worker sends what it has claimed and committed. All channels count.
    """
    policy = worker.configuration.policy
    most = policy.delivery.most_per_person_per_day
    tomorrow = letter_hour(worker.today.date() + timedelta(days=1), policy.letter)
    kept: list[ClaimedMessage] = []
    late: list[ClaimedMessage] = []
    people = {message.contact_ref for message in claimed if message.contact_ref and not message.hard}
    sent = daily_caps.sent_since(connection, sorted(people), worker.today, worker.token)
    for message in claimed:
        if message.contact_ref is None or message.hard:
            kept.append(message)
            continue
        sent[message.contact_ref] = sent.get(message.contact_ref, 0) + 1
        (kept if sent[message.contact_ref] <= most else late).append(message)
    if late:
        ids, reason = [message.id for message in late], f"beyond {most} messages a day"
        outbox.settle(connection, ids, State.QUEUED, reason=reason, due_at=tomorrow, as_of=worker.as_of)
    worker.delivered.capped += len(late)
    return kept


def _report_undelivered(connection: Connection, worker: Worker) -> None:
    """Report what is dead, unknown for an hour or kept back by caps; each once, whichever worker made it so."""
    found = outbox_list.untold(connection, worker.as_of)
    if found or worker.delivered.capped:
        text = rendering.undelivered(worker.configuration.settings, found, worker.delivered.capped)
        key = f"undelivered:{worker.as_of.isoformat()}:{sha256(text.encode()).hexdigest()[:12]}"
        digests.operations(
            connection, key, worker.today.date(), text, worker.as_of, to_operations(worker.configuration.settings)
        )
