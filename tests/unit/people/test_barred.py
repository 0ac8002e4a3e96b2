"""Whoever is barred from a case is nobody for it: whichever addressee leads to them, the next in line is addressed."""

from dataclasses import dataclass

import pytest

from config.terms import Addressee, Agency, OwedBy
from models.rules.access import concerned
from models.rules.people.addressing import address, owners, through
from models.rules.people.directory import Directory, Person
from models.rules.people.parties import Parties
from models.rules.people.readdressing import next_after

OWNER, SUPERVISOR, SPOC = Addressee.OWNER, Addressee.SUPERVISOR, Addressee.SPOC
LEAD, COUNTERPART = Addressee.LEAD, Addressee.COUNTERPART
ROLES = {
    "P1": "officer", "P2": "officer", "S1": "supervisor", "SP1": "spoc", "SP2": "spoc", "L1": "lead",
    "C1": "prosecutor", "M1": "legal_manager", "CS1": "spoc", "CL1": "lead",
}  # fmt: skip


@dataclass(frozen=True)
class Away:
    ref: str
    deputy: str


def directory(*away: Away) -> Directory:
    deputies = {one.ref: one.deputy for one in away}
    return Directory(
        [
            Person(
                ref, agency, frozenset({role}), frozenset({"45"}) if agency is Agency.POLICE else frozenset(),
                frozenset({"South East"}) if agency is Agency.CPS else frozenset(), deputies.get(ref), active=True,
                absent=ref in deputies,
            )
            for ref, role in ROLES.items()
            for agency in [Agency.CPS if ref.startswith(("C", "M")) else Agency.POLICE]
        ]
    )  # fmt: skip


def matter(*barred: str, owed_by: OwedBy = OwedBy.POLICE, action_owner: str | None = None) -> Parties:
    return Parties(owed_by, ("45",), ("South East",), "P1", "S1", "C1", action_owner, frozenset(barred))


def told(to: Addressee, one: Parties, people: Directory) -> list[str | None]:
    return [each.contact_ref for each in address((to,), one, people)]


@pytest.mark.parametrize(
    ("to", "one", "expected"),
    [
        (OWNER, matter("P1"), ["S1"]),
        (OWNER, matter("P1", "S1"), ["SP1", "SP2"]),
        (OWNER, matter("P1", "S1", "SP1", "SP2"), ["L1"]),
        (OWNER, matter("P1", "S1", "SP1", "SP2", "L1"), [None]),
        (OWNER, matter("P2", action_owner="P2"), ["P1"]),
        (OWNER, matter("C1", owed_by=OwedBy.CPS), ["CS1"]),
        (SUPERVISOR, matter("S1"), ["SP1", "SP2"]),
        (SUPERVISOR, matter("M1", owed_by=OwedBy.CPS), ["CS1"]),
        (SPOC, matter("SP1"), ["SP2"]),
        (LEAD, matter("L1"), [None]),
        (COUNTERPART, matter("CS1"), ["CL1"]),
        (SPOC, matter("SP1", "CS1", owed_by=OwedBy.BOTH), ["SP2", "CL1"]),
    ],
)
def test_a_barred_addressee_is_passed_over(to, one, expected):
    assert told(to, one, directory()) == expected


def test_a_barred_deputy_stands_in_for_nobody():
    people = directory(Away("P1", "P2"))
    assert told(OWNER, matter(), people) == ["P2"]
    assert told(OWNER, matter("P2"), people) == ["P1", "S1"]


def test_the_fallback_says_who_is_lacking_and_never_who_is_barred():
    (found,) = address((OWNER,), matter("P1"), directory())
    assert found.note == "no officer in the case is recorded"


def test_the_same_people_are_addressed_on_another_case():
    people = directory()
    assert told(OWNER, matter("P1"), people) == ["S1"]
    assert told(OWNER, matter(), people) == ["P1"]


def test_a_case_whose_officer_is_barred_is_looked_at_again_when_people_change():
    assert owners(matter("P1"), directory())[0].contact_ref == "S1"
    assert {"P1", "S1"} <= through((OWNER,), matter("P1"), directory())


def test_nobody_who_is_barred_may_say_anything_of_it():
    people = directory(Away("S1", "P2"))
    assert {"P1", "P2", "S1", "SP1"} <= concerned(matter(), people)
    assert not {"P1", "P2", "SP1"} & concerned(matter("P1", "P2", "SP1"), people)


def test_what_is_not_somebodys_goes_to_nobody_who_is_barred():
    found = next_after("P1", OWNER, matter("S1", "SP1"), directory())
    assert [one.contact_ref for one in found] == ["SP2"]


@pytest.mark.parametrize(
    ("ref", "addressee", "says"),
    [
        ("P1", OWNER, "the officer in the case"),
        ("S1", OWNER, "the supervisor"),
        ("SP1", OWNER, "the police SPOC"),
        ("SP1", SPOC, "the police SPOC"),
        ("CS1", COUNTERPART, "the CPS SPOC"),
        ("P2", OWNER, "the officer in the case"),
    ],
)
def test_who_says_that_it_is_not_theirs_is_named_by_their_own_part(ref, addressee, says):
    found = next_after(ref, addressee, matter(), directory())
    assert {one.note.partition(" says ")[0] for one in found} == {says}
