"""A proposed profile of files that belong together: which of several rows counts is known, or asked."""

import re

from flows.configured import configured
from tasks.intake.profiles.proposal.composing import propose
from tests.unit.intake.profiles.proposing import CASES, columns, proposal, written

__all__ = ["proposal"]
CHARGES = [
    "Case URN,Charge Code,Date Charged,Charge Status", "45AB1001126,PH97010,02/11/2026,Live",
    "45AB1001126,PH97004,03/11/2026,Withdrawn", "45AB1002126,PH97006,04/11/2026,Live",
    "45AB1003126,PH97006,05/11/2026,Live",
]  # fmt: skip
HEARINGS = [
    "Case URN,Hearing Date,Listing Status", "45AB1001126,02/12/2026,Listed", "45AB1001126,09/12/2026,Vacated",
    "45AB1002126,04/12/2026,Listed", "45AB1003126,05/12/2026,Listed",
]  # fmt: skip
CRIMES = [
    "OCC_ID,Crime No,Recorded,Offence,OIC",
    *(f"10{n},45/100{n}/26,0{n}/11/2026,PH97010,4471" for n in range(1, 6)),
]  # fmt: skip


def test_cases_are_made_of_the_file_with_a_row_for_each_however_their_urns_are_written(proposal, tmp_path):
    _, found = proposal(written(tmp_path / "cms-se", {"cases.csv": CASES, "charges.csv": CHARGES}))
    (file,) = (file for file in found.files if file.makes)
    assert (file.read, file.makes[0].rows_of) == ("cases.csv", "cps_cases.csv")
    first = next(one for one in file.look_up if one.oldest_by == "Date Charged")
    assert [one.is_ for one in first.where] == [("Live",)]
    assert first.by[0].own.replace == {"(M)": "", "/": "", "-": ""}
    made = columns(found, "cps_cases.csv")
    assert made["charged_on"].from_ == ("First charges / Date Charged",)
    assert made["charged_codes"].from_ == ("charges / Charge Code",)


def test_which_of_several_hearings_is_the_next_is_asked_and_no_vacated_one_is_proposed(tmp_path):
    files = {"cases.csv": CASES, "charges.csv": CHARGES, "hearings.csv": HEARINGS}
    proposed = propose(configured(), written(tmp_path / "cms-se", files))
    (question,) = proposed.questions
    assert (question.column, question.choices) == ("next_hearing_on", ("hearings / Hearing Date",))
    assert "where: {column: Listing Status, is: [Listed]}, oldest_by: Hearing Date}" in proposed.text


def test_states_of_which_nothing_is_known_are_named_with_their_rows(tmp_path):
    hearings = [*HEARINGS, "45AB1003126,01/11/2026,Held"]
    files = {"cases.csv": CASES, "charges.csv": CHARGES, "hearings.csv": hearings}
    (question,) = propose(configured(), written(tmp_path / "cms-se", files)).questions
    assert question.doubt.endswith("rows are Listed (3 rows), Vacated (1 row), Held (1 row): which of them count?")


def test_the_newest_line_of_a_history_says_whether_a_case_is_closed(proposal, tmp_path):
    history = [
        "OCC_ID,Status Date,Filed",
        *(f"10{n},0{n}/11/2026 10:00," for n in range(1, 6)),
        "101,09/11/2026 10:00,09/11/2026",
    ]
    _, found = proposal(written(tmp_path / "rms-45", {"crimes.csv": CRIMES, "history.csv": history}))
    file = next(file for file in found.files if file.makes)
    assert [one.newest_by for one in file.look_up] == ["Status Date"]
    assert columns(found, "cases.csv")["finalised_on"].from_ == ("history / Filed",)


def test_of_grades_without_a_day_the_worst_counts(proposal, tmp_path):
    grades = ["OCC_ID,Risk", *(f"10{n},Standard" for n in range(1, 6)), "101,High"]
    _, found = proposal(written(tmp_path / "rms-45", {"crimes.csv": CRIMES, "grades.csv": grades}))
    (look_up,) = next(file for file in found.files if file.makes).look_up
    assert (look_up.worst_of.column, look_up.worst_of.order) == ("Risk", ("High", "Standard"))


def test_keys_with_several_rows_of_which_none_is_known_to_count_are_asked(tmp_path):
    relations = ["OCC_ID,Relationship", *(f"10{n},Ex-partner" for n in range(1, 6)), "101,Stranger"]
    files = {"crimes.csv": CRIMES, "links.csv": relations}
    proposed = propose(configured(), written(tmp_path / "rms-45", files))
    (question,) = proposed.questions
    assert question.doubt == "1 of 5 keys have several rows there: which of them counts?"
    assert "    # look_up: 1 of 5 keys have several rows there: which of them counts? Say newest_by," in proposed.text
    assert not re.search("^    look_up:", proposed.text, re.MULTILINE)


def test_bail_is_found_by_the_case_and_the_person(proposal, tmp_path):
    custody = ["OCC_ID,PERS_ID,Status,Status Date"]
    custody += [f"10{n},N{n}{m},Police bail,0{n}/11/2026" for n in range(1, 6) for m in (1, 2)]
    bail = [
        "OCC_ID,PERS_ID,Bail From,Bail To",
        *(f"10{n},N{n}{m},0{n}/11/2026,1{n}/12/2026" for n in (1, 2) for m in (1, 2)),
    ]
    files = {"crimes.csv": CRIMES, "custody.csv": custody, "bail.csv": [*bail, "101,N11,09/11/2026,20/12/2026"]}
    text = propose(configured(), written(tmp_path / "rms-45", files)).text
    assert "{as: bail, in: bail.csv, by: [OCC_ID, PERS_ID], newest_by: Bail From}" in text
    assert "          bail_ends_on: bail / Bail To " in text
    assert "is suspect_key of suspects.csv" not in text, "a question, not a guess"
    assert "          suspect_key: [PERS_ID]\n" in text


def test_rows_that_share_the_newest_day_and_differ_are_asked(proposal, tmp_path):
    custody = ["OCC_ID,PERS_ID,Status,Status Date"]
    custody += [f"10{n},N{n},Police bail,0{n}/11/2026" for n in range(1, 6)]
    bail = ["OCC_ID,PERS_ID,Bail From,Bail To", *(f"10{n},N{n},0{n}/11/2026,1{n}/12/2026" for n in range(1, 5))]
    files = {"crimes.csv": CRIMES, "custody.csv": custody, "bail.csv": [*bail, "101,N1,01/11/2026,20/12/2026"]}
    proposed = propose(configured(), written(tmp_path / "rms-45", files))
    question = next(one for one in proposed.questions if one.column == "bail_ends_on")
    assert question.doubt == "1 key has several rows of the newest Bail From that differ: which of them counts?"
    assert re.search("^    #   - {as: Tied bail, .*newest_by: Bail From}", proposed.text, re.MULTILINE)
    assert not re.search("^      - {.*in: bail.csv.*newest_by", proposed.text, re.MULTILINE)
    same = {**files, "bail.csv": [*bail, bail[1], "101,N1,05/10/2026,09/12/2026"]}
    text, _ = proposal(written(tmp_path / "rms-46", same))
    assert "newest_by: Bail From}" in text
    assert "Tied" not in text


def test_of_a_log_no_event_is_taken_that_another_may_take_back(tmp_path):
    events = [("Hearing vacated", 4), ("Hearing listed", 3), ("Charged", 2), ("Charge sheet amended", 5)]
    lines = [f"45AB1001126,0{day}/11/2026,{event},1{day}/12/2026" for event, day in events]
    files = {"log.csv": ["URN,Event Date,Event,Due,Lawyer", *(f"{line},L1" for line in lines)]}
    text = propose(configured(), written(tmp_path / "cms-se", files)).text
    assert "next_hearing_on:" not in text
    assert "          charged_on: {from: Event Date, where: {column: Event, is: Charged}}" in text
    assert "# not used: Charge sheet amended, Hearing listed, Hearing vacated" in text
