"""A rehearsal takes the very steps that the rounds then take, and leaves the database as it was."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from config.days.london import at_london
from config.settings import settings
from flows.configured import configured
from flows.demo import START
from flows.rehearsed_days import NOBODY_ANSWERS, nothing, run_days
from flows.round_steps import whole_round
from tasks.demo.book import write_book
from tasks.demo.sittings import PANELS
from tasks.platform.configuration import Configuration
from tasks.rehearsal import outcome
from tasks.rehearsal.copied_book import clean, copied, nothing_else_written, one_snapshot
from tasks.rehearsal.foreseeing import Foreseeing
from tasks.servers import postgres
from tasks.servers.database import close, engine, transaction
from tests.support.copies import as_superuser, copy_database
from tests.support.every_table import every_table

FORESEEN = "select rule, count(*) from rehearsed_news group by rule"
SOFT = "    - {step: overdue, day: due + 1d, to: [owner, supervisor], manner: digest, duty: chase}\n"
EAGER = {
    "within: 14d": "within: 7d",
    "day: escalate + 5wd": "day: escalate + 2wd",
    "high: 10wd, medium: 20wd": "high: 8wd, medium: 20wd",
    SOFT: f"    - {{step: nudge, day: due, to: [owner], manner: digest, duty: chase}}\n{SOFT}",  # a step more
}
# Letters of nothing but an agenda that goes out again on its morning: what is foreseen has none of them.
ONLY_CHANGED_AGENDAS = """update messages l set state = 'silent' where l.kind = 'letter' and not l.standing
    and not exists (select from notifications n where n.message_id = l.id)
    and (select bool_and(m.key like 'agenda:%:morning:%') from messages m where m.letter_id = l.id)"""
BEFORE, REHEARSED, FORESEEN_DAYS = 2, 6, 8  # days: over a weekend, with the week's standings and several sittings
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
    """What was decided so far, in any order; ids that were numbered again are left out."""
    found = {}
    for name, statement in DECIDED.items():
        found[name] = sorted(map(repr, map(tuple, connection.execute(text(statement)))))
    return found


# Officers and supervisors come and go; where the SPOC does too, nearly all that the force owes is left to the days.
SPOCS_STAY = """delete from absences a using contacts c
                where c.contact_ref = a.contact_ref and c.roles && array['spoc', 'lead']"""


@pytest.fixture(scope="module")
def after_two_rounds(server, copies, tmp_path_factory):
    """The demo's whole book, with its panels, after two rounds: the settings that name it, and its database."""
    home, name = tmp_path_factory.mktemp("rehearsed"), "rehearsed"
    copies.give(name)
    (home / "panels.yaml").write_text(PANELS, encoding="utf-8")
    told = {
        "HOME": home, "DROP": home / "drop", "CLOCK": "virtual", "PANELS": home / "panels.yaml",
        "DATABASE_URL": postgres.url(server, database=name),
    }  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        _set(patch, told)
        write_book(home / "drop", START, 7)
        for number in range(BEFORE):
            whole_round(configured(), START + timedelta(days=number), at_london(START + timedelta(days=number)))
        with transaction() as connection:
            assert connection.execute(text(SPOCS_STAY)).rowcount > 0
        close()
    yield name, told
    as_superuser(server, f"drop database {name}")


@pytest.fixture
def book(after_two_rounds, server, monkeypatch):
    """A copy of that book."""
    name, told = after_two_rounds
    copy_database(server, name, "rehearsed_copy")
    _set(monkeypatch, {**told, "DATABASE_URL": postgres.url(server, database="rehearsed_copy")})
    yield engine()
    close()
    as_superuser(server, "drop database rehearsed_copy with (force)")


def _set(patch, told):
    for name, value in told.items():
        patch.setenv(f"CASEBEAT_{name}", str(value))


def test_a_rehearsal_takes_the_steps_and_letters_of_the_rounds_that_follow_and_writes_nothing(book):
    first, before = START + timedelta(days=BEFORE), every_table(book)
    with one_snapshot() as whole, copied(whole.id) as connection:
        run_days(configured(), first, REHEARSED, NOBODY_ANSWERS, nothing)
        rehearsed = decided(connection)
    assert every_table(book) == before
    for number in range(REHEARSED):
        day = first + timedelta(days=number)
        whole_round(configured(), day, at_london(day))
    with book.connect() as connection:
        real = decided(connection)
    for name, rows in real.items():
        assert set(rehearsed[name]) ^ set(rows) == set(), name
        assert rehearsed[name] == rows, name
    assert len(real["notifications"]) > 1_000


def test_what_is_foreseen_under_any_policy_is_what_its_days_bring_one_by_one(book, tmp_path):
    written, eager = settings().policy.read_text("utf-8"), tmp_path / "eager.yaml"
    for old, new in EAGER.items():
        assert old in written
        written = written.replace(old, new)
    eager.write_text(written, "utf-8")
    for policy in (settings().policy, eager):
        configuration = configured().with_files(policy, settings().panels)
        with one_snapshot() as whole:
            days, by_days, _ = ran(configuration, whole.id, tmp_path / f"days of {policy.name}", foreseen=False)
            at_once, found, heard = ran(configuration, whole.id, tmp_path / f"at once of {policy.name}", foreseen=True)
        assert found == by_days
        for name in (outcome.NEWS, outcome.STALLS):
            assert (days / name).read_text() == (at_once / name).read_text()
        assert heard["joint-review"] > 5
        assert heard["outcome-unrecorded"] > 5
        assert by_days.matters / 2 < sum(heard.values()) < by_days.matters  # the rest is left to the days


def ran(configuration: Configuration, snapshot: str, folder: Path, *, foreseen: bool):
    """The outcome of some days and the folder of its files, and how much of each rule was foreseen."""
    first, last = START + timedelta(days=BEFORE), START + timedelta(days=BEFORE + FORESEEN_DAYS - 1)
    made = Foreseeing(configuration, first, last) if foreseen else None
    with copied(snapshot) as connection:
        run_days(configuration, first, FORESEEN_DAYS, NOBODY_ANSWERS, nothing, made)
        with transaction():
            connection.execute(text(ONLY_CHANGED_AGENDAS))
        found = outcome.read(first, last, folder, made)
        return folder, found, dict(map(tuple, connection.execute(text(FORESEEN))))


def test_nothing_but_the_copies_can_be_written(book):
    with one_snapshot() as whole, copied(whole.id), nothing_else_written():
        with transaction() as connection:
            connection.execute(text("update cases set risk = 'low'"))
        with pytest.raises(DBAPIError, match="25006"), transaction() as connection:
            connection.execute(text("update public.cases set risk = 'low'"))


def test_old_rows_of_the_copies_are_cleared_away_and_the_others_counted(database):
    old = "select count(*) from pg_stat_user_tables where schemaname like 'pg_temp%' and n_dead_tup > 0"
    counted = "select reltuples from pg_class where oid = 'pg_temp.switches'::regclass"
    with one_snapshot() as whole, copied(whole.id):
        with transaction() as connection:
            connection.execute(
                text("""insert into switches (name, value, set_at, set_by)
                        select n::text, '', now(), 'x' from generate_series(1, 100) n""")
            )
        with transaction() as connection:
            connection.execute(text("update switches set value = 'again'"))
            connection.execute(text("select pg_stat_force_next_flush()"))
        with transaction() as connection:
            assert connection.scalar(text(old)) == 1
        clean()
        with transaction() as connection:
            assert (connection.scalar(text(old)), connection.scalar(text(counted))) == (0, 100)
