"""Cells: the accepted inputs of each form, the resulting values, and the messages for others."""

from datetime import date

import pytest

from config import mailbox
from config.forces import FORCES
from config.terms import Risk, Role
from tasks.intake import forms, listed_people, urns
from tasks.intake.forms import NULL, CellSetting, NotStored, Unfit

SETTING = CellSetting(date(2026, 11, 25), frozenset({"45", "01"}), mailbox.ALLOWED_DOMAINS)
RISK = forms.one_of(Risk, empty="unknown", but=Risk.UNKNOWN)

A_KIND = "is not a kind in one to four words of letters and digits, at most 64 characters: it was loaded as UNSTATED"
A_SUFFIX = "has more after its root than a suffix, as M, (M), S or /1: it was loaded without what follows the root"
A_NAME = (
    "is words without a number, as a name is: two people may share a name, and one may be written in two ways. "
    "Send the number that the records system has for it"
)
FREE_TEXT = (
    " - Jane Smith, refused to attend",
    "Jane",
    " (Jane)",
    "/1234",
    "M;",
    "M\x00",
    "(M",
    "M)",
    "//1",
    "MM/A",
    "é",
)


@pytest.mark.parametrize(
    ("form", "cell", "taken"),
    [
        (forms.DAY, "2026-11-25", "2026-11-25"),
        (forms.DAY, "25/11/2026", "2026-11-25"),
        (forms.DAY, "2000-01-01", "2000-01-01"),
        (forms.FUTURE_DAY, "31/12/2099", "2099-12-31"),
        (forms.YES_NO, "Y", "t"),
        (forms.YES_NO, "FALSE", "f"),
        (forms.MAYBE, "no", "f"),
        (forms.KEYED, "AB12" * 4, "ab12" * 4),
        (RISK, "HIGH", "high"),
        (forms.roles(Role), "Officer; spoc;officer", '{"officer","spoc"}'),
        (forms.AREA, "yorkshire & humberside", "Yorkshire and Humberside"),
        (forms.AREA, "Cymru/Wales", "Cymru-Wales"),
        (forms.CODES, "ph97011b", '{"PH97011B"}'),
        (forms.ITEMS, "C01;c15", '{"C01","C15"}'),
        (forms.NUMBER, "028", "28"),
        (forms.KIND, "cctv", "CCTV"),
        (forms.KIND, "Phone download", "PHONE DOWNLOAD"),
        (forms.CODES, ";".join(["PH97006"] * 100), '{"PH97006"}'),
        (forms.EMAIL, "pat@surrey.police.uk", "pat@surrey.police.uk"),
        (urns.URN, "45 ab 12345/26 (M)", "45AB1234526\t(M)"),
        (urns.URN, "45AB1234526/1", "45AB1234526\t/1"),
        (urns.URN, "45-ab-12345-26", f"45AB1234526\t{NULL}"),
        (urns.URN, "45/AB/12345/26-1", "45AB1234526\t-1"),
        (urns.URN, "45 AB 12345\N{EN DASH}26/M", "45AB1234526\t/M"),
        (urns.URN, "45AB.12345.26", f"45AB1234526\t{NULL}"),
        *(
            (urns.URN, f"45AB1234526{kept}", f"45AB1234526\t{kept}")
            for kept in ("M", "S", "(M)/12", "-01", "A1", "/999")
        ),
        (urns.URN, "45AB1234526 ( m ) / 2", "45AB1234526\t(M)/2"),
        (urns.URN, "45ab1234526", f"45AB1234526\t{NULL}"),
        (forms.REF, "CR 12345/26", "CR 12345/26"),
    ],
)
def test_a_cell_of_its_form_is_taken(form: forms.Form, cell: str, taken: str) -> None:
    assert form.read(cell, SETTING) == taken


@pytest.mark.parametrize(
    ("form", "cell", "words"),
    [
        (forms.DAY, "2026-11-26", "is in the future: the extract was taken on Wed 25 Nov 2026"),
        (forms.DAY, "2026-02-29", "is not a day of the calendar"),
        (forms.DAY, "11/25/2026", "is not a day of the calendar"),
        (forms.DAY, "1/2/2026", "is not a day written YYYY-MM-DD or DD/MM/YYYY"),
        (forms.DAY, "٢٠٢٦-11-25", "is not a day written YYYY-MM-DD or DD/MM/YYYY"),
        (forms.DAY, "1999-12-31", "is outside the years 2000 to 2099"),
        (forms.FUTURE_DAY, "2100-01-01", "is outside the years 2000 to 2099"),
        (forms.YES_NO, "maybe", "is not yes or no"),
        (forms.MAYBE, "perhaps", "is not yes or no"),
        (forms.KEYED, "AB12" * 3, "is not a key of 16 to 64 hex digits"),
        (RISK, "V.High", "is not one of high, medium, standard"),
        (RISK, "unknown", "is not one of high, medium, standard"),
        (forms.FORCE, "99", "is not the two-digit code of a force"),
        (forms.FORCE, "46", "is a force that the manifest's covers does not name"),
        (forms.AREA, "Mercia", "is not a CPS Area"),
        (forms.NUMBER, "-1", "is not a whole number of days, at most 999"),
        (forms.NUMBER, "1000", "is not a whole number of days, at most 999"),
        (forms.REF, "A\x001", "is not a reference: 1 to 64 plain characters, and spaces only beside a number"),
        (forms.REF, "A" * 65, "is not a reference: 1 to 64 plain characters, and spaces only beside a number"),
        (
            forms.REF,
            "CR 12345/26 seen by her",
            "is not a reference: 1 to 64 plain characters, and spaces only beside a number",
        ),
        (forms.REF, "CR  12345/26", "is not a reference: 1 to 64 plain characters, and spaces only beside a number"),
        (forms.REF, "Jane Smith", A_NAME),
        (forms.REF, "O\N{RIGHT SINGLE QUOTATION MARK}NEILL, Zoë", A_NAME),
        (forms.SLACK_USER, "Jane", "is not the id of a Slack user"),
        (forms.CODES, ";".join(f"AA{n:05}" for n in range(101)), "lists more than 100 values"),
        (forms.TEXT, "two\nlines", "is too long, or holds characters that cannot be shown"),
        (forms.EMAIL, "pat@police.uk.evil.test", "is not in an allowed domain (police.uk, cps.gov.uk, cjsm.net)"),
        (forms.EMAIL, "a@police.uk, b@police.uk", "is not one plain e-mail address"),
        (forms.ITEMS, "C16", "is not a list of items C01 to C15"),
        (forms.CODES, ";", "names nothing between its semicolons"),
        (listed_people.BARRED, 'P1;"', "is not a list of references"),
        (forms.CODES, 'PH97010;"', "has a quotation mark in its list"),
        (urns.URN, "45AB123452", "does not begin with a URN root: two digits, two letters or digits, seven digits"),
        (urns.URN, "A5AB1234526", "does not begin with a URN root: two digits, two letters or digits, seven digits"),
    ],
)
def test_a_cell_of_another_form_is_told_in_words(form: forms.Form, cell: str, words: str) -> None:
    with pytest.raises(Unfit) as unfit:
        form.read(cell, SETTING)
    assert str(unfit.value) == words


@pytest.mark.parametrize("cell", ["spoke to Jane Smith at noon", "Jane's", "x" * 65, "a\nb", "a  b", "M\x00"])
def test_a_kind_that_may_be_free_text_is_unstated(cell: str) -> None:
    with pytest.raises(NotStored) as doubtful:
        forms.KIND.read(cell, SETTING)
    assert (str(doubtful.value), doubtful.value.instead) == (A_KIND, "UNSTATED")


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (forms.NAME_ALONE, "two people may share one, .*: it was loaded without. Make it from a number, or join"),
        (forms.REST_EMPTY, "has no date of birth or number beside the name, .*: it was loaded without$"),
    ],
)
def test_a_key_that_is_made_from_a_name_alone_is_not_stored(made: str, words: str) -> None:
    with pytest.raises(NotStored, match=words) as doubtful:
        forms.KEYED.read(made, SETTING)
    assert doubtful.value.instead == NULL


@pytest.mark.parametrize("more", FREE_TEXT)
def test_a_urn_loses_what_may_be_free_text_after_its_root(more: str) -> None:
    with pytest.raises(NotStored) as doubtful:
        urns.URN.read(f"45ab1234526{more}", SETTING)
    assert (str(doubtful.value), doubtful.value.instead) == (A_SUFFIX, f"45AB1234526\t{NULL}")


def test_an_array_gives_its_members_back() -> None:
    assert forms.members(forms.array(["a", "b c"])) == ["a", "b c"]
    assert forms.members("{}") == []


def test_forces_01_and_02_made_the_same_urns() -> None:
    assert urns.covered_urn("02ZD0303208", SETTING)
    assert not urns.covered_urn("46ZD0303208", SETTING)
    assert urns.covered_urn("99ZD0303208", SETTING)


def test_six_forces_must_name_their_area() -> None:
    assert {code for code, force in FORCES.items() if force.cps_area is None} == {"01", "02", "24", "48", "59", "91"}
