"""Reads of how much each person was sent, counted exactly even where several workers count at once."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from config.terms import State
from models.queries.driver import execute, mapping
from models.rules.outbox.message_states import SAID


def sent_since(connection: Connection, contact_refs: Sequence[str], since: datetime, token: UUID) -> dict[str, int]:
    """Count the messages, without hard clocks, that each person was sent since a moment or is sent by another worker.

    These people are locked until commit: a worker that claims a message for one of them counts afterwards.
    """
    if not contact_refs:
        return {}
    execute(
        connection,
        """select pg_advisory_xact_lock(hashtext('casebeat cap'), person)
           from (select distinct hashtext(ref) as person from unnest(%s::text[]) ref order by 1) people""",
        (list(contact_refs),),
    )
    return mapping(
        connection,
        "contact_ref",
        "messages",
        f"""select contact_ref, count(*) as messages from messages
           where contact_ref = any(%(refs)s) and not hard and letter_id is null
             and (sending_at >= %(since)s and (state = '{State.SENDING}' or state in {SAID})
                  or state = '{State.CLAIMED}' and lease_token <> %(token)s) group by contact_ref""",
        {"refs": list(contact_refs), "since": since, "token": str(token)},
    )
