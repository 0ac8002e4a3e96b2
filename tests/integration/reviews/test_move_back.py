"""Which move of a case may be taken back, and the place and the reason that the case has then."""

from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from sqlalchemy import Connection

from config.doors import Door
from flows.configured import configured
from models.queries.reviews import move_case
from models.rules.people.act import Act
from models.rules.references import CaseReference
from tasks.obligations.acting import ActInHand
from tasks.reviews.move_back import move_back
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
    hand = ActInHand(configured(), rows.connection, Act("sp1", Door.COMMAND, "root"), TUESDAY, AT_NINE)
    made = move_back(hand, NAMED)
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
    state, book = situation(configured(), rows.connection, NAMED, case, TUESDAY)
    assert {review.case_ref for review in book.due} == {"M1", "M2"}
    assert [sitting.ref for sitting in book.sittings] == ["first", "second"]
    assert (state.until_on, state.due_on, state.sits_at) == (TUESDAY + timedelta(days=21), NEXT, "second")
    elsewhere = case._replace(cps_area="London North")
    state, book = situation(configured(), rows.connection, NAMED, elsewhere, TUESDAY)
    assert (state.until_on, list(book.due)) == (None, [])
