"""Who is notified of an act: in whose name it was done, where anyone may give it, and whose act it undoes."""

from datetime import UTC, date, datetime

import pytest

from config.doors import ActKind, Door
from models.errors import Refuse
from models.queries.people.acts import Done
from models.rules.people.act import Act
from models.rules.people.directory import Directory
from tasks.obligations.acting import check_undoer, keep
from tests.unit.people.test_addressing import police

TODAY, AT = date(2026, 3, 17), datetime(2026, 3, 17, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("by", "door", "of", "told"),
    [
        ("P1", Door.COMMAND, "", ["P1"]), ("P1", Door.FORM, "", ["P1"]), ("P1", Door.MAIL, "", []),
        ("P1", Door.SLACK, "", []), ("P1", Door.MAIL, "P2", ["P2"]), ("P1", Door.MAIL, "P1", []),
        ("P2", Door.COMMAND, "P1", ["P1", "P2"]), ("P1", Door.COMMAND, "P1", ["P1"]),
        ("P1", Door.COMMAND, "P2", ["P1", "P2"]), ("P9", Door.FORM, "P0", ["P0", "P9"]),
    ],
)  # fmt: skip
def test_whoever_did_not_hear_of_an_act_by_its_door_is_notified_of_it(monkeypatch, by, door, of, told):
    asked = []
    monkeypatch.setattr("tasks.obligations.acting.acts.record", lambda *_: 7)
    monkeypatch.setattr("tasks.obligations.acting.acts.notify", lambda _, act_id, ref, *__: asked.append((act_id, ref)))
    keep(None, Act(by, door, ""), Done(ActKind.PROMISE, 1), TODAY, AT, of=of)
    assert asked == [(7, ref) for ref in told]


def test_only_who_did_it_or_may_do_it_takes_it_back():
    people = Directory([police("P1", "officer"), police("P2", "officer"), police("P3", "officer")])
    for by in ("P1", "P2"):
        check_undoer(by, "P1", frozenset({"P2"}), people, TODAY)
    with pytest.raises(Refuse, match="P3 is not one of those who may take it back"):
        check_undoer("P3", "P1", frozenset({"P2"}), people, TODAY)
