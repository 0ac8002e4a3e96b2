"""Templates that note which of their branches were rendered."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jinja2 import Environment, nodes


class Traced(Environment):
    """An environment whose templates note each branch that they render, and render as they would."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.there: set[str] = set()
        self.rendered: set[str] = set()
        self.globals["_render"] = self._render

    def _render(self, branch: str, value: object) -> object:
        self.rendered.add(branch)
        return value

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        found = list(_inner(tree))
        others = {id(other) for node in found if isinstance(node, nodes.If) for other in node.elif_}
        for number, node in enumerate(found):
            self._note(node, f"{name}:{node.lineno} ({number})", alone=id(node) not in others)
        return tree

    def _note(self, node: nodes.Node, at: str, *, alone: bool) -> None:
        """Put a note into each branch that begins at a node; an elif is not `alone`, its else is the if's."""
        if isinstance(node, nodes.If):
            node.body.insert(0, self._mark(f"{at} if"))
            if alone:
                node.else_.insert(0, self._mark(f"{at} else"))
        elif isinstance(node, nodes.For):
            node.body.insert(0, self._mark(f"{at} for"))
            if node.else_:
                node.else_.insert(0, self._mark(f"{at} for nothing"))
        elif isinstance(node, nodes.Macro):
            node.body.insert(0, self._mark(f"{at} macro {node.name}"))
        elif isinstance(node, nodes.CondExpr):
            node.expr1 = self._call(f"{at} inline if", node.expr1)
            node.expr2 = self._call(f"{at} inline else", node.expr2 or nodes.Const(""))

    def _mark(self, branch: str) -> nodes.Output:
        return nodes.Output([self._call(branch, nodes.Const(""))])

    def _call(self, branch: str, value: nodes.Expr) -> nodes.Call:
        self.there.add(branch)
        return nodes.Call(nodes.Name("_render", "load"), [nodes.Const(branch), value], [], None, None)


def _inner(node: nodes.Node) -> Iterator[nodes.Node]:
    for child in node.iter_child_nodes():
        yield child
        yield from _inner(child)


def never_rendered(environments: list[Traced], folder: Path) -> list[str]:
    """The branches of the folder's templates that no environment has rendered."""
    for path in folder.rglob("*"):
        if path.suffix in {".txt", ".html", ".md"}:
            environments[path.suffix == ".html"].get_template(str(path.relative_to(folder)))
    there = set().union(*(one.there for one in environments))
    return sorted(there - set().union(*(one.rendered for one in environments)))
