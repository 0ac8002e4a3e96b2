"""The settings, the files that they name, and the secrets."""

import os
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from config.days.london import london_day
from config.plain_yaml import shown
from config.policy import as_shipped
from config.settings import PREFIX, Clock, meant
from config.strict_yaml import Faults
from models.rules.arithmetic import format_day
from tasks.platform import tokens
from tasks.platform.configuration import Configuration
from tasks.rounds.doctor.check import Verdict, fail, inspection, ok, some, warn

_HIDDEN = "."  # Kubernetes keeps its own files beside the secrets, hidden
_OTHERS = 0o077
BANK_HOLIDAYS = 8  # of England and Wales in a year, at least, with the days in lieu of those on a weekend
SATURDAY = 5
AHEAD = timedelta(days=183)  # as far as duties reach


@inspection("secrets", "Every file of the secrets folder is a setting, is read, and is closed to others.")
def _secrets(_configuration: Configuration, _at: datetime) -> Iterator[Verdict]:
    folder = os.environ.get(f"{PREFIX}SECRETS_DIR")
    files = sorted(path for path in Path(folder).iterdir() if path.is_file()) if folder else []
    files = [file for file in files if not file.name.startswith(_HIDDEN)]
    if folder and not files:
        yield warn(
            f"The secrets folder {folder} is empty, so that no secret is read from it: mount what belongs "
            f"there, or correct {PREFIX}SECRETS_DIR."
        )
    given = {name.upper() for name, value in os.environ.items() if value}
    for file in files:
        near, variable = meant(file.name), f"{PREFIX}{file.name}".upper()
        if near is not None:
            instead = f" Rename it to {near}, if that is meant." if near else ""
            yield warn(f"The secrets folder's file {shown(file.name)} is no setting, and is not read.{instead}")
            continue
        if variable in given:
            yield warn(f"{variable} is set too, so that the secrets folder's file {shown(file.name)} is not read: "
                       "remove one of the two.")  # fmt: skip
        if file.stat().st_mode & _OTHERS:
            yield warn(f"The secrets folder's file {shown(file.name)} may be read by others: run chmod 600 on it.")


@inspection("files", "Policy, calendar and panels can be read, and have no fault.")
def _files(configuration: Configuration, at: datetime) -> Iterator[Verdict]:
    faulty = list(_faults(configuration, at))
    yield from (fail(str(faults)) for faults in faulty)
    if not faulty and (left := as_shipped(configuration.settings.policy)):
        yield ok(
            "Policy, calendar and panels can be read, and have no fault. As shipped, because your policy does not have "
            f"them: {some(left)}."
        )


def _faults(configuration: Configuration, at: datetime) -> Iterator[Faults]:
    """Yield the faults of each file; where each can be read, of the days in them that lie too far ahead."""
    readable = True
    for name in ("policy", "calendar", "panels"):
        try:
            getattr(configuration, name)
        except Faults as faults:
            yield faults
            readable = False
    if readable:
        try:
            configuration.read(london_day(at))
        except Faults as far:
            yield far


@inspection("bank-holidays", "The bank holidays of the next six months are known.", "files")
def _calendar(configuration: Configuration, at: datetime) -> Iterator[Verdict]:
    """Count the bank holidays of this year, and of the one in six months' time: a file may leave some out."""
    today, overrides, named = london_day(at), configuration.overrides, configuration.settings.calendar
    weekdays = Counter(day.year for day in configuration.calendar.names if day.weekday() < SATURDAY)
    for year in sorted({today.year, (today + AHEAD).year}):
        if weekdays[year] < BANK_HOLIDAYS:
            yield fail(
                f"Of the {BANK_HOLIDAYS} bank holidays of {year}, {weekdays[year]} are known: working days are counted "
                f"wrong. Correct working_days in {named}, or upgrade Casebeat with its library of holidays."
            )
    for day in (*overrides.holidays, *overrides.working_days):
        if day.weekday() >= SATURDAY:
            yield warn(f"{named} names {format_day(day)}, which changes nothing: correct the day.")


@inspection("real-days", "The days that count are real ones.")
def _clock(configuration: Configuration, _at: datetime) -> Iterator[Verdict]:
    if configuration.settings.clock is Clock.VIRTUAL:
        mark = fail if configuration.settings.mail.host else warn
        yield mark(
            "CASEBEAT_CLOCK is virtual: a round may run on a day that has not come, and no clock is doubted. It is for "
            "demo and tests; unset it where people are written to."
        )


@inspection("signing-secret", "A secret signs the keys in mails and buttons.")
def _signing(_configuration: Configuration, _at: datetime) -> Iterator[Verdict]:
    """Read the secrets that sign, without making one."""
    secret = tokens.fingerprint()
    if secret is None:
        yield warn(
            "No secret signs the keys in mails yet: the first mail makes one under the data directory. Where Casebeat "
            "runs on several machines, set CASEBEAT_SIGNING_SECRET, the same on each."
        )


CHECKS = (_secrets, _files, _calendar, _clock, _signing)
