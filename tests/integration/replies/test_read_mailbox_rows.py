"""What a reading leaves in the tables: a note of strangers for the next morning, and one for each bounce."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from config.days.london import at_london
from config.settings import settings
from flows.configured import configured
from models.outbox import Message
from tasks.platform import tokens
from tasks.replies.bounces import Bounce, apply_bounce
from tasks.replies.outcomes import MailOutcome
from tasks.replies.read_mailbox import read
from tests.worlds.replies import have_maildir
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import AT_NINE, TUESDAY

RAW = "From: {0}\nMessage-ID: <{1}@phone.test>\nSubject: Casebeat [{2}]\n\nstatus\n"


@pytest.fixture
def box(database, tmp_path, monkeypatch):
    with database.begin() as connection:
        ReviewRows(connection).contact("of1")
    return have_maildir(monkeypatch, tmp_path / "replies").folder / "new"


def notes(database, like):
    statement = select(Message.text, Message.due_at).where(Message.key.like(like)).order_by(Message.id)
    with database.begin() as connection:
        return [tuple(row) for row in connection.execute(statement)]


def test_strangers_are_noted_for_the_next_morning_and_only_where_there_are_any(box, database):
    key = tokens.sign("of1", 0, tokens.Purpose.REPLY, TUESDAY)
    (box / "1").write_text(RAW.format("of1@surrey.police.uk", 1, key))
    assert read(configured(), TUESDAY, AT_NINE).sentence == "1 mails read: 1 standing."
    assert notes(database, "ignored mails:%") == []
    for number in range(2):
        (box / f"2{number}").write_text(RAW.format("eve@evil.test", number, key))
    assert read(configured(), TUESDAY, AT_NINE).ignored == {"from nobody known": 2}
    ((said, due_at),) = notes(database, "ignored mails:%")
    assert "2 from nobody known" in said
    assert due_at == at_london(TUESDAY + timedelta(days=1))


def test_a_bounce_is_told_of_the_last_mail_of_ours_that_it_names_if_it_was_sent_within_a_fortnight(box, database):
    with database.begin() as connection:
        rows = ReviewRows(connection)
        for days, key in ((15, "old"), (14, "kept"), (0, "latest")):
            rows.message("of1", day=TUESDAY - timedelta(days=days), key=key)
    old, kept, latest = (tokens.mail_ref(key, key) for key in ("old", "kept", "latest"))
    assert settings().main.channel == "email"
    for refs, outcome, told in (
        (("0" * 48,), MailOutcome.UNPROVEN, []), ((latest, old), MailOutcome.BOUNCED, []),
        ((latest, kept, "0" * 48), MailOutcome.BOUNCED, ["kept"]),
        ((kept, latest), MailOutcome.BOUNCED, ["kept", "latest"]),
    ):  # fmt: skip
        assert apply_bounce(configured(), Bounce("5.1.1", refs), TUESDAY, AT_NINE) is outcome
        with database.begin() as connection:
            keys = connection.execute(text("select key from messages where key like 'bounced:%' order by id"))
            assert [key.split(":")[1] for (key,) in keys] == told
