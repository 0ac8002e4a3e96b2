"""A policy of a test's own in which forces have a first day."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from config.settings import HERE


def force_starts(monkeypatch: pytest.MonkeyPatch, folder: Path, days: Mapping[str, date]) -> Path:
    """Write the shipped policy with these first days, and let settings name it."""
    text = (HERE / "policy.yaml").read_text("utf-8")
    written = ", ".join(f'"{code}": {on}' for code, on in days.items())
    file = folder / f"policy-{len(list(folder.glob('policy-*')))}.yaml"
    file.write_text(text.replace("\nstarts: {}", f"\nstarts: {{{written}}}"), "utf-8")
    monkeypatch.setenv("CASEBEAT_POLICY", str(file))
    return file
