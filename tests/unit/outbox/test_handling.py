"""The outbox held, released and asked about, and a dead message revived: each as people ask, and audited once."""

from contextlib import nullcontext
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from config.terms import State
from models.errors import Refuse
from tasks.outbox import handling

TODAY, AT = date(2026, 3, 17), datetime(2026, 3, 17, 9, tzinfo=UTC)
NAME = "tasks.outbox.handling"


@pytest.fixture
def box(monkeypatch):
    """An outbox: whether it was held and its carriers paused, how many questions are new, and what is done to it."""
    made = SimpleNamespace(released=False, ended=False, asked=0, dead=None, calls=[])
    monkeypatch.setattr(handling, "transaction", nullcontext)
    monkeypatch.setattr(handling, "settings", lambda: SimpleNamespace(main="main"))
    monkeypatch.setattr(f"{NAME}.outbox_list.hold", lambda _, by, __: made.calls.append(("hold", by)))
    monkeypatch.setattr(f"{NAME}.outbox_list.release", lambda _: made.released)
    monkeypatch.setattr(f"{NAME}.outbox_list.dead", lambda *_: made.dead)
    monkeypatch.setattr(f"{NAME}.circuit_breakers.end", lambda _: made.ended)
    monkeypatch.setattr(f"{NAME}.digests.operations", lambda *_: made.asked)
    monkeypatch.setattr(f"{NAME}.audit.record", lambda _, entry: made.calls.append((entry.reason, entry.by)))
    monkeypatch.setattr(f"{NAME}.outbox.settle", lambda _, ids, state, **__: made.calls.append((ids, state)))
    return made


@pytest.mark.parametrize(("asked", "held"), [(0, False), (1, True), (2, True)])
def test_a_question_holds_the_outbox_once_for_what_it_is_about(box, asked, held):
    box.asked = asked
    assert handling.hold_and_ask("clock", "words", TODAY, AT) is held
    assert box.calls == ([("hold", "casebeat"), ("held", "casebeat")] if held else [])


@pytest.mark.parametrize(
    ("released", "ended", "any_"),
    [(False, False, False), (True, False, True), (False, True, True), (True, True, True)],
)
def test_a_release_lets_paused_carriers_go_on_too_and_is_audited_where_something_was_held(box, released, ended, any_):
    box.released, box.ended = released, ended
    assert handling.release("P1") is any_
    assert box.calls == ([("released", "P1")] if released else [])


def test_only_a_dead_message_is_revived(box):
    with pytest.raises(Refuse, match="There is no dead message with the key k"):
        handling.requeue("k", AT)
    box.dead = 7
    handling.requeue("k", AT)
    assert box.calls == [([7], State.QUEUED)]
