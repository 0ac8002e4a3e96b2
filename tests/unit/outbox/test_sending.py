"""One batch on its way: what is fenced, sent, prepared again, counted, and tried later."""

from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID

import psycopg2
import pytest

from config.terms import MessageKind, State
from models.queries.outbox.outbox import Fenced
from models.rules.outbox.message_states import wait_seconds
from tasks.carriers.carrier import Answer, Down
from tasks.outbox import sending
from tasks.outbox.sending import DeliveryCounts, ReadyMessage, Worker, send, try_again_at

AT = datetime(2026, 6, 16, 23, 30, 15, 7, tzinfo=UTC)
WON, LOST, CHANGED = Fenced(won=True), Fenced(won=False), Fenced(won=False, changed=True)


class Base:
    """A database that is there, or lost as often as `lost` says."""

    def __init__(self, lost=0):
        self.lost = lost

    @contextmanager
    def begin(self):
        self.lost -= 1
        if self.lost >= 0:
            raise psycopg2.OperationalError
        yield None

    def connect(self):
        return SimpleNamespace(execution_options=lambda **_: nullcontext())


def worker(base=None):
    return Worker(AT, SimpleNamespace(), base or Base(), UUID(int=7), DeliveryCounts())


def ready(number, attempts=1):
    held = SimpleNamespace(id=number, key=f"k{number}", kind=MessageKind.LETTER, attempts=attempts, sign=f"s{number}")
    return ReadyMessage(held, f"to{number}", b"body", None)


class Carrier:
    """A carrier that answers in turn, and is down after its last answer; `searchable` as Slack is."""

    searchable = True

    def __init__(self, *answers):
        self.answers, self.sent, self.forgotten, self.rests = list(answers), [], [], []

    def rest(self):
        return self.rests.pop(0) if self.rests else 0.0

    def ready(self):
        if not self.answers:
            raise Down("away")

    def send(self, to, _, key):
        self.sent.append((to, key))
        return self.answers.pop(0)

    def forget(self, _, to):
        self.forgotten.append(to)


SENT = Answer(State.SENT, "")
DEAD, RETRY = Answer(State.DEAD, "refused"), Answer(State.RETRY, "later")


class Outbox:
    """The statements of the outbox, as far as sending uses them: fences in turn, and what is settled."""

    def __init__(self, monkeypatch, *fences):
        self.fences, self.fenced, self.settled, self.back = list(fences), [], [], []
        monkeypatch.setattr(sending, "outbox", self)
        monkeypatch.setattr(sending, "execute", lambda _, *statement: self.settled.append(statement))
        monkeypatch.setattr("tasks.outbox.sending.time.sleep", self.slept)
        self.slept_for = []

    def slept(self, seconds):
        self.slept_for.append(seconds)

    def fence(self, _, token, wanted, answered):
        assert token == UUID(int=7)
        self.fenced.append((wanted.message_id, wanted.to, answered and answered[:2]))
        return self.fences.pop(0) if self.fences else WON

    def settlement(self, ids, state, **_):
        return ids[0], state

    def settle(self, _, ids, state, *, reason, **__):
        self.back.append((list(ids), state, reason))


def test_each_answer_is_kept_with_the_fence_of_the_next_message_and_the_last_by_itself(monkeypatch):
    box, carrier, work = Outbox(monkeypatch), Carrier(*[SENT] * 3), worker()
    send(work, carrier, [ready(1), ready(2), ready(3)], lambda _: [])
    assert carrier.sent == [("to1", "s1"), ("to2", "s2"), ("to3", "s3")]
    assert box.fenced == [(1, "to1", None), (2, "to2", (1, State.SENT)), (3, "to3", (2, State.SENT))]
    assert (box.settled, work.delivered.counts) == ([(3, State.SENT)], {State.SENT: 3})


def test_an_answer_is_kept_before_a_rest_in_which_the_process_may_die(monkeypatch):
    box, carrier, work = Outbox(monkeypatch), Carrier(*[SENT] * 3), worker()
    carrier.rests = [0.0, 45.0, 0.0]
    send(work, carrier, [ready(1), ready(2), ready(3)], lambda _: [])
    assert box.fenced == [(1, "to1", None), (2, "to2", None), (3, "to3", (2, State.SENT))]
    assert box.settled == [(1, State.SENT), (3, State.SENT)]
    assert 45.0 in box.slept_for
    assert work.delivered.counts == {State.SENT: 3}


def test_a_rest_before_the_first_message_keeps_nothing(monkeypatch):
    box, carrier = Outbox(monkeypatch), Carrier(SENT)
    carrier.rests = [9.0]
    send(worker(), carrier, [ready(1)], lambda _: [])
    assert (box.slept_for[0], box.settled) == (9.0, [(1, State.SENT)])


def test_an_answer_that_is_no_success_is_kept_at_once_and_a_dead_one_forgets_its_address(monkeypatch):
    box, carrier, work = Outbox(monkeypatch), Carrier(DEAD, RETRY, SENT), worker()
    send(work, carrier, [ready(1), ready(2), ready(3)], lambda _: [])
    assert box.settled == [(1, State.DEAD), (2, State.RETRY), (3, State.SENT)]
    assert [answered for _, _, answered in box.fenced] == [None] * 3
    assert carrier.forgotten == ["to1"]
    assert work.delivered.dead == [("k1", "refused")]
    assert work.delivered.counts == {State.DEAD: 1, State.RETRY: 1, State.SENT: 1}


def test_the_place_of_a_message_is_kept_where_it_can_be_searched_for(monkeypatch):
    box, carrier = Outbox(monkeypatch), Carrier(SENT)
    carrier.searchable = False
    send(worker(), carrier, [ready(1)], lambda _: [])
    assert box.fenced == [(1, None, None)]


def test_a_message_that_another_worker_holds_is_left_to_it(monkeypatch):
    box, carrier, work = Outbox(monkeypatch, LOST), Carrier(SENT), worker()
    send(work, carrier, [ready(1), ready(2)], lambda _: pytest.fail("it is not this worker's"))
    assert carrier.sent == [("to2", "s2")]
    assert box.settled == [(2, State.SENT)]


@pytest.mark.parametrize(
    ("fences", "prepared", "sent"),
    [
        ((CHANGED, WON), [ready(9)], ["to9"]),
        ((CHANGED, LOST), [ready(9)], []),
        ((CHANGED,), [], []),
        ((CHANGED,) * 5 + (WON,), [ready(9)], ["to9"]),
        ((CHANGED,) * 6 + (WON,), [ready(9)], []),
    ],
)
def test_a_message_whose_world_has_changed_is_prepared_again_five_times_at_most(monkeypatch, fences, prepared, sent):
    Outbox(monkeypatch, *fences)
    carrier = Carrier(SENT)
    send(worker(), carrier, [ready(1)], lambda held: prepared if held.id == 1 else pytest.fail("another message"))
    assert [to for to, _ in carrier.sent] == sent


def test_what_is_left_when_the_carrier_goes_down_is_back_in_the_queue(monkeypatch):
    box, work = Outbox(monkeypatch), worker()
    with pytest.raises(Down):
        send(work, Carrier(SENT), [ready(1), ready(2), ready(3)], lambda _: [])
    assert box.back == [([3, 2], State.QUEUED, "carrier down: away")]
    assert (box.settled, work.delivered.counts) == ([(1, State.SENT)], {State.SENT: 1})


def test_an_answer_is_recorded_once_the_database_is_back_within_a_quarter_of_a_minute(monkeypatch):
    for lost, slept in ((0, [0]), (2, [0, 0.5, 1]), (5, [0, 0.5, 1, 2, 4, 8])):
        box, work = Outbox(monkeypatch), worker(Base(lost))
        send(work, Carrier(SENT), [ready(1)], lambda _: [])
        assert (box.slept_for, box.settled) == (slept, [(1, State.SENT)])
        assert work.delivered.counts == {State.SENT: 1}
    box, work = Outbox(monkeypatch), worker(Base(6))
    with pytest.raises(psycopg2.OperationalError):
        send(work, Carrier(SENT), [ready(1)], lambda _: [])
    assert (len(box.slept_for), box.settled, work.delivered.counts) == (6, [], {})


@pytest.mark.parametrize("state", State)
def test_only_what_failed_for_now_or_is_unknown_is_tried_again_and_never_in_step(monkeypatch, state):
    held = ready(1, attempts=3).held
    shares = []
    monkeypatch.setattr(sending._JITTER, "uniform", lambda low, high: shares.append((low, high)) or low)
    found = try_again_at(worker(), held, Answer(state, ""))
    if state not in {State.RETRY, State.UNKNOWN}:
        assert found is None
        return
    half = wait_seconds(3) / 2
    assert found == AT + timedelta(seconds=half)
    assert shares == [(0.5, 1)]
    for wait, seconds in ((9_999, 9_999), (1, half)):
        assert try_again_at(worker(), held, Answer(state, "", wait=wait)) == AT + timedelta(seconds=seconds)


def test_the_day_of_a_delivery_is_londons_from_its_first_moment():
    assert worker().today.isoformat() == "2026-06-17T00:00:00+01:00"
