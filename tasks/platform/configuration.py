"""The policy, the calendar and the panels that this process works with, read once from the files the settings name."""

from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path

from config.duration import Duration
from config.overrides import load_overrides
from config.panels import Panels, load_panels
from config.policy import Policy, fingerprint, load_policy
from config.settings import settings
from models.rules.calendar import WorkingCalendar
from models.rules.obligations.sitting_pause import Convened


def policy() -> Policy:
    """The policy of the settings' file."""
    return _policy(settings().policy)


def calendar() -> WorkingCalendar:
    """The working days of England and Wales, with the settings' overrides."""
    return _calendar(settings().calendar)


def outcome_within(force_code: str | None) -> Duration:
    """How long after a sitting what came of it is to be recorded: the number of the rule `outcome-unrecorded`."""
    return policy().for_force(force_code).outcome_unrecorded.within


def convened(sits_on: date | None, force_code: str | None) -> Convened | None:
    """A case's sitting as its joint review's ladder looks at it."""
    return Convened(sits_on, calendar().plus(sits_on, outcome_within(force_code))) if sits_on else None


def panels() -> Panels:
    """The panels of the settings' file."""
    return _panels(settings().panels)


def read_files() -> None:
    """Read policy, calendar and panels. Raises `Faults` with every fault of the first that has one."""
    numbers_in_force()
    panels()


def numbers_in_force() -> str:
    """A digest that changes when any number or day changes on which a projection depends."""
    return _digest(settings().policy, settings().calendar)


@cache
def _digest(policy_path: Path, calendar_path: Path) -> str:
    text = f"{fingerprint(_policy(policy_path))}|{_calendar(calendar_path).fingerprint}"
    return sha256(text.encode()).hexdigest()


@cache
def _policy(path: Path) -> Policy:
    return load_policy(path)


@cache
def _calendar(path: Path) -> WorkingCalendar:
    overrides = load_overrides(path)
    return WorkingCalendar(overrides.holidays, overrides.working_days)


@cache
def _panels(path: Path) -> Panels:
    return load_panels(path)
