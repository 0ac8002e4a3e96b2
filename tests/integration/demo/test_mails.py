"""The demo's mails: the sink keeps them, and pages show them person by person."""

import re
import smtplib
from email.message import EmailMessage

import pytest

from tasks.demo.mail_sink import mail_sink
from tasks.demo.mails import write_pages


def send(port, to, subject, *, attach=False, invite=False, date="Mon, 23 Mar 2026 08:00:00 +0000"):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "casebeat@demo.police.uk", to, subject
    message["Date"] = date
    message.set_content("as text")
    message.add_alternative(f"<p>{subject} as HTML</p>", subtype="html")
    if attach:
        message.add_attachment("a,b\r\n", subtype="csv", filename="../casebeat.csv")
    if invite:
        message.add_attachment(b"BEGIN:VCALENDAR", maintype="text", subtype="calendar", filename="invite.ics")
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
        client.send_message(message)


def test_what_was_mailed_is_kept_and_can_be_read_as_pages_person_by_person(tmp_path):
    with mail_sink(tmp_path / "mail") as port:
        send(port, "Wren Alder <wren.alder@demo.police.uk>", "first <1>")
        send(port, "Wren Alder <wren.alder@demo.police.uk>", "second", attach=True)
        send(port, "Knot Elmbark <knot.elmbark@demo.police.uk>", "other")
        send(port, "Dunnock Birch <dunnock.birch@demo.police.uk>", "day's word")
    roles = {"wren.alder@demo.police.uk": "spoc", "knot.elmbark@demo.police.uk": "legal_manager"}
    index = write_pages(tmp_path / "mail", tmp_path / "mails", roles).read_text("utf-8")
    assert re.findall("<summary>(.*?)</summary>", index) == [
        "SPOC, wren.alder@demo.police.uk: 2 mails",
        "legal manager, knot.elmbark@demo.police.uk: 1 mail",
        "operations, dunnock.birch@demo.police.uk: 1 mail",
    ]
    assert "first &lt;1&gt;" in index
    assert index.index("first") < index.index("second")
    own = tmp_path / "mails" / "wren.alder@demo.police.uk"
    assert "second as HTML" in (own / "002.html").read_text("utf-8")
    assert (own / "002-casebeat.csv").read_bytes().split() == [b"a,b"]
    assert sorted(path.name for path in own.iterdir()) == ["001.html", "002-casebeat.csv", "002.html"]


def test_a_persons_mails_stand_under_their_days_with_what_is_for_the_calendar_together(tmp_path):
    to = "wren.alder@demo.police.uk"
    with mail_sink(tmp_path / "mail") as port:
        for subject, invite in (("Invitation: A", True), ("digest", False), ("Invitation: B", True)):
            send(port, to, subject, invite=invite)
        send(port, to, "later", date="Tue, 24 Mar 2026 08:00:00 +0000")
    index = write_pages(tmp_path / "mail", tmp_path / "mails", {}).read_text("utf-8")
    said = re.findall(">([^<>]+)<", index[index.index("<summary>") :])
    assert [word for word in said if word != ", " and word.strip()] == [
        "operations, wren.alder@demo.police.uk: 4 mails", "Mon 23 Mar 2026", "digest", "2 calendar events",
        "Invitation: A", "invite.ics", "Invitation: B", "invite.ics", "Tue 24 Mar 2026", "later",
    ]  # fmt: skip


def test_the_sink_lets_its_port_go_when_it_ends(tmp_path):
    with mail_sink(tmp_path / "mail") as port:
        send(port, "Knot Elmbark <knot.elmbark@demo.police.uk>", "one")
    with pytest.raises(OSError, match="refused"):
        smtplib.SMTP("127.0.0.1", port, timeout=5)
