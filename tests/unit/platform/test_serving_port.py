"""The port of a server that is started: another program's is refused, and one that becomes free is waited for."""

from types import SimpleNamespace

import pytest

from models.errors import Refuse
from tasks.platform import serving


@pytest.fixture
def clock(monkeypatch):
    made = SimpleNamespace(now=1000.0)

    def sleep(seconds):
        made.now += seconds

    monkeypatch.setattr(serving, "time", SimpleNamespace(monotonic=lambda: made.now, sleep=sleep))
    return made


@pytest.mark.parametrize(("free_after", "taken"), [(0, False), (9.5, False), (11, True)])
def test_a_port_is_waited_for_ten_seconds(clock, monkeypatch, free_after, taken):
    monkeypatch.setattr(serving, "_is_free", lambda _: clock.now >= 1000 + free_after)
    if taken:
        with pytest.raises(Refuse, match="Port 4200 of this machine is taken"):
            serving.refuse_taken(4200)
    else:
        serving.refuse_taken(4200)
    assert clock.now < 1010.5


def test_a_port_is_asked_for_without_haste(clock, monkeypatch):
    asked = []
    monkeypatch.setattr(serving, "_is_free", lambda _: len(asked) == 5 or asked.append(clock.now))
    serving.refuse_taken(4200)
    assert [round(one - 1000, 1) for one in asked] == [0, 0.2, 0.4, 0.6, 0.8]
