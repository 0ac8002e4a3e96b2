"""Caps: how much each person has been sent, counted exactly however many workers count at once."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from models.queries.driver import fetch


def said_since(connection: Connection, contact_refs: Sequence[str], since: datetime, token: UUID) -> dict[str, int]:
    """How many messages, hard clocks not counted, each of these people was sent since a moment or will be by another.

    These people are this worker's until commit: whoever else claims something for one of them counts after it.
    """
    if not contact_refs:
        return {}
    fetch(
        connection,
        """select pg_advisory_xact_lock(hashtext('casebeat cap'), person)
           from (select distinct hashtext(ref) as person from unnest(%s::text[]) ref order by 1) people""",
        (list(contact_refs),),
    )
    rows = fetch(
        connection,
        """select contact_ref, count(*) from messages
           where contact_ref = any(%(refs)s) and not hard
             and (sending_at >= %(since)s and state in ('sending', 'sent', 'shown', 'unknown')
                  or state = 'claimed' and lease_token <> %(token)s) group by contact_ref""",
        {"refs": list(contact_refs), "since": since, "token": str(token)},
    )
    return {row[0]: row[1] for row in rows}
