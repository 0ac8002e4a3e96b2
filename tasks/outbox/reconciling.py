"""Free what dead workers held, and ask about messages that nobody answered for before they are sent again."""

from datetime import datetime

from sqlalchemy import Connection

from config.terms import State
from models.queries.outbox import outbox, unconfirmed, workers
from models.queries.outbox.unconfirmed import UnconfirmedMessage
from models.rules.outbox.message_states import ENDED, GONE, wait_seconds
from tasks.carriers.carrier import Answer, Carrier
from tasks.outbox.sending import Worker


def free(worker: Worker) -> None:
    """Free what dead or hanging workers held: a claimed message may be sent, one that was being sent is unknown."""
    with worker.database.begin() as connection:
        free_abandoned(connection, worker.as_of)


def free_abandoned(connection: Connection, as_of: datetime) -> None:
    """Free what dead or hanging workers held, in the caller's transaction."""
    for left in workers.abandoned(connection):
        after = State.RETRY if left.state is State.CLAIMED else State.UNKNOWN
        outbox.settle(connection, [left.id], after, reason=GONE, as_of=as_of)


def reconcile(worker: Worker, carrier: Carrier) -> None:
    """Ask what became of each unknown message of a carrier, one transaction each. Raises Down.

    A searchable carrier looks for it, and sends it again only where it is surely absent; any other sends it once more,
    and gives it up where no answer comes again. A message that cannot be found out about stays unknown until later.
    """
    with worker.database.begin() as connection:
        ids = unconfirmed.ids(connection, carrier.channel, searchable=carrier.searchable)
    if ids:
        carrier.ready()
    for id_ in ids:
        with worker.database.begin() as connection:
            message = unconfirmed.take(connection, id_)
            if message is not None:
                settle(connection, worker, message, _asked(carrier, message))


def _asked(carrier: Carrier, message: UnconfirmedMessage) -> Answer:
    if message.twice and not carrier.searchable:
        return Answer(State.DEAD, "said again, and no answer to that either")
    return carrier.look_for(message.to, message.body, message.sign, message.sending_at)


def settle(connection: Connection, worker: Worker, message: UnconfirmedMessage, answer: Answer) -> None:
    """Settle an unknown message by what became of it, or ask again later, in the caller's transaction."""
    if answer.state is State.UNKNOWN:
        unconfirmed.ask_later(connection, message.id, max(answer.wait, wait_seconds(message.tries)))
        return
    settled = outbox.settle(
        connection, [message.id], answer.state, reason=answer.reason, as_of=worker.as_of, remote_ref=answer.remote_ref
    )
    if answer.state in ENDED:
        worker.delivered.add(answer.state, settled)
    if settled and answer.state is State.DEAD:
        worker.delivered.dead.append((message.key, answer.reason))
