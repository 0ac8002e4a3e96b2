"""A restored book is shown what left since its backup: nothing leaves again unmarked, and nothing is swallowed."""

import gzip
from datetime import UTC, datetime, timedelta
from email import message_from_bytes

import pytest
from sqlalchemy import text

from flows.command_line.main import run
from flows.configured import configured
from models.errors import Refuse
from tasks.outbox import handling, sent_log
from tasks.outbox.delivery import deliver
from tests.support.post import RawServer
from tests.worlds.rows import AT_NINE, TUESDAY, World

EIGHT = datetime(2026, 3, 17, 8, tzinfo=UTC)
LINES = """{at} mx postfix/cleanup[72]: {queue}: message-id={id}
{at} mx postfix/smtp[73]: {queue}: to=<{to}>, relay=mx[10.0.0.9]:25, dsn=2.0.0, status=sent (250 ok)
"""


@pytest.fixture
def post(monkeypatch):
    with RawServer() as made:
        for name, value in {"HOST": "127.0.0.1", "PORT": str(made.port), "OPERATIONS": "ops@surrey.police.uk"}.items():
            monkeypatch.setenv(f"CASEBEAT_MAIL__{name}", value)
        yield made


@pytest.fixture
def book(database, post, tmp_path):
    return _Book(database, post, tmp_path / "mail.log")


class _Book:
    """A book whose letters leave and are lost again, as a restore loses them; the log of the server keeps them."""

    def __init__(self, database, server, log):
        self._database, self._server, self.log = database, server, log

    def letters(self, *refs, **given):
        with self._database.begin() as connection:
            world = World(connection)
            for ref in refs:
                world.said(ref, f"CASE-{ref}", key=f"letter:{ref}:email:{TUESDAY}", **given)

    def leave(self, at=EIGHT + timedelta(minutes=5)):
        """Deliver, and write the log."""
        before = len(self._server.accepted)
        deliver(configured(), at)
        for number, raw in enumerate(self._server.accepted[before:]):
            mail = message_from_bytes(raw)
            to = str(mail["To"]).rpartition("<")[2].rstrip(">")
            line = LINES.format(at=at.strftime("%b %d %H:%M:%S"), queue=f"4Q{number}", id=mail["Message-ID"], to=to)
            with self.log.open("a") as log:
                log.write(line)

    def lose(self, **changed):
        """Forget that anything left, as the backup did not know it, and hold the outbox."""
        values = "".join(f", {name} = :{name}" for name in changed)
        self.say(
            f"update messages set state = 'queued', reason = '', sending_at = null, sent_at = null,"
            f" remote_ref = null{values}", **changed
        )  # fmt: skip
        self.say("update notifications set state = 'queued'")
        handling.hold("restored", AT_NINE)

    def say(self, statement, **given):
        with self._database.begin() as connection:
            connection.execute(text(statement), given)

    def rows(self, statement):
        with self._database.begin() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]

    def subjects(self):
        """What leaves once the outbox is released."""
        before = len(self._server.accepted)
        handling.release("ops")
        deliver(configured(), AT_NINE)
        return [str(message_from_bytes(raw)["Subject"]) for raw in self._server.accepted[before:]]


def mark(*logs):
    return sent_log.mark(configured(), logs, AT_NINE)


def test_what_left_is_sent_in_the_restored_book_and_leaves_no_second_time(book):
    book.letters("of1", "of2")
    book.leave()
    book.letters("of3")
    book.lose()
    assert mark(book.log) == (2, 2, 0)
    assert book.rows("select state, sent_at, reason from messages where contact_ref = 'of1'") == [
        ("sent", EIGHT + timedelta(minutes=5), "left, by the mail server's log")
    ]
    assert book.rows("select distinct state from notifications where contact_ref = 'of1'") == [("sent",)]
    assert book.rows("select count(*) from audit where verb = 'disclosure' and to_ref = 'of1'") == [(2,)]
    assert len(book.subjects()) == 1, "of3, who got nothing"
    handling.hold("ops", AT_NINE)
    assert mark(book.log) == (2, 0, 0)


def test_what_was_decided_again_after_it_left_leaves_marked_since_it_may_say_more(book):
    book.letters("of1")
    book.leave()
    book.lose(due_at=EIGHT + timedelta(minutes=30))
    assert mark(book.log) == (1, 0, 1)
    assert [subject[:18] for subject in book.subjects()] == ["[May be a repeat] "]


def test_who_got_a_mail_of_which_the_book_knows_nothing_is_written_to_with_a_mark(book):
    book.letters("of1", "of2")
    book.leave()
    book.lose()
    book.say("update messages set key = 'another' where contact_ref = 'of1'")
    assert mark(book.log) == (2, 1, 1)
    assert [subject[:18] for subject in book.subjects()] == ["[May be a repeat] "]


def test_a_log_without_message_ids_marks_whoever_it_names_unless_the_book_knows_that_mail(book):
    book.letters("of1", "of2", "of3")
    book.leave()
    book.lose()
    book.say("update messages set state = 'sent', sent_at = :at, remote_ref = '2.0.0 9a7f3b21 Message accepted for'"
             " where contact_ref = 'of1'", at=EIGHT)  # fmt: skip
    book.log.write_text(
        "".join(
            f"Mar 17 08:05:00 mx smtpd[7]: 0 mta delivery evpid={queue}c0ffee00 from=<casebeat@surrey.police.uk> "
            f'to=<{ref}@surrey.police.uk> rcpt=<-> source="-" relay="-" delay=0s result="Ok" stat="250"\n'
            for ref, queue in (("of1", "9a7f3b21"), ("of2", "9a7f3b22"))
        )
    )
    assert mark(book.log) == (2, 0, 1)
    assert sorted(subject[:18] == "[May be a repeat] " for subject in book.subjects()) == [False, True]


def test_several_logs_are_one_and_packed_ones_are_read(book, tmp_path, capsys):
    book.letters("of1")
    book.leave()
    book.lose()
    first, second = book.log.read_text().splitlines(keepends=True)
    (tmp_path / "mail.log.1.gz").write_bytes(gzip.compress(first.encode()))
    book.log.write_text(second)
    logs = ("--sent-log", str(tmp_path / "mail.log.1.gz"), "--sent-log", str(book.log))
    assert run(["outbox", *logs, "--json"]) == 0
    assert capsys.readouterr().out == '{"read": 1, "left": 1, "marked": 0}\n'
    assert run(["outbox", *logs]) == 0
    assert capsys.readouterr().out == (
        "1 mail of Casebeat's is in the log: 0 waited here and had left, 0 will leave as possible repeats.\n"
    )


def test_it_is_refused_while_letters_may_leave_and_where_a_log_cannot_be_read(book):
    book.letters("of1")
    with pytest.raises(Refuse, match="cannot be read \\(FileNotFoundError\\)"):
        mark(book.log)
    book.leave()
    with pytest.raises(Refuse, match="The outbox is not held"):
        mark(book.log)
