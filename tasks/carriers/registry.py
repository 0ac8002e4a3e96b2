"""The registry of carriers: every channel's carrier, and what it queues when messages are grouped."""

from collections.abc import Callable
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from config.routes import Channel
from config.settings import Settings
from tasks.carriers.carrier import Carrier
from tasks.carriers.mail import carrier as mail
from tasks.carriers.slack import carrier as slack
from tasks.carriers.slack import threads
from tasks.carriers.teams import carrier as teams
from tasks.platform.configuration import Configuration


class Registered(NamedTuple):
    """How one channel's carrier is built, and what it queues of its own beside people's messages, if anything."""

    build: Callable[[Configuration, Engine, datetime], Carrier]
    queue: Callable[[Connection, Settings, date, datetime], None] | None = None


CARRIERS: dict[str, Registered] = {
    Channel.EMAIL: Registered(mail.build),
    Channel.SLACK: Registered(slack.build, threads.queue),
    Channel.TEAMS: Registered(teams.build, teams.queue),
}


def build(configuration: Configuration, database: Engine, as_of: datetime) -> dict[str, Carrier]:
    """Build the carriers that are set up, by channel, in the order of the settings' routes."""
    return {
        route.channel: CARRIERS[route.channel].build(configuration, database, as_of)
        for route in configuration.settings.routes
        if route.on
    }


def queue(connection: Connection, settings: Settings, today: date, due_at: datetime) -> None:
    """Queue what carriers send of their own beside people's messages."""
    for route in settings.routes:
        registered = CARRIERS[route.channel]
        if route.on and registered.queue is not None:
            registered.queue(connection, settings, today, due_at)
