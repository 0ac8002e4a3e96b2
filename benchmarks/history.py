"""Composing a day's letters with years of history behind them: what everyone was told, and what has ended since.

Every hundredth person is a SPOC, who was also told of ninety matters that are overdue and reads of them that day.
"""

from collections.abc import Iterator
from pathlib import Path

from benchmarks import outbox, work
from benchmarks.clock import Figure, busy
from benchmarks.outbox import AT, BATCH, DAY
from config.days.london import at_london
from config.routes import Channel
from flows.configured import configured
from models.queries.driver import execute
from models.queries.outbox.outbox import ClaimTerms, claim
from tasks.carriers import registry
from tasks.messages.composing import MessageBatch
from tasks.messages.letter.composing import LetterBatch
from tasks.obligations import chasing
from tasks.outbox import digests
from tasks.outbox.sending import ReadyMessage
from tasks.servers import database

YEARS = (0, 1, 3)
LETTERS, EACH = 80, 2  # a person's letters of a year, and the matters of a letter, which ended five days later
TRIES = 3  # the best counts, in processor seconds: other users of the machine only ever make it slower
_SPOCS = (
    "update contacts set roles = '{spoc}' where substr(contact_ref, 2)::int %% 100 = 0",
    """with owed as (
         insert into obligations (case_id, force_code, rule, subject, version, chain_from, edition, owed_by,
                                  remind_on, due_on, escalate_on, next_step_on, hard, stalls, because, began_on,
                                  taken_on, last_step)
         select k.id, '45', 'action', 'action:L' || n.n, 1, 1, '2026-11', 'police', %(day)s::date - 20,
                %(day)s::date - 15, %(day)s::date + 30, %(day)s::date + 30, false, false, '[]',
                %(day)s::date - 40, array[%(day)s::date - 20, %(day)s::date - 14], 2
         from contacts s join generate_series(0, 89) n(n) on s.roles = '{spoc}'
         join case_keys k on k.case_ref = 'P' || (substr(s.contact_ref, 2)::int + n.n)
         returning id, case_id)
       insert into notifications (obligation_id, happening, step, step_name, day, duty, manner, addressee,
                                  contact_ref, channel, state)
       select o.id, 'step', 2, 'overdue', %(day)s::date - 14, 'chase', 'digest', 'spoc',
              'P' || substr(k.case_ref, 2)::int / 100 * 100, 'email', 'sent'
       from owed o join case_keys k on k.id = o.case_id""",
)
_YEAR = (
    """create temporary table letters on commit drop as
       select nextval(pg_get_serial_sequence('messages', 'id')) as id, c.contact_ref, k.id as case_id,
              %(day)s::date - 365 * %(year)s + 4 * n as day
       from contacts c join case_keys k on k.case_ref = c.contact_ref
       cross join generate_series(0, %(letters)s - 1) n""",
    """create temporary table matters on commit drop as
       select nextval(pg_get_serial_sequence('obligations', 'id')) as id, l.id as message_id, l.contact_ref,
              l.case_id, l.day
       from letters l cross join generate_series(1, %(each)s)""",
    """insert into messages (id, key, kind, contact_ref, channel, day, state, due_at, attempts, first_tried_at,
                             sending_at, sent_at)
       select id, format('letter:%%s:email:%%s', contact_ref, day), 'letter', contact_ref, 'email', day, 'sent', day,
              1, day, day, day from letters""",
    """insert into obligations (id, case_id, force_code, rule, subject, version, chain_from, edition, owed_by,
                                remind_on, due_on, escalate_on, hard, stalls, because, began_on, taken_on, last_step,
                                ended_on, end_reason)
       select id, case_id, '45', 'action', 'action:H' || id, 1, 1, '2026-11', 'police', day, day + 2, day + 9, false,
              true, '[]', day - 20, array[day], 1, day + 5, 'met' from matters""",
    """insert into steps (obligation_id, step, name, on_day, outcome)
       select id, 1, 'reminder', day, 'taken' from matters""",
    """insert into audit (verb, by, about, ref, reason)
       select 'alteration', 'casebeat', 'step', id || ':1', 'taken' from matters""",
    """insert into notifications (obligation_id, happening, step, step_name, day, duty, manner, addressee,
                                  contact_ref, channel, state, message_id, live)
       select id, 'step', 1, 'reminder', day, 'chase', 'digest', 'owner', contact_ref, 'email', 'sent', message_id,
              false from matters""",
)


def figures(people: int, home: Path) -> Iterator[Figure]:
    """Compose the same letters with no history, and with more and more of it."""
    outbox.use_sinks(home, 0, 0)
    outbox.write_book(people)
    _write(_SPOCS)
    chasing.chase(configured(), "45", DAY)
    digests.group(configured(), DAY, at_london(DAY))
    read, composed = [], []
    for before, years in zip((0, *YEARS), YEARS, strict=False):
        for year in range(before + 1, years + 1):
            _write(_YEAR, year=year)
        work.settle()
        best = [_tried(people, home) for _ in range(TRIES)]
        read.append(min(reading for reading, _ in best))
        composed.append(min(composing for _, composing in best))
        behind = f"{years} year{'' if years == 1 else 's'} behind them"
        yield Figure(f"reading for {people:,} letters with {behind} ÷ with none", read[-1], read[0], 1.2)
        yield Figure(f"composing them with {behind} ÷ with none", composed[-1], composed[0], 1.2)


def _write(statements: tuple[str, ...], **more: int) -> None:
    owner = database.owner_engine()
    with owner.begin() as connection:
        for statement in statements:
            execute(connection, statement, {"day": DAY, "letters": LETTERS, "each": EACH, **more})
    owner.dispose()


def _tried(people: int, home: Path) -> tuple[float, float]:
    """Return the processor seconds of reading for all letters, and of composing them with all that this needs."""
    outbox.back_to_the_queue()
    reading = busy(home, _read_all)
    outbox.back_to_the_queue()
    worker, made = outbox.a_worker(), list[ReadyMessage]()
    carriers = registry.build(worker.configuration, worker.database, AT)
    composing = busy(home, outbox.compose_all, worker, carriers[Channel.EMAIL], made)
    if len(made) != people:
        raise SystemExit(f"{len(made)} letters were composed, not {people}")
    return reading, composing


def _read_all() -> None:
    """Claim every letter, and read what it needs, without composing any."""
    worker = outbox.a_worker()
    while True:
        with worker.database.begin() as connection:
            claimed = claim(connection, worker.token, ClaimTerms(Channel.EMAIL, AT), BATCH)
            if not claimed:
                return
            LetterBatch(connection, claimed, MessageBatch(configured(), connection, claimed, AT))
