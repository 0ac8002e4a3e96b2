"""A rule's name stands in its own module and in the policy; whoever means the rule reads it there."""

import ast
import re

import pytest

from models.rules.obligations.rulebook import RULES
from tests.house.source import modules

_NAMES = "|".join(sorted(RULES, key=len, reverse=True))
_WORDS = "|".join(name for name in RULES if "-" in name)
# A name of one word means a rule only where a rule is compared with it, as in: o.rule = 'action'.
NAMED = re.compile(rf"(?<![\w/-])(?:{_WORDS})(?![\w-])|\brule\b[^'\"\n{{}}]{{0,20}}'(?:{_NAMES})'")
POLICY = {"config/rules.py", "models/queries/obligations/met_rules.py"}  # and the rules that the first version had


def literals(module):
    """The strings of a module that are no docstring."""
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef)
    first = [node.body[0] for node in ast.walk(module.tree) if isinstance(node, holders) and ast.get_docstring(node)]
    spoken = {statement.value for statement in first if isinstance(statement, ast.Expr)}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in spoken:
            yield node.value


def elsewhere(name):
    return not (name.startswith("models/rules/catalogue/") or name in POLICY)


def test_no_rules_name_stands_as_a_literal_outside_its_own_module_and_the_policy():
    asked = [module for module in modules("flows", "tasks", "models", "config") if elsewhere(module.name)]
    assert [f"{module.name}: {text}" for module in asked for text in literals(module) if NAMED.search(text)] == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("joint-review", True),
        ("where o.rule = 'joint-review' and o.ended_on is null", True),
        ("o.rule in ('action')", True),
        ("rule = {CONVENED}", False),
        ("select 'action', a.closed_on from actions a", False),
        ("flows/joint-reviews", False),
    ],
)
def test_a_literal_name_of_a_rule_is_found(text, named):
    assert bool(NAMED.search(text)) is named
