"""The pace of one delivery: as many letters as its share in any minute, and then a wait."""

from types import SimpleNamespace

import pytest

from config.mail import Mail
from tasks.carriers.mail import allowance
from tasks.carriers.mail.allowance import Allowance

MAIL = {"host": "127.0.0.1", "operations": "ops@kent.police.uk"}


class Clock:
    """A clock that sleeping moves."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.slept = 1_000.0, list[float]()
        monkeypatch.setattr(allowance, "time", SimpleNamespace(monotonic=lambda: self.now))

    def sleep(self, seconds: float) -> None:
        if seconds:
            self.slept.append(seconds)
        self.now += seconds


def letters(one: Allowance, number: int, clock: Clock, seconds: float = 0.0) -> None:
    for _ in range(number):
        clock.sleep(one.rest())
        one.spend()
        clock.now += seconds


def test_a_share_leaves_at_once_and_the_next_letter_a_minute_after_the_first(monkeypatch):
    clock = Clock(monkeypatch)
    one = Allowance(Mail.model_validate(MAIL | {"pace": 30}), None)
    letters(one, 30, clock, 0.5)
    assert clock.slept == []
    letters(one, 1, clock)
    assert clock.slept == [45.0]
    letters(one, 1, clock)
    assert clock.slept == [45.0, 0.5]


def test_letters_that_are_slow_by_themselves_wait_for_nothing(monkeypatch):
    clock = Clock(monkeypatch)
    letters(Allowance(Mail.model_validate(MAIL | {"pace": 30}), None), 100, clock, 2.0)
    assert clock.slept == []


def test_connections_share_the_pace(monkeypatch):
    clock = Clock(monkeypatch)
    one = Allowance(Mail.model_validate(MAIL | {"pace": 30, "connections": 2}), None)
    letters(one, 16, clock)
    assert clock.slept == [60.0]


def test_without_a_pace_nothing_waits(monkeypatch):
    clock = Clock(monkeypatch)
    one = Allowance(Mail.model_validate(MAIL), None)
    letters(one, 1_000, clock)
    one.end()
    assert clock.slept == []
