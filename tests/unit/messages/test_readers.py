"""Readers: which cases they may know of, and the role in which they are addressed."""

import pytest

from config.terms import Agency, Role
from models.queries.obligations.obligation_views import Reader
from models.rules.people.knowing import open_to
from tasks.messages.readers import closed_to, counted_for, foremost, in_role, without_addressee
from tests.worlds.messages import owed

MATTER = owed("action", 3).matter


def reader(*, access=False, roles=()):
    return Reader("P1", Agency.CPS, "NAME", "p1@cps.gov.uk", frozenset(roles), (), (), restricted_access=access)


def case(*, restricted=False, barred=()):
    return MATTER._replace(restricted=restricted, barred=frozenset(barred))


@pytest.mark.parametrize(
    ("to", "matter", "opened", "counted"),
    [
        (None, case(), True, False),
        (None, case(restricted=True), False, True),
        (None, case(barred={"P9"}), False, False),
        (None, case(restricted=True, barred={"P9"}), False, False),
        (reader(), case(), True, False),
        (reader(), case(restricted=True), False, True),
        (reader(access=True), case(restricted=True), True, False),
        (reader(), case(barred={"P9"}), True, False),
        (reader(), case(barred={"P1"}), False, False),
        (reader(access=True), case(restricted=True, barred={"P1"}), False, False),
    ],
)
def test_who_may_know_a_case_and_who_only_that_there_is_one(to, matter, opened, counted):
    assert open_to(to, matter) is opened
    assert counted_for(to, matter) is counted
    assert closed_to(to, [matter, matter]) == ({"45/45/1"} if counted else set())


def test_operations_count_the_cases_of_which_nobody_is_left_to_be_told():
    found = [case(barred={"P9"}), case(barred={"P9"}), case(barred={"P8"})._replace(case_ref="45/2"), case()]
    found.append(case()._replace(case_ref="45/3"))
    assert (without_addressee(None, found), without_addressee(reader(), found)) == (2, 0)


@pytest.mark.parametrize(
    ("roles", "role"),
    [
        ((), None), (tuple(Role), Role.LEAD), ((Role.OFFICER, Role.SPOC), Role.SPOC),
        ((Role.SUPERVISOR, Role.LEGAL_MANAGER), Role.LEGAL_MANAGER),
        ((Role.PROSECUTOR, Role.SUPERVISOR), Role.SUPERVISOR), ((Role.OFFICER, Role.PROSECUTOR), Role.PROSECUTOR),
    ],
)  # fmt: skip
def test_a_person_is_addressed_in_the_most_senior_role(roles, role):
    assert foremost(roles) is role
    assert in_role(reader(roles=roles)) == ((role or Role.OFFICER).value, "cps")
    assert in_role(None) == ("operations", "operations")
