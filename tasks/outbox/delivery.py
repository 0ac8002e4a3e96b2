"""Delivery: what is due is claimed, composed from the world as it is, carried and settled; two at once do no harm."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import uuid4

import psycopg2
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from config.london import LONDON
from config.settings import Settings, settings
from config.terms import Channel, State
from models.queries.outbox import daily_caps, outbox, outbox_list, workers
from models.queries.outbox.outbox import ClaimedMessage, ClaimTerms
from tasks.carriers.carrier import Answer, Carrier, Down
from tasks.carriers.mail import Carrier as Mail
from tasks.carriers.maildir import Maildir
from tasks.carriers.slack import carrier as slack
from tasks.carriers.slack import threads
from tasks.carriers.slack.prepare import also_to_operations
from tasks.outbox import circuit_breaker
from tasks.outbox.preparing import end, speak
from tasks.outbox.readdressing import readdress
from tasks.outbox.reconciling import free, reconcile
from tasks.outbox.sending import DeliveryCounts, ReadyMessage, Worker, carry
from tasks.outbox.undelivered import tell_operations
from tasks.platform import configuration
from tasks.platform.database import engine

BATCH = 50
__all__ = ["DeliveryCounts", "deliver"]


def deliver(as_of: datetime, *, batch: int = BATCH) -> DeliveryCounts:
    """Say everything whose moment has come by `as_of`. What a dead worker held is free; others may run beside it."""
    chosen, database = settings(), engine()
    worker = Worker(as_of, chosen, database, uuid4(), DeliveryCounts(mailed=chosen.mail.host is not None))
    with _standing(worker):
        if not _held(worker):
            free(worker)
            readdress(as_of, worker.today.date())
            with _carriers(chosen) as carriers:
                _all_channels(worker, carriers, batch)
    with database.begin() as connection:
        worker.delivered.waiting = outbox.waiting(connection, as_of)
        tell_operations(connection, worker)
    return worker.delivered


@contextmanager
def _standing(worker: Worker) -> Iterator[None]:
    """Hold what this worker claims for as long as it lives, on a session of its own."""
    with worker.database.connect().execution_options(isolation_level="AUTOCOMMIT") as session:
        workers.stand(session, worker.token)
        try:
            yield
        finally:
            with suppress(DBAPIError, psycopg2.Error):  # a session that is lost holds nothing
                workers.leave(session, worker.token)


@contextmanager
def _carriers(chosen: Settings) -> Iterator[dict[Channel, Carrier]]:
    """The carriers there are, e-mail first."""
    found: dict[Channel, Carrier] = {Channel.EMAIL: Mail(chosen.mail) if chosen.mail.host else Maildir(chosen.home)}
    if chosen.slack.on:
        found[Channel.SLACK] = slack.Carrier(chosen.slack)
    try:
        yield found
    finally:
        for carrier in found.values():
            carrier.close()


def _all_channels(worker: Worker, carriers: dict[Channel, Carrier], batch: int) -> None:
    """Each channel in turn, none stopping another; once more those that are to say that another is down."""
    faults: list[Exception] = []
    for channel in Channel:
        try:
            if channel in carriers:
                _channel(worker, carriers[channel], batch)
            else:
                _fall_silent(worker, channel, batch)
        except Exception as error:  # noqa: BLE001  raised when every channel has had its turn
            faults.append(error)
    if faults:
        raise faults[0]
    if worker.delivered.down:
        for channel, carrier in carriers.items():
            if channel not in worker.delivered.down:
                _channel(worker, carrier, batch)
    policy = configuration.policy().delivery
    if worker.delivered.carried >= policy.most_per_run:
        with worker.database.begin() as connection:
            worker.delivered.capped += outbox.waiting(connection, worker.as_of)


def _channel(worker: Worker, carrier: Carrier, batch: int) -> None:
    """All that a carrier is to say, and what it is to ask about, unless it rests."""
    pause = circuit_breaker.paused(worker, carrier.channel)
    if carrier.channel in worker.delivered.down:
        return
    try:
        if pause:
            carrier.ready()  # one look, before anything is claimed
        reconcile(worker, carrier)
        if isinstance(carrier, slack.Carrier):
            also_to_operations(worker.database, worker.settings, worker.today.date())
        _drain(worker, carrier, batch)
        if isinstance(carrier, slack.Carrier):
            threads.refresh(worker.database, carrier, worker.settings, worker.today.date())
    except Down as down:
        circuit_breaker.opened(worker, carrier.channel, str(down))
    else:
        if pause:
            circuit_breaker.closed(worker, carrier.channel)


def _drain(worker: Worker, carrier: Carrier, batch: int) -> None:
    """Claim and carry until nothing is due, the outbox is held, or the run's cap leaves hard clocks only."""

    def anew(held: ClaimedMessage) -> list[ReadyMessage]:
        return speak(worker, carrier, [held])

    while not _held(worker) and (claimed := _claim(worker, carrier.channel, batch)).all:
        carry(worker, carrier, speak(worker, carrier, claimed.kept), anew)


def _fall_silent(worker: Worker, channel: Channel, batch: int) -> None:
    """What a carrier was to say that is not set up any more."""
    while claimed := _claim(worker, channel, batch).all:
        with worker.database.begin() as connection:
            for held in claimed:
                end(connection, worker, held, Answer(State.SILENT, f"{channel} is not set up"))


def _held(worker: Worker) -> bool:
    with worker.database.begin() as connection:
        worker.delivered.held = outbox_list.is_held(connection)
    return worker.delivered.held


class _Claimed(NamedTuple):
    """What a worker has just claimed, and what of it the caps let out today."""

    all: list[ClaimedMessage]
    kept: list[ClaimedMessage]


def _claim(worker: Worker, channel: Channel, batch: int) -> _Claimed:
    """The next batch. Digests leave on working days, from their hour."""
    policy, left = configuration.policy(), configuration.policy().delivery.most_per_run - worker.delivered.carried
    from_ = worker.today.replace(hour=policy.digest.from_.hour, minute=policy.digest.from_.minute)
    hours = configuration.calendar().is_working(worker.today.date()) and worker.as_of >= from_
    wanted = ClaimTerms(channel, worker.as_of, digests=hours, only_hard=left <= 0)
    with worker.database.begin() as connection:
        claimed = outbox.claim(connection, worker.token, wanted, min(batch, left) if left > 0 else batch)
        kept = _within_caps(connection, worker, claimed)
    worker.delivered.carried += sum(not one.hard for one in claimed)
    return _Claimed(claimed, kept)


def _within_caps(connection: Connection, worker: Worker, claimed: Sequence[ClaimedMessage]) -> list[ClaimedMessage]:
    """Put off, until the next London morning, what goes beyond a person's cap; hard clocks go out all the same.

    In the claiming transaction: what a worker has claimed and committed is what it will say. All channels count.
    """
    policy = configuration.policy()
    most = policy.delivery.most_per_person_per_day
    tomorrow = datetime.combine(worker.today.date() + timedelta(days=1), policy.digest.from_, tzinfo=LONDON)
    kept: list[ClaimedMessage] = []
    late: list[ClaimedMessage] = []
    people = {one.contact_ref for one in claimed if one.contact_ref and not one.hard}
    said = daily_caps.said_since(connection, sorted(people), worker.today, worker.token)
    for one in claimed:
        if one.contact_ref is None or one.hard:
            kept.append(one)
            continue
        said[one.contact_ref] = said.get(one.contact_ref, 0) + 1
        (kept if said[one.contact_ref] <= most else late).append(one)
    if late:
        ids, reason = [one.id for one in late], f"beyond {most} messages a day"
        outbox.settle(connection, ids, State.QUEUED, reason=reason, due_at=tomorrow, as_of=worker.as_of)
    worker.delivered.capped += len(late)
    return kept
