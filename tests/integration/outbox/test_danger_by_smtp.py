"""Danger by a real mail server: on a Sunday and on a bank holiday, as a mail of its own, to those who can act."""

from email import message_from_bytes, policy

import pytest

from config.days.london import at_london
from flows.configured import configured
from tasks.outbox.delivery import deliver
from tasks.outbox.digests import group
from tests.support.post import HERE, WHY_NOT, open_smtpd
from tests.worlds.days import day
from tests.worlds.one_case import CASE, OneCase

pytestmark = pytest.mark.skipif(not HERE, reason=WHY_NOT)
SUNDAY, EASTER_MONDAY = "Sun 15 Mar 2026", "Mon 6 Apr 2026"


@pytest.fixture
def smtpd(monkeypatch):
    with open_smtpd() as running:
        monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
        monkeypatch.setenv("CASEBEAT_MAIL__HOST", "localhost")
        monkeypatch.setenv("CASEBEAT_MAIL__PORT", str(running.port))
        monkeypatch.setenv("CASEBEAT_MAIL__OPERATIONS", "ops@surrey.police.uk")
        yield running


@pytest.fixture
def book(database, run_cli, smtpd):
    made = OneCase(database, run_cli, risk="standard", risk_assessed_on="2026-03-03")
    made.say("update contacts set email = lower(contact_ref) || '@surrey.police.uk'")
    return made


def breach(book, ref, on):
    reported = day(on).isoformat()
    book.belongs("incidents", incident_ref=ref, occurred_on=reported, reported_on=reported, breach=True)


def goes(book, on):
    """Run a day's round at six, and deliver at eight."""
    at = at_london(day(on))
    book.round(on)
    group(configured(), day(on), at.replace(hour=6))
    deliver(configured(), at)


def subjects(smtpd, ref, number):
    found = smtpd.letters(f"{ref.lower()}@surrey.police.uk", number)
    mails = [message_from_bytes(raw, policy=policy.default) for raw in found]
    return [mail["Subject"] for mail in sorted(mails, key=lambda mail: mail["Date"].datetime)]


def test_on_a_sunday_and_on_easter_monday_danger_arrives_that_morning_and_once_confirmed_is_quiet_between(book, smtpd):
    breach(book, "I1", "Sat 14 Mar 2026")
    goes(book, SUNDAY)
    for ref in ("P1", "S1", "SP1"):
        assert subjects(smtpd, ref, 1) == ["Danger, Sat 14 Mar: 45/45/1234"]
    confirmed = book.cli("confirm-risk", CASE, "--by", "SP1", "--as-of", day(SUNDAY).isoformat())
    assert confirmed.code == 0, confirmed.err
    goes(book, "Sat 21 Mar 2026")
    breach(book, "I2", "Sun 5 Apr 2026")
    goes(book, EASTER_MONDAY)
    for ref in ("P1", "S1", "SP1"):
        assert subjects(smtpd, ref, 2) == ["Danger, Sat 14 Mar: 45/45/1234", "Danger, Sun 5 Apr: 45/45/1234"]
    assert book.ask("select contact_ref from messages where kind = 'at_once' order by 1") == [
        "P1", "P1", "S1", "S1", "SP1", "SP1",
    ]  # fmt: skip
    assert not list(smtpd.box.glob("l1@*")), "the lead is not told on the first morning"
