"""The mail carrier against servers that behave, refuse, hang, drip, drop, and lie."""

import email
import socket
from email import policy
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from config.mail import Mail, Security
from config.routes import Channel
from config.terms import Agency, State
from flows.configured import configured
from models.queries.obligations.obligation_views import Reader
from models.queries.outbox.outbox import ClaimedMessage
from tasks.carriers.carrier import Answer, Down
from tasks.carriers.mail.letters import letter
from tasks.carriers.mail.smtp import Smtp
from tasks.messages.composing import ComposedMessage
from tasks.messages.rendering import render
from tasks.network.wire import Limits
from tasks.outbox import sending
from tasks.outbox.delivery import deliver
from tests.support import post
from tests.support.post import OpenSmtpd, RawServer
from tests.worlds.rows import AT_NINE, World
from tests.worlds.samples import MAILED

TO = "p45of1@surrey.police.uk"
MARKING = "OFFICIAL-SENSITIVE"
LETTER = b"From: a@police.uk\r\nSubject: S\r\n\r\nwords\r\n.dot\r\n"


def mail(port: int, **given: object) -> Mail:
    ordinary = {"host": "127.0.0.1", "port": port, "operations": "ops@surrey.police.uk", "security": Security.NONE}
    return Mail.model_validate(ordinary | given)


def carrier(port: int, **given: object) -> Smtp:
    return Smtp(mail(port, **given), Limits(connect=2, exchange=0.5))


def send(port: int, **given: object) -> Answer:
    sender = carrier(port, **given)
    try:
        return sender.send(TO, LETTER, "k")
    finally:
        sender.close()


@pytest.mark.parametrize("stage", ["RCPT", "DATA"])
@pytest.mark.parametrize("what", ["drop", "reset", "hang"])
def test_a_wire_cut_before_the_letter_is_tried_again(stage: str, what: str) -> None:
    with RawServer(stage, what) as server:
        answer = send(server.port)
    assert answer.state is State.RETRY
    assert server.accepted == []


@pytest.mark.parametrize(("stage", "taken"), [("dot", 0), ("after", 1)])
@pytest.mark.parametrize("what", ["drop", "reset", "hang", "drip", "421 closing"])
def test_no_answer_to_the_last_dot_is_unknown(stage: str, taken: int, what: str) -> None:
    with RawServer(stage, what) as server:
        answer = send(server.port)
    assert answer.state is State.UNKNOWN
    assert len(server.accepted) == taken


@pytest.mark.parametrize("stage", ["banner", "MAIL"])
@pytest.mark.parametrize("what", ["drop", "reset", "hang", "421 4.3.2 closing"])
def test_a_server_that_is_not_there_for_anyone_costs_no_try(stage: str, what: str) -> None:
    with RawServer(stage, what) as server, pytest.raises(Down):
        send(server.port)


def test_a_server_that_refuses_the_connection_is_down() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Down, match="cannot be reached"):
        send(port)


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA", "dot"])
@pytest.mark.parametrize("reply", ["450 4.2.0 later", "451 4.3.0 later", "452 4.2.2 full"])
def test_a_passing_refusal_is_tried_again(stage: str, reply: str) -> None:
    with RawServer(stage, reply) as server:
        assert send(server.port).state is State.RETRY


@pytest.mark.parametrize("stage", ["RCPT", "dot"])
@pytest.mark.parametrize("reply", ["550 5.1.1 nobody", "550 no enhanced code", "553 5.1.3 form"])
def test_a_lasting_refusal_is_dead_at_once(stage: str, reply: str) -> None:
    with RawServer(stage, reply) as server:
        answer = send(server.port)
    assert answer.state is State.DEAD
    assert TO not in answer.reason
    assert "nobody" not in answer.reason


@pytest.mark.parametrize("reply", ["530 5.7.0 sign in first", "535 5.7.8 no", "550 5.7.1 not you"])
def test_a_sender_that_may_not_send_pauses_the_carrier(reply: str) -> None:
    with RawServer("MAIL", reply) as server, pytest.raises(Down):
        send(server.port)


@pytest.mark.parametrize(
    ("stage", "reply", "wait"),
    [
        ("MAIL", "451 4.7.1 greylisted before the recipient", 300),
        ("RCPT", "450 4.7.1 greylisted", 300),
        ("dot", "554 5.7.1 content policy", 300),
        ("dot", "450 4.7.0 too many at once", 0),
    ],
)
def test_only_a_greylist_and_a_lasting_policy_are_given_five_minutes(stage: str, reply: str, wait: int) -> None:
    with RawServer(stage, reply) as server:
        answer = send(server.port)
    assert (answer.state, answer.wait) == (State.RETRY, wait)


def test_a_mailbox_that_is_full_is_tried_again_though_the_code_is_lasting() -> None:
    with RawServer("RCPT", "552 5.2.2 full") as server:
        assert send(server.port).state is State.RETRY


@pytest.mark.parametrize("what", ["drop", "reset", "hang", "500 no", "421 no"])
def test_what_was_accepted_stays_sent_whatever_quit_is_answered(what: str) -> None:
    with RawServer("QUIT", what) as server:
        sender = carrier(server.port)
        answer = sender.send(TO, LETTER, "k")
        sender.close()
    assert answer.state is State.SENT
    assert answer.remote_ref == "2.0.0 kept as 7"
    assert server.accepted == [b"From: a@police.uk\r\nSubject: S\r\n\r\nwords\r\n..dot\r\n"]


def test_an_idle_session_that_the_server_closed_is_opened_again() -> None:
    with RawServer() as server:
        sender = carrier(server.port)
        assert sender.send(TO, LETTER, "k").state is State.SENT
        server.opened[0].shutdown(socket.SHUT_RDWR)
        assert sender.send(TO, LETTER, "k").state is State.SENT
        sender.close()
    assert (server.sessions, len(server.accepted)) == (2, 2)


def test_fifty_letters_go_in_one_session() -> None:
    with RawServer() as server:
        sender = carrier(server.port)
        assert {sender.send(TO, LETTER, "k").state for _ in range(51)} == {State.SENT}
        sender.close()
    assert server.sessions == 2


def test_after_a_refusal_the_session_carries_the_next_letter() -> None:
    with RawServer("RCPT", "550 5.1.1 nobody", times=1) as server:
        sender = carrier(server.port)
        assert [sender.send(TO, LETTER, "k").state for _ in range(2)] == [State.DEAD, State.SENT]
        sender.close()
    assert server.sessions == 1


def test_a_server_without_starttls_gets_nothing() -> None:
    with RawServer() as server, pytest.raises(Down, match="does not offer"):
        send(server.port, security=Security.STARTTLS)
    assert server.accepted == []


@pytest.fixture(scope="module")
def smtpd():
    if not post.HERE:
        pytest.skip(post.WHY_NOT)
    with post.open_smtpd() as running:
        yield running


def test_a_certificate_that_is_not_trusted_stops_the_carrier(smtpd: OpenSmtpd) -> None:
    with pytest.raises(Down, match="certificate is not trusted"):
        send(smtpd.port, security=Security.STARTTLS)


def test_a_server_that_demands_tls_refuses_plain_text(smtpd: OpenSmtpd) -> None:
    with pytest.raises(Down, match="530"):
        send(smtpd.strict)


@pytest.fixture
def post_to(database: Engine, monkeypatch: pytest.MonkeyPatch):
    """Name a mail server in the settings."""

    def choose(port: int, security: str = "none") -> None:
        monkeypatch.setenv("CASEBEAT_MAIL__HOST", "localhost")
        monkeypatch.setenv("CASEBEAT_MAIL__PORT", str(port))
        monkeypatch.setenv("CASEBEAT_MAIL__SECURITY", security)
        monkeypatch.setenv("CASEBEAT_MAIL__OPERATIONS", "ops@surrey.police.uk")

    return choose


def test_letters_arrive_over_starttls_whole_and_readable(
    database: Engine, smtpd: OpenSmtpd, post_to, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(smtpd.cert))
    post_to(smtpd.strict, "starttls")
    with database.begin() as connection:
        world = World(connection)
        for number in range(60):
            ref = world.contact(f"P45of{number}", email=f"of{number}@surrey.police.uk")
            world.notification(world.critical(world.case(f"SAMPLE-{number}")), world.message(ref), ref)
    delivered = deliver(configured(), AT_NINE)
    assert delivered.counts == {State.SENT: 60}
    (raw,) = smtpd.letters("of59@surrey.police.uk", 1)
    letter = email.message_from_bytes(raw, policy=policy.default)
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Id"] == "Casebeat letters <letters.surrey.police.uk>"
    assert letter["From"] == "Casebeat <casebeat@surrey.police.uk>"
    assert "45/SAMPLE-59" in letter.get_body(("plain",)).get_content()
    assert "45/SAMPLE-59" in letter.get_body(("html",)).get_content()
    assert max(len(line) for line in raw.splitlines()) <= 1000
    raw.decode("ascii")
    with database.begin() as connection:
        assert connection.execute(text("select count(*) from notifications where state = 'sent'")).scalar_one() == 60
        assert connection.execute(text("select count(*) from messages where body is not null")).scalar_one() == 0


def test_marked_letters_with_bare_subjects_arrive_so(
    database: Engine, smtpd: OpenSmtpd, post_to, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEBEAT_MAIL__MARKING", MARKING)
    monkeypatch.setenv("CASEBEAT_MAIL__SUBJECTS", "bare")
    post_to(smtpd.port)
    with database.begin() as connection:
        world = World(connection)
        ref = world.contact("P45marked", email="marked@surrey.police.uk")
        world.notification(world.critical(world.case("SAMPLE-M")), world.message(ref), ref)
    assert deliver(configured(), AT_NINE).counts == {State.SENT: 1}
    (raw,) = smtpd.letters("marked@surrey.police.uk", 1)
    letter = email.message_from_bytes(raw, policy=policy.default)
    assert letter["X-Protective-Marking"] == MARKING
    assert letter["Subject"] == f"{MARKING}: Casebeat: what is owed"
    assert letter.get_body(("plain",)).get_content().startswith(f"{MARKING}\n\n")
    assert f'<body>\n<p class="marking">{MARKING}</p>\n' in letter.get_body(("html",)).get_content()


def test_a_digest_comes_out_of_a_real_mailbox_as_it_was_written(smtpd: OpenSmtpd) -> None:
    kind, context = MAILED["letter-spoc-monday"]
    rendered = render(kind, context)
    reader = Reader(
        "P45spoc1", Agency.POLICE, "Zoë Ó Briain", "spoc1@surrey.police.uk", frozenset(), ("45",), (), False
    )
    held = ClaimedMessage(
        1, "letter:P45spoc1", kind, "P45spoc1", Channel.EMAIL, context.day, True, False, None, 1, "", None,
        "letter:P45spoc1",
    )  # fmt: skip
    to, sender = "spoc1@surrey.police.uk", carrier(smtpd.port)
    sent = letter(ComposedMessage(held, reader, context, {}), rendered, mail(smtpd.port), to, AT_NINE)
    assert sender.send(to, sent, "k").state is State.SENT
    sender.close()
    (raw,) = smtpd.letters(to, 1)
    read = email.message_from_bytes(raw, policy=policy.default)
    assert str(read["To"]) == "Zoë Ó Briain <spoc1@surrey.police.uk>"
    assert read["Subject"].lstrip() == rendered.subject
    assert read.get_body(("plain",)).get_content() == rendered.text
    assert read.get_body(("html",)).get_content().strip() == rendered.html.strip()
    lists = {each.get_filename(): each.get_content().splitlines() for each in read.iter_attachments()}
    assert lists == {each.name: each.content.splitlines() for each in rendered.attached}
    assert "casebeat-2026-03-16.csv" in lists


def test_a_carrier_that_is_down_ages_no_message_and_is_reported(database: Engine, post_to) -> None:
    with database.begin() as connection:
        World(connection).said()
    with RawServer("banner", "drop") as server:
        post_to(server.port)
        for _ in range(3):
            delivered = deliver(configured(), AT_NINE)
            assert (delivered.counts, delivered.waiting) == ({}, 1)
            assert "the carrier is down" in delivered.sentence
        server.times = 0
        assert deliver(configured(), AT_NINE).counts == {State.SENT: 1}
    with database.begin() as connection:
        assert connection.execute(text("select attempts from messages")).scalar_one() == 1


def test_a_lost_answer_is_asked_once_more_with_the_same_message_id_and_a_mark(
    database: Engine, post_to, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "wait_seconds", lambda _: 0)
    with database.begin() as connection:
        World(connection).said()
    with RawServer("after", "drop", times=1) as server:
        post_to(server.port)
        assert deliver(configured(), AT_NINE).counts == {State.UNKNOWN: 1}
        assert deliver(configured(), AT_NINE).counts == {State.SENT: 1}
        first, second = (email.message_from_bytes(each, policy=policy.default) for each in server.accepted)
    assert first["Message-ID"] == second["Message-ID"]
    assert second["Subject"] == f"[May be a repeat] {first['Subject']}"


def test_a_letter_that_may_be_a_repeat_is_still_marked_after_it_had_to_wait(
    database: Engine, post_to, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "wait_seconds", lambda _: 0)
    with database.begin() as connection:
        World(connection).said()
    with RawServer("after", "drop", times=1) as server:
        post_to(server.port)
        assert deliver(configured(), AT_NINE).counts == {State.UNKNOWN: 1}
        server.at, server.what, server.times = "RCPT", "451 4.3.0 later", 1
        assert deliver(configured(), AT_NINE).counts == {State.RETRY: 1, State.SENT: 1}
    assert b"\nSubject: [May be a repeat] " in server.accepted[1]


def test_what_is_lost_twice_is_not_said_a_third_time(
    database: Engine, post_to, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "wait_seconds", lambda _: 0)
    with database.begin() as connection:
        World(connection).said()
    with RawServer("after", "drop", times=2) as server:
        post_to(server.port)
        assert [deliver(configured(), AT_NINE).counts for _ in range(2)] == [{State.UNKNOWN: 1}, {State.UNKNOWN: 1}]
        assert deliver(configured(), AT_NINE).counts == {State.DEAD: 1}
        assert deliver(configured(), AT_NINE).counts == {State.SENT: 1}  # to operations, who are notified
    assert len(server.accepted) == 3
    assert b"could not be delivered" in server.accepted[2]


def test_one_letter_refused_does_not_stop_the_next(database: Engine, post_to, tmp_path: Path) -> None:
    with database.begin() as connection:
        world = World(connection)
        for number in range(3):
            ref = world.contact(f"P45of{number}")
            world.notification(world.critical(world.case(f"S-{number}")), world.message(ref), ref)
    with RawServer("RCPT", "451 4.3.0 later", times=1) as server:
        post_to(server.port)
        assert deliver(configured(), AT_NINE).counts == {State.RETRY: 1, State.SENT: 2}
        with database.begin() as connection:
            waited = connection.execute(
                text("select due_at - :at from messages where state = 'retry'"), {"at": AT_NINE}
            )
            assert 30 <= waited.scalar_one().total_seconds() <= 60
