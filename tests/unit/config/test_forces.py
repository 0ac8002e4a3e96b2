"""The names of forces, as every message and page prints them."""

from config.forces import force_name, pair_name


def test_a_force_has_its_name_and_code_and_one_without_a_name_its_code():
    assert force_name("45") == "Surrey (45)"
    assert force_name("99") == "force 99"


def test_a_pair_is_the_force_and_its_cps_area():
    assert pair_name("45", "South East") == "Surrey (45) and CPS South East"
    assert pair_name("99", "South East") == "force 99 and CPS South East"
