"""The statement that finds what dead or hanging workers left: by their lease, and by their session's lock."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import text

from models.outbox import Message
from models.queries.outbox import workers

ALIVE, DEAD = UUID("89abcdef-fedc-4321-8123-456789abcdef"), UUID(int=7)


def test_a_message_is_left_behind_where_its_lease_is_over_or_its_holders_session(rows):
    to_come, past = datetime(2999, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    first, second = UUID("89abcdef-0000-4000-8000-000000000000"), UUID("00000000-fedc-4321-8000-000000000000")
    ids = {
        name: rows.message(None, state=state, lease_until=until, lease_token=token)
        for name, state, until, token in (
            ("lapsed", "claimed", past, ALIVE), ("held", "sending", to_come, ALIVE), ("gone", "sending", to_come, DEAD),
            ("half", "claimed", to_come, first), ("other-half", "claimed", to_come, second),
            ("on-the-moment", "claimed", text("now()"), ALIVE), ("settled", "sent", past, DEAD),
            ("queued", "queued", past, DEAD),
        )
    }  # fmt: skip
    workers.register(rows.connection, ALIVE)
    rows.move_back(Message, ids["lapsed"])
    try:
        assert [one.id for one in workers.abandoned(rows.connection)] == [
            ids["lapsed"], ids["gone"], ids["half"], ids["other-half"],
        ]  # fmt: skip
    finally:
        workers.unregister(rows.connection, ALIVE)
    assert len(workers.abandoned(rows.connection)) == 6
