"""One delivery: which channels have their turn, what is claimed for each, and what the caps keep back."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest

from config.terms import State
from tasks.carriers.carrier import Down
from tasks.outbox import delivery
from tasks.outbox.delivery import _all_channels, _channel, _claim, _copy_to_operations, _within_caps
from tasks.outbox.sending import DeliveryCounts, Worker
from tasks.platform import configuration
from tests.unit.days import row

NINE = datetime(2026, 3, 17, 9, tzinfo=UTC)  # a Tuesday; letters leave from eight
CAP = configuration.policy().delivery.most_per_person_per_day
RUN = configuration.policy().delivery.most_per_run


def route(channel, **given):
    return SimpleNamespace(**{"channel": channel, "operations": True, "everyone": channel == "email"} | given)


EMAIL, SLACK, THIRD = route("email"), route("slack"), route("third")


def worker(at=NINE, *, alarms_only=False, **counts):
    chosen = SimpleNamespace(routes=(EMAIL, SLACK, THIRD), main=EMAIL)
    base = SimpleNamespace(begin=nullcontext)
    return Worker(at, chosen, base, UUID(int=7), DeliveryCounts(**counts), alarms_only)


@pytest.fixture
def turns(monkeypatch):
    """The channels that were drained or silenced, in order; `ends` is what happens in the first turn of one."""
    found = SimpleNamespace(drained=[], ends={}, waiting=0)

    def drained(work, to, carrier, _):
        found.drained.append(to.channel)
        end = found.ends.pop(to.channel, None)
        if isinstance(end, Exception):
            raise end
        if end:
            work.delivered.down[to.channel] = end

    monkeypatch.setattr(delivery, "_channel", drained)
    monkeypatch.setattr(delivery, "_silence", lambda _, channel, __: found.drained.append(f"no {channel}"))
    monkeypatch.setattr("tasks.outbox.delivery.outbox.waiting", lambda *_: found.waiting)
    return found


CARRIERS = {"email": object(), "slack": object()}


def test_each_channel_has_its_turn_and_one_that_is_not_set_up_is_silenced(turns):
    _all_channels(worker(), CARRIERS, 50)
    assert turns.drained == ["email", "slack", "no third"]


def test_a_channel_that_is_down_is_reported_by_the_others_in_the_same_delivery(turns):
    turns.ends = {"slack": "away"}
    _all_channels(worker(), CARRIERS, 50)
    assert turns.drained == ["email", "slack", "no third", "email"]


def test_a_fault_of_one_channel_is_raised_once_every_other_has_had_its_turn(turns):
    first = ValueError("first")
    turns.ends = {"email": first, "slack": ValueError("second")}
    with pytest.raises(ValueError, match="first"):
        _all_channels(worker(), CARRIERS, 50)
    assert turns.drained == ["email", "slack", "no third"]


@pytest.mark.parametrize(("taken", "capped"), [(RUN - 1, 2), (RUN, 5), (RUN + 1, 5)])
def test_what_waits_beyond_the_runs_cap_is_counted_as_kept_back(turns, taken, capped):
    turns.waiting = 3
    work = worker(taken=taken, capped=2)
    _all_channels(work, CARRIERS, 50)
    assert work.delivered.capped == capped


class Carrier:
    channel = "email"

    def __init__(self, *, down=False):
        self.down, self.asked = down, []

    def ready(self):
        self.asked.append("ready")
        if self.down:
            raise Down("away")

    def refresh(self):
        self.asked.append("refresh")


@pytest.mark.parametrize(
    ("paused", "rests", "down", "held", "asked", "became"),
    [
        row("a carrier that works", None, False, False, False, ["drained", "refresh"], []),
        row("while the outbox is held", None, False, False, True, ["drained"], []),
        row("after its pause", object(), False, False, False, ["ready", "drained", "refresh"], ["closed"]),
        row("after its pause, and still down", object(), False, True, False, ["ready"], ["opened"]),
        row("within its pause", object(), True, False, False, [], []),
    ],
)
def test_a_carrier_that_was_paused_is_looked_at_once_before_anything_is_claimed(
    monkeypatch, paused, rests, down, held, asked, became
):
    carrier, work, found = Carrier(down=down), worker(), []

    def pause(of, channel):
        if rests:
            of.delivered.down[channel] = "away"
        return paused

    monkeypatch.setattr("tasks.outbox.delivery.circuit_breaker.paused", pause)
    for name in ("opened", "closed"):
        monkeypatch.setattr(f"tasks.outbox.delivery.circuit_breaker.{name}", lambda *_, name=name: found.append(name))
    monkeypatch.setattr(delivery, "reconcile", lambda *_: None)
    monkeypatch.setattr(delivery, "_copy_to_operations", lambda *_: None)
    monkeypatch.setattr(delivery, "_drain", lambda *_: carrier.asked.append("drained"))
    monkeypatch.setattr(delivery, "_held", lambda _: held)
    _channel(work, EMAIL, carrier, 50)
    assert (carrier.asked, found) == (asked, became)


@pytest.mark.parametrize(
    ("given", "copied"),
    [({}, False), ({"everyone": False}, True), ({"everyone": False, "operations": False}, False)],
)
def test_operations_are_copied_to_on_a_further_channel_that_they_read_from_yesterday_on(monkeypatch, given, copied):
    asked = []
    monkeypatch.setattr("tasks.outbox.delivery.digests.copy_to_operations", lambda _, *given: asked.append(given))
    _copy_to_operations(worker(), route("slack", **{"everyone": True, **given}))
    assert asked == ([("email", "slack", NINE.date() - timedelta(days=1))] if copied else [])


def claimed(monkeypatch, at=NINE, batch=50, found=(), *, held=False, alarms_only=False, **counts):
    """The terms of a claim and its size, and the delivery after it."""
    asked = []
    monkeypatch.setattr(
        "tasks.outbox.delivery.outbox.claim", lambda _, __, terms, most: asked.append((terms, most)) or list(found)
    )
    monkeypatch.setattr("tasks.outbox.delivery.outbox_list.is_held", lambda _: held)
    monkeypatch.setattr("tasks.outbox.delivery.daily_caps.sent_since", lambda *_: {})
    work = worker(at, alarms_only=alarms_only, **counts)
    _claim(work, "email", batch)
    ((terms, most),) = asked
    return terms, most, work.delivered


@pytest.mark.parametrize(
    ("at", "digests"),
    [
        row("a second before their hour", datetime(2026, 3, 17, 7, 59, 59, tzinfo=UTC), False),
        row("from their hour", datetime(2026, 3, 17, 8, tzinfo=UTC), True),
        row("on a Saturday", datetime(2026, 3, 21, 9, tzinfo=UTC), False),
        row("in summer, by London's clock", datetime(2026, 6, 16, 7, tzinfo=UTC), True),
    ],
)
def test_letters_leave_on_working_days_from_their_hour(monkeypatch, at, digests):
    assert claimed(monkeypatch, at)[0].digests is digests


@pytest.mark.parametrize(
    ("taken", "batch", "most", "only_hard"),
    [(0, 50, 50, False), (RUN - 7, 50, 7, False), (RUN - 1, 50, 1, False), (RUN, 50, 50, True), (RUN + 1, 9, 9, True)],
)
def test_a_run_takes_as_many_as_its_cap_and_beyond_it_hard_clocks_alone(monkeypatch, taken, batch, most, only_hard):
    terms, size, _ = claimed(monkeypatch, batch=batch, taken=taken)
    assert (size, terms.only_hard) == (most, only_hard)


@pytest.mark.parametrize(
    ("held", "alarms_only", "kept"), [(False, False, False), (True, False, True), (False, True, True)]
)
def test_while_the_outbox_is_held_or_only_alarms_leave_nothing_else_is_claimed(monkeypatch, held, alarms_only, kept):
    terms, _, delivered = claimed(monkeypatch, held=held, alarms_only=alarms_only)
    assert (terms.held, delivered.held) == (kept, held)


def message(id_, ref, *, hard=False):
    return SimpleNamespace(id=id_, contact_ref=ref, hard=hard)


def test_hard_clocks_do_not_count_towards_the_runs_cap(monkeypatch):
    found = [message(1, None), message(2, None, hard=True), message(3, None)]
    assert claimed(monkeypatch, found=found, taken=4)[2].taken == 6


def test_what_exceeds_a_persons_cap_waits_for_the_next_morning_and_hard_clocks_do_not(monkeypatch):
    asked, settled = [], []

    def sent_since(_, refs, *__):
        asked.append(refs)
        return {"P1": CAP - 1, "P2": CAP}

    monkeypatch.setattr("tasks.outbox.delivery.daily_caps.sent_since", sent_since)
    monkeypatch.setattr(
        "tasks.outbox.delivery.outbox.settle", lambda _, ids, state, **given: settled.append((ids, state, given))
    )
    found = [
        message(1, "P1"), message(2, "P1"), message(3, "P2"), message(4, None), message(5, "P2", hard=True),
        message(6, "P3"), message(7, "P4", hard=True),
    ]  # fmt: skip
    work = worker()
    assert [one.id for one in _within_caps(None, work, found)] == [1, 4, 5, 6, 7]
    assert asked == [["P1", "P2", "P3"]]
    ((ids, state, given),) = settled
    assert (ids, state, given["due_at"]) == ([2, 3], State.QUEUED, datetime(2026, 3, 18, 8, tzinfo=UTC))
    assert (given["reason"], work.delivered.capped) == (f"beyond {CAP} messages a day", 2)
    assert len(_within_caps(None, worker(), [message(9, f"P{9}")] * CAP)) == CAP
    operations = [message(number, None) for number in range(CAP + 1)]
    assert len(_within_caps(None, worker(), operations)) == CAP + 1
    assert len(settled) == 1
