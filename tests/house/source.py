"""The source for the house tests: every module, its tree, its functions."""

import ast
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
LAYERS = ("flows", "tasks", "models", "config")


@dataclass(frozen=True)
class Module:
    path: Path

    @property
    def name(self):
        return str(self.path.relative_to(ROOT))

    @cached_property
    def text(self):
        return self.path.read_text("utf-8")

    @property
    def length(self):
        return len(self.text.splitlines())

    @cached_property
    def tree(self):
        return ast.parse(self.text)

    @property
    def functions(self):
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]

    @property
    def public_functions(self):
        """Functions of the module itself, without an underscore."""
        found = [node for node in self.tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        return [node for node in found if not node.name.startswith("_")]


def modules(*folders):
    """Every module of these folders, migrations aside."""
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [Module(path) for path in found if "migrations" not in path.parts]


SOURCE = modules(*LAYERS)


def lines_of(function):
    """The lines of a function, from its decorators to its last line."""
    first = min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])
    return function.end_lineno - first + 1


def code_lines_of(function):
    """The lines of its body without its docstring, which an operator may need long."""
    start = function.body[0].end_lineno + 1 if ast.get_docstring(function) else function.body[0].lineno
    return max(0, function.end_lineno - start + 1)


def is_flow(function):
    return any(
        ast.unparse(decorator).split("(")[0] in {"flow", "form", "prefect.flow"}
        for decorator in function.decorator_list
    )
