"""Who is barred from a case is asked in one place, and by every statement that may name a case to a person."""

import ast
import re

import pytest

from tests.house.source import Module, modules

LIST = re.compile(r"\bbarred_refs\b")
NAMES_A_CASE = re.compile(r"\bcase_ref\b|\{REVIEW\}")
ASKS = re.compile(r"\{(?:BARRED|BARS|BARRING_IDS|(?:\w+_)?PARTIES|OBLIGATION|_OF_PAIR|KEPT_APART)\}|%\(hidden\)s")
# Statements that name a case and ask nothing, each with the reason why no barred person reads what they find.
OF_NOBODY = {
    "acknowledgements.py: case_id": "an id by its reference; whoever asks by name is judged by known_case",
    "answers.py: listed": "the numbers that draw a rehearsal's answers: they are shown to nobody",
    "answers.py: unanswered": "the numbers that draw a rehearsal's answers: they are shown to nobody",
    "case_facts.py: LINK": "which of linked cases is the principal",
    "completions.py: live_actions": "of a case that known_case has let the asking person see",
    "convenings.py: begin": "an audit row",
    "convenings.py: end": "an audit row",
    "demo.py: cases_at_sittings": "the made-up force",
    "demo.py: movable_cases": "the made-up force",
    "demo.py: notified_on": "the made-up force",
    "demo.py: replied_on": "the made-up force",
    "demo.py: stalled_on": "the made-up force",
    "export.py: _OF_CASE": "for operations at their machine",
    "export.py: is_known": "whether it is stored, for operations at their machine",
    "erasing.py: _GONE": "references of cases that are no longer there, told to nobody",
    "erased_cases.py: leave_out_cases": "the rows of a file, told to nobody",
    "erased_cases.py: leave_out_rows": "the rows of a file, told to nobody",
    "explain.py: head": "for operations; in Slack and by mail for whom the button's or the reply's subject lets see it",
    "extract_outcomes.py: _SENT": "outcomes that an extract holds, told to nobody",
    "extract_outcomes.py: withdraw": "an audit row",
    "holds.py: _STANDING": "for operations at their machine",
    "holds.py: keeping": "for operations at their machine",
    "listing.py: _ASKED_FOR": "for operations at their machine",
    "listing.py: live": "for operations at their machine",
    "listing.py: notifications": "for operations at their machine",
    "listing.py: stalled": "for operations at their machine",
    "merging.py: add_keys": "the keys of an extract's rows",
    "merging.py: waiting": "the rows of no case that is known",
    "minutes.py: convened": "the order of a sitting's minutes: it is shown to nobody",
    "over.py: _JUDGED": "which cases are over: they are counted",
    "over.py: locked": "an audit row",
    "recorded_outcomes.py: _LOCK": "a case at a sitting, after known_case",
    "recorded_outcomes.py: sittings_of": "the sittings of a case, after known_case",
    "sent_lists.py: COMBINED": "an audit row",
    "sitting_list.py: _LINES": "for operations at their machine",
    "undone_sittings.py: _LOGGED": "an audit row",
}


def statements(module: Module) -> list[tuple[str, str]]:
    """The functions and constants of a module that hold a statement which names a case, and their text."""
    found = []
    for node in module.tree.body:
        text = ast.get_source_segment(module.text, node) or ""
        if isinstance(node, ast.FunctionDef):
            name = node.name
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
        else:
            continue
        if re.search(r"\bselect\b|\bfrom\b", text) and NAMES_A_CASE.search(text) and '"""' in text:
            found.append((f"{module.path.name}: {name}", text))
    return found


def unasked() -> list[str]:
    found = (each for module in modules("models/queries") for each in statements(module))
    return sorted(name for name, text in found if not ASKS.search(text))


def test_no_other_module_of_queries_reads_the_list_of_a_case():
    found = [one.name for one in modules("models/queries") if LIST.search(one.text)]
    assert found == ["models/queries/people/barring.py"]


def test_every_statement_that_names_a_case_asks_who_is_barred_or_tells_nobody():
    assert unasked() == sorted(OF_NOBODY)


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ('"""select c.case_ref from cases c"""', False),
        ('f"""select c.case_ref, {BARRED} as barred from cases c"""', True),
        ('f"""select {PARTIES}, c.case_ref from cases c"""', True),
        ('"""select c.case_ref from cases c where c.id <> all(%(hidden)s::bigint[])"""', True),
    ],
)
def test_a_statement_that_forgets_to_ask_is_found(text, asks):
    assert NAMES_A_CASE.search(text)
    assert bool(ASKS.search(text)) is asks
