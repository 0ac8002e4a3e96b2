"""A mail in the reply mailbox: any bytes do what their writer may do, or nothing."""

from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from flows.configured import configured
from tasks.replies.bounces import apply_bounce, bounce_in
from tasks.replies.envelope import read_envelope
from tests.fuzz.effort import fuzz
from tests.fuzz.mutations import mutated
from tests.worlds.one_case import OneCase
from tests.worlds.replies import ADDRESS, OWN, Answerers, switch_on


@pytest.fixture
def people(database: Engine, run_cli: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Answerers:
    switch_on(monkeypatch)
    return Answerers(OneCase(database, run_cli), tmp_path / "home").on("Tue 17 Mar 2026")


def html(people: Answerers, subject: str) -> bytes:
    """A reply as a mail program writes it: text, HTML, and the quoted mail."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "Robin <p1@surrey.police.uk>", ADDRESS, subject
    made["Message-ID"] = "<html@phone.test>"
    quoted = people.mails("P1")[-1].get_body(("plain",))
    made.set_content("until Thursday\n\nOn Tue, Casebeat wrote:\n> " + str(quoted.get_content())[:400])
    made.add_alternative("<div>until&nbsp;Thursday</div><blockquote>&#8212; quoted</blockquote>", subtype="html")
    return made.as_bytes(policy=SMTP)


def bounce(of: str) -> bytes:
    """A permanent failure of one of our mails, as a mail server reports it."""
    return f"""From: MAILER-DAEMON@surrey.police.uk
To: {ADDRESS}
Subject: Undeliverable
Message-ID: <bounce@surrey.police.uk>
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Final-Recipient: rfc822; p1@surrey.police.uk
Action: failed
Status: 5.1.1

--b
Content-Type: message/rfc822

Message-ID: {of}
Subject: what was sent

--b--
""".replace("\n", "\r\n").encode()


def test_any_reply_does_what_its_writer_may_do_or_nothing(people: Answerers) -> None:
    subject = people.subject("P1")
    samples = [
        *(people.letter("P1", text, subject) for text in ("until Thursday", "done", "not mine", "status", "show")),
        people.letter("S1", "until 24/03/2026", subject),
        html(people, subject),
        html(people, subject),
    ]

    def run(raw: bytes) -> str:
        read_envelope(raw.partition(b"\r\n\r\n")[0], OWN)
        answer = people.deal(raw)
        assert {*people.book.ask("select by_ref from promises")} <= {"P1", "S1"}
        to = {*people.book.ask("select contact_ref from messages where kind = 'answer'")}
        assert to <= {"P1", "S1"}, "an answer to somebody who did not write"
        return str(getattr(answer, "value", answer))

    answers = fuzz("reply", mutated(samples), run)
    assert len(answers) > 2


def test_a_bounce_counts_only_for_a_mail_that_was_sent(people: Answerers) -> None:
    ours = str(people.mails("P1")[-1]["Message-ID"])
    samples = [bounce(ours), bounce(ours), bounce("<" + "0" * 40 + "@casebeat.invalid>")]

    def run(raw: bytes) -> str:
        read_envelope(raw.partition(b"\r\n\r\n")[0], OWN)
        found = bounce_in(raw, OWN)
        answer = apply_bounce(configured(), found, people.today, people.at) if found else None
        if people.book.ask("select count(*) from messages where key like 'bounced:%'") == [0]:
            return answer.value if answer else "no bounce"
        assert ours.strip("<>").lower().encode() in raw.lower()
        people.book.say("delete from messages where key like 'bounced:%'")
        return "believed"

    answers = fuzz("bounce", mutated(samples), run)
    assert answers["believed"] > 0
    assert len(answers) > 1
