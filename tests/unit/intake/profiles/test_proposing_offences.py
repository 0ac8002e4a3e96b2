"""A proposed profile of offences: titles and codes are read, and what names no offence is asked."""

import pytest

from flows.configured import configured
from tasks.intake.profiles.proposal.composing import propose
from tests.unit.intake.profiles.proposing import columns, proposal, said_of, written

__all__ = ["proposal"]
TITLES = [
    "Stalking involving fear of violence", "Harassment without violence", "Breach of a restraining order",
    "Harassment without violence", "Criminal damage",
]  # fmt: skip


def crimes(folder, header, *offences):
    rows = [f"45/{number}/26,0{number}/11/2026,4471,{offence}" for number, offence in enumerate(offences, 1)]
    return written(folder, {"crimes.csv": [f"Crime No,Recorded,OIC,{header}", *rows]})


@pytest.mark.parametrize("header", ["Offence", "OFFENCE_DESC", "Crime Type", "Offence Title"])
def test_titles_become_codes_and_those_that_are_not_known_are_told(tmp_path, header):
    text = propose(configured(), crimes(tmp_path / "rms-45", header, *TITLES)).text
    assert said_of(text, "offence_codes") == "likely (4 of 5 cells)"
    known = (
        "codes: {Stalking involving fear of violence: PH97010, Harassment without violence: PH97004, Breach of a restra"
    )
    assert known in text
    assert "# unknown words: Criminal damage (1 row): each is a problem of its row until it is under codes" in text


def test_titles_in_two_columns_are_one_list(proposal, tmp_path):
    offences = [
        f"{title},{'Stalking involving fear of violence' if title == TITLES[1] else ''}" for title in TITLES[:4]
    ]
    _, found = proposal(crimes(tmp_path / "rms-45", "Off Title 1,Off Title 2", *offences))
    made = columns(found, "cases.csv")["offence_codes"]
    assert (made.from_, made.list_at) == (("Off Title 1", "Off Title 2"), ";")
    assert set(made.codes.values()) == {"PH97010", "PH97004", "SE20002"}


@pytest.mark.parametrize(("written_as", "sign"), [("PH97010;CD71039", ";"), ("PH97010 CD71039", " "),
    ("PH97010 / CD71039", " / "), ("CD71039", None)])  # fmt: skip
def test_codes_that_share_a_cell_are_a_list_and_one_alone_is_none(proposal, tmp_path, written_as, sign):
    _, found = proposal(crimes(tmp_path / "rms-45", "Offence", "PH97010", written_as, "PH97004"))
    assert columns(found, "cases.csv")["offence_codes"].list_at == sign


def test_groups_of_classes_say_what_a_case_is_and_the_offence_is_asked(tmp_path):
    proposed = propose(configured(), crimes(tmp_path / "rms-45", "HO Class", "8Q", "8L", "8Q", "28E"))
    assert 'classification: {from: HO Class, codes: {"8Q": stalking, "8L": harassment}}' in proposed.text
    assert "# unknown words: 28E (1 row)" in proposed.text
    (question,) = proposed.questions
    assert question.sentence == (
        "crimes.csv: is offence_codes of cases.csv HO Class? 8Q (2 rows), 8L (1 row) is a group of offences and names "
        "none of them: which column has the code or title?"
    )


def test_a_word_that_may_hide_a_stalking_offence_is_asked(tmp_path):
    rows = [f"PH97010,{word}" for word in ("Stalking", "Harassment", "Stalking")]
    (question,) = propose(configured(), crimes(tmp_path / "rms-45", "Offence Code,Type", *rows)).questions
    assert (question.column, question.choices) == ("classification", ("Type",))
    (tmp_path / "some").mkdir()
    only = crimes(tmp_path / "some" / "rms-45", "Offence Code,Type", *rows[::2])
    assert propose(configured(), only).questions == []


def test_cases_without_a_code_of_which_another_column_has_the_class_are_counted(tmp_path):
    codes = (f"{code},008/71" for code in ("PH97010", "PH97010", "", "PH97010", "PH97010"))
    folder = crimes(tmp_path / "rms-45", "CJS Code,HO Code", *codes)
    (question,) = (one for one in propose(configured(), folder).questions if one.column == "offence_codes")
    assert question.doubt == "1 of 5 cases have no code in it, and 0 have one too few: may HO Code fill them?"
