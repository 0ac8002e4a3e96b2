"""The columns of one extract beside those that its source sent before."""

from datetime import UTC, datetime

import pytest

from config.terms import Agency
from models.errors import Refuse
from models.intake import ColumnState
from tasks.intake.files import FILES
from tasks.intake.manifest import Manifest, Mode
from tasks.intake.sent_columns import SentColumns

CASES, ACTIONS = FILES["cases.csv"], FILES["actions.csv"]
SENT, SUPPOSED, LACKING = ColumnState.SENT, ColumnState.SUPPOSED, ColumnState.LACKING


def columns(lacking=(), mode=Mode.SNAPSHOT, before=(), covers=("45",), files=("cases.csv",)):
    """An extract of police whose cases.csv lacks these columns; `before` is by the name of a column of cases.csv."""
    manifest = Manifest("E1", "niche-45", Agency.POLICE, mode, datetime(2026, 3, 16, 5, tzinfo=UTC), covers, {})
    headers = {name: FILES[name].names - set(lacking) for name in files}
    return SentColumns(manifest, headers, {("cases.csv", name): state for name, state in dict(before).items()})


def test_a_column_was_sent_before_unless_its_source_lacked_it_or_never_sent_the_file():
    found = columns(before={"risk": SENT, "urn": SUPPOSED, "bail_ends_on": LACKING})
    had = [found.had_before("cases.csv", name) for name in ("risk", "urn", "bail_ends_on", "spoc_ref")]
    assert had == [True, True, False, False]
    assert not found.had_before("actions.csv", "risk")


def test_a_snapshot_that_lost_columns_is_refused_with_all_of_them_in_one_order():
    before = dict.fromkeys(("urn", "risk", "restricted", "barred_refs", "bail_ends_on", "oic_ref"), SENT)
    lost = columns(before, before={**before, "restricted": SUPPOSED, "oic_ref": LACKING})
    with pytest.raises(Refuse) as refused:
        lost.check_none_is_lost()
    assert str(refused.value) == (
        "cases.csv has no column bail_ends_on, barred_refs, risk, urn, which source niche-45 sent before; "
        "--allow-fewer-columns loads it all the same, and what these columns told is then unknown."
    )
    columns(before, Mode.DELTA, before).check_none_is_lost()
    columns(before=before).check_none_is_lost()
    columns(("risk",)).check_none_is_lost()


def test_lost_columns_of_several_files_are_named_in_the_order_of_the_files():
    lost = columns(("due_on", "risk"), files=("cases.csv", "actions.csv"))
    lost = lost._replace(before={("cases.csv", "risk"): SENT, ("actions.csv", "due_on"): SENT})
    with pytest.raises(Refuse, match=r"^actions.csv has no column due_on; cases.csv has no column risk, which"):
        lost.check_none_is_lost()


def test_what_a_snapshot_lacks_is_empty_but_for_what_lasts():
    lacking = ("risk", "urn", "classification", *CASES.lasting)
    assert columns(lacking).unsaid(CASES) == CASES.lasting


def test_what_a_delta_lacks_keeps_its_value_unless_it_follows_from_other_cells():
    lacking = ("risk", "urn", "classification", "cps_area")
    assert columns(lacking, Mode.DELTA).unsaid(CASES) == {"risk", "urn_suffix", "urn_key_id"}
    sent = columns(lacking, Mode.DELTA, {"classification": SENT, "cps_area": LACKING})
    assert sent.unsaid(CASES) == {"risk", "urn_suffix", "urn_key_id", "classification"}
    action = columns(("closed_reason", "status"), Mode.DELTA, files=("actions.csv",))
    assert action.unsaid(ACTIONS) == {"status"}, "a cell that is only checked is not stored"
