"""Mutants of SQL, of a view or inside the strings of a module: each statement stays one that PostgreSQL may run."""

import ast
import re
from collections.abc import Iterator

from tests.mutants.mutant import Mutant
from tests.mutants.python_code import Reader

SQL = re.compile(r"\b(select|update|insert into|delete from|from|join|where|order by|and|or)\b")
SIMPLE = (  # a pattern, its replacement, and the name of the change
    (r"\bis not null\b", "is null", "is not null turned"),
    (r"\bis null\b", "is not null", "is null turned"),
    (r"\bdistinct (?!from\b|on\b)", "", "distinct removed"),
    (r"\bnot exists\b", "exists", "exists turned"),
    (r"(?<!not )\bexists\b", "not exists", "exists turned"),
    (r"\bmax\(", "min(", "max turned"),
    (r"\bmin\(", "max(", "min turned"),
    (r"\bgreatest\(", "least(", "greatest turned"),
    (r"\bleast\(", "greatest(", "least turned"),
    (r"\bleft join (?!lateral)", "join ", "left join turned"),
    (r" desc\b", "", "order turned"),
    (r"\bnot in\b", "in", "in turned"),
    (r"\bis distinct from\b", "is not distinct from", "comparison turned"),
)
COMPARED = re.compile(r"(?<=[\w)'\]%}]) (<=|>=|<>|<|>|=) (?=[\w('%{+-])")
TURNED = {"<": ["<=", ">="], "<=": ["<", ">"], ">": [">=", "<="], ">=": [">", "<"], "=": ["<>"], "<>": ["="]}
ASSIGNED = re.compile(r"\bset\b(?!_).*?(?=\bfrom\b|\bwhere\b|\breturning\b|\Z)", re.DOTALL)
ORDERED = re.compile(r"\border by\b")
AFTER_AN_ORDER = re.compile(r"\b(?:limit|for (?:no key )?update|on conflict|returning)\b")
CONDITION = re.compile(r"\b(?:and|or) [^\n\"]*")


def mutants(path: str, text: str) -> Iterator[Mutant]:
    """Every mutant of a view, or of a module's statements."""
    for at, end in [_view(text)] if path.endswith(".sql") else sorted(_strings(Reader(path, text))):
        statement = text[at:end]
        for pattern, new, what in SIMPLE:
            yield from (
                Mutant(path, at + found.start(), at + found.end(), new, what)
                for found in re.finditer(pattern, statement)
            )
        yield from _compared(path, at, statement)
        yield from _unordered(path, at, statement)
        yield from _unconditional(path, at, statement)


def _view(text: str) -> tuple[int, int]:
    """The range of a view's statement, after the comment that it begins with."""
    return text.index("\ncreate ") + 1, text.rindex(";")


def _strings(reader: Reader) -> set[tuple[int, int]]:
    """The ranges of strings with SQL, except docstrings; an f-string is one range."""
    parts = {id(part) for node in ast.walk(reader.tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    spoken = {
        id(node.body[0].value)
        for node in ast.walk(reader.tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and isinstance(node.body[0], ast.Expr)
    }
    return {
        reader.place(node)
        for node in ast.walk(reader.tree)
        if (isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)))
        and id(node) not in parts | spoken
        and SQL.search(reader.source(node))
        and " " in reader.source(node)
    }


def _compared(path: str, at: int, statement: str) -> Iterator[Mutant]:
    assigned = [(found.start(), found.end()) for found in ASSIGNED.finditer(statement)]
    for found in COMPARED.finditer(statement):
        if found[1] == "=" and any(first <= found.start() < last for first, last in assigned):
            continue
        for other in TURNED[found[1]]:
            yield Mutant(path, at + found.start(1), at + found.end(1), other, "comparison turned")


def _unordered(path: str, at: int, statement: str) -> Iterator[Mutant]:
    for found in ORDERED.finditer(statement):
        end = _closes(statement, found.end())
        stop = AFTER_AN_ORDER.search(statement, found.end(), end)
        yield Mutant(path, at + found.start(), at + (stop.start() if stop else end), "", "order by removed")


def _closes(statement: str, at: int, earlier: str = "") -> int:
    """The end of the parenthesis around a place, or of the string; or an earlier character of `earlier`."""
    depth = 0
    for place in range(at, len(statement)):
        if statement[place] == '"' and statement[place : place + 3] in {'"""', statement[place:]}:
            return place
        depth += {"(": 1, ")": -1}.get(statement[place], 0)
        if depth < 0 or (depth == 0 and statement[place] in earlier):
            return place
    return len(statement.rstrip('"'))


def _unconditional(path: str, at: int, statement: str) -> Iterator[Mutant]:
    for found in CONDITION.finditer(statement):
        end = min(found.end(), _closes(statement, found.start(), ","))
        following = re.search(
            r" (?:and|or|order by|limit|group by|union|returning|then|when) ", statement[found.start() + 4 : end]
        )
        if following:
            end = found.start() + 4 + following.start()
        said = statement[found.start() : end]
        between = "between" in statement[max(0, found.start() - 40) : found.start()]
        if said.count("(") == said.count(")") and said.count("{") == said.count("}") and not between:
            yield Mutant(path, at + found.start(), at + end, "", "condition removed")
