"""The message about a transferred case: what its reader may know of it, and when it is not sent."""

from datetime import date

import pytest

from config.terms import MessageKind
from models.queries.obligations.obligation_views import Reader
from models.queries.obligations.transfers import TransferNotice
from models.rules.people.readdressing import BARRED, LEFT
from tasks.messages.composing import ComposedMessage
from tasks.messages.transfer.composing import REOPENED, TransferBatch
from tasks.messages.transfer.contexts import TransferContext
from tests.unit.messages.composed import NO_CONNECTION, held, reader, world

ONE = TransferNotice(
    1, "45", "45", "7", "45AB0000007", False, frozenset(), date(2026, 3, 10), ("46/9",), kept_there=True, orders=2,
    first_on=date(2026, 4, 1),
)  # fmt: skip


def compose(to: Reader | None, ref: str | None = "P1", **changed: object) -> ComposedMessage:
    batch = TransferBatch(NO_CONNECTION, [])
    batch._found = {1: ONE._replace(**changed)}
    message = held(ref, kind=MessageKind.TRANSFER)
    assert [batch.has(one) for one in (message, message._replace(id=2))] == [True, False]
    return batch.compose(message, world(*[to] if to else []))


def said(made: ComposedMessage) -> TransferContext:
    assert isinstance(made.context, TransferContext), made.nothing
    return made.context


def test_who_may_know_the_case_reads_which_it_is_and_which_are_linked_with_it() -> None:
    found = said(compose(reader()))
    assert (found.reference, found.urn, found.there, found.restricted) == ("45/7", "45AB0000007", ("46/9",), 0)
    hidden = said(compose(reader(), restricted=True))
    assert (hidden.reference, hidden.urn, hidden.there, hidden.restricted) == ("", None, (), 1)
    assert (hidden.orders, hidden.kept_there) == (2, True)


def test_a_force_reads_whether_the_case_was_its_own_and_which_force_had_it() -> None:
    own, other = said(compose(reader())), said(compose(reader(), side="46"))
    assert (own.own, other.own, own.force) == (True, False, "Surrey (45)")
    assert said(compose(reader(), force_code="99")).force == "force 99"


@pytest.mark.parametrize(
    ("to", "ref", "changed", "nothing"),
    [
        (reader(), "P1", {"finalised_on": None}, REOPENED),
        (reader(), "P1", {"barred": frozenset({"P1"})}, BARRED),
        (None, "P1", {}, LEFT),
        (reader(email=""), "P1", {"finalised_on": None}, LEFT),
        (None, None, {}, ""),
        (None, None, {"barred": frozenset({"P9"})}, ""),
    ],
)
def test_when_it_is_not_sent(to, ref, changed, nothing) -> None:
    made = compose(to, ref, **changed)
    assert (made.nothing, made.context is None) == (nothing, bool(nothing))


def test_operations_read_nothing_of_a_case_that_bars_anybody() -> None:
    found = said(compose(None, None, barred=frozenset({"P9"})))
    assert (found.reference, found.restricted, found.reader) == ("", 0, "operations")
