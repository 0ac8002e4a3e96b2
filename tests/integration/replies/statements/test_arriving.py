"""The statements about mails that arrive: whom they may be from, and how many were ignored."""

from datetime import timedelta

import pytest

from models.queries.replies import arriving
from tasks.platform import tokens
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import AT_NINE, TUESDAY

YESTERDAY = TUESDAY - timedelta(days=1)


@pytest.fixture
def rows(connection) -> ReviewRows:
    made = ReviewRows(connection)
    for ref in ("of1", "of2"):
        made.contact(ref)
    return made


def test_an_address_belongs_to_its_active_contacts(rows):
    for ref, email, given in (
        ("c", "Shared@surrey.police.uk", {}), ("a", "shared@surrey.police.uk", {"active_to": TUESDAY}),
        ("b", "shared@surrey.police.uk", {"active_to": YESTERDAY}), ("d", "other@surrey.police.uk", {}),
    ):  # fmt: skip
        rows.contact(ref, email=email, **given)
    found = arriving.contacts_at(rows.connection, ["shared@surrey.police.uk"], TUESDAY)
    assert found == {"shared@surrey.police.uk": ["a", "c"]}


def test_a_mail_has_a_reader_where_it_was_an_e_mail_to_a_person(rows):
    number = rows.message("of1", key="mail")
    rows.message("of2", key="old", day=YESTERDAY)
    rows.message("of1", key="slack", channel="slack")
    rows.message(None, key="operations")
    rows.message("of2", key="void:7:undone", state="void")
    mail, old, slack, operations, undone = map(
        tokens.key_digest, ("mail", "old", "slack", "operations", "undone")
    )  # fmt: skip
    asked = [mail, slack, operations, undone, str(number)]
    assert arriving.readers_of(rows.connection, asked) == {mail: "of1", undone: "of2", str(number): "of1"}
    assert [arriving.mail_sent(rows.connection, name, TUESDAY) for name in (mail, old, slack)] == ["mail", None, None]
    rows.message("of1", key="sent", state="sent")
    arriving.rewrite(rows.connection, ["mail", "sent"], "words")
    assert rows.texts() == {"mail": "words"}


def test_the_counts_of_a_day_are_added_up_and_those_of_a_week_ago_removed(rows):
    for days in (7, 8):
        on = TUESDAY - timedelta(days=days)
        arriving.count_ignored(rows.connection, on, {"automatic": 9}, AT_NINE - timedelta(days=days))
    rows.switch("policy")
    assert arriving.count_ignored(rows.connection, TUESDAY, {"unknown": 1, "automatic": 2}, AT_NINE) == {
        "automatic": 2, "unknown": 1,
    }  # fmt: skip
    found = arriving.count_ignored(rows.connection, TUESDAY, {"automatic": 3}, AT_NINE)
    assert list(found.items()) == [("automatic", 5), ("unknown", 1)]
    assert rows.switches() == [
        "ignored mails 2026-03-10: automatic", f"ignored mails {TUESDAY}: automatic",
        f"ignored mails {TUESDAY}: unknown", "policy",
    ]  # fmt: skip
