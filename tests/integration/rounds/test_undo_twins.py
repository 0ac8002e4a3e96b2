"""Two equal books, of which one ran a round of a day that had not come and undid it: every table of both is equal.

The book is the demo's, with its mails; the night's extracts are loaded in the wrong round.
"""

import json
from collections import Counter
from datetime import date, timedelta
from functools import partial

import pytest

from config.days.london import at_london
from config.doors import Door
from config.settings import settings
from flows.configured import configured
from flows.demo import START
from flows.round_steps import whole_round
from models.rules.people.act import Act
from tasks.demo.book import answer_night, write_book
from tasks.demo.lookups import before_sittings, notified_on
from tasks.demo.mail_sink import mail_sink
from tasks.demo.sittings import PANELS
from tasks.rounds.undo_rounds import UndoRequest, undo
from tasks.servers import database, postgres
from tests.support.copies import as_superuser, copy_database
from tests.support.verdicts import faults
from tests.worlds import twins

pytestmark = pytest.mark.timeout(900)  # hundreds of mails, on a busy machine
TUESDAY, WEDNESDAY, THURSDAY = (START + timedelta(days=days) for days in (1, 2, 3))
WRONG = date(2027, 3, 1)
CASES = 600
AT = at_london(WEDNESDAY)
# Each exception, with its reason:
ONLY_OF_THE_OTHER = {  # rows that the undoing leaves, or makes
    "audit", "audit_seals", "undoings", "acts",
}  # fmt: skip
WHERE = {  # what is void counts for nothing
    "agendas": "undoing_id is null", "convenings": "\"end\" is distinct from 'void'", "rounds": "undoing_id is null",
    "switches": "value <> '{}' and name <> 'told'",  # no pair lacks places; the mail that doubts the clock has left
    "notifications": "state <> 'void' and happening <> 'resolved'",  # compared without their letter: see _ENDS
    "listed_patterns": "message_id in (select id from messages where state <> 'void')",
    "obligations": "end_reason is distinct from 'void'",
    "sittings": "undoing_id is null", "steps": "outcome <> 'void'",
    # corrections, and letters that leave for their sake; the account for operations, and the ends of events of sittings
    # that were planned too early
    "messages": """state <> 'void' and kind <> 'correction' and not starts_with(key, 'undone:')
                   and not (exists (select from messages e where e.letter_id = t.id and e.kind = 'correction')
                            and not exists (select from notifications n
                                            where n.message_id = t.id and n.happening <> 'resolved'))
                   and not (kind = 'invitation' and (about like '%-2027-%' or about like '%-series-%'))""",
    # a series that the wrong round changed was changed back, by messages of its own: see test_undo_series
    "invitations": """series_id is null
                   and not exists (select from sittings s where s.id = t.sitting_id and s.undoing_id is not null)""",
}  # fmt: skip
_ENDS = (
    "state <> 'void' and happening = 'resolved'"  # news of an end waits for a letter that says more: a correction does
)
WITHOUT = {
    "cases": "projected_at",  # all that the wrong round projected was projected again
    "rounds": "account",  # and so counts as evaluated
    "messages": "text",  # as the day's word to operations says
    "series": "ref",  # names the day on which it was begun
    "outcomes": "recorded_at",  # holds the number of the round
    "switches": "set_at",  # the standing's switch was set back
}


class Book:
    """Two copies of the demo's book on the evening of its second day, and the extracts of the night after it."""

    def __init__(self, server, patch):
        self.server, self.patch = server, patch

    def use(self, name):
        database.close()
        self.patch.setenv("CASEBEAT_DATABASE_URL", postgres.url(self.server, database=name))

    def ask(self, name, statement):
        if settings().database_url != postgres.url(self.server, database=name):
            self.use(name)
        with database.transaction() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(statement.replace("%", "%%"))]


@pytest.fixture(scope="module")
def book(server, copies, tmp_path_factory):
    home = tmp_path_factory.mktemp("undo")
    with pytest.MonkeyPatch.context() as patch, mail_sink(home / "mail") as port:
        copies.give("undo_one")
        (home / "panels.yaml").write_text(PANELS, encoding="utf-8")
        for name, value in {
            "HOME": home, "DROP": home / "drop", "CLOCK": "virtual", "PANELS": home / "panels.yaml",
            "MAIL__HOST": "127.0.0.1", "MAIL__PORT": port, "MAIL__OPERATIONS": "casebeat-operations@demo.police.uk",
        }.items():  # fmt: skip
            patch.setenv(f"CASEBEAT_{name}", str(value))
        made = Book(server, patch)
        made.use("undo_one")
        state, _ = write_book(home / "drop", START, 7, cases=CASES)
        for day in (START, TUESDAY):
            assert not faults(whole_round(configured(), day, at_london(day)))
            answer_night(state, day, notified_on(day), before_sittings(day))
        database.close()
        copy_database(server, "undo_one", "undo_other")
        yield made
        database.close()
        copies.take_back("undo_one")
        as_superuser(server, "drop database undo_other with (force)")


def test_after_an_undone_round_every_table_equals_that_of_a_book_that_never_ran_it(book):
    book.use("undo_one")
    _live_on()
    book.use("undo_other")
    whole_round(configured(), WRONG, at_london(WRONG))
    ((sent,),) = book.ask("undo_other", "select count(*) from messages where sending_at > '2026-12-01' and kind <> 'x'")
    assert sent >= 200
    undone = undo(configured(), UndoRequest(TUESDAY, "P45-LEAD"), Act("P45-LEAD", Door.MAIL, ""), WEDNESDAY, AT).account
    assert undone
    assert min(undone.steps, undone.obligations, undone.revived, undone.sent, undone.places, undone.sittings) > 0
    _no_day_is_left_that_has_not_come(book)
    _live_on()
    one, other = (partial(book.ask, name) for name in ("undo_one", "undo_other"))
    found = twins.differences(one, other, WITHOUT, WHERE)
    assert set(found) - ONLY_OF_THE_OTHER <= {"obligations"}, found
    ends = [twins.rows(ask, "notifications", "message_id state reason", _ENDS) for ask in (one, other)]
    assert ends[0] == ends[1]
    _differ_only_in_what_is_looked_up_again(found.get("obligations", []))
    _each_was_corrected_once(book)


def _live_on():
    for day in (WEDNESDAY, THURSDAY):
        assert not faults(whole_round(configured(), day, at_london(day)))


def _no_day_is_left_that_has_not_come(book):
    """What is not void has no day of Casebeat's own after the day of the undoing."""
    for table, columns in {
        "obligations": ("began_on", "ended_on"), "convenings": ("convened_on", "ended_on"), "invitations": ("told_on",),
        "steps": ("on_day",), "notifications": ("day",), "messages": ("day", "sending_at::date", "sent_at::date"),
        "cases": ("projected_at::date", "withdrawn_on"), "extracts": ("judged_at::date",), "promises": ("ended_on",),
        "outcomes": ("recorded_on",), "sittings": ("cancelled_on",), "switches": ("set_at::date",),
        "rounds": ("day",), "agendas": ("made_on",), "acts": ("made_on",),
    }.items():  # fmt: skip
        where = WHERE[table] if table in WHERE and table not in {"messages", "invitations"} else "true"
        where = "state <> 'void'" if table == "messages" else where
        late = " or ".join(f"{column} > '{WEDNESDAY}'" for column in columns)
        asked = f"select count(*) from {table} where ({late}) and {where}"
        assert book.ask("undo_other", asked) == [(0,)], table


def _differ_only_in_what_is_looked_up_again(lines):
    """Who was told below the first step, and through whom: the next climb asks."""
    one, other = ([json.loads(line[2:]) for line in lines if line[0] == sign] for sign in "-+")
    by_name = {(o["case_id"], o["rule"], o["subject"], o["version"]): o for o in other}
    assert len(one) == len(other) == len(by_name)
    for was in one:
        now = by_name[was["case_id"], was["rule"], was["subject"], was["version"]]
        differ = {name for name in was if was[name] != now[name]}
        assert differ <= ({"addressed", "through"} if was["last_step"] == 0 else {"through"}), (was, now)


def _each_was_corrected_once(book):
    heard = book.ask(
        "undo_other",
        """select contact_ref from messages where state = 'void' and starts_with(reason, 'sent: ')
           and contact_ref is not null""",
    )
    told = Counter(
        book.ask("undo_other", "select contact_ref from messages where kind = 'correction' and state = 'sent'")
    )
    assert set(told) == set(heard)
    assert set(told.values()) == {1}
