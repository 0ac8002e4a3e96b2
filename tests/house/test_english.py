"""Docstrings are plain English: few of them keep the signs of archaic prose."""

import ast
import re

import pytest

from tests.house.source import SOURCE

MOST = 40
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
SIGNS = {
    "said, told, stands, word": re.compile(r"\b(said|told|stands|word)\b", re.IGNORECASE),
    "What at the start": re.compile(r"\AWhat\b"),
}


def docstrings():
    for module in SOURCE:
        for node in ast.walk(module.tree):
            if isinstance(node, DOCUMENTED) and (text := ast.get_docstring(node)):
                yield f"{module.name}:{getattr(node, 'lineno', 1)}: {text.splitlines()[0]}", text


@pytest.mark.parametrize("sign", SIGNS.values(), ids=SIGNS)
def test_few_docstrings_show_a_sign_of_archaic_prose(sign):
    found = [place for place, text in docstrings() if sign.search(text)]
    assert len(found) <= MOST, "\n".join(found)


@pytest.mark.parametrize("text", ["Who is Told of a step.", "A person's word.", "What a reply means."])
def test_an_archaic_docstring_is_recognised(text):
    assert any(sign.search(text) for sign in SIGNS.values())


@pytest.mark.parametrize("text", ["Hash a password.", "Standing in for a reader.", "Whatever remains."])
def test_a_part_of_a_word_is_no_sign(text):
    assert not any(sign.search(text) for sign in SIGNS.values())
