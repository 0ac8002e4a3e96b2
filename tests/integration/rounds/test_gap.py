"""After a long gap since the last round, the outbox is held, and operations are asked whether the clock is right."""

from email import message_from_bytes, policy

import pytest

from flows.clock import moment
from flows.configured import configured
from tasks.outbox.delivery import deliver
from tests.support.post import RawServer
from tests.worlds.one_case import OneCase

OPERATIONS = "casebeat-operations@surrey.police.uk"
ASKED = (
    "The last round was on Tue 29 Sep 2026, 29 days before this one: operations are asked whether the clock is right, "
    "and the outbox is held until casebeat outbox --release."
)
GAP = "2026-10-28"  # Wednesday


@pytest.fixture
def post():
    with RawServer() as started:
        yield started


@pytest.fixture
def book(database, run_cli, post, monkeypatch):
    for name, value in {"HOST": "127.0.0.1", "PORT": str(post.port), "OPERATIONS": OPERATIONS}.items():
        monkeypatch.setenv(f"CASEBEAT_MAIL__{name}", value)
    return OneCase(database, run_cli)


def letters(post):
    found = [message_from_bytes(each, policy=policy.default) for each in post.accepted]
    post.accepted.clear()
    return found


def held(book):
    return book.ask("select set_by from switches where name = 'held'")


def rounds(book, *days):
    """Run the rounds of some days; the source has sent on each of them."""
    found = []
    for each in days:
        book.say("update sources set last_extracted_at = :at", at=f"{each}T05:00:00+00:00")
        found.append(book.cli("run", "--as-of", each))
    return found


def test_a_round_after_29_days_works_everything_out_and_asks_operations_alone(book, post):
    assert {ran.code for ran in rounds(book, "2026-09-01", "2026-09-29")} == {0}, "the first ever, and 28 days later"
    assert held(book) == []
    assert len(letters(post)) > 2
    book.action("A2", raised_on="2026-09-29")
    (ran,) = rounds(book, GAP)
    assert ran.code == 1
    assert f"{ASKED}\n" in ran.err
    assert "the outbox is held" in ran.out
    assert held(book) == ["casebeat"]
    assert book.ask("select count(*) from rounds where day = '2026-10-28' and ended_at is not null") == [2], (
        "of the force, and of the whole"
    )
    assert book.ask("select count(*) > 0 from notifications where day = '2026-10-28'") == [True]
    (asked,) = letters(post)
    assert asked["To"].addresses[0].addr_spec == OPERATIONS
    assert asked["Subject"] == "Casebeat: Is the clock right? No round for 29 days"
    text = asked.get_body(("plain",)).get_content()
    assert "This round is of Wed 28 Oct 2026, and the last one was on Tue 29 Sep 2026, 29 days before." in text
    assert "casebeat outbox --release sends what waits" in text
    assert "casebeat undo-rounds --after 2026-09-29 --by CONTACT_REF" in text
    assert book.ask("select by, reason from audit where about = 'outbox'") == [("casebeat", "held")]


def test_it_is_asked_once_and_released_everything_leaves(book, post):
    rounds(book, "2026-09-29", GAP)
    letters(post)
    again, next_day = rounds(book, GAP, "2026-10-29")
    assert again.code == next_day.code == 1
    assert "operations are asked" not in again.err + next_day.err
    assert letters(post) == []
    assert held(book) == ["casebeat"]
    assert book.cli("outbox", "--release").code == 0
    (released,) = rounds(book, "2026-10-30")
    assert (released.code, held(book)) == (0, []), released.err
    left = letters(post)
    assert {letter["To"].addresses[0].addr_spec for letter in left} == {OPERATIONS, "robin@surrey.police.uk"}
    assert not [letter for letter in left if "Is the clock right?" in letter["Subject"]]


def test_asked_while_the_mail_server_is_away_the_question_leaves_once_it_is_back(book, post):
    rounds(book, "2026-09-29")
    letters(post)
    post.at, post.what = "banner", "drop"
    (ran,) = rounds(book, GAP)
    assert ran.code == 1
    assert letters(post) == []
    post.at = ""
    made = deliver(configured(), moment())
    assert made.held
    (asked,) = letters(post)
    assert "Is the clock right?" in asked["Subject"]
    sessions = post.sessions
    assert deliver(configured(), moment()).held
    assert (letters(post), post.sessions) == ([], sessions), "nothing else is tried while it is held"


def test_a_force_by_itself_asks_too_and_a_virtual_clock_never(book, monkeypatch):
    rounds(book, "2026-09-29")
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    rounds(book, GAP)
    assert held(book) == []
    monkeypatch.delenv("CASEBEAT_CLOCK")
    ran = book.cli("run", "--as-of", "2026-11-26", "--force", "45")
    assert "29 days before this one" in ran.err
    assert held(book) == ["casebeat"]
