"""A delivery while the outbox is held: nothing is looked at, unless a question to operations waits."""

from contextlib import nullcontext
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from tasks.outbox import delivery

NINE = datetime(2026, 3, 17, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("held", "asks", "alarms_only", "calls"),
    [
        (False, False, False, ["free", "readdress", "channels", "ended"]),
        (True, False, False, ["ended"]),
        (True, True, False, ["free", "channels", "ended"]),
        (False, True, True, ["free", "channels"]),
    ],
)
def test_while_the_outbox_is_held_nothing_is_looked_at_unless_a_question_waits(
    monkeypatch, held, asks, alarms_only, calls
):
    found = []
    chosen = SimpleNamespace(mail=SimpleNamespace(host="mail.invalid"))
    monkeypatch.setattr(delivery, "settings", lambda: chosen)
    monkeypatch.setattr(delivery, "engine", lambda: SimpleNamespace(begin=nullcontext))
    monkeypatch.setattr(delivery, "_present", lambda _: nullcontext())
    monkeypatch.setattr(delivery, "_carriers", lambda _: nullcontext({}))
    monkeypatch.setattr(delivery, "_asks", lambda _: asks)
    monkeypatch.setattr(delivery, "free", lambda _: found.append("free"))
    monkeypatch.setattr(delivery, "readdress", lambda *_: found.append("readdress"))
    monkeypatch.setattr(delivery, "_all_channels", lambda *_: found.append("channels"))
    monkeypatch.setattr(delivery, "report", lambda *_: None)
    monkeypatch.setattr("tasks.outbox.delivery.standstill.ended", lambda *_: found.append("ended"))
    monkeypatch.setattr("tasks.outbox.delivery.outbox_list.is_held", lambda _: held)
    monkeypatch.setattr("tasks.outbox.delivery.outbox.waiting", lambda *_: 3)
    made = delivery.deliver(NINE, alarms_only=alarms_only)
    assert (found, made.waiting, made.mailed) == (calls, 3, True)
    chosen.mail.host = None
    assert not delivery.deliver(NINE, alarms_only=alarms_only).mailed
