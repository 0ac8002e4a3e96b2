"""Whose standing a message holds: the reader's own forces or Areas, and those of the absent for whom they act."""

import pytest

from config.terms import Agency, Role
from models.queries.obligations.obligation_views import Reader
from models.rules.people.addressing import Person
from tasks.messages.letter.standings import Remit, _post


def reader(*roles: Role, agency: Agency = Agency.POLICE, forces: tuple[str, ...] = ("45",)) -> Reader:
    areas = () if agency is Agency.POLICE else ("South East",)
    return Reader("R", agency, "NAME", "r@surrey.police.uk", frozenset(roles), forces, areas, restricted_access=False)


def absent(*roles: Role, agency: Agency = Agency.POLICE, forces: tuple[str, ...] = ("46",)) -> Person:
    areas = frozenset() if agency is Agency.POLICE else frozenset({"London North"})
    return Person("A", agency, frozenset(roles), frozenset(forces), areas, None, active=True, absent=True)


@pytest.mark.parametrize("role", [Role.SPOC, Role.LEAD])
def test_a_spoc_and_a_lead_answer_for_their_forces_and_nobody_else_does(role: Role) -> None:
    assert _post(reader(role, forces=("46", "45")), []) == Remit(("45", "46"), ())
    for other in set(Role) - {Role.SPOC, Role.LEAD}:
        assert _post(reader(other), []) is None


def test_a_person_of_cps_answers_for_areas_and_never_for_forces() -> None:
    assert _post(reader(Role.SPOC, agency=Agency.CPS), []) == Remit((), ("South East",))
    assert _post(reader(Role.SPOC), [absent(Role.SPOC, agency=Agency.CPS)]) == Remit(
        ("45",), ("London North",), (Role.SPOC,)
    )


def test_who_acts_for_an_absent_one_answers_for_their_forces_too_and_reads_in_whose_place() -> None:
    assert _post(reader(Role.OFFICER), [absent(Role.SPOC)]) == Remit(("46",), (), (Role.SPOC,))
    assert _post(reader(Role.SPOC), [absent(Role.LEAD), absent(Role.SPOC)]) == Remit(("45", "46"), (), (Role.LEAD,))
    assert _post(reader(Role.OFFICER), [absent(Role.SPOC, Role.LEAD)]) == Remit(("46",), (), (Role.LEAD,))


def test_who_answers_for_all_that_the_absent_do_acts_in_nobodys_place() -> None:
    assert _post(reader(Role.LEAD, forces=("45", "46")), [absent(Role.LEAD)]) == Remit(("45", "46"), ())
    assert _post(reader(Role.LEAD), [absent(Role.LEAD, forces=("45", "46"))]) == Remit(("45", "46"), (), (Role.LEAD,))


def test_a_place_is_named_and_one_that_nobody_knows_by_its_code() -> None:
    assert Remit(("45", "99"), ("South East",)).names == ("Surrey (45)", "force 99", "CPS South East")
