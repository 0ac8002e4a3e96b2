"""Which move of a case may be taken back, and the place and the reason that the case has then."""

from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from sqlalchemy import Connection

from config.doors import Door
from config.sittings import ConveningReason
from models.errors import Refuse
from models.queries.reviews import move_case
from models.queries.reviews.move_case import LastMove
from models.rules.people.act import Act
from models.rules.references import CaseReference
from models.rules.reviews.move_case import TargetSitting
from tasks.reviews.move_back import _last, _place, move_back
from tasks.reviews.move_case import situation
from tests.worlds.panels import TUESDAYS
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import AT_NINE, TUESDAY

NAMED = CaseReference("45", "M1")
NEXT = TUESDAY + timedelta(days=7)
ENDED = {"ended_on": TUESDAY, "end": "moved"}


@pytest.fixture
def rows(connection: Connection) -> ReviewRows:
    """A case that sp1 moved from the first sitting to the second."""
    made = ReviewRows(connection)
    case_id = made.case_of("M1")
    first, second = made.sitting("first", TUESDAY + timedelta(days=1)), made.sitting("second", NEXT)
    made.convening(case_id, first, **ENDED)
    made.act(
        case_id,
        convening_id=made.convening(case_id, second, because="chosen", chosen_by="sp1", slot=1, convened_on=TUESDAY),
    )
    return made


def last(rows: ReviewRows, only: int | None = None) -> LastMove:
    case = move_case.case(rows.connection, *NAMED)
    assert case is not None
    return _last(rows.connection, NAMED, case, only)


def refused(rows: ReviewRows, only: int | None = None) -> str:
    with pytest.raises(Refuse) as why:
        last(rows, only)
    return str(why.value)


def test_the_move_that_made_the_place_that_it_has_may_be_taken_back(rows: ReviewRows) -> None:
    found = last(rows)
    assert (found.sitting, found.live, found.taken_back) == ("second", True, False)
    assert last(rows, found.convening_id) == found


def test_a_move_is_taken_back_only_while_it_is_the_last(rows: ReviewRows) -> None:
    other = last(rows).convening_id - 1
    assert refused(rows, other) == "It was moved again since. Nothing was done."


def test_that_a_move_was_taken_back_before_it_was_made_again_is_told(rows: ReviewRows) -> None:
    before = last(rows).convening_id
    case_id = move_case.case(rows.connection, *NAMED).case_id
    rows.act(case_id, convening_id=before, undoes=True)
    rows.connection.exec_driver_sql("update convenings set ended_on = '2026-03-17', \"end\" = 'moved'")
    again = rows.convening(
        case_id, rows.sitting("third", NEXT + timedelta(days=1)), because="chosen", chosen_by="sp1", slot=2
    )
    rows.act(case_id, convening_id=again)
    assert refused(rows, before) == "It was moved again since after that was taken back. Nothing was done."


def test_a_move_that_is_over_is_not_taken_back(rows: ReviewRows) -> None:
    rows.connection.exec_driver_sql("update convenings set ended_on = '2026-03-17', \"end\" = 'not_owed'")
    assert "does not sit at second any more: that move is over" in refused(rows)


def test_a_case_that_nobody_moved_has_nothing_to_take_back(rows: ReviewRows) -> None:
    rows.connection.exec_driver_sql("delete from acts")
    assert "Nobody has moved 45/M1" in refused(rows)


@pytest.fixture
def _panel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "panels.yaml"
    path.write_text(yaml.safe_dump({"panels": [TUESDAYS]}))
    monkeypatch.setenv("CASEBEAT_PANELS", str(path))


@pytest.mark.usefixtures("_panel")
@pytest.mark.parametrize(("places", "sitting", "slot"), [(3, "first", 2), (2, "second", 1)], ids=["room", "full"])
def test_it_takes_the_lowest_free_minutes_where_it_goes_back_and_keeps_its_own_where_it_stays(
    rows: ReviewRows, places: int, sitting: str, slot: int
) -> None:
    rows.contact("sp1", roles=("spoc",))
    case_id, there = (
        rows.connection.exec_driver_sql(f"select min(id) from {table}").scalar_one() for table in ("cases", "sittings")
    )
    rows.owes(case_id, NEXT)
    rows.connection.exec_driver_sql(f"update sittings set places = {places}")
    for number in (0, 1):
        rows.convening(rows.case_of(f"OTHER{number}"), there, slot=number)
    made = move_back(rows.connection, NAMED, Act("sp1", Door.COMMAND, "root"), TUESDAY, AT_NINE)
    assert (made.sitting, made.new) == (sitting, True)
    assert rows.slots()[max(rows.slots())] == slot


@pytest.mark.usefixtures("_panel")
def test_a_move_is_tried_on_all_due_cases_and_sittings_of_its_pair(rows: ReviewRows) -> None:
    due = rows.connection.exec_driver_sql("select id from cases").scalar_one()
    for case_id in (due, rows.case_of("M2")):
        rows.owes(case_id, NEXT)
    case = move_case.case(rows.connection, *NAMED)
    assert case is not None
    rows.owes(rows.case_of("M3", area="London North"), NEXT)
    rows.sitting("elsewhere", NEXT, area="London North")
    state, book = situation(rows.connection, NAMED, case, TUESDAY)
    assert ([one.case_ref for one in book.due], [one.ref for one in book.sittings]) == (
        ["M1", "M2"], ["first", "second"],
    )  # fmt: skip
    assert (state.until_on, state.due_on, state.sits_at) == (TUESDAY + timedelta(days=21), NEXT, "second")
    elsewhere = case._replace(cps_area="London North")
    state, book = situation(rows.connection, NAMED, elsewhere, TUESDAY)
    assert (state.until_on, list(book.due)) == (None, [])


MOVE = LastMove(9, 2, "second", NEXT, 1, ConveningReason.CHOSEN, True, "sp1", False, "first", None, None)
FIRST = TargetSitting("first", "45/South East", TUESDAY, "K1", 2, 1, None)


@pytest.mark.parametrize(
    ("move", "because"),
    [
        (MOVE, ConveningReason.DUE), (MOVE._replace(because=ConveningReason.BREACH), ConveningReason.BREACH),
    ],
)  # fmt: skip
def test_where_it_stays_it_keeps_its_reason_unless_that_was_the_choice(move: LastMove, because: object) -> None:
    found = _place(move, None, TUESDAY, NEXT)
    assert (found.ref, found.sitting_id, found.because, found.chosen_by) == ("second", 2, because, None)
    assert (found.day, found.due_on, found.deadline_on) == (NEXT, TUESDAY, NEXT)


def test_where_it_goes_back_it_has_the_reason_and_the_choice_that_it_had_there() -> None:
    plain = _place(MOVE, (1, FIRST), TUESDAY, NEXT)
    assert (plain.ref, plain.sitting_id, plain.because, plain.chosen_by) == ("first", 1, ConveningReason.DUE, None)
    chosen = MOVE._replace(before_because=ConveningReason.CHOSEN, before_chosen_by="sp2")
    found = _place(chosen, (1, FIRST), TUESDAY, NEXT)
    assert (found.because, found.chosen_by, found.day) == (ConveningReason.CHOSEN, "sp2", TUESDAY)
