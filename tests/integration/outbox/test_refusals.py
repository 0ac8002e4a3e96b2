"""A relay that refuses: letters die of their recipient alone, and of a relay that refuses others too none does."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import text

from config.terms import State
from flows.configured import configured
from tasks.outbox.delivery import deliver
from tests.support.post import free_port
from tests.support.slack_stand_in import SlackStandIn
from tests.worlds.rows import AT_NINE, World
from tests.worlds.slack import put_slack, words

SOON = timedelta(minutes=5)
GONE = "550 5.1.1 <{}>: Recipient address rejected: User unknown"
DENIED = "550 5.7.1 <{}>: Relay access denied"


class Relay:
    """A relay: `recipient` and `letter` return the refusal of an address, and nothing where it is accepted."""

    port: int

    def __init__(self) -> None:
        self.recipient: Callable[[str], str | None] = lambda _: None
        self.letter: Callable[[str], str | None] = lambda _: None
        self.asked: list[str] = []  # every recipient
        self.accepted: list[str] = []  # the recipients of letters

    async def handle_RCPT(  # noqa: N802  aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        self.asked.append(address)
        if refusal := self.recipient(address):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        del server, session
        (to,) = envelope.rcpt_tos
        if refusal := self.letter(to):
            return refusal
        self.accepted.append(to)
        return "250 2.0.0 kept"


@contextmanager
def relay() -> Iterator[Relay]:
    """Run one inside the block."""
    made = Relay()
    made.port = free_port()
    controller = Controller(made, hostname="127.0.0.1", port=made.port, ready_timeout=60)
    controller.start()
    try:
        yield made
    finally:
        controller.stop()


@pytest.fixture
def post(monkeypatch):
    with relay() as made:
        for name, value in {"HOST": "127.0.0.1", "PORT": str(made.port), "OPERATIONS": "ops@surrey.police.uk"}.items():
            monkeypatch.setenv(f"CASEBEAT_MAIL__{name}", value)
        yield made


@pytest.fixture
def book(database):
    return _Book(database)


class _Book:
    def __init__(self, database):
        self.database = database
        with database.begin() as connection:
            self._world = World(connection)

    def letters(self, *refs, at="surrey.police.uk", **given):
        with self.database.begin() as connection:
            self._world.connection = connection
            for ref in refs:
                self._world.contact(ref, email=f"{ref}@{at}")
                self.again(ref, **given)

    def again(self, ref, **given):
        message = self._world.message(ref, **given)
        self._world.notification(self._world.critical(self._world.case(f"CASE-{message}")), message, ref)

    def more(self, *refs, **given):
        with self.database.begin() as connection:
            self._world.connection = connection
            for ref in refs:
                self.again(ref, **given)

    def ask(self, statement):
        with self.database.begin() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]

    @property
    def states(self):
        return dict(self.ask("select state, count(*) from messages where kind = 'letter' group by state"))


def deliver_at(minutes=0):
    return deliver(configured(), AT_NINE + timedelta(minutes=minutes))


def test_of_a_relay_that_refuses_everybody_nothing_dies_and_all_leave_when_it_is_healed(post, book, monkeypatch):
    """Eighty letters died at their first try, operations' own among them."""
    people = [f"of{number}" for number in range(20)]
    book.letters(*people)
    post.recipient = DENIED.format
    with SlackStandIn() as stand_in:
        stand_in.channel("C0OPERATIONS")
        put_slack(monkeypatch, stand_in, OPERATIONS="C0OPERATIONS")
        delivered = deliver_at()
        assert "refuses 6 recipients whom it should accept: 550 5.7.1 at RCPT): 20 messages wait." in delivered.sentence
        assert (book.states, delivered.dead) == ({"queued": 20}, [])
        assert len(post.asked) == 6, "it is not asked in vain for all"
        for minutes in (5, 10, 30, 60):
            deliver_at(minutes)
        assert book.states == {"queued": 20}
        assert book.ask("select max(attempts) from messages where kind = 'letter'") == [(0,)], "rows do not age"
        (told,) = [words(post) for post in stand_in.posts()]
        assert "550 5.7.1 at RCPT" in told, "one alarm, by the other channel"
    post.recipient = lambda _: None
    deliver_at(120)
    deliver_at(130)
    assert book.states == {"sent": 20}
    assert book.ask("select count(*) from switches where name = 'paused:email'") == [(0,)]


def test_two_who_left_on_one_day_die_and_stop_nobody(post, book):
    book.letters("of1", "of2", "of3")
    assert deliver_at().counts == {State.SENT: 3}
    post.recipient = lambda to: GONE.format(to) if to[:3] in {"of1", "of2"} else None
    book.more("of1", "of2", "of3", day=(AT_NINE + timedelta(days=1)).date())
    delivered = deliver_at(24 * 60)
    assert (delivered.counts, delivered.down) == ({State.SENT: 1, State.DEAD: 2}, {})
    reasons = {reason for _, reason in delivered.dead}
    assert reasons == {"550 5.1.1 at RCPT: the address was refused; put the contact right in its source"}


def test_a_colleague_who_was_accepted_yesterday_shows_that_the_relay_is_well(post, book):
    book.letters("of1", "of2", "of3")
    deliver_at()
    post.recipient = lambda to: GONE.format(to) if to[:3] != "of3" else None
    book.more("of1", "of2")
    assert deliver_at(60).counts == {State.DEAD: 2}
    assert post.asked[-1] == "of3@surrey.police.uk"
    assert post.accepted.count("of3@surrey.police.uk") == 1, "who was asked for gets no letter"


def test_a_relay_that_refuses_a_domain_from_one_day_on_is_down_for_the_two_who_are_written_to(post, book):
    book.letters("of1", "of2", at="kent.police.uk")
    book.letters("of3")
    deliver_at()
    post.recipient = lambda to: DENIED.format(to) if "kent" in to else None
    book.more("of1", "of2", "of3")
    delivered = deliver_at(60)
    assert "refuses 2 recipients" in delivered.down["email"]
    assert book.states == {"sent": 4, "queued": 2}
    book.more("of3")
    assert deliver_at(65).counts == {State.SENT: 1}, "the others leave meanwhile"


def test_a_domain_that_is_refused_is_judged_by_itself(post, book):
    """That the relay takes a colleague of one force says nothing of another force, to which it lets nobody through."""
    book.letters("of1", "of2", at="kent.police.uk")
    book.letters("of3", "of4")
    deliver_at()
    post.recipient = lambda to: DENIED.format(to) if "kent" in to or "of3" in to else None
    book.more("of1", "of3", "of4")
    assert "refuses 2 recipients" in deliver_at(60).down["email"]


def test_one_letter_alone_that_is_refused_dies_only_if_operations_are_accepted(post, book):
    book.letters("of1")
    post.recipient = DENIED.format
    assert deliver_at().dead == []
    post.recipient = lambda to: GONE.format(to) if to.startswith("of1") else None
    assert [reason[:9] for _, reason in deliver_at(30).dead] == ["550 5.1.1"]


@pytest.mark.parametrize("refusal", ["550 spam", "554 5.3.0 not today"])
def test_a_relay_that_refuses_every_letter_after_its_last_dot_is_down_too(post, book, refusal):
    book.letters("of1", "of2")
    deliver_at()
    post.letter = lambda _: refusal
    book.more("of1", "of2")
    assert "email" in deliver_at(60).down
    assert book.states == {"sent": 2, "queued": 2}


def test_a_letter_that_is_too_large_dies_alone(post, book):
    book.letters("of1", "of2")
    deliver_at()
    post.letter = lambda _: "552 5.3.4 message too large"
    book.more("of1", "of2")
    assert deliver_at(60).counts == {State.DEAD: 2}


def test_operations_own_mail_does_not_die_of_a_relay_that_refuses_it(post, book):
    book.letters("of1")
    deliver_at()
    post.recipient = DENIED.format
    with book.database.begin() as connection:
        World(connection).message(None, kind="operations", text="words")
    assert deliver_at(60).dead == []
    post.recipient = lambda _: None
    assert deliver_at(90).counts == {State.SENT: 1}


def test_a_carrier_that_refused_everybody_works_once_it_has_accepted_somebody(post, book):
    book.letters("of1", "of2", "of3", "of4", "of5", "of6")
    post.recipient = DENIED.format
    deliver_at()
    assert deliver_at(5).counts == {}, "what was refused comes behind all others"
    assert book.ask("select count(*) from switches where name = 'paused:email'") == [(1,)]
    post.recipient = lambda _: None
    deliver_at(10)
    assert book.ask("select count(*) from switches where name = 'paused:email'") == [(0,)]
    assert book.states == {"sent": 6}
