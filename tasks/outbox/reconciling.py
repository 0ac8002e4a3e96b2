"""Reconciling: what dead workers held is freed, and what nobody answered for is asked about before it is said again."""

from sqlalchemy import Connection

from config.terms import Channel, State
from models.queries.outbox import outbox, unconfirmed, workers
from models.queries.outbox.unconfirmed import UnconfirmedMessage
from models.rules.outbox.message_states import GONE, wait_seconds
from tasks.carriers.carrier import Answer, Carrier
from tasks.carriers.slack.prepare import post_ref
from tasks.outbox.sending import Worker


def free(worker: Worker) -> None:
    """Free what dead or hanging workers held: what was only claimed may be said, what was being sent is unknown."""
    with worker.database.begin() as connection:
        for id_, state in workers.reap(connection):
            after = State.RETRY if state is State.CLAIMED else State.UNKNOWN
            outbox.settle(connection, [id_], after, reason=GONE, as_of=worker.as_of)


def reconcile(worker: Worker, carrier: Carrier) -> None:
    """Ask what became of each unknown message of a carrier, one transaction each. Raises Down.

    A letter is said once more, and given up where its carrier gives no answer again; a post is looked for, and posted
    again only where it surely is not. What cannot be found out stays unknown and is asked about later.
    """
    with worker.database.begin() as connection:
        ids = unconfirmed.ids(connection, carrier.channel, searchable=carrier.channel is Channel.SLACK)
    if ids:
        carrier.ready()
    for id_ in ids:
        with worker.database.begin() as connection:
            found = unconfirmed.take(connection, id_)
            if found is not None:
                _settle(connection, worker, found, _asked(carrier, found))


def _asked(carrier: Carrier, found: UnconfirmedMessage) -> Answer:
    if carrier.channel is Channel.EMAIL:
        if found.twice:
            return Answer(State.DEAD, "said again, and no answer to that either")
        return carrier.look_for(found.to, found.body, found.key, found.sending_at)
    return carrier.look_for(found.to, found.body, post_ref(found.key), found.sending_at)


def _settle(connection: Connection, worker: Worker, found: UnconfirmedMessage, answer: Answer) -> None:
    if answer.state is State.UNKNOWN:
        unconfirmed.ask_later(connection, found.id, max(answer.wait, wait_seconds(found.tries)))
        return
    settled = outbox.settle(
        connection, [found.id], answer.state, reason=answer.reason, as_of=worker.as_of, remote_ref=answer.remote_ref
    )
    if answer.state in {State.SENT, State.DEAD}:
        worker.delivered.add(answer.state, settled)
    if settled and answer.state is State.DEAD:
        worker.delivered.dead.append((found.key, answer.reason))
