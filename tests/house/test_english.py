"""Docstrings are plain English: few of them keep the signs of archaic prose."""

import ast
import re
import subprocess

import pytest

from tests.house.source import ROOT, SOURCE

MOST = 40
VAGUE = {"each", "found", "held", "made", "one"}  # which name nothing
MOST_VAGUE = 0.035  # of what is bound
WORN = ("ane[w]", "nough[t]", "in the eye[s] of")  # written so that they do not find themselves
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


def bound_names():
    for module in SOURCE:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.arg):
                yield node.arg
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id


def test_few_names_are_so_vague_that_they_name_nothing():
    names = list(bound_names())
    assert sum(name in VAGUE for name in names) / len(names) <= MOST_VAGUE


def test_no_text_uses_a_worn_phrase():
    search = ["git", "grep", "--no-index", "--exclude-standard", "-IinwE", "|".join(WORN)]
    searched = subprocess.run(search, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (searched.stdout, searched.stderr) == ("", "")
