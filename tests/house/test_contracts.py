"""Imports go downward only, and no dependency shadows one of our packages."""

import os
import sys
from graphlib import TopologicalSorter
from importlib.metadata import distributions

import grimp
from importlinter.cli import lint_imports

from tests.house.source import LAYERS, ROOT

OURS = {*LAYERS, "tests", "benchmarks"}


def test_every_import_contract_is_kept(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(sys, "path", [str(ROOT), *sys.path])
    assert lint_imports(no_cache=True) == os.EX_OK, capsys.readouterr().out


def test_no_modules_import_each_other_in_a_circle():
    graph = grimp.build_graph(*LAYERS, cache_dir=None)
    TopologicalSorter({module: graph.find_modules_directly_imported_by(module) for module in graph.modules}).prepare()


def _top_level(distribution):
    for file in distribution.files or ():
        first = file.parts[0]
        if first.endswith(".py"):
            yield first.removesuffix(".py")
        elif len(file.parts) > 1:
            yield first


def test_no_dependency_installs_a_package_named_as_one_of_ours():
    installed = [d for d in distributions() if d.name != "casebeat"]
    assert {d.name: sorted(OURS & set(_top_level(d))) for d in installed if OURS & set(_top_level(d))} == {}
