"""Every door asks one function whether a person may know of a case and do what they ask. No run's name tells of it."""

import ast
import re
from functools import cache

from config.doors import ActKind
from models.rules.access import ENTITLED
from tests.house.guide import TABLES
from tests.house.source import Module, modules

RESOLVES = re.compile(r"\bcase_ref = (?:%\(|%s|any\()")
GATES = {"known_case", "check_may", "case_at", "authority", "reply.check"}
NO_PERSON = {  # a module that finds a case by its reference, for nobody's act
    "tasks/access/case_disclosure.py": "for the disclosure officer, at the machine of operations",
    "tasks/audit_log/exporting.py": "for an inspector, at the machine of operations",
    "tasks/obligations/checklist.py": "for operations, at their machine",
    "tasks/obligations/explain.py": "for operations, at their machine, or for a click or a reply that was asked",
    "tasks/obligations/lists.py": "for operations, at their machine",
}
NO_CASE = {"tasks/rounds/undo_rounds.py": "rounds are undone, of all cases"}


def names_in(module: Module) -> set[str]:
    """The names that a module uses, as `name` or `module.name`, by the modules' own names."""
    aliases = {
        alias.asname: alias.name for node in ast.walk(module.tree) if isinstance(node, ast.ImportFrom)
        for alias in node.names if alias.asname
    }  # fmt: skip
    found = {node.id for node in ast.walk(module.tree) if isinstance(node, ast.Name)}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found |= {f"{aliases.get(node.value.id, node.value.id)}.{node.attr}"}
    return found


def imports(module: Module) -> set[str]:
    """What a module imports by name, as `module.name`."""
    return {
        f"{(node.module or '').rpartition('.')[2]}.{alias.name}"
        for node in ast.walk(module.tree) if isinstance(node, ast.ImportFrom) for alias in node.names
    }  # fmt: skip


@cache
def resolvers() -> frozenset[str]:
    """The functions of queries that find a case by its reference, as `name` and as `module.name`."""
    found = set()
    for module in modules("models/queries"):
        texts = {
            target.id: ast.get_source_segment(module.text, node) or ""
            for node in module.tree.body if isinstance(node, ast.Assign)
            for target in node.targets if isinstance(target, ast.Name)
        }  # fmt: skip
        resolving = {name for name, text in texts.items() if RESOLVES.search(text)}
        for function in module.public_functions:
            text = ast.get_source_segment(module.text, function) or ""
            if RESOLVES.search(text) or any(re.search(rf"\b{name}\b", text) for name in resolving):
                found |= {f"{module.path.stem}.{function.name}"}
    return frozenset(found)


def resolves(module: Module) -> bool:
    """Whether a module finds a case by its reference."""
    return bool(resolvers() & (imports(module) | names_in(module)))


def asks(module: Module) -> bool:
    """Whether a module asks what a person may do, or lets a rule decide that asks."""
    by_rule = {
        node.module for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and any(alias.name == "decide" for alias in node.names)
    }  # fmt: skip
    rules = [rule for rule in modules("models/rules") if rule.name.removesuffix(".py").replace("/", ".") in by_rule]
    return bool(GATES & names_in(module)) or any("refusal(" in rule.text for rule in rules)


def test_the_functions_that_find_a_case_by_its_reference_are_known():
    assert {"parties.asked_case", "move_case.case", "recorded_outcomes.find", "completions.find"} <= resolvers()


def test_every_module_that_finds_a_case_for_a_person_asks_whether_they_may_know_of_it():
    found = [module for module in modules("tasks", "flows") if resolves(module)]
    assert {module.name for module in found if not asks(module)} == set(NO_PERSON)
    assert "tasks/obligations/unknown_case.py" in {module.name for module in found}


def test_every_module_that_keeps_an_act_asks_whether_its_person_may_do_it():
    keeping = [
        module for module in modules("tasks") if {"acting.keep", "hand.keep"} & (imports(module) | names_in(module))
    ]
    assert {module.name for module in keeping if not asks(module)} == set(NO_CASE)
    assert len(keeping) > 5


def test_nothing_of_tasks_but_letters_and_lists_judges_by_itself_who_is_barred():
    judging = {
        module.name for module in modules("tasks") if not module.name.startswith("tasks/messages/")
        for node in ast.walk(module.tree) if isinstance(node, ast.Compare)
        and any(isinstance(side, ast.Attribute) and side.attr == "barred" for side in node.comparators)
    }  # fmt: skip
    assert judging == set()


def test_every_act_has_its_people():
    assert set(ENTITLED) == set(ActKind)


def test_the_security_page_prints_who_may_do_what():
    (table,) = (table for table in TABLES if table.name == "authority")
    shown = table.document.read_text("utf-8")
    assert table.written(shown) == shown


def test_no_name_of_a_run_reads_a_parameter():
    """Whatever is typed in a form may be in its parameters, unchecked where a person has the check turned off."""
    named = [
        (module.name, keyword.value)
        for module in modules("flows") for node in ast.walk(module.tree) if isinstance(node, ast.Call)
        for keyword in node.keywords if keyword.arg in {"flow_run_name", "run_name"}
    ]  # fmt: skip
    made_of = {ast.unparse(value) for _, value in named if not isinstance(value, ast.Constant)}
    assert all("{" not in str(value.value) for _, value in named if isinstance(value, ast.Constant))
    assert {text.partition("(")[0] for text in made_of} == {"run_name or run_named", "name", "of_force", "_name"}
    assert len(named) > 5
