"""The notice of an act: what its reader may know of the case, how the act is undone, and when it is not sent."""

from datetime import date

import pytest

from config.doors import ActKind, Door
from config.settings import settings
from config.terms import MessageKind
from models.queries.obligations.obligation_views import Reader
from models.queries.people.acts import KeptAct, NoticedAct
from models.rules.people.readdressing import BARRED, LEFT
from tasks.messages.act.composing import ActBatch
from tasks.messages.act.contexts import ActContext
from tasks.messages.composing import ComposedMessage
from tests.unit.messages.composed import NO_CONNECTION, NOW, TODAY, held, reader, world

ACT = KeptAct(
    5, TODAY, NOW, "P1", Door.MAIL, "", ActKind.PROMISE, undoes=False, done_by="P1", stands=True, rule="action",
    subject="action:A1", obligation_id=9, kind="CCTV", on=date(2026, 3, 19), sitting=None,
)  # fmt: skip
ONE = NoticedAct(ACT, "45", "7", None, False, frozenset())


@pytest.fixture
def _replies(monkeypatch, tmp_path):
    """Replies are read from a folder of this machine."""
    monkeypatch.setenv("CASEBEAT_HOME", str(tmp_path))
    monkeypatch.setenv("CASEBEAT_REPLIES__MAILDIR", str(tmp_path))
    monkeypatch.setenv("CASEBEAT_REPLIES__ADDRESS", "replies@surrey.police.uk")
    settings.cache_clear()
    yield
    settings.cache_clear()


def compose(
    to: Reader | None = None, *, unknown: bool = False, act: KeptAct = ACT, **changed: object
) -> ComposedMessage:
    batch = ActBatch(NO_CONNECTION, [])
    batch._found = {1: ONE._replace(act=act, **changed)}
    return batch.compose(held(kind=MessageKind.ACT), world(*[] if unknown else [to or reader()]))


def said(*given, **changed) -> ActContext:
    made = compose(*given, **changed)
    assert isinstance(made.context, ActContext), made.nothing
    return made.context


def test_who_may_know_the_case_reads_what_the_act_was_about() -> None:
    shown = said().act
    assert (shown.reference, shown.title, shown.kind, shown.subject) == ("45/7", "Outstanding action", "CCTV", "A1")
    assert said().restricted == 0


@pytest.mark.parametrize(
    ("changed", "restricted"),
    [({"restricted": True}, 1), ({"force_code": None, "case_ref": None}, 0)],
    ids=["a restricted case", "rounds"],
)
def test_of_what_they_may_not_know_or_of_rounds_nothing_of_a_case_is_read(changed, restricted) -> None:
    found = said(**changed)
    assert (found.act.reference, found.act.title, found.act.kind, found.act.subject) == ("", "", "", "")
    assert (found.restricted, found.act.by) == (restricted, "P1")


def test_an_act_in_ones_own_name_is_told_apart_from_anothers() -> None:
    assert said().act.own
    assert not said(act=ACT._replace(by_ref="P2")).act.own


@pytest.mark.parametrize(
    ("to", "unknown", "barred", "nothing"),
    [
        (None, True, (), LEFT), (reader(email=""), False, (), LEFT), (None, False, ("P1",), BARRED),
        (None, True, ("P1",), BARRED), (None, False, ("P9",), ""),
    ],
)  # fmt: skip
def test_when_it_is_not_sent(to, unknown, barred, nothing) -> None:
    assert compose(to, unknown=unknown, barred=frozenset(barred)).nothing == nothing


@pytest.mark.usefixtures("_replies")
@pytest.mark.parametrize(
    ("changed", "linked"),
    [
        ({}, True), ({"stands": False}, False), ({"obligation_id": None}, False),
        ({"deed": ActKind.OUTCOME, "obligation_id": None}, True), ({"deed": ActKind.MOVE, "obligation_id": None}, True),
        ({"deed": ActKind.COMPLETION}, True), ({"deed": ActKind.OUTCOME, "stands": False}, False),
    ],
)  # fmt: skip
def test_only_what_can_be_taken_back_by_a_reply_has_a_link_that_does(changed, linked) -> None:
    assert bool(said(act=ACT._replace(**changed)).act.undo) is linked


def test_without_a_reply_mailbox_nothing_has_such_a_link() -> None:
    assert said().act.undo == said(act=ACT._replace(deed=ActKind.MOVE)).act.undo == ""
