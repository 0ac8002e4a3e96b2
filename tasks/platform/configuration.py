"""What a door reads and hands down: the settings, and the policy, calendar and panels that they name, as one value."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Self, TypeVar

from config import far_days
from config.days.duration import Duration
from config.days.overrides import CalendarOverrides, load_overrides
from config.panels import Panels, load_panels
from config.policy import Policy, fingerprint, load_policy
from config.presumption import Presumption
from config.settings import Settings
from config.terms import Classification
from models.rules.calendar import WorkingCalendar
from models.rules.obligations import first_day
from models.rules.obligations.sitting_pause import ConvenedDays

T = TypeVar("T")


@dataclass(frozen=True)
class Configuration:
    """The settings of a round, a command or a form, and the files that they name.

    Each file is read when it is first looked at, so that a fault in one stops only what needs it: everything that reads
    one raises `Faults` with every fault of it. `read` looks at all of them.
    """

    settings: Settings

    @cached_property
    def policy(self) -> Policy:
        """The rules' numbers, ladders, promises and caps."""
        return _read(load_policy, self.settings.policy)

    @cached_property
    def overrides(self) -> CalendarOverrides:
        """The days that are added to the bank holidays or taken from them."""
        return _read(load_overrides, self.settings.calendar)

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """The working days of England and Wales, with the overrides."""
        return _working_days(self.overrides.holidays, self.overrides.working_days)

    @cached_property
    def panels(self) -> Panels:
        """The panels and their SPOCs."""
        return _read(load_panels, self.settings.panels)

    @cached_property
    def digest(self) -> str:
        """A digest of every number and day that a projection depends on."""
        return sha256(f"{fingerprint(self.policy)}|{self.calendar.fingerprint}".encode()).hexdigest()

    def read(self, today: date) -> None:
        """Read every file. Raises `Faults` with every fault of the first faulty one.

        A day that lies too far ahead of today is a fault too: until then a force, a rule or a panel would be silent.
        """
        _ = self.digest
        far_days.refuse((self.settings.policy, self.policy), (self.settings.panels, self.panels), today)

    def with_files(self, policy: Path, panels: Path) -> Self:
        """Return these settings with another policy and other panels."""
        return type(self)(self.settings.model_copy(update={"policy": policy, "panels": panels}))

    def outcome_within(self, force_code: str | None) -> Duration:
        """Return how long after a sitting its outcome may be recorded: the policy's `outcome-unrecorded`."""
        return self.policy.for_force(force_code).outcome_unrecorded.within

    def presumes(self, force_code: str | None, recorded: str | None) -> bool:
        """Return whether a force's cases of a classification are watched as stalking until somebody says why not."""
        if force_code is None or self.policy.presumed_for(force_code) is Presumption.OFF:
            return False
        return not (recorded == Classification.HARASSMENT and force_code in self.policy.harassment_in)

    def convened(self, sits_on: date | None, force_code: str | None) -> ConvenedDays | None:
        """Return a case's sitting as the joint review's ladder reads it, or None without a sitting."""
        if sits_on is None:
            return None
        return ConvenedDays(sits_on, self.calendar.plus(sits_on, self.outcome_within(force_code)))

    def waiting(self, today: date) -> frozenset[str]:
        """Return the forces whose first day is still to come: nobody is written to, and no meeting is arranged."""
        return first_day.waiting(self.policy, today)


def _read(load: Callable[[Path], T], path: Path) -> T:
    """Return what a file holds; a file that is as it was is parsed once."""
    try:
        at = path.stat()
    except (OSError, ValueError):
        return load(path)  # which says why it cannot be read
    parsed: T = _parsed(load, path, (at.st_ino, at.st_mtime_ns, at.st_size))
    return parsed


@lru_cache(maxsize=16)
def _parsed(load: Callable[[Path], T], path: Path, version: tuple[int, int, int]) -> T:
    del version
    return load(path)


@lru_cache(maxsize=4)
def _working_days(holidays: tuple[date, ...], working_days: tuple[date, ...]) -> WorkingCalendar:
    return WorkingCalendar(holidays, working_days)
