"""A message about a pair's places as each reader may know of its cases: people, the barred, and operations."""

from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from sqlalchemy import Connection

from config.message_kinds import MessageKind
from flows.configured import configured
from models.queries.outbox.outbox import ClaimedMessage
from models.rules.people.readdressing import BARRED
from tasks.messages.capacity.composing import CapacityBatch
from tasks.messages.capacity.contexts import CapacityContext
from tasks.messages.composing import ComposedMessage, MessageBatch
from tests.worlds.messages import held
from tests.worlds.panels import TUESDAYS
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import AT_NINE, TUESDAY

HERE, THERE = "45/South East", "46/London North"


@pytest.fixture
def rows(connection: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ReviewRows:
    """A panel without a sitting, and two cases that are due, from one of which SP1 is barred."""
    path = tmp_path / "panels.yaml"
    path.write_text(yaml.safe_dump({"panels": [TUESDAYS]}))
    monkeypatch.setenv("CASEBEAT_PANELS", str(path))
    made = ReviewRows(connection)
    for ref in ("SP1", "SP2"):
        made.contact(ref, roles=("spoc",))
    for ref, barred in (("1", []), ("2", ["SP1"])):
        made.owes(made.case_of(ref, barred_refs=barred), TUESDAY + timedelta(days=1))
    return made


def written(rows: ReviewRows, ref: str | None, how: str = "late", about: str = HERE) -> ClaimedMessage:
    key = f"capacity:{how}:{about.replace('/', ':')}:{ref or 'operations'}:{TUESDAY}"
    id_ = rows.message(ref, kind=MessageKind.CAPACITY, key=key, about=about)
    return held(ref, key=key, kind=MessageKind.CAPACITY, id=id_)


def composed(rows: ReviewRows, *batch: ClaimedMessage) -> list[ComposedMessage]:
    known = MessageBatch(configured(), rows.connection, batch, AT_NINE)
    found = CapacityBatch(rows.connection, batch, known)
    return [found.compose(one, known) for one in batch]


def late(made: ComposedMessage) -> list[str]:
    assert isinstance(made.context, CapacityContext), made.nothing
    return [one.reference for one in made.context.cases]


def test_who_is_barred_and_operations_read_nothing_of_a_case_that_bars_anybody(rows: ReviewRows) -> None:
    made = composed(rows, *(written(rows, ref) for ref in ("SP1", "SP2", None)))
    assert [late(one) for one in made] == [["45/1"], ["45/1", "45/2"], ["45/1"]]


@pytest.mark.parametrize("ref", ["SP2", None])
def test_each_alone_reads_the_same_as_beside_the_others(rows: ReviewRows, ref: str | None) -> None:
    (made,) = composed(rows, written(rows, ref))
    assert late(made) == (["45/1", "45/2"] if ref else ["45/1"])


def test_who_was_never_told_of_a_pair_does_not_hear_that_it_is_right_again(rows: ReviewRows) -> None:
    rows.connection.exec_driver_sql("update obligations set ended_on = '2026-03-17', end_reason = 'met'")
    rows.message("SP2", kind=MessageKind.CAPACITY, key="capacity:late:45:South East:SP2:2026-03-10", about=HERE,
                 state="sent")  # fmt: skip
    made = composed(rows, *(written(rows, ref, "right") for ref in ("SP1", "SP2", None)))
    assert [one.nothing for one in made] == [BARRED, "", ""]


def test_by_hand_each_pair_is_read_by_itself(rows: ReviewRows) -> None:
    rows.owes(rows.case_of("9", "46", "London North"), TUESDAY, "46")
    (made,) = composed(rows, written(rows, "SP2", "by-hand", f"{HERE}; {THERE}"))
    assert late(made) == ["46/9"]
