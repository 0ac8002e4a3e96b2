"""An undoing that is killed anywhere has changed nothing, or everything; each correction is sent once."""

import itertools
import re
from collections import Counter
from datetime import date, timedelta
from email import message_from_bytes, policy

from tests.faults import book
from tests.faults.ground import EIGHT
from tests.worlds import twins

WRONG = date(2027, 3, 1)
NEXT = book.MONDAY + timedelta(days=1)
EVERY = 11  # boundaries
UNDO = ("undo-rounds", "--after", str(book.MONDAY), "--by", "SP1", "--as-of", str(book.MONDAY))
CORRECTED = (
    "select contact_ref, channel, count(*) from messages where kind = 'correction' {} group by 1, 2 order by 1, 2"
)


def test_an_undoing_killed_anywhere_changes_nothing_until_it_changes_everything(field):
    with field.ground() as ground:
        _wrong_day(ground)
        before = _everything(ground)
        for at in itertools.count(1, EVERY):
            killed = ground.begin(*UNDO, kill_at=at)
            code = killed.join()
            ground.quiet()
            if code != -9:
                break
            if _everything(ground) != before:
                assert re.search("commit|unlock|rollback", killed.crossed[-1]), killed.crossed[-1]
                break
        assert at > 3 * EVERY
        _undone(ground)


def test_corrections_are_sent_once_whatever_is_killed_and_the_wrong_day_is_said_when_it_comes(field):
    with field.ground() as ground:
        _wrong_day(ground)
        heard = ground.ask(
            """select contact_ref, channel, count(*) from messages
               where (day > '2026-03-23' or sending_at > '2026-03-24') and state = 'sent' and contact_ref is not null
                 and kind <> 'invitation' and letter_id is null group by 1, 2 order by 1, 2"""
        )
        _undone(ground)
        written = ground.ask(CORRECTED.format(""))
        assert [one[:2] for one in written] == [one[:2] for one in heard]
        assert {one[2] for one in written} == {1}
        assert ground.begin(deliver=EIGHT + timedelta(hours=1), watched=False).join() == 0
        assert ground.ask(CORRECTED.format("and state = 'sent'")) == []  # each waits for its reader's next letter
        letters = EIGHT + timedelta(days=1)
        assert ground.begin("outbox", "--hold", watched=False).join() == 0
        ground.round(NEXT, watched=False).join()
        assert ground.begin("outbox", "--release", watched=False).join() == 0
        assert ground.begin(deliver=letters, kill_at=40).join() == -9
        ground.quiet()
        ground.time_passes()
        assert ground.begin(deliver=letters + timedelta(hours=1), watched=False).join() == 0
        assert ground.ask(CORRECTED.format("and state = 'sent'")) == written
        _letters_say_how_many(ground, {ref: number for ref, channel, number in heard if channel == "email"})
        assert ground.round(WRONG, watched=False).join() == 1
        (digests,) = ground.ask(
            "select count(*) from messages where kind = 'letter' and day = '2027-03-01' and state = 'sent'"
        )
        assert digests[0] > 0
        names = Counter(
            message_from_bytes(letter)["Message-ID"] for letter in ground.letters if b"May be a" not in letter
        )
        assert {name for name, number in names.items() if number > 1} == set()


def _wrong_day(ground):
    for day in (book.MONDAY, WRONG):
        held = ground.round(day, watched=False)
        assert held.join() == int(day == WRONG), held.said  # nothing was sent for the day that had not come
    ground.quiet()


def _undone(ground):
    held = ground.begin(*UNDO, watched=False)
    assert held.join() == 0, held.said
    assert ground.ask("select count(*) from undoings") == [(1,)]
    again = ground.begin(*UNDO, watched=False)
    assert again.join() == 0
    assert "These rounds were undone on Mon 23 Mar 2026. Nothing was done." in again.said
    ground.quiet()


def _everything(ground):
    return {table: twins.rows(ground.ask, table) for table in twins.tables(ground.ask)}


def _letters_say_how_many(ground, numbers):
    """Each correction names the number of messages that its reader was sent, and their day."""
    said = {}
    for letter in (message_from_bytes(raw, policy=policy.default) for raw in ground.letters):
        text = letter.get_body(("plain",)).get_content()
        found = re.search(r"disregard the (?:message|(\d+) messages) dated Mon 1 Mar 2027", text)
        if found:
            said[letter["To"]] = int(found[1] or 1)
    assert sorted(said.values()) == sorted(numbers.values())
