"""An installation that is examined: faults are planted in its environment, files and tables, and mended again."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.post import free_port
from tests.worlds.installation import Installation
from tests.worlds.one_case import OneCase


@pytest.fixture
def anyones() -> Iterator[Path]:
    """A folder that every user may enter: pytest closes its own to others."""
    with tempfile.TemporaryDirectory(prefix="casebeat-doctor-") as made:
        Path(made).chmod(0o755)
        yield Path(made)


@pytest.fixture
def at(database: Any, run_cli: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Installation:
    """An installation without a book, whose Prefect server is not started."""
    made = Installation(run_cli, monkeypatch, tmp_path)
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    made.set(SERVER__PORT=free_port())
    return made


@pytest.fixture
def book(at: Installation, database: Any, run_cli: Any) -> OneCase:
    """Its book: one case of March, with the people whom it concerns."""
    return OneCase(database, run_cli)
