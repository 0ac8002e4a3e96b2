"""Each command that lists or does something can answer with JSON, whose keys stay."""

import json

import pytest

from flows.command_line.main import COMMANDS, load
from tests.worlds.one_case import CASE, OneCase
from tests.worlds.sittings import HELD, sits

FOR_PEOPLE_ONLY = {  # a reason each
    "completion": "prints a shell's script",
    "demo": "prints pages to read",
    "health": "runs until stopped",
    "listen": "runs until stopped",
    "prefect": "becomes another program",
    "profile": "writes a file of YAML",
    "serve": "runs until stopped",
}
TUESDAY = "Tue 17 Mar 2026"


@pytest.fixture
def book(database, run_cli, monkeypatch):
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    made = OneCase(database, run_cli)
    sits(made, TUESDAY)
    made.round(TUESDAY)
    return made


def has_json(command):
    return "--json" in {opt for each in command.params for opt in each.opts}


def test_every_command_has_json_but_for_a_reason():
    found = {name: load(name) for name in COMMANDS}
    flat = {name: list(getattr(one, "commands", {"": one}).values()) for name, one in found.items()}
    without = {name for name, each in flat.items() if not all(map(has_json, each))}
    assert without == FOR_PEOPLE_ONLY.keys()


def parts(book, *typed):
    ran = book.cli(*typed, "--as-of", "2026-03-17", "--json")
    assert (ran.code, ran.err) == (0, "")
    made = json.loads(ran.out)
    assert made.pop("sentence").endswith(".")
    return made


def test_what_people_do_is_one_object(book):
    case = {"force_code": "45", "case_ref": "45/1234"}
    promise = ("acknowledge", CASE, "action", "--by", "P1")
    assert parts(book, *promise, "--until", "2026-03-20", "--reason", "a witness is abroad") == {
        **case, "rule": "action", "subject": "action:A1", "by": "P1", "due_on": "2026-03-16", "until_on": "2026-03-20",
        "renewals": 0, "hard": False,
    }  # fmt: skip
    back = {**case, "rule": "action", "by": "P1", "withdrawn_until": "2026-03-20"}
    assert parts(book, *promise, "--withdraw") == back
    done = ("complete-action", CASE, "A1", "--by", "P1")
    made = parts(book, *done)
    assert {**case, "action_ref": "A1", "by": "P1", "on": "2026-03-17"}.items() <= made.items()
    assert {**case, "action_ref": "A1", "by": "P1"}.items() <= parts(book, *done, "--undo").items()
    held = parts(book, "record-review", "45-south-east-2026-03-17", CASE, "--by", "SP1", *HELD)
    sat = {"sitting_ref": "45-south-east-2026-03-17", **case, "by": "SP1", "day": "2026-03-17", "actions": []}
    assert held == {**sat, "new": True, "counts": True}


def test_a_round_is_one_object_with_its_state(book):
    ran = book.cli("run", "--as-of", "2026-03-18", "--json")
    made = json.loads(ran.out)
    assert ran.code == (made["state"] != "Completed")
    assert list(made) == ["day", "state", "forces", "delivered", "trouble"]
    assert made["day"] == "2026-03-18"
    (force,) = made["forces"]
    assert {"force_code": "45", "failed": 0, "failure": None}.items() <= force.items()
    assert force["to_project"] == force["evaluated"] + force["unchanged"]
