"""Custody time limits of CPS cases that no police source has sent: operations alone can hear of them."""

from datetime import date, timedelta

from sqlalchemy import Connection

from models.queries.intake import waiting_cases
from models.queries.intake.waiting_cases import WaitingLimit
from tasks.platform.configuration import Configuration

_LONG_AGO = timedelta(days=28)  # as in letters


def waiting_limits(configuration: Configuration, connection: Connection, today: date) -> list[WaitingLimit]:
    """Return those that passed in the last 28 days, or end within the days in which a known case's is owed."""
    ahead = today - configuration.calendar.plus(today, configuration.policy.rules.custody_limit.remind)
    return waiting_cases.limits(connection, today - _LONG_AGO, today, today + ahead)
