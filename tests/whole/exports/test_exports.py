"""Exports of records systems, made by people who knew such systems and had not read this one: what is told of each.

Each has its profile, written from docs/adopting.md alone, and the facts that were put into it. They are adopted on the
command line, night after night, and read in letters, lists and answers.
"""

import json
import os
import shutil
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from sqlalchemy import text

from config.settings import settings
from tasks.servers import database as way
from tests.support.casebeat import run_cli
from tests.support.prepared import prepare

HERE = Path(__file__).parent
NIGHTS = {"first": "2026-12-02", "corrected": "2026-12-02", "next": "2026-12-03"}
FACTS = {path.parent.name: yaml.safe_load(path.read_text("utf-8")) for path in sorted(HERE.glob("*/facts.yaml"))}
EACH = [
    pytest.param(export, night, fact, id=f"{export}-{night}-{fact['case'].replace('/', '.')}-{fact['fact'][:50]}")
    for export, nights in FACTS.items()
    for night, facts in nights.items()
    for fact in facts
]
pytestmark = pytest.mark.timeout(600)


class Night(NamedTuple):
    """What a night left to be read."""

    tried: str  # what `intake --check` and `intake` printed
    owed: list[dict[str, Any]]
    letters: dict[str, str]  # of the night, by the reference of their reader, with their lists
    explained: dict[str, str]
    held: dict[str, str]  # what `access` writes for the suspect of a case of which a fact asks for it
    coverage: str
    status: str


def told(*words: str) -> str:
    ran = run_cli(*words)
    return " ".join((ran.out + ran.err).split())


def adopted(export: str, night: str, home: Path) -> Night:
    """Load an export as its sources send it, work the day's round, and read everything."""
    day, drop = NIGHTS[night], home / "drop"
    shutil.copytree(HERE / export / night, drop, copy_function=shutil.copyfile, dirs_exist_ok=True)  # changed now
    sources = [str(drop / path.name) for path in sorted((HERE / export / night).iterdir())]
    tried = " ".join(told("intake", "--check", source) for source in sources)
    before = set(_mails())
    loaded = run_cli("intake", "--now", *sources)
    assert loaded.code < 2, loaded.out + loaded.err
    run_cli("run", "--as-of", day)
    owed = [json.loads(line) for line in run_cli("obligations", "--json", "--as-of", day).out.splitlines()]
    asked = partial(_asked, FACTS[export][night])
    explained = {case: told("explain", case, "--as-of", day) for case in asked("explain", "in the book")}
    held = {case: _held(case, home / f"{night}-{case.replace('/', '.')}.json") for case in asked("held")}
    letters = _read(set(_mails()) - before)
    return Night(tried + loaded.out, owed, letters, explained, held, told("coverage"), told("status"))


def _asked(facts: list[dict[str, Any]], *kinds: str) -> set[str]:
    """Return the cases of which a check asks for this, or for its absence."""
    return {fact["case"] for fact in facts for check in fact["checks"] if check["kind"].endswith(kinds)}


def _held(case: str, file: Path) -> str:
    run_cli("access", case, "--as", "suspect", "--to", str(file))
    return " ".join(file.read_text("utf-8").split())


def _mails() -> list[Path]:
    return [path for path in (settings().home / "mail").rglob("*") if path.is_file()]


def _read(mails: set[Path]) -> dict[str, str]:
    with way.engine().connect() as connection:
        readers = dict(connection.execute(text("select lower(email), contact_ref from contacts")).all())
    letters: dict[str, str] = {}
    for path in sorted(mails):
        mail = message_from_bytes(path.read_bytes(), policy=default)
        texts = [part.get_content() for part in mail.walk() if part.get_content_type() in {"text/plain", "text/csv"}]
        to = readers.get(mail["To"].addresses[0].addr_spec.lower(), "operations")
        letters[to] = " ".join([letters.get(to, ""), *" ".join(texts).split()])
    return letters


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Night]:
    """What each export's nights left, each export in an installation of its own."""
    found = {}
    for export, nights in FACTS.items():
        home, sources = tmp_path_factory.mktemp(export), tmp_path_factory.mktemp("sources")
        for profile in (HERE / export).glob("*.yaml"):
            shutil.copyfile(profile, sources / profile.name)
        (sources / "facts.yaml").unlink()
        prepare(home)
        with pytest.MonkeyPatch.context() as patch:
            for name in [name for name in os.environ if name.startswith("CASEBEAT_")]:
                patch.delenv(name)
            patch.setenv("CASEBEAT_HOME", str(home))
            patch.setenv("CASEBEAT_SOURCES", str(sources))
            patch.setenv("CASEBEAT_CLOCK", "virtual")
            found |= {(export, night): adopted(export, night, home) for night in nights}
            way.close()
            run_cli("stop")
    return found


def owes(night: Night, case: str, rule: str, **said: str | bool) -> bool:
    """Return whether a case owes something by a rule, with these values."""
    rows = [row for row in night.owed if (f"{row['force_code']}/{row['case_ref']}", row["rule"]) == (case, rule)]
    return any(said.items() <= row.items() for row in rows)


HOLDS: dict[str, Callable[..., bool]] = {
    "owed": owes,
    "not owed": lambda night, case, rule, **said: not owes(night, case, rule, **said),
    "letter": lambda night, _, to, words: words in night.letters.get(to, ""),
    "not in letter": lambda night, _, to, words: words not in night.letters.get(to, ""),
    "no letter": lambda night, _, to: to not in night.letters,
    "explain": lambda night, case, words: words in night.explained[case],
    "not in explain": lambda night, case, words: words not in night.explained[case],
    "not in the book": lambda night, case: "There is no case" in night.explained[case],
    "warning": lambda night, _, words: words in night.tried,
    "no warning": lambda night, _, words: words not in night.tried,
    "held": lambda night, case, words: words in night.held[case],
    "not held": lambda night, case, words: words not in night.held[case],
    "unseen": lambda night, _, rule: f"cannot be seen {rule} " in night.coverage,
    "open": lambda night, case: case in {f"{row['force_code']}/{row['case_ref']}" for row in night.owed},
    "status": lambda night, _, words: words in night.status,
}


@pytest.mark.parametrize(("export", "night", "fact"), EACH)
def test_a_fact_is_told_or_rightly_not_told(
    lived: dict[tuple[str, str], Night], export: str, night: str, fact: dict[str, Any]
) -> None:
    left = lived[export, night]
    for check in fact["checks"]:
        said = {name: value for name, value in check.items() if name != "kind"}
        assert HOLDS[check["kind"]](left, fact["case"], **said), check
