"""Offence codes that no list knows are told with their rows, and a source that has no other is refused."""

import pytest

from flows.configured import configured
from models.queries.intake import offence_codes
from tasks.intake.load import load_folders
from tasks.intake.results import Fate
from tasks.servers.database import transaction
from tests.worlds.extracts import AS_OF, a_case, write


def cases(*codes, **given):
    return [a_case(f"C{number}", offence_codes=code, **given) for number, code in enumerate(codes)]


def load(folder, rows):
    (made,) = load_folders(configured(), [write(folder, {"cases.csv": rows})], AS_OF)
    return made


def test_a_code_of_no_list_is_a_warning_with_its_rows(database, tmp_path):
    made = load(tmp_path / "a", cases("PH97010", "ph97010;CD71039", "CD71039", "AS61016A", classification=""))
    assert made.fate is Fate.LOADED
    (note,) = made.files[0].notes
    assert note == (
        "warning: offence_codes in no list of stalking and harassment: CD71039 (2 rows), AS61016 (1 row); "
        "2 rows with no other code"
    )


def test_codes_that_are_written_as_no_cjs_code_is_are_told_first(database, tmp_path):
    made = load(tmp_path / "a", cases("PH97010", "CD71039", "CD71039", "COML025", "LOC17", classification=""))
    (note,) = made.files[0].notes
    assert note == (
        "warning: offence_codes in no list of stalking and harassment: LOC17 (1 row: no CJS code is written so), "
        "CD71039 (2 rows), COML025 (1 row); 4 rows with no other code"
    )
    with transaction() as connection:
        (found,) = offence_codes.unwatched(connection)
    assert (found.codes, found.odd) == (["LOC17", "CD71039", "COML025"], ["LOC17"])


def test_a_case_of_which_no_list_knows_a_code_is_a_warning_on_its_line_and_open_ones_are_told_by_codes(
    database, tmp_path
):
    rows = cases("PH97010;AS61016A", "ph97019;CD71039", "PH97019A", "HO00865", "AS61016", classification="")
    rows[3] |= {"finalised_on": "2026-03-03", "finalised_reason": "nfa_police"}
    rows[4]["classification"] = "other"
    made = load(tmp_path / "a", rows)
    about = "in no list of stalking and harassment: the case counts as other"
    assert made.files[0].warned - len(rows) == 3, "each has a contact that is not known too"
    said = (configured().settings.home / "rejected" / made.extract_id / "warnings-cases.csv").read_text()
    told = [line for line in said.splitlines() if about in line]
    assert [line[:4] for line in told] == ['"3",', '"4",', '"5",'], "one says itself that it is another"
    assert f"CD71039 is {about}" in told[0]
    assert f"offence_codes PH97019A is {about}" in told[1]
    with transaction() as connection:
        (found,) = offence_codes.unwatched(connection)
    assert (found.cases, found.codes) == (2, ["CD71039", "PH97019"])


@pytest.mark.parametrize("given", ["", "other"])
def test_cases_of_which_no_code_is_of_the_lists_are_refused(database, tmp_path, given):
    made = load(tmp_path / "a", cases(*["HO00865"] * 20, "HO19594", classification=given))
    assert made.fate is Fate.REFUSED
    assert made.sentence.startswith(
        "cases.csv: no offence_codes is a code of stalking or harassment: HO00865 (20 rows), HO19594 (1 row). "
        "Nothing would be watched of 21 rows; docs/extract-guide.md lists the codes"
    )


def test_a_classification_that_is_given_is_enough(database, tmp_path):
    assert load(tmp_path / "a", cases(*["CD71039"] * 21, classification="stalking")).fate is Fate.LOADED


def test_a_few_cases_of_other_codes_load(database, tmp_path):
    assert load(tmp_path / "a", cases("TH68001", classification="other")).fate is Fate.LOADED
