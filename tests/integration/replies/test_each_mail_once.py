"""The reply mailbox, by a real Dovecot or as a Maildir: each mail once, despite deaths."""

import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from flows.configured import configured
from models.queries.replies import replies as rows
from tasks.replies import imap, maildir
from tasks.replies.read_mailbox import read
from tests.faults.process import Call, Process, settings_here
from tests.support import dovecot as server
from tests.support.hostile_mails import BOMBS
from tests.support.post import Maildir
from tests.worlds.days import day
from tests.worlds.one_case import OneCase
from tests.worlds.replies import Answerers, have_dovecot, have_maildir

MAILS = 6  # for readers that are killed
BY_IMAP = pytest.param("imap", marks=pytest.mark.skipif(not server.HERE, reason=server.WHY_NOT))


@pytest.fixture(scope="module", params=["maildir", BY_IMAP])
def running(request) -> Iterator[server.Dovecot | None]:
    """The server that is asked for the mails, if any is."""
    if request.param == "maildir":
        yield None
    else:
        with server.dovecot() as one:
            yield one


@pytest.fixture
def box(running, tmp_path, monkeypatch) -> Maildir:
    """The mailbox, empty, and the settings that name it."""
    if running is None:
        return have_maildir(monkeypatch, tmp_path / "replies")
    running.empty()
    return have_dovecot(monkeypatch, running)


@pytest.fixture
def people(box, database, run_cli, tmp_path) -> Answerers:
    return Answerers(OneCase(database, run_cli), tmp_path / "home").on("Tue 17 Mar 2026")


def test_a_mail_that_somebody_has_opened_is_still_read(people, box):
    path = people.arrives(box)
    path.rename(box.folder / "cur" / f"{path.name}:2,S")
    assert people.read().out == "1 mails read: 1 promised.\n"


def test_a_weekday_counts_from_the_day_on_which_the_server_received_it(people, box):
    subject = people.subject("P1")
    people.today = day("Fri 20 Mar 2026")
    box.drop(people.letter("P1", "until Monday", subject), people.at)
    people.today = day("Mon 23 Mar 2026")
    assert people.read().out == "1 mails read: 1 refused.\n"


def test_the_same_mail_in_two_copies_is_one(people, box):
    path = people.arrives(box)
    box.drop(b"Received: by another way\r\n" + path.read_bytes(), people.at)
    assert people.read().out == "2 mails read: 1 promised, 1 seen already.\n"
    assert people.book.ask("select count(*) from messages where kind = 'answer'") == [1]


def test_a_reader_that_dies_after_the_commit_leaves_a_mail_that_the_next_only_puts_away(people, box, monkeypatch):
    people.arrives(box)

    def dies(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(imap.Mailbox, "done", dies)
        dying.setattr(maildir.ReplyMaildir, "done", dies)
        with pytest.raises(KeyboardInterrupt):
            read(configured(), people.today, people.at)
    assert len(box.inbox()) == 1
    assert people.read().out == "1 mails read: 1 seen already.\n"
    assert (len(people.book.promises()), box.inbox()) == (1, [])


def test_a_reader_that_dies_before_the_commit_leaves_everything_to_the_next(people, box, monkeypatch):
    people.arrives(box)

    def dies(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(rows, "answer", dies)
        with pytest.raises(KeyboardInterrupt):
            read(configured(), people.today, people.at)
    assert people.book.promises() == []
    assert people.read().out == "1 mails read: 1 promised.\n"


def test_readers_killed_at_any_moment_lose_no_mail_and_do_nothing_twice(people, box, tmp_path):
    asked = ["until Thursday", "status", "not mine", "hello"]
    for number in range(MAILS):
        people.arrives(box, asked[number % 4])
    chance, killed = random.Random(3), 0  # noqa: S311  a test's own dice
    reading = Call(tmp_path, settings_here(), ("replies", "--as-of", f"{people.today}"), watched=False)
    while waiting := len(box.inbox()):
        reader = Process(reading)
        while reader.alive and len(box.inbox()) == waiting:
            time.sleep(0.002)
        time.sleep(chance.uniform(0, 0.03))
        killed += reader.alive
        reader.kill()
        reader.join()
    assert people.read().code == 0
    assert killed > 1
    assert (box.inbox(), len({path.read_bytes() for path in box.done()})) == ([], MAILS)
    assert people.book.ask("select count(*) from replies where answered is not null") == [MAILS]
    answers = people.book.ask("select count(*) from messages where kind = 'answer'")
    assert answers == [min(MAILS, configured().policy.replies.most_per_person_per_day)]
    assert len([one for one in people.book.promises() if one[4] is None]) == 1
    assert people.book.ask("select count(*) from notifications where happening = 'handed_over'") == [1]
    assert people.book.ask("select count(*) from audit where about = 'reply'") == [MAILS]


def test_two_readers_at_once_act_once_and_answer_once(people, box):
    for ref in range(12):
        people.arrives(box, "until Thursday" if ref % 2 else "status")
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lambda _: read(configured(), people.today, people.at), "12"))
    total = sum((one.counts for one in made), start=made[0].counts.__class__())
    assert total["promised"] + total["refused"] + total["standing"] == 12
    assert people.book.ask("select count(*) from replies") == [12]
    assert people.book.ask("select count(*) from messages where kind = 'answer'") == [12]
    assert box.inbox() == []
    assert len({path.read_bytes() for path in box.done()}) == 12, "both may have put a mail away"


def test_a_key_is_read_behind_any_number_of_headers(people, box):
    box.drop(BOMBS["10,000 headers"][:-6] + people.letter("P1", "until Thursday", people.subject("P1")), people.at)
    assert people.read().out == "1 mails read: 1 promised.\n"
