"""Mutants of templates: a sentence, a condition or a line removed."""

import re
from collections.abc import Iterator

from tests.mutants.mutant import Mutant

IF = re.compile(r"{%-?\s*(?:el)?if\s+(.+?)\s*-?%}")
INLINE = re.compile(r"(?<=\bif )((?:(?!\belse\b|}}|%}).)+?)(?= else | }}|,| \| |\))")
SENTENCE = re.compile(r"(?<=[.:>}] )[A-Z][^.{}%<>|]*\.(?=\s|$|<|')")
BLOCK = re.compile(r"{%-?\s*(\w+)")
OPENS, CLOSES = {"if", "for", "macro", "block"}, {"endif", "endfor", "endmacro", "endblock"}
NOT_WORDS = {"extends", "from", "import", "set", "else", "elif", *OPENS, *CLOSES}


def mutants(path: str, text: str) -> Iterator[Mutant]:
    """Every mutant of a template."""
    at = 0
    for line in text.splitlines(keepends=True):
        yield from _line(path, at, line)
        at += len(line)


def _line(path: str, at: int, line: str) -> Iterator[Mutant]:
    words = [found[1] for found in BLOCK.finditer(line)]
    balance = sum((word in OPENS) - (word in CLOSES) for word in words)
    bare = re.sub(r"{%.*?%}|{#.*?#}", "", line).strip()
    if bare and balance == 0 and (not words or words[0] not in NOT_WORDS or words[0] in OPENS | {"set"}):
        yield Mutant(path, at, at + len(line), "", "line removed")
    for found in IF.finditer(line):
        yield Mutant(path, at + found.start(1), at + found.end(1), "true", "condition removed")
    for printed in re.finditer(r"{{.*?}}", line):
        for found in INLINE.finditer(printed[0]):
            first = at + printed.start() + found.start(1)
            yield Mutant(path, first, first + len(found[1]), "true", "condition removed")
    if not line.lstrip().startswith("{#"):
        for found in SENTENCE.finditer(line):
            yield Mutant(path, at + found.start(), at + found.end(), "", "sentence removed")
