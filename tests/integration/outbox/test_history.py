"""A day's letters cost what is live: years of what their readers were told before add nothing that is read.

By PostgreSQL's own counts of rows, in a book with so much behind it and in the same book with nothing.
"""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine, text

from config.days.london import at_london
from config.message_kinds import MessageKind
from config.routes import Channel
from config.settings import settings
from flows.configured import configured
from models.queries.driver import execute, mapping
from models.queries.outbox import daily_caps, digests, outbox, readdressing, standstill
from models.queries.outbox.outbox import ClaimTerms
from models.queries.rounds import summary
from tasks.messages.composing import MessageBatch
from tasks.messages.letter.composing import LetterBatch
from tasks.servers.database import owner_engine
from tests.worlds.days import day
from tests.worlds.one_case import OneCase

TODAY = day("Mon 23 Mar 2026")
NINE = at_london(TODAY).replace(hour=9)
MANY = 3000
PAST = (
    """insert into messages (key, kind, contact_ref, channel, day, state, due_at, sending_at, sent_at, standing)
       select 'letter:P' || n % 2 || ':email:' || n, 'letter', (array['P1', 'SP1'])[n % 2 + 1], 'email', d, 'sent', d,
              d, d, n % 5 = 0
       from generate_series(1, :many) n cross join lateral (select '2026-03-10'::date - n / 3 as d) days""",
    """insert into obligations (case_id, force_code, rule, subject, version, chain_from, edition, owed_by, due_on,
                                remind_on, escalate_on, hard, stalls, because, began_on, ended_on, end_reason,
                                last_step)
       select min(c.id), '45', 'action', 'action:H' || n, 1, 1, '1', 'police', d, d, d + 7, false, true, '[]', d - 9,
              d + 2, 'met', 1
       from generate_series(1, :many) n cross join lateral (select '2026-03-10'::date - n / 3 as d) days, cases c
       group by n, d""",
    """insert into notifications (obligation_id, happening, step, step_name, day, duty, manner, addressee, contact_ref,
                                  channel, state, message_id, live)
       select o.id, 'step', 1, 'reminder', m.day, 'chase', 'digest', 'owner', m.contact_ref, 'email', 'sent', m.id,
              false
       from obligations o join messages m on split_part(m.key, ':', 4) = substr(o.subject, 9)
       where starts_with(o.subject, 'action:H')""",
    """insert into steps (obligation_id, step, name, on_day, outcome)
       select id, 1, 'reminder', remind_on, 'taken' from obligations where starts_with(subject, 'action:H')""",
)


def _group(connection: Connection) -> None:
    """The statements of a day's grouping, on this connection."""
    routes = settings().routes_of(MessageKind.LETTER)
    digests.late(connection, TODAY)
    digests.standings(connection, TODAY, NINE, routes, ["P1"])
    digests.letters(connection, TODAY, NINE, patient=False)


def _compose(connection: Connection) -> None:
    """The reads of what a delivery composes."""
    token = uuid4()
    readdressing.due(connection, NINE, TODAY, 1000)
    claimed = outbox.claim(connection, token, ClaimTerms(Channel.EMAIL, NINE), 50)
    assert claimed
    daily_caps.sent_since(connection, ["P1", "SP1"], NINE, token)
    outbox.fingerprints(connection, [held.id for held in claimed])
    world = MessageBatch(configured(), connection, claimed, NINE)
    letters = [held for held in claimed if held.kind is MessageKind.LETTER]
    batch = LetterBatch(connection, letters, world)
    assert [batch.compose(held, world).context for held in letters]
    standstill.waiting(connection, NINE)
    summary.outbox(connection, TODAY)


@pytest.fixture
def book(database: Engine, run_cli: Callable[..., Any]) -> OneCase:
    """A case whose action is critically overdue: everyone was told, and the week begins."""
    made = OneCase(database, run_cli)
    made.rounds("Mon 2 Mar 2026", "Sun 22 Mar 2026")
    made.say("update notifications set state = 'sent' where day < '2026-03-18'")
    return made


@pytest.mark.parametrize("work", [_group, _compose])
def test_what_was_told_before_is_not_read(book: OneCase, work: Callable[[Connection], None]) -> None:
    _settle()
    none = _read(book, work)
    for statement in PAST:
        book.say(statement, **({"many": MANY} if ":many" in statement else {}))
    _settle()
    years = _read(book, work)
    more = {
        table: (none.get(table, 0), rows) for table, rows in years.items() if rows > none.get(table, 0) + MANY // 10
    }
    assert not more


def _settle() -> None:
    """Let PostgreSQL know its tables, as it does after a night."""
    owner = owner_engine()
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))
    owner.dispose()


def _read(book: OneCase, work: Callable[[Connection], None]) -> dict[str, int]:
    """The rows of each table that the work reads, from end to end or by index; what it writes is taken back."""
    with book.engine.connect() as connection:
        if work is _compose:
            _group(connection)
        before = _counts(connection)
        work(connection)
        after = _counts(connection)
        connection.rollback()
    return {table: rows - before.get(table, 0) for table, rows in after.items()}


def _counts(connection: Connection) -> dict[str, int]:
    execute(connection, "select pg_stat_clear_snapshot()")
    statement = "select relname, seq_tup_read + coalesce(idx_tup_fetch, 0) as rows from pg_stat_xact_user_tables"
    return mapping(connection, "relname", "rows", statement)
