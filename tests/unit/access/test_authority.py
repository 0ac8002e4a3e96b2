"""Who may do what: every act of every kind of person, on a case, on what one side owes, and on one kept apart."""

import pytest

from config.doors import ActKind
from config.terms import Agency, OwedBy
from models.rules.access import NOBODYS, Permission, authority
from models.rules.people.directory import Directory
from models.rules.people.parties import Parties
from tests.worlds.directory import PEOPLE, person

ACTS = tuple(ActKind)
MEANING = {"M": Permission.MAY, "-": Permission.MAY_NOT, "?": Permission.UNKNOWN_TO_THEM}
ALSO = ("ACTION-OWNER", "CHAIR", "ACTED")  # they know of the case, which is none of theirs
KNOWN_TO = frozenset(ALSO)
DIRECTORY = Directory([*PEOPLE, *(person(ref, Agency.POLICE, "officer") for ref in ALSO[1:])])
CASE = Parties(OwedBy.BOTH, ("45",), ("South East",), "OIC", "SERGEANT", "PROSECUTOR")
STRANGERS = dict.fromkeys(("COLLEAGUE", "ELSEWHERE", "GONE", "NOBODY"), "?" * 10)
# promise, completion, outcome, move, confirmation, hold, undoing of rounds, look, hand over, decision on an extract
ON_THE_CASE = {
    **dict.fromkeys(("OIC", "DEPUTY", "PROSECUTOR"), "MMMM---MM-"),
    **dict.fromkeys(("SERGEANT", "MANAGER"), "MMMMM--MM-"),
    **dict.fromkeys(("P-SPOC", "P-LEAD", "C-SPOC", "C-LEAD"), "M" * 10),
    **dict.fromkeys(ALSO, "-" * 10),
    **STRANGERS,
}
ON_WHAT_POLICE_OWE = {
    **dict.fromkeys(("OIC", "DEPUTY"), "MMMM---MM-"),
    "SERGEANT": "MMMMM--MM-",
    **dict.fromkeys(("P-SPOC", "P-LEAD"), "M" * 10),
    "C-SPOC": "M----MMMMM",
    "C-LEAD": "-----MM--M",
    **dict.fromkeys(("PROSECUTOR", "MANAGER", *ALSO), "-" * 10),
    **STRANGERS,
}


def every_act(case, ref, people=DIRECTORY, known_to=KNOWN_TO, **more):
    return tuple(authority(act, case, ref, people, known_to=known_to, **more) for act in ACTS)


@pytest.mark.parametrize("ref", ON_THE_CASE)
def test_every_act_of_every_person_on_a_case(ref):
    assert every_act(CASE, ref) == tuple(MEANING[letter] for letter in ON_THE_CASE[ref])


@pytest.mark.parametrize("ref", ON_WHAT_POLICE_OWE)
def test_every_act_of_every_person_on_what_the_police_owe(ref):
    of_police = CASE._replace(owed_by=OwedBy.POLICE)
    assert every_act(of_police, ref) == tuple(MEANING[letter] for letter in ON_WHAT_POLICE_OWE[ref])


def test_the_owner_of_an_action_may_as_the_officer_of_its_case():
    own = CASE._replace(owed_by=OwedBy.POLICE, owner_ref="ACTION-OWNER")
    assert every_act(own, "ACTION-OWNER") == every_act(own, "OIC")


def test_the_chair_of_the_sitting_may_record_its_outcome_and_nothing_else():
    may = {act for act in ACTS if authority(act, CASE, "CHAIR", DIRECTORY, chair_ref="CHAIR") is Permission.MAY}
    assert may == {ActKind.OUTCOME}


@pytest.mark.parametrize("ref", ["COLLEAGUE", "ACTED", "C-LEAD"])
def test_in_whose_name_it_was_done_may_take_it_back_wherever_they_went(ref):
    of_police = CASE._replace(owed_by=OwedBy.POLICE)
    assert set(every_act(of_police, ref, done_by=ref)) == {Permission.MAY}


@pytest.mark.parametrize("ref", [*ON_THE_CASE])
@pytest.mark.parametrize("more", [{}, {"chair_ref": True, "done_by": True}])
def test_whoever_is_barred_knows_of_no_case(ref, more):
    barring = CASE._replace(barred=frozenset({ref}))
    assert set(every_act(barring, ref, **dict.fromkeys(more, ref))) == {Permission.UNKNOWN_TO_THEM}


@pytest.mark.parametrize("ref", [*ON_THE_CASE])
@pytest.mark.parametrize("more", [{}, {"chair_ref": True, "done_by": True}])
def test_a_restricted_case_is_known_to_whom_it_concerns_and_who_has_access(ref, more):
    restricted, others = CASE._replace(restricted=True), dict.fromkeys(more, ref)
    assert set(every_act(restricted, ref, **others)) == {Permission.UNKNOWN_TO_THEM}
    cleared = Directory([one._replace(restricted_access=True) for one in DIRECTORY.people.values()])
    assert every_act(restricted, ref, cleared, **others) == every_act(CASE, ref, **others)


@pytest.mark.parametrize("ref", [*ON_THE_CASE])
def test_a_case_that_is_not_in_the_book_is_known_to_nobody(ref):
    assert set(every_act(NOBODYS, ref, known_to=frozenset())) == {Permission.UNKNOWN_TO_THEM}
