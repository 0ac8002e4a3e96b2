"""A message that nobody answered for: asked about, sent once more, or given up."""

from contextlib import nullcontext
from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import UUID

import pytest

from config.terms import State
from models.rules.outbox.message_states import GONE, wait_seconds
from tasks.carriers.carrier import Answer
from tasks.outbox import reconciling
from tasks.outbox.sending import DeliveryCounts, Worker
from tests.unit.days import row

AT = datetime(2026, 3, 17, 9, tzinfo=UTC)
GIVEN_UP = Answer(State.DEAD, "said again, and no answer to that either")


class Carrier:
    channel = "slack"

    def __init__(self, answer, *, searchable=True):
        self.answer, self.searchable, self.asked = answer, searchable, []

    def ready(self):
        self.asked.append("ready")

    def look_for(self, *given):
        self.asked.append(given[0])
        return self.answer


@pytest.fixture
def later(monkeypatch):
    """What is settled, and what is asked about later, each with its seconds."""
    found = SimpleNamespace(settled=[], later=[], changes=1)

    def settle(_, ids, state, *, reason, **__):
        found.settled.append((ids[0], state, reason))
        return found.changes

    monkeypatch.setattr("tasks.outbox.reconciling.outbox.settle", settle)
    monkeypatch.setattr(
        "tasks.outbox.reconciling.unconfirmed.ask_later", lambda _, id_, wait: found.later.append((id_, wait))
    )
    return found


def reconcile(monkeypatch, carrier, *found):
    """Reconcile these messages; what was counted."""
    by_id = {one.id: one for one in found}
    monkeypatch.setattr("tasks.outbox.reconciling.unconfirmed.ids", lambda *_, **__: [*by_id, 99])
    monkeypatch.setattr("tasks.outbox.reconciling.unconfirmed.take", lambda _, id_: by_id.get(id_))
    work = Worker(AT, None, SimpleNamespace(begin=nullcontext), UUID(int=7), DeliveryCounts())
    reconciling.reconcile(work, carrier)
    return work.delivered


def unknown(id_=1, *, twice=False, tries=2):
    return SimpleNamespace(
        id=id_, key=f"k{id_}", to=f"to{id_}", body=b"", sign="s", sending_at=AT, twice=twice, tries=tries
    )  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "searchable", "twice", "settled", "counts"),
    [
        row("found", Answer(State.SENT, "found"), True, True, (State.SENT, "found"), {State.SENT: 1}),
        row("absent", Answer(State.RETRY, "was not posted"), True, False, (State.RETRY, "was not posted"), {}),
        row("once more", Answer(State.RETRY, "repeat"), False, False, (State.RETRY, "repeat"), {}),
        row("given up", Answer(State.RETRY, "repeat"), False, True, GIVEN_UP[:2], {State.DEAD: 1}),
    ],
)
def test_a_message_is_settled_by_what_its_carrier_finds_out(
    monkeypatch, later, answer, searchable, twice, settled, counts
):
    carrier = Carrier(answer, searchable=searchable)
    delivered = reconcile(monkeypatch, carrier, unknown(twice=twice))
    assert later.settled == [(1, *settled)]
    assert delivered.counts == counts
    assert delivered.dead == ([("k1", GIVEN_UP.reason)] if State.DEAD in counts else [])
    assert later.later == []


def test_what_another_worker_has_settled_is_not_reported_as_dead(monkeypatch, later):
    later.changes = 0
    delivered = reconcile(monkeypatch, Carrier(None, searchable=False), unknown(twice=True))
    assert (delivered.counts, delivered.dead) == ({}, [])


def test_what_cannot_be_found_out_is_asked_about_later_by_the_longer_wait(monkeypatch, later):
    for wait, seconds in ((0, wait_seconds(2)), (9_999, 9_999)):
        reconcile(monkeypatch, Carrier(Answer(State.UNKNOWN, "x", wait=wait)), unknown())
        assert later.later.pop() == (1, seconds)
    assert later.settled == []


def test_a_carrier_is_asked_whether_it_is_there_before_anything_else_and_only_where_needed(monkeypatch, later):
    carrier = Carrier(Answer(State.SENT, ""))
    reconcile(monkeypatch, carrier, unknown(1), unknown(2))
    assert carrier.asked == ["ready", "to1", "to2"]
    idle = Carrier(None)
    monkeypatch.setattr("tasks.outbox.reconciling.unconfirmed.ids", lambda *_, **__: [])
    work = Worker(AT, None, SimpleNamespace(begin=nullcontext), UUID(int=7), DeliveryCounts())
    reconciling.reconcile(work, idle)
    assert idle.asked == []


def test_what_a_dead_worker_had_only_claimed_is_sent_and_what_it_was_sending_is_unknown(monkeypatch, later):
    left = [SimpleNamespace(id=1, state=State.CLAIMED), SimpleNamespace(id=2, state=State.SENDING)]
    monkeypatch.setattr("tasks.outbox.reconciling.workers.abandoned", lambda _: left)
    reconciling.free_abandoned(None, AT)
    assert later.settled == [(1, State.RETRY, GONE), (2, State.UNKNOWN, GONE)]
