"""A rehearsal takes the very steps that the rounds then take, and leaves the database as it was."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from config.days.london import at_london
from config.settings import settings
from flows.demo import START
from flows.rehearsed_days import NOBODY_ANSWERS, nothing, run_days
from flows.round_steps import whole_round
from tasks.demo.book import write_book
from tasks.demo.sittings import PANELS
from tasks.rehearsal import outcome
from tasks.rehearsal.copied_book import copied, nothing_else_written, one_transaction
from tasks.rehearsal.foreseeing import Foreseeing
from tests.support.every_table import every_table

BEFORE, REHEARSED = 2, 6  # days: over a weekend, with the week's standings and several sittings
DECIDED = {
    "steps": """select o.case_id, o.rule, o.subject, o.version, s.step, s.name, s.on_day, s.outcome, s.reason
                from steps s join obligations o on o.id = s.obligation_id""",
    "notifications": """select o.case_id, o.rule, o.subject, o.version, n.happening, n.step_name, n.occasion, n.day,
                               n.manner, n.addressee, n.contact_ref, n.note, n.state,
                               case n.state when 'silent' then n.reason end, m.kind, m.day, m.state
                        from notifications n join obligations o on o.id = n.obligation_id
                        left join messages m on m.id = n.message_id""",
    "letters": """select m.key, m.kind, m.contact_ref, m.day, m.standing, m.hard, m.state, l.key
                  from messages m left join messages l on l.id = m.letter_id
                  where m.kind <> 'operations' and m.kind <> 'at_once'""",  # the key of an at-once mail has an id
    "at once": "select m.contact_ref, m.day, m.hard, m.state from messages m where m.kind = 'at_once'",
    "sittings": """select c.case_id, s.ref, c.slot, c.because, c."end", c.ended_on
                   from convenings c join sittings s on s.id = c.sitting_id""",
}


def decided(connection):
    """What was decided so far, in any order; ids that were numbered anew are left out."""
    found = {}
    for name, statement in DECIDED.items():
        found[name] = sorted(map(repr, map(tuple, connection.execute(text(statement)))))
    return found


# Officers and supervisors come and go; where the SPOC does too, nearly all that the force owes is left to the days.
SPOCS_STAY = """delete from absences a using contacts c
                where c.contact_ref = a.contact_ref and c.roles && array['spoc', 'lead']"""


@pytest.fixture
def book(database, tmp_path, monkeypatch):
    """The demo's whole book, with its panels, after two rounds."""
    (tmp_path / "panels.yaml").write_text(PANELS, encoding="utf-8")
    monkeypatch.setenv("CASEBEAT_DROP", str(tmp_path / "drop"))
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    monkeypatch.setenv("CASEBEAT_PANELS", str(tmp_path / "panels.yaml"))
    settings.cache_clear()
    write_book(tmp_path / "drop", START, 7)
    for number in range(BEFORE):
        whole_round(START + timedelta(days=number), at_london(START + timedelta(days=number)))
    with database.begin() as connection:
        assert connection.execute(text(SPOCS_STAY)).rowcount > 0
    return database


def test_a_rehearsal_takes_the_steps_and_letters_of_the_rounds_that_follow_and_writes_nothing(book):
    first, before = START + timedelta(days=BEFORE), every_table(book)
    last = first + timedelta(days=REHEARSED - 1)
    with one_transaction() as connection:
        with copied(connection):
            run_days(connection, first, REHEARSED, NOBODY_ANSWERS, nothing)
            rehearsed, by_days = decided(connection), outcome.read(connection, first, last)
        with copied(connection):
            foreseen = Foreseeing(first, last)
            run_days(connection, first, REHEARSED, NOBODY_ANSWERS, nothing, foreseen)
            at_once = outcome.read(connection, first, last, foreseen)
    assert every_table(book) == before
    assert_same_figures(by_days, at_once)
    heard = Counter(rule == "joint-review" for _, rule, _ in foreseen.heard_on)
    assert heard[True] > 5
    assert len(by_days.heard_on) / 2 < heard[False] < len(by_days.heard_on)  # the rest is left to the days
    for number in range(REHEARSED):
        day = first + timedelta(days=number)
        whole_round(day, at_london(day))
    with book.connect() as connection:
        real = decided(connection)
    for name, rows in real.items():
        assert set(rehearsed[name]) ^ set(rows) == set(), name
        assert rehearsed[name] == rows, name
    assert len(real["notifications"]) > 1_000


def assert_same_figures(by_days: outcome.RehearsedWeeks, at_once: outcome.RehearsedWeeks) -> None:
    """Compare what the days gave one by one with what was foreseen of them, figure by figure."""
    assert at_once.cases == by_days.cases
    assert at_once.stalled_on == by_days.stalled_on
    assert at_once.heard_on == by_days.heard_on
    assert at_once.mails_on == by_days.mails_on
    assert at_once.readers == by_days.readers


def test_nothing_but_the_copies_can_be_written(book):
    with one_transaction() as connection, copied(connection), nothing_else_written(connection):
        connection.execute(text("update cases set risk = 'low'"))
        with pytest.raises(DBAPIError, match="25006"), connection.begin_nested():
            connection.execute(text("update public.cases set risk = 'low'"))
