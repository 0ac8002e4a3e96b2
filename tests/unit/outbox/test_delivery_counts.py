"""The result of a delivery: its counts, whether a person should look at it, and its sentence."""

import pytest

from config.terms import State
from tasks.outbox.sending import DeliveryCounts


def test_messages_are_counted_by_state_and_none_adds_no_state():
    counts = DeliveryCounts()
    assert (counts.capped, counts.waiting, counts.taken) == (0, 0, 0)
    counts.add(State.SENT)
    counts.add(State.SENT, 2)
    counts.add(State.DEAD, 0)
    assert counts.counts == {State.SENT: 3}


@pytest.mark.parametrize(
    ("given", "degraded"),
    [
        ({}, False), ({"counts": {State.SENT: 2}, "waiting": 3, "taken": 2, "mailed": False}, False),
        ({"dead": [("k", "refused")]}, True), ({"down": {"email": "x"}}, True), ({"held": True}, True),
        ({"capped": 1}, True),
    ],
)  # fmt: skip
def test_what_is_dead_down_held_or_kept_back_degrades(given, degraded):
    assert DeliveryCounts(**given).degraded is degraded


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "nothing was due."),
        ({"counts": {State.SENT: 2, State.DEAD: 1}}, "1 dead, 2 sent."),
        ({"counts": {State.SENT: 2}, "capped": 3}, "2 sent, 3 kept back by caps."),
        ({"held": True, "waiting": 4}, "the outbox is held: 4 messages wait for casebeat outbox --release."),
        (
            {"down": {"slack": "b", "email": "a"}, "waiting": 5},
            "the carrier is down (email: a; slack: b): 5 messages wait.",
        ),
    ],
)
def test_the_sentence_names_states_in_order_and_what_waits(given, sentence):
    assert DeliveryCounts(**given).sentence == sentence
