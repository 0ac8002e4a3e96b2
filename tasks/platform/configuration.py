"""The policy, calendar and panels of this process, read once from the files that the settings name."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path

from config.days.duration import Duration
from config.days.overrides import CalendarOverrides, load_overrides
from config.panels import Panels, load_panels
from config.policy import Policy, fingerprint, load_policy
from config.settings import Settings, settings
from models.rules.calendar import WorkingCalendar
from models.rules.obligations import first_day
from models.rules.obligations.sitting_pause import ConvenedDays


@contextmanager
def other_files(policy_path: Path, panels_path: Path) -> Iterator[None]:
    """Take policy and panels from these files instead of the settings', inside the block."""
    _instead.append(settings().model_copy(update={"policy": policy_path, "panels": panels_path}))
    try:
        yield
    finally:
        _instead.pop()


def policy() -> Policy:
    """Return the policy from the file that the settings name."""
    return _policy(_files().policy)


def calendar() -> WorkingCalendar:
    """Return the working days of England and Wales, with the overrides from the settings' file."""
    return _calendar(settings().calendar)


def overrides() -> CalendarOverrides:
    """Return the days that the settings' file adds to the bank holidays or takes from them."""
    return _overrides(settings().calendar)


def outcome_within(force_code: str | None) -> Duration:
    """Return how long after a sitting its outcome may be recorded; the policy sets it under `outcome-unrecorded`."""
    return policy().for_force(force_code).outcome_unrecorded.within


def convened(sits_on: date | None, force_code: str | None) -> ConvenedDays | None:
    """Return a case's sitting as the joint review's ladder reads it, or None without a sitting."""
    return ConvenedDays(sits_on, calendar().plus(sits_on, outcome_within(force_code))) if sits_on else None


def waiting(today: date) -> frozenset[str]:
    """Return the forces whose first day is still to come: nobody there is written to, and no meeting is arranged."""
    return first_day.waiting(policy(), today)


def panels() -> Panels:
    """Return the panels from the file that the settings name."""
    return _panels(_files().panels)


def read_files() -> None:
    """Read policy, calendar and panels. Raises `Faults` with every fault of the first faulty file."""
    numbers_in_force()
    panels()


def numbers_in_force() -> str:
    """Return a digest of every number and day that a projection depends on."""
    return _digest(_files().policy, settings().calendar)


_instead: list[Settings] = []  # one at most: that of a rehearsal


def _files() -> Settings:
    return _instead[-1] if _instead else settings()


@cache
def _digest(policy_path: Path, calendar_path: Path) -> str:
    text = f"{fingerprint(_policy(policy_path))}|{_calendar(calendar_path).fingerprint}"
    return sha256(text.encode()).hexdigest()


@cache
def _policy(path: Path) -> Policy:
    return load_policy(path)


@cache
def _overrides(path: Path) -> CalendarOverrides:
    return load_overrides(path)


@cache
def _calendar(path: Path) -> WorkingCalendar:
    calendar_overrides = _overrides(path)
    return WorkingCalendar(calendar_overrides.holidays, calendar_overrides.working_days)


@cache
def _panels(path: Path) -> Panels:
    return load_panels(path)
