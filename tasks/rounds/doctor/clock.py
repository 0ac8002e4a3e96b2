"""The clock, against those of the database and of the sources, and against the rounds that ran."""

from collections.abc import Iterator
from datetime import datetime

from config.days.london import london_day
from config.settings import Clock
from models.queries.intake import clocks
from models.queries.rounds import rounds
from models.rules.arithmetic import format_day
from tasks.platform.configuration import Configuration
from tasks.rounds import clock_checks
from tasks.rounds.doctor.check import Verdict, fail, inspection, ok
from tasks.servers.database import transaction


@inspection("clock", "The clock agrees with the database's, and is not behind any extract.", "database", "files")
def _clocks(configuration: Configuration, at: datetime) -> Iterator[Verdict]:
    if configuration.settings.clock is Clock.VIRTUAL:
        yield ok("A virtual clock is compared with no other.")
        return
    doubt = clock_checks.doubt(configuration, at)
    if doubt is not None:
        yield fail(f"{doubt}. Until then no round begins.")
        return
    with transaction() as connection:
        elsewhere = clocks.of_database(connection).elsewhere
    if not elsewhere:
        yield ok(
            "The clock is not behind any extract. The database is on this machine, so that there is no second clock to "
            "compare it with: keep it by NTP (timedatectl)."
        )


@inspection("future-rounds", "No round ran on a day that has not come.", "database")
def _last_day(configuration: Configuration, at: datetime) -> Iterator[Verdict]:
    with transaction() as connection:
        last = rounds.last(connection, None)
    if last is not None and last.day > london_day(at) and configuration.settings.clock is Clock.REAL:
        yield fail(
            f"Force {last.force_code}'s last round was on {format_day(last.day)}, which has not come: no round begins "
            "before it. See first whether this machine's clock is behind (timedatectl), and then set it right; "
            "if it is not, casebeat undo-rounds takes the round back."
        )


CHECKS = (_clocks, _last_day)
