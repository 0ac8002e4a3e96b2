"""An installation that is examined, with the means to plant faults in it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from flows.clock import moment
from flows.configured import configured
from tasks.rounds.doctor import examination

NOBODY = 65534


@dataclass
class Installation:
    """The settings of one test, and the doctor's words about them."""

    cli: Callable[..., Any]
    monkeypatch: pytest.MonkeyPatch
    folder: Path

    def set(self, **variables: object) -> None:
        """Set these variables, without their prefix; None unsets one."""
        for name, value in variables.items():
            if value is None:
                self.monkeypatch.delenv(f"CASEBEAT_{name}", raising=False)
            else:
                self.monkeypatch.setenv(f"CASEBEAT_{name}", str(value))

    def file(self, variable: str, text: str) -> Path:
        """Write a file that a variable names from now on."""
        path = self.folder / f"{variable.lower()}{len(list(self.folder.iterdir()))}.yaml"
        path.write_text(text)
        self.set(**{variable: path})
        return path

    def examined(self) -> dict[str, list[tuple[str, str]]]:
        """Every check's marks and sentences, by its name."""
        ran = self.cli("doctor", "--json")
        assert ran.code in {0, 1}, ran.err
        found: dict[str, list[tuple[str, str]]] = {}
        for one in map(json.loads, ran.out.splitlines()):
            found.setdefault(one["check"], []).append((one["mark"], one["sentence"]))
        return found

    def told(self, check: str) -> list[tuple[str, str]]:
        """One check's marks and sentences, of the whole examination."""
        return self.examined()[check]

    def alone(self, check: str) -> list[tuple[str, str]]:
        """The same of one check that is made without the others."""
        (found,) = [each for checks in examination.GROUPS.values() for each in checks if each.name == check]
        return [(one.mark.value, one.sentence) for one in examination.verdicts(configured(), found, moment())]

    def finds(self, check: str, mark: str, *words: str) -> None:
        """See that the check warns or fails with one sentence of these words, which tells what to do."""
        found = [sentence for known, sentence in self.told(check) if known == mark]
        assert any(all(word in sentence for word in words) for sentence in found), self.told(check)

    def is_well(self, check: str) -> None:
        """See that the check has nothing to tell but what is right."""
        assert [mark for mark, _ in self.told(check)] == ["ok"], self.told(check)
