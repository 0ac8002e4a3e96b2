"""Mails that are broken, and mails that are made to cost time or memory."""

BROKEN = [
    b"",
    b"\r\n",
    b"From: p1@surrey.police.uk\r\n\r\n\x00\x00",
    b"From: p1@surrey.police.uk\r\nContent-Type: multipart/mixed\r\n\r\nx",
    b"From: p1@surrey.police.uk\r\nMessage-ID: <\x00>\r\nSubject: =?utf-8?q?=00=FF?=\r\n\r\ndone\x00",
    b"From: p1@surrey.police.uk\r\nContent-Type: text/plain; charset=idna\r\n\r\n" + b"x" * 100_000,
    b"From: p1@surrey.police.uk\r\n" + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" * 2_000,
    b"From: p1@surrey.police.uk\r\nMessage-ID: <" + b"x" * 4_000 + b">\r\n\r\nstatus",
    bytes(range(256)) * 100,
]

BOMBS = {
    "10,000 headers": b"".join(b"X-%d: y\r\n" % n for n in range(10_000)) + b"\r\ndone",
    "a subject of 1 MB": b"Subject: " + b"=?utf-8?q?a?= " * 70_000 + b"\r\n\r\ndone",
    "500 deep": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(500)
    ) + b"\r\n" * 100_000,
    "a charset's name": b"Content-Type: text/plain; charset=" + b"x" * 1_000_000 + b"\r\n\r\ndone",
    "dates": b"Date: Tue, 99 Foo 99999999999 99:99:99 +9999\r\n" * 10_000 + b"\r\ndone",
}  # fmt: skip
