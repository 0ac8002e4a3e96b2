"""What left, by the lines that mail servers write."""

from datetime import UTC, datetime

import pytest

from tasks.outbox.mail_logs import left

SENDER, NOW = "casebeat@surrey.police.uk", datetime(2026, 3, 18, 15, tzinfo=UTC)
REF = "ab" * 37
AT = datetime(2026, 3, 18, 8, 0, 5, tzinfo=UTC)
TO = "of1@surrey.police.uk"
POSTFIX = """Mar 18 08:00:05 mx postfix/smtpd[71]: 4ZH1Qk: client=book[10.0.0.7]
Mar 18 08:00:05 mx postfix/cleanup[72]: 4ZH1Qk: message-id=<{ref}@{domain}>
Mar 18 08:00:05 mx postfix/qmgr[70]: 4ZH1Qk: from=<casebeat@surrey.police.uk>, size=4100, nrcpt=1 (queue active)
Mar 18 08:00:05 mx postfix/smtp[73]: 4ZH1Qk: to=<{to}>, relay=mx.surrey.police.uk[10.0.0.9]:25, delay=0.2, \
dsn={dsn}, status={status} (said so)
"""
EXIM = """2026-03-18 08:00:05 1w2EfF-000000004kV-1abc <= casebeat@surrey.police.uk H=book [10.0.0.7] P=esmtp S=4100 \
id={ref}@{domain}
2026-03-18 08:00:05 1w2EfF-000000004kV-1abc {result} {to} R=dnslookup T=remote_smtp H=mx [10.0.0.9] C="said so"
2026-03-18 08:00:05 1w2EfF-000000004kV-1abc Completed
"""
OPENSMTPD = """Mar 18 08:00:05 mx smtpd[7]: 2dd19e3b9cd87b21 smtp message msgid=9a7f3b21 size=4100 nrcpt=1 proto=ESMTP
Mar 18 08:00:05 mx smtpd[7]: 0000000000000000 mta delivery evpid=9a7f3b21c0ffee00 from=<{sender}> to=<{to}> \
rcpt=<-> source="10.0.0.8" relay="10.0.0.9 (mx)" delay=0s result="{result}" stat="said so"
"""


def of(lines):
    return [tuple(mail) for mail in left(lines.splitlines(keepends=True), SENDER, NOW)]


@pytest.mark.parametrize(
    ("lines", "queue_id", "ref"),
    [
        (POSTFIX.format(ref=REF, domain="surrey.police.uk", to=TO, dsn="2.0.0", status="sent"), "4ZH1Qk", REF),
        (POSTFIX.format(ref=REF, domain="Surrey.Police.UK", to=TO.upper(), dsn="4.0.0", status="deferred"),
         "4ZH1Qk", REF),
        (EXIM.format(ref=REF, domain="surrey.police.uk", to=TO, result="=>"), "1w2EfF-000000004kV-1abc", REF),
        (EXIM.format(ref=REF, domain="surrey.police.uk", to=f"of1 <{TO}>", result="->"),
         "1w2EfF-000000004kV-1abc", REF),
        (OPENSMTPD.format(sender=SENDER, to=TO, result="Ok"), "9a7f3b21", ""),
    ],
)  # fmt: skip
def test_what_left_is_read_with_its_moment(lines, queue_id, ref):
    assert of(lines) == [(queue_id, ref, TO, AT)]


@pytest.mark.parametrize(
    "lines",
    [
        POSTFIX.format(ref=REF, domain="surrey.police.uk", to=TO, dsn="5.1.1", status="bounced"),
        POSTFIX.format(ref=REF, domain="kent.police.uk", to=TO, dsn="2.0.0", status="sent"),
        POSTFIX.format(ref="20260318.someone", domain="surrey.police.uk", to=TO, dsn="2.0.0", status="sent"),
        EXIM.format(ref=REF, domain="surrey.police.uk", to=TO, result="**"),
        OPENSMTPD.format(sender=SENDER, to=TO, result="PermFail"),
        OPENSMTPD.format(sender="someone@surrey.police.uk", to=TO, result="Ok"),
        "no line of a mail server\n",
    ],
)
def test_what_came_back_and_what_others_sent_did_not_leave(lines):
    assert of(lines) == []


def test_a_mail_that_waited_and_then_came_back_did_not_leave():
    waited = POSTFIX.format(ref=REF, domain="surrey.police.uk", to=TO, dsn="4.0.0", status="deferred")
    came_back = POSTFIX.format(ref=REF, domain="surrey.police.uk", to=TO, dsn="5.0.0", status="bounced")
    assert of(waited + came_back) == []


@pytest.mark.parametrize(
    "lines",
    [
        POSTFIX.format(ref=REF, domain="surrey.police.uk", to=TO, dsn="4.0.0", status="deferred"),
        EXIM.format(ref=REF, domain="surrey.police.uk", to=TO, result="=="),
        OPENSMTPD.format(sender=SENDER, to=TO, result="TempFail"),
    ],
)
def test_a_mail_that_waited_at_the_server_left_when_the_server_took_it(lines):
    """What was decided here again meanwhile is not what left."""
    passed_on = lines.splitlines(keepends=True)[-2:]
    later = "".join(passed_on).replace("08:00:05", "11:30:00").replace("deferred", "sent").replace(" == ", " => ")
    assert [mail[3] for mail in of(lines + later)] == [AT]


def test_the_address_that_was_written_to_counts_where_a_server_has_another_for_it():
    lines = POSTFIX.format(
        ref=REF, domain="surrey.police.uk", to=f"box7@inside.test>, orig_to=<{TO}", dsn="2.0.0", status="sent"
    )
    assert [mail[2] for mail in of(lines)] == [TO]


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2026-03-18T08:00:05.123+00:00", datetime(2026, 3, 18, 8, 0, 5, 123000, tzinfo=UTC)),
        ("2026-03-18T09:00:05+01:00", AT),
        ("2026-03-18 08:00:05 +0000", AT),
        ("2025-07-01 08:00:05", datetime(2025, 7, 1, 7, 0, 5, tzinfo=UTC)),  # London's
        ("Dec 31 08:00:05", datetime(2025, 12, 31, 8, 0, 5, tzinfo=UTC)),  # of last year
        ("Mar  9 08:00:05", datetime(2026, 3, 9, 8, 0, 5, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_in_every_form_that_logs_have(written, at):
    lines = OPENSMTPD.format(sender=SENDER, to=TO, result="Ok").replace("Mar 18 08:00:05", written)
    assert [mail[3] for mail in of(lines)] == [at]


@pytest.mark.parametrize("written", ["Feb 30 08:00:05", "Foo 18 08:00:05", "2026-13-18T08:00:05", "yesterday"])
def test_a_line_without_a_moment_is_left_out(written):
    assert of(OPENSMTPD.format(sender=SENDER, to=TO, result="Ok").replace("Mar 18 08:00:05", written)) == []
