"""A clock that shows the book's day to every process of an installation: the real time, moved by what a file says.

Casebeat's processes read it where they would read the machine's. Prefect keeps the real time, and so does what Casebeat
asks of Prefect. The file is read at each look, so that a test moves the clock of processes that run.
"""

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).parents[2]
VARIABLE = "BOOK_CLOCK"  # the file's path
STARTS = "from tests.faults import book_clock; book_clock.install()"


class BookClock:
    """The clock as a test sets it, and the variables by which the processes that it starts read it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "clock"
        self.folder.mkdir()
        self.folder.chmod(0o755)
        (self.folder / "sitecustomize.py").write_text(STARTS)
        self.file = self.folder / "seconds"
        self.file.write_text("0")

    @property
    def variables(self) -> dict[str, str]:
        return {VARIABLE: str(self.file), "PYTHONPATH": f"{self.folder}:{ROOT}"}

    def show(self, at: datetime) -> None:
        """Let the clock show this moment from now on."""
        written = self.file.with_suffix(".new")
        written.write_text(str((at - datetime.now(UTC)).total_seconds()))
        written.replace(self.file)

    def read(self) -> datetime:
        return _moved(self.file)


def install() -> None:
    """Let this process read the clock, if its environment names one."""
    if VARIABLE in os.environ:
        sys.meta_path.insert(0, _Changes())


class _InPlaceOfPendulum:
    @staticmethod
    def now(_: str) -> datetime:
        return _moved(Path(os.environ[VARIABLE]))


def _moved(file: Path) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=float(file.read_text()))


def _read_the_file(clock: ModuleType) -> None:
    vars(clock)["pendulum"] = _InPlaceOfPendulum


def _keep_real_time(name: str) -> Callable[[ModuleType], None]:
    """Change a function that asks Prefect for its runs: its second argument is the moment."""

    def change(module: ModuleType) -> None:
        asks = getattr(module, name)
        setattr(module, name, lambda api, _, **more: asks(api, datetime.now(UTC), **more))

    return change


CHANGES = {
    "flows.clock": _read_the_file,
    "tasks.rounds.assurance.zombies": _keep_real_time("end_zombies"),
    "tasks.rounds.assurance.prefect_state": _keep_real_time("look"),
}


class _Changed(Loader):
    """Imports a module, and changes it."""

    def __init__(self, loader: Loader, change: Callable[[ModuleType], None]) -> None:
        self.loader, self.change = loader, change

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self.loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self.loader.exec_module(module)
        self.change(module)


class _Changes(MetaPathFinder):
    """Changes each of these modules once it has been imported."""

    def find_spec(self, name: str, path: Any = None, _: Any = None) -> ModuleSpec | None:
        change, spec = CHANGES.get(name), PathFinder.find_spec(name, path) if name in CHANGES else None
        if change and spec and spec.loader:
            spec.loader = _Changed(spec.loader, change)
        return spec
