"""Every rule has its numbers, its authority, its place in the README and its test."""

import inspect
import re

import pytest

from config.policy import load_policy
from config.terms import Authority
from models.rules.obligations.rulebook import RULES
from tasks.platform.templates import names
from tests.house.guide import TABLES
from tests.house.source import ROOT

POLICY = load_policy()
SAID = {
    Authority.LAW: r"Number[^:.]*: law\b",
    Authority.COURT_ORDER: r"Number[^:.]*: the court's order\b",
    Authority.PUBLISHED: r"Number[^:.]*: published\b",
    Authority.LOCAL: r"Number[^:.]*: local\b",
}


def test_the_book_and_the_policy_name_the_same_rules_in_the_same_order():
    assert list(RULES) == POLICY.rules.names()


@pytest.mark.parametrize("name", RULES)
def test_a_rules_docstring_gives_its_source_and_whether_its_number_is_law(name):
    said = " ".join(inspect.getdoc(RULES[name].function).split())
    assert "Source:" in said
    assert re.search(SAID[RULES[name].number], said), said


def test_only_law_or_a_courts_order_makes_a_clock_hard():
    hard = [name for name in RULES if POLICY.rules.of(name).hard]
    assert {RULES[name].number for name in hard} == {Authority.LAW, Authority.COURT_ORDER}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_documents_table_of_rules_is_what_the_rules_declare(table):
    shown = table.document.read_text("utf-8")
    assert table.written(shown) == shown, "write it again: make guide"


@pytest.mark.parametrize("name", RULES)
def test_a_rule_that_may_be_blind_has_words_for_the_list_of_those_that_are(name):
    may_be = RULES[name].per_case and bool(RULES[name].needs or RULES[name].begins)
    assert (name in names()["unseen"]) == may_be


@pytest.mark.parametrize("name", RULES)
def test_a_rule_has_its_test(name):
    module = RULES[name].function.__module__.rpartition(".")[2]
    assert (ROOT / "tests" / "unit" / "catalogue" / f"test_{module}.py").exists()


@pytest.mark.parametrize("name", RULES)
def test_the_name_of_the_function_is_the_name_of_the_rule(name):
    assert RULES[name].function.__name__ == name.replace("-", "_")
