"""The policy guide shows of every rule its source, whose duty and whose number it is, and what a wrong day would do."""

import inspect
import re

import pytest

from models.rules.catalogue.rule import Rule
from models.rules.obligations.rulebook import RULES
from tasks.platform.templates import names
from tests.house.source import ROOT

GUIDE = (ROOT / "docs" / "policy-guide.md").read_text("utf-8")
HEAD = "| rule | source | whose duty | whose number of days | a wrong day would mean |"
CONFIRM = "Have a CPS lawyer confirm"
_SOURCE = re.compile(r"Source: (.*?)\.? Number\b")


def row(rule: Rule, wrong: str) -> str:
    """The rule's row, made from its declarations and its docstring; only the last cell is the guide's own."""
    (source,) = _SOURCE.findall(" ".join((inspect.getdoc(rule.function) or "").split()))
    return f"| `{rule.name}` | {source} | {rule.duty} | {rule.number} | {wrong} |"


def _rows() -> dict[str, str]:
    table = GUIDE.partition(HEAD)[2].partition("\n\n")[0]
    return {line.split("`")[1]: line for line in table.splitlines() if line.startswith("| `")}


def test_the_guide_has_a_row_for_every_rule_and_for_no_other():
    assert list(_rows()) == list(RULES)


@pytest.mark.parametrize("name", RULES)
def test_a_rules_row_is_what_the_rule_declares(name):
    wrong = _rows()[name].removesuffix(" |").rpartition(" | ")[2]
    assert _rows()[name] == row(RULES[name], wrong)
    assert wrong.startswith("later: ")
    assert "; earlier: " in wrong


@pytest.mark.parametrize("name", names()["confirm"])
def test_a_cps_lawyer_confirms_where_law_is_applied_to_facts(name):
    assert CONFIRM in _rows()[name]


def test_what_a_cps_lawyer_confirms_of_the_six_months_is_said():
    said = _rows()["summary-time-limit"].partition(CONFIRM)[2]
    assert "offences were charged" in said
    assert "later act" in said
