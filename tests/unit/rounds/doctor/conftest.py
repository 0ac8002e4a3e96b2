"""One check of the doctor's by itself, with the answers that its queries would give and the settings it reads."""

from contextlib import nullcontext
from functools import partial

import pytest

from flows.configured import configured
from tasks.platform.configuration import Configuration
from tests.worlds.days import NOW


@pytest.fixture
def put(monkeypatch, tmp_path):
    """Set these settings, without their prefix; None unsets one. None is set but the data directory."""

    def given(**variables):
        for name, value in variables.items():
            if value is None:
                monkeypatch.delenv(f"CASEBEAT_{name}", raising=False)
            else:
                monkeypatch.setenv(f"CASEBEAT_{name}", str(value))

    given(HOME=tmp_path / "home")
    return given


def _part(answer, _):
    return answer() if callable(answer) else answer


@pytest.fixture
def found(put, monkeypatch):
    """Return the marks and sentences of a module's check, whose queries give these answers."""

    def of(module, name, at=NOW, **queries):
        if hasattr(module, "transaction"):
            monkeypatch.setattr(module, "transaction", nullcontext)
        for path, answer in queries.items():
            owner, _, function = path.partition("__")
            if owner == "configuration":
                monkeypatch.setattr(Configuration, function, property(partial(_part, answer)))
                continue
            place = getattr(module, owner) if function else module
            monkeypatch.setattr(place, function or owner, answer if callable(answer) else lambda *_, a=answer, **__: a)
        (check,) = [each for each in module.CHECKS if each.name == name]
        return [(one.mark.value, one.sentence) for one in check.look(configured(), at)]

    return of
