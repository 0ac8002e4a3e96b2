"""The keys of a mail: the good ones, why the last of the others is refused, and whether any is ours."""

import pytest

from tasks.platform import tokens
from tasks.platform.tokens import Expired, NotOurs, Purpose
from tasks.replies.proof import answered_mails, open_keys
from tests.worlds.days import day

TODAY = day("Tue 17 Mar 2026")
FORGED = "cb1.AAAA"


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("CASEBEAT_HOME", str(tmp_path))


def key(person="P1", on="Wed 18 Mar 2026", purpose=Purpose.REPLY):
    return tokens.sign(person, 7, purpose, day(on))


def test_a_key_of_ours_is_known_as_ours_although_it_is_refused():
    old = key(on="Mon 16 Mar 2026")
    for written, refused in (([old, FORGED], NotOurs), ([FORGED, old], Expired)):
        found = open_keys(written, TODAY)
        assert (found.good, type(found.refused), found.ours) == (frozenset(), refused, True)


def test_a_key_that_we_did_not_make_proves_nothing_beside_a_good_one():
    assert open_keys([FORGED], TODAY)[::2] == (frozenset(), False)
    found = open_keys([FORGED, key(), key("P1", purpose=Purpose.ACT)], TODAY)
    assert {(each.person_ref, each.row_id, each.purpose) for each in found.good} == {
        ("P1", 7, Purpose.REPLY), ("P1", 7, Purpose.ACT),
    }  # fmt: skip
    assert found.ours
    assert open_keys([], TODAY) == (frozenset(), None, False)


def test_the_mails_that_are_answered_are_those_whose_name_opens():
    assert answered_mails(["0" * 40], TODAY) == []
