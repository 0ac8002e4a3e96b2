"""The states of a message have one place: every other module names a state, or a set of states, and never its value."""

import re

import pytest

from config.terms import State
from tests.house.source import modules

_VALUES = "|".join(State)
# The state compared with a value, set to it, or chosen by it, as in: n.state not in ('silent', 'void').
LITERAL = re.compile(rf"\bstate\b[^'\"\n{{}}]{{0,20}}'(?:{_VALUES})'")
# Several states in one place are a set, as in: {State.RETRY, State.UNKNOWN}.
SPELLED = re.compile(r"\bState\.[A-Z]+\}?'?, '?\{?State\.[A-Z]+")
PLACE = "models/rules/outbox/message_states.py"
OF_EXTRACTS = {"models/intake.py"}  # the state of a column, which is sent or not


def test_no_states_value_stands_as_a_literal_outside_its_one_place():
    found = [
        f"{module.name}: {literal}"
        for module in modules("models", "tasks", "flows")
        if module.name not in OF_EXTRACTS | {PLACE}
        for literal in LITERAL.findall(module.text)
    ]
    assert found == []


def test_no_set_of_states_is_spelled_out_outside_its_one_place():
    asked = [module for module in modules("models", "tasks", "flows") if module.name != PLACE]
    assert [f"{module.name}: {text}" for module in asked for text in SPELLED.findall(module.text)] == []


@pytest.mark.parametrize(
    ("statement", "literal"),
    [
        ("where n.state = 'queued'", True),
        ("m.state not in ('silent', 'void')", True),
        ("case when %(state)s = 'unknown' then 1 end", True),
        ("coalesce(m.state, 'sent')", True),
        ("m.state in {WAITING} and m.kind = 'letter'", False),
        ("o.end_reason is distinct from 'void'", False),
    ],
)
def test_a_literal_state_is_found(statement, literal):
    assert bool(LITERAL.search(statement)) is literal
