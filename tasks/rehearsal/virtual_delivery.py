"""Virtual delivery: each message that is due has left on its day, and nothing is composed, rendered or sent.

What was decided on an earlier day is looked at as delivery does: what is true no more falls silent.
"""

from collections.abc import Collection
from datetime import datetime

from config.days.london import london_day
from config.message_kinds import MessageKind
from config.settings import settings
from config.terms import State
from models.queries.outbox import digests, outbox
from models.queries.rehearsal import virtual_delivery as queries
from tasks.messages.composing import MessageBatch, silence
from tasks.platform import configuration
from tasks.servers.database import transaction


def deliver(at: datetime, until: datetime, holding: Collection[str] = ()) -> int:
    """Mark as sent what leaves from a round's moment until the next round, and return how many messages that is.

    `holding` are people whose letter holds something that was foreseen.
    """
    today = london_day(at)
    letters = configuration.calendar().is_working(today)
    with transaction() as connection:
        held = queries.waited(connection, until, letters=letters)
        world = MessageBatch(connection, held, today)
        enclosing = {letter for letter, _ in digests.enclosed(connection, [one.id for one in held])}
        for one in held:
            found = world.relevant(one)
            outbox.silence(connection, found.silent)
            full = one.kind == MessageKind.LETTER and one.contact_ref in holding
            if not full and (found.nothing or not (found.said or one.id in enclosing or one.standing)):
                why = found.nothing or silence(found, one)
                outbox.settle(connection, [one.id], State.SILENT, reason=why, as_of=at)
        ids = queries.due(connection, until, letters=letters)
        queries.sending(connection, ids, at)
        state = State.SENT if settings().mail.host else State.SHOWN
        return outbox.settle(connection, ids, state, reason="", as_of=at)
