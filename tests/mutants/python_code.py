"""Mutants of Python: a comparison turned, a condition removed, a number changed, an order or an extreme lost."""

import ast
import re
from collections.abc import Iterator

from tests.mutants.mutant import Mutant

TURNED = {
    ast.Lt: ("<", ["<=", ">="]), ast.LtE: ("<=", ["<", ">"]), ast.Gt: (">", [">=", "<="]), ast.GtE: (">=", [">", "<"]),
    ast.Eq: ("==", ["!="]), ast.NotEq: ("!=", ["=="]), ast.Is: ("is", ["is not"]), ast.IsNot: ("is not", ["is"]),
    ast.In: ("in", ["not in"]), ast.NotIn: ("not in", ["in"]),
}  # fmt: skip
SWAPPED = {"min": "max", "max": "min", "any": "all", "all": "any"}


class Reader:
    """One module, and the places of its nodes in its text."""

    def __init__(self, path: str, text: str) -> None:
        self.path, self.text = path, text
        self.tree = ast.parse(text)
        self.starts = [0]
        for line in text.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line.encode()))
        self.bytes = text.encode()

    def place(self, node: ast.expr | ast.comprehension) -> tuple[int, int]:
        """The beginning and the end of an expression, in characters."""
        assert isinstance(node, ast.expr)
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        first = self.starts[node.lineno - 1] + node.col_offset
        last = self.starts[node.end_lineno - 1] + node.end_col_offset
        return len(self.bytes[:first].decode()), len(self.bytes[:last].decode())

    def source(self, node: ast.expr) -> str:
        """The source text of an expression."""
        at, end = self.place(node)
        return self.text[at:end]

    def put(self, node: ast.expr, new: str, what: str) -> Mutant:
        """The mutant with another text for an expression."""
        return Mutant(self.path, *self.place(node), new, what)


def mutants(path: str, text: str) -> Iterator[Mutant]:
    """Every mutant of a module, except in annotations and in raised or logged values."""
    reader = Reader(path, text)
    for node in _decisions(reader.tree):
        match node:
            case ast.Compare():
                yield from _turned(reader, node)
            case ast.BoolOp():
                yield from _operands(reader, node)
            case ast.UnaryOp(op=ast.Not()):
                yield reader.put(node, f"({reader.source(node.operand)})", "not removed")
            case ast.If(test=test) | ast.IfExp(test=test):
                yield reader.put(test, "True", "condition removed")
                yield reader.put(test, "False", "condition removed")
            case ast.comprehension(ifs=ifs):
                yield from (reader.put(test, "True", "filter removed") for test in ifs)
            case ast.Constant(value=value) if type(value) is int:
                yield reader.put(node, str(value + 1), "number changed")
            case ast.Call(func=ast.Name(id=name)) if name in SWAPPED:
                yield reader.put(node.func, SWAPPED[name], f"{name} turned")
            case ast.Call(func=ast.Name(id="sorted"), args=[first, *_]):
                yield reader.put(node, f"list({reader.source(first)})", "order removed")


def _decisions(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes that may be mutated: not annotations, decorators or raised errors."""
    for name, value in ast.iter_fields(tree):
        if name in {"annotation", "returns", "decorator_list", "type_params"} or isinstance(value, ast.Raise):
            continue
        for node in value if isinstance(value, list) else [value]:
            if isinstance(node, ast.AST) and not isinstance(node, ast.Raise):
                yield node
                yield from _decisions(node)


def _turned(reader: Reader, node: ast.Compare) -> Iterator[Mutant]:
    sides = [node.left, *node.comparators]
    for operator, left, right in zip(node.ops, sides, sides[1:], strict=False):
        sign, others = TURNED[type(operator)]
        at, end = reader.place(left)[1], reader.place(right)[0]
        found = re.search(re.escape(sign).replace(r"\ ", r"\s+"), reader.text[at:end])
        assert found is not None
        yield from (
            Mutant(reader.path, at + found.start(), at + found.end(), other, f"{sign} turned") for other in others
        )


def _operands(reader: Reader, node: ast.BoolOp) -> Iterator[Mutant]:
    word = " and " if isinstance(node.op, ast.And) else " or "
    for left_out in node.values:
        kept = [f"({reader.source(value)})" for value in node.values if value is not left_out]
        yield reader.put(node, f"({word.join(kept)})", "condition removed")
