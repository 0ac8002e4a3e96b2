"""A statement that names a case reads it through the view `disclosed`, or says in one line beside it why not."""

import ast
import re
from functools import cache

import pytest

from tests.house.source import Module, modules

LIST = re.compile(r"\bbarred_refs\b")
MARK = re.compile(r"\b(?:c|k|cases)\.restricted\b|\bcases \w* ?where [^\"]*(?<![.\w])restricted\b")
NAMES_A_CASE = re.compile(r"\bcase_ref\b|\{REVIEW\}")
BY_VIEW = re.compile(
    r"\b(?:disclosed|disclosure|case_parties|cases_apart)\b|\bc\.(?:is_restricted|bars_any|barred|kept_apart)\b|%\(hidden\)s"
)
WHY_NOT = re.compile(r"# Not by disclosed: \w.+")


def statements(module: Module) -> dict[str, str]:
    """The functions and constants of a module that hold SQL, with their text and the comment above them."""
    found, lines = {}, module.text.splitlines()
    for node in module.tree.body:
        if isinstance(node, ast.FunctionDef):
            name = node.name
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
        else:
            continue
        text = ast.get_source_segment(module.text, node) or ""
        if re.search(r"\bselect\b|\bfrom\b|\bjoin\b", text):
            above = lines[node.lineno - 2]
            found[name] = f"{above}\n{text}" if above.startswith("#") else text
    return found


@cache
def fragments() -> re.Pattern[str]:
    """The constants that read a case through the view, and so does every statement in which they are a part."""
    texts = {name: text for module in modules("models/queries") for name, text in statements(module).items()}
    names = {name for name, text in texts.items() if name.lstrip("_").isupper() and BY_VIEW.search(text)}
    while more := {
        name for name, text in texts.items()
        if name.lstrip("_").isupper() and name not in names and any(f"{{{one}}}" in text for one in names)
    }:  # fmt: skip
        names |= more
    return re.compile("|".join(rf"\{{{name}\}}" for name in sorted(names)))


def asks(text: str) -> bool:
    """Whether a statement reads its cases through the view, or says why not."""
    return any(pattern.search(text) for pattern in (BY_VIEW, fragments(), WHY_NOT))


def test_every_statement_that_names_a_case_reads_it_through_the_view_or_says_why_not():
    found = [
        f"{module.name}: {name}" for module in modules("models/queries") for name, text in statements(module).items()
        if NAMES_A_CASE.search(text) and '"""' in text and not asks(text)
    ]  # fmt: skip
    assert found == []


def test_no_module_but_that_of_the_marks_themselves_reads_the_list_or_the_mark_of_a_case():
    found = [one.name for one in modules("models/queries") if LIST.search(one.text) or MARK.search(one.text)]
    of_marks = ["models/queries/intake/guards.py", "models/queries/people/disclosure.py"]
    assert sorted(found) == sorted([*of_marks, "models/queries/intake/shared_keys.py"])  # which compares two rows


@pytest.mark.parametrize(
    ("text", "well"),
    [
        ('"""select c.case_ref from cases c"""', False),
        ('"""select c.case_ref, c.barred from disclosed c"""', True),
        ('f"""select {PARTIES}, c.case_ref {LIVE_OF_CASES}"""', True),
        ('"""select c.case_ref from cases c where c.id <> all(%(hidden)s::bigint[])"""', True),
        ('# Not by disclosed: an audit row\n"""select c.case_ref from cases c"""', True),
    ],
)
def test_a_statement_that_forgets_to_ask_is_found(text, well):
    assert NAMES_A_CASE.search(text)
    assert asks(text) is well


@pytest.mark.parametrize(
    ("statement", "reads"),
    [
        ("select c.restricted from cases c", True),
        ("join cases k on k.id = o.case_id and not k.restricted", True),
        ("select id from cases where restricted", True),
        ("and (route.restricted or not exists (", False),
        ("order by r.restricted desc", False),
        ("select contact_ref from contacts where restricted_access", False),
    ],
)
def test_a_statement_that_reads_the_mark_is_found(statement, reads):
    assert bool(MARK.search(statement)) is reads
