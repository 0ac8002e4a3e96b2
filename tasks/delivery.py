"""Delivery: what is due is claimed, composed from the world as it is, carried and settled; two at once do no harm."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine

from config import mailbox
from config.settings import Settings, settings
from config.terms import State
from models.errors import Refuse, is_a_rows
from models.queries import digests, outbox, outbox_list
from models.queries.outbox import Held
from models.rules.transitions import MOST_TRIES, REPEAT
from tasks import numbers
from tasks.answering import Answers
from tasks.carrying import Delivered, Ready, by_mail, to_maildir
from tasks.composing import Composed, World, compose
from tasks.database import engine
from tasks.letters import letter, repeated
from tasks.mail import Carrier
from tasks.readdressing import readdress
from tasks.words import render, undelivered

BATCH = 50
LONDON = ZoneInfo("Europe/London")
__all__ = ["Delivered", "deliver"]


class _Worker(NamedTuple):
    """One run: what it was told, what it holds, and what it counts."""

    as_of: datetime
    settings: Settings
    database: Engine
    token: UUID
    carrier: Carrier | None
    delivered: Delivered

    @property
    def today(self) -> datetime:
        """The London morning of the run's day, before anyone is at work."""
        return datetime.combine(self.as_of.astimezone(LONDON).date(), time(), tzinfo=LONDON)


def deliver(as_of: datetime, *, batch: int = BATCH) -> Delivered:
    """Say everything whose moment has come by `as_of`. What a dead worker held is free; others may run beside it."""
    chosen, database = settings(), engine()
    carrier = Carrier(chosen.mail) if chosen.mail.host else None
    worker = _Worker(as_of, chosen, database, uuid4(), carrier, Delivered(mailed=carrier is not None))
    with database.connect().execution_options(isolation_level="AUTOCOMMIT") as standing:
        outbox.stand(standing, worker.token)
        try:
            if not _held(worker):
                _recover(worker)
                readdress(as_of, worker.today.date())
                _drain(worker, batch)
        finally:
            if carrier:
                carrier.close()
            outbox.leave(standing, worker.token)
    with database.begin() as connection:
        worker.delivered.waiting = outbox.waiting(connection, as_of)
        _tell_operations(connection, worker)
    return worker.delivered


def _held(worker: _Worker) -> bool:
    with worker.database.begin() as connection:
        worker.delivered.held = outbox_list.is_held(connection)
    return worker.delivered.held


def _recover(worker: _Worker) -> None:
    """Free what dead workers held; say once more what nobody knows the fate of; give up what was said twice."""
    with worker.database.begin() as connection:
        for id_, state in outbox.reap(connection):
            after = State.RETRY if state is State.CLAIMED else State.UNKNOWN
            outbox.settle(connection, [id_], after, reason="its worker was gone", as_of=worker.as_of)
        once, twice = outbox.unknown(connection)
        outbox.settle(connection, once, State.RETRY, reason=REPEAT, as_of=worker.as_of)
        for id_, key in twice:
            _end(connection, worker, (id_, key), State.DEAD, "said twice, and no answer either time")


def _drain(worker: _Worker, batch: int) -> None:
    """Claim and carry until nothing is due, the carrier is down or held, or the run's cap leaves hard clocks only."""
    most, carried = numbers.policy().delivery.most_per_run, 0
    while not worker.delivered.down and not _held(worker):
        left = most - carried
        with worker.database.begin() as connection:
            claimed = outbox.claim(
                connection, worker.token, worker.as_of, min(batch, left) if left > 0 else batch, only_hard=left <= 0
            )
            kept = _within_caps(connection, worker, claimed)
        if not claimed:
            break
        carried += sum(not one.hard for one in claimed)
        ready = _speak(worker, kept)
        if worker.carrier:
            by_mail(worker, worker.carrier, ready)
        else:
            to_maildir(worker, worker.settings.home, ready)
    if carried >= most:
        with worker.database.begin() as connection:
            worker.delivered.capped += outbox.waiting(connection, worker.as_of)


def _within_caps(connection: Connection, worker: _Worker, claimed: Sequence[Held]) -> list[Held]:
    """Put off, until the next London morning, what goes beyond a person's cap; hard clocks go out all the same.

    In the claiming transaction: what a worker has claimed and committed is what it will say.
    """
    policy = numbers.policy()
    most = policy.delivery.most_per_person_per_day
    tomorrow = datetime.combine(worker.today.date() + timedelta(days=1), policy.digest.from_, tzinfo=LONDON)
    kept: list[Held] = []
    late: list[Held] = []
    people = {one.contact_ref for one in claimed if one.contact_ref and not one.hard}
    said = outbox.said_since(connection, sorted(people), worker.today, worker.token)
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


def _speak(worker: _Worker, claimed: Sequence[Held]) -> list[Ready]:
    """What is ready to go; where the world of a batch cannot be read, its halves, down to the message at fault."""
    try:
        return _spoken(worker, claimed)
    except Exception as error:
        if not is_a_rows(error):
            raise
        if len(claimed) == 1:
            with worker.database.begin() as connection:
                _spoilt(connection, worker, claimed[0], error)
            return []
    middle = len(claimed) // 2
    return [*_speak(worker, claimed[:middle]), *_speak(worker, claimed[middle:])]


def _spoken(worker: _Worker, claimed: Sequence[Held]) -> list[Ready]:
    """Re-read the world and compose; what has nothing to say any more falls silent, with its reason."""
    ready: list[Ready] = []
    with worker.database.begin() as connection:
        world, answers = World(connection, claimed, worker.today.date()), Answers(connection, claimed)
        for held in claimed:
            try:
                made = answers.compose(held, world) if answers.has(held) else compose(held, world, worker.as_of)
                one = _composed(worker, made, connection)
            except Exception as error:
                if not is_a_rows(error):
                    raise
                _spoilt(connection, worker, held, error)
                continue
            if one is not None:
                ready.append(one)
    return ready


def _spoilt(connection: Connection, worker: _Worker, held: Held, error: Exception) -> None:
    """One bad message never stops the rest: it is dead, and told."""
    reason = f"could not be composed ({type(error).__name__})"
    _end(connection, worker, (held.id, held.key), State.DEAD, reason)


def _composed(worker: _Worker, composed: Composed, connection: Connection) -> Ready | None:
    held, to = composed.held, _address(worker, composed)
    outbox.silence(connection, composed.silent)
    if composed.context is None:
        _end(connection, worker, (held.id, held.key), State.SILENT, composed.nothing)
    elif to is None:
        _end(connection, worker, (held.id, held.key), State.DEAD, "no address in an allowed domain")
    elif held.attempts > MOST_TRIES:
        _end(connection, worker, (held.id, held.key), State.DEAD, "tried for 24 hours in vain")
    else:
        return Ready(held, to, _letter(worker, composed, to))
    return None


def _address(worker: _Worker, composed: Composed) -> str | None:
    mail = worker.settings.mail
    if composed.held.contact_ref is None:
        return mail.operations or (mail.from_address if worker.carrier is None else None)
    address = composed.reader.email if composed.reader else ""
    return address if mailbox.allowed(address, mail.allowed_domains) else None


def _letter(worker: _Worker, composed: Composed, to: str) -> bytes:
    held = composed.held
    if held.repeats and held.body is not None:
        return repeated(held.body)
    if composed.context is None:
        raise Refuse("a message with nothing to say has no letter")
    replies = worker.settings.replies.address if worker.settings.replies.host and composed.reader else ""
    body = letter(composed, render(held.kind, composed.context), worker.settings.mail, to, worker.as_of, replies)
    return repeated(body) if held.repeats else body


def _end(connection: Connection, worker: _Worker, message: tuple[int, str], state: State, reason: str) -> None:
    settled = outbox.settle(connection, [message[0]], state, reason=reason, as_of=worker.as_of)
    worker.delivered.add(state, settled)
    if settled and state is State.DEAD:
        worker.delivered.dead.append((message[1], reason))


def _tell_operations(connection: Connection, worker: _Worker) -> None:
    """What could not be said falls to operations, and so does what the caps kept back; never about their own mail."""
    dead = [(key, reason) for key, reason in worker.delivered.dead if not key.startswith("undelivered:")]
    if dead or worker.delivered.capped:
        words = undelivered(dead, worker.delivered.capped)
        key = f"undelivered:{worker.as_of.isoformat()}:{sha256(words.encode()).hexdigest()[:12]}"
        digests.operations(connection, key, worker.today.date(), words, worker.as_of)
