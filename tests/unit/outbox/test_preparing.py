"""One message of a batch: its composer, and whether it is ready, silent or dead."""

from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import psycopg2
import pytest
from sqlalchemy.exc import OperationalError

from config.terms import MessageKind, State
from models.rules.outbox.message_states import MOST_TRIES
from tasks.carriers.carrier import Answer
from tasks.messages.composing import ComposedMessage
from tasks.outbox import preparing
from tasks.outbox.preparing import _Batch, end
from tasks.outbox.sending import DeliveryCounts, ReadyMessage, Worker
from tests.integration.outbox_world import AT_NINE

LOST = OperationalError("select 1", {}, psycopg2.OperationalError("gone"))


def held(id_=1, *, attempts=1, kind=MessageKind.LETTER, standing=False):
    return SimpleNamespace(id=id_, key=f"k{id_}", attempts=attempts, kind=kind, standing=standing)


class Composer:
    """A composer of one kind, which finds these contents by the message."""

    def __init__(self, kind=MessageKind.LETTER, **found):
        self.kind, self.found = kind, found

    def has(self, one):
        return one.kind is self.kind

    def compose(self, one, _):
        found = self.found.get(one.key, "words")
        if isinstance(found, Exception):
            raise found
        return ComposedMessage(one, None, found, {}, "" if found else "out of date")


@pytest.fixture
def batch(monkeypatch):
    """A batch whose channel has an address for everybody, and what is settled of it."""
    settled = []
    monkeypatch.setattr("tasks.outbox.preparing.outbox.silence", lambda *_: None)

    def settle(_, ids, state, *, reason, **__):
        settled.append((ids[0], state, reason))
        return 1

    monkeypatch.setattr("tasks.outbox.preparing.outbox.settle", settle)
    made: Any = _Batch(worker(), None)
    made._world, made._composers = None, [Composer(MessageKind.ANSWER), Composer()]
    made._channel = SimpleNamespace(compose=lambda _: None, address=lambda _: "to", body=lambda *_: b"body")
    made.settled = settled
    return made


def worker():
    return Worker(AT_NINE, None, None, UUID(int=7), DeliveryCounts())


def test_a_message_is_ready_with_its_address_and_bytes(batch):
    one = held()
    assert batch._one(None, one, "world") == ReadyMessage(one, "to", b"body", "world")


def test_the_cases_that_a_standing_lists_are_kept_with_it(batch, monkeypatch):
    kept = []
    monkeypatch.setattr("tasks.outbox.preparing.sent_lists.keep", lambda _, id_, listed: kept.append((id_, listed)))
    for one in (held(1), held(2, standing=True)):
        batch._one(None, one, None)
    assert kept == [(2, {})]


def test_a_message_with_nothing_to_say_is_silent_with_the_reason(batch):
    batch._composers = [Composer(k1=None)]
    assert batch._one(None, held(), None) == Answer(State.SILENT, "out of date")


def test_a_message_without_an_address_is_what_its_channel_says(batch):
    batch._channel.address = lambda _: Answer(State.DEAD, "no address")
    assert batch._one(None, held(attempts=MOST_TRIES + 1), None) == Answer(State.DEAD, "no address")


@pytest.mark.parametrize(("attempts", "dead"), [(MOST_TRIES, False), (MOST_TRIES + 1, True)])
def test_a_message_that_was_tried_for_a_day_is_given_up(batch, attempts, dead):
    found = batch._one(None, held(attempts=attempts), None)
    assert (found == Answer(State.DEAD, "tried for 24 hours in vain")) is dead


def test_a_kind_is_composed_by_its_channel_its_composer_or_as_operations(batch, monkeypatch):
    monkeypatch.setattr("tasks.outbox.preparing.urgent.compose", lambda *_: "urgent")
    monkeypatch.setattr(preparing, "operations", lambda *_: "operations")
    assert batch._composed(held()).context == "words"
    assert batch._composed(held(kind=MessageKind.AT_ONCE)) == "urgent"
    assert batch._composed(held(kind=MessageKind.OPERATIONS)) == "operations"
    batch._channel.compose = lambda one: "the channel's" if one.kind is MessageKind.THREAD else None
    assert batch._composed(held(kind=MessageKind.THREAD)) == "the channel's"


def test_what_travels_in_a_letter_falls_silent_where_it_says_nothing_or_cannot_be_composed(batch):
    batch._composers = [Composer(k2=None, k3=ValueError("x"))]
    enclosed = [(9, held(1)), (9, held(2)), (8, held(3)), (9, held(4))]
    assert batch._contents(None, enclosed) == {9: ["words", "words"]}
    (second, third) = batch.settled
    assert second == (2, State.SILENT, "out of date")
    assert (third[:2], third[2].startswith("could not be composed (ValueError")) == ((3, State.SILENT), True)
    batch._composers = [Composer(k1=LOST)]
    with pytest.raises(OperationalError):
        batch._contents(None, enclosed)


@pytest.mark.parametrize("changed", [1, 0])
@pytest.mark.parametrize("state", [State.DEAD, State.SILENT, State.RETRY])
def test_only_a_dead_message_that_this_worker_ended_is_reported(monkeypatch, state, changed):
    monkeypatch.setattr("tasks.outbox.preparing.outbox.settle", lambda *_, **__: changed)
    work = worker()
    end(None, work, held(), Answer(state, "why"))
    assert work.delivered.counts == ({state: 1} if changed else {})
    assert work.delivered.dead == ([("k1", "why")] if changed and state is State.DEAD else [])


def test_one_message_that_cannot_be_composed_is_dead_and_the_others_are_ready(batch, monkeypatch):
    for name in ("outbox.fingerprints", "digests.enclosed"):
        monkeypatch.setattr(f"tasks.outbox.preparing.{name}", lambda *_, name=name: {} if "finger" in name else [])
    base: Any = SimpleNamespace(begin=nullcontext)
    batch._worker = Worker(AT_NINE, None, base, UUID(int=7), DeliveryCounts())
    batch._reading = lambda *_: batch._channel
    batch._read = lambda *_: None
    monkeypatch.setattr(preparing, "LetterBatch", lambda *_: Composer(k2=ValueError("x"), k3=None))
    batch._composers = []
    assert [one.held.id for one in batch.prepare([held(1), held(2), held(3), held(4)])] == [1, 4]
    second, third = batch.settled
    assert (second[:2], third) == ((2, State.DEAD), (3, State.SILENT, "out of date"))
    monkeypatch.setattr(preparing, "LetterBatch", lambda *_: Composer(k2=LOST))
    batch._composers = []
    with pytest.raises(OperationalError):
        batch.prepare([held(1), held(2)])
