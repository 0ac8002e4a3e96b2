"""Rows with the columns that were looked up for them: what is not found, chains, and names that are not clear."""

import pytest

from config.sources.look_ups import LookUp
from models.errors import Refuse
from tasks.intake.profiles.finding import Finder
from tasks.intake.profiles.joining import JoinedRows
from tasks.intake.profiles.row_store import RowStore
from tests.unit.intake.profiles.source_rows import MadeUpRows, source

OCCURRENCES = MadeUpRows("occurrences.csv", ["Id", "OIC"], ["1", "PC 7"], ["2", "NULL"], ["3", "PC 9"])
STAFF = MadeUpRows("staff.csv", ["Collar", "Unit", "Mail"], ["7", "U1", "a@b"], ["8", "NULL", ""])
UNITS = MadeUpRows("units.csv", ["Unit", "Head"], ["u1", "4471"])


def finders(*look_ups):
    files, store = {"staff.csv": STAFF, "units.csv": UNITS}, RowStore()
    read = [LookUp.model_validate(look_up) for look_up in look_ups]
    return {one.begins: Finder(one, source(files[one.in_]), store) for one in read}


OFFICER = {"as": "Officer", "in": "staff.csv", "by": {"own": {"from": "OIC", "digits": True}, "theirs": "Collar"}}
UNIT = {"as": "Unit", "in": "units.csv", "by": {"own": "Officer / Unit", "theirs": "Unit"}}


def joined(*names, own=OCCURRENCES):
    rows = JoinedRows(source(own), finders(OFFICER, UNIT), set(names))
    places = [rows.at[name] for name in names]
    return [cells for batch in rows.batches() for cells in zip(*(batch.columns[at] for at in places), strict=True)]


def test_a_row_has_the_cells_that_are_found_and_is_not_lost_where_none_are():
    assert joined("id", "officer / mail") == [("1", "a@b"), ("2", ""), ("3", "")]


def test_what_is_found_may_be_looked_up_by_in_turn():
    assert joined("id", "unit / head") == [("1", "4471"), ("2", ""), ("3", "")]


def test_nothing_is_read_of_a_file_of_which_no_column_is_named():
    rows = JoinedRows(source(OCCURRENCES), finders(OFFICER, UNIT), {"id"})
    assert rows.finders == []


def test_a_column_of_its_own_that_has_the_name_of_one_that_is_looked_up_is_refused():
    own = MadeUpRows("occurrences.csv", ["Id", "OIC", "Officer / Mail"])
    with pytest.raises(Refuse, match=r'has a column "officer / mail" of its own: its look_up needs another name'):
        joined("id", own=own)
