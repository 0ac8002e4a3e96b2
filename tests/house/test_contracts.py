"""Imports go downward only, and no dependency shadows one of our packages."""

import os
import sys
import tomllib
from importlib.metadata import distributions

import yaml
from importlinter.cli import lint_imports

from tests.house.source import LAYERS, ROOT

OURS = {*LAYERS, "tests", "benchmarks"}


def test_every_import_contract_is_kept(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(sys, "path", [str(ROOT), *sys.path])
    assert lint_imports(no_cache=True) == os.EX_OK, capsys.readouterr().out


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


def test_every_deployed_duty_is_held_apart_from_the_others():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    apart = {module for contract in contracts if contract["type"] == "independence" for module in contract["modules"]}
    deployments = yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))["deployments"]
    deployed = {deployment["name"].replace("-", "_") for deployment in deployments}
    duties = {name for name in deployed if (ROOT / f"tasks/{name}.py").exists() or (ROOT / f"tasks/{name}").exists()}
    assert {f"tasks.{name}" for name in duties} <= apart
