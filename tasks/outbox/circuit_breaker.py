"""Pause a carrier that is down, longer each time, until its first success; report it once, by another carrier."""

from datetime import datetime, timedelta

from config.message_kinds import MessageKind
from config.routes import Route
from config.settings import Settings
from models.queries.outbox import circuit_breakers, digests
from models.queries.outbox.circuit_breakers import Pause
from models.rules.outbox.message_states import wait_seconds
from models.rules.rounds.telling import Finding
from tasks.carriers.carrier import Down, Refusing
from tasks.outbox.sending import Worker
from tasks.platform import faults, text, told

LONGEST_SECONDS = 900
_AGAIN = timedelta(hours=4)  # a carrier that comes and goes is told of once in so long


def paused(worker: Worker, channel: str) -> Pause | None:
    """Find why a carrier is paused, if it is. While it rests it counts as down."""
    with worker.database.begin() as connection:
        pause = circuit_breakers.pause(connection, channel)
    if pause and pause.rests(worker.as_of):
        worker.delivered.down[channel] = f"{pause.why}; it is tried again from {text.moment(pause.until)}"
    return pause


def opened(worker: Worker, channel: str, down: Down) -> None:
    """Record that a carrier is down. Whoever finds it first reports it to operations by every other carrier."""
    why = str(down)
    worker.delivered.down[channel] = why
    with worker.database.begin() as connection:
        pause = circuit_breakers.pause(connection, channel)
        if pause is None:
            first = _made(channel, down, worker.as_of, worker.as_of, tries=1)
            lately = circuit_breakers.told_since(connection, channel, worker.as_of - _AGAIN)
            if circuit_breakers.begin(connection, first) and not lately:
                others = [route for route in to_operations(worker.configuration.settings) if route.channel != channel]
                name = worker.configuration.settings.route(channel).name
                notice = faults.note(
                    worker.configuration.settings, "blocked", {"name": name, "why": why, "since": worker.as_of}
                )
                key = f"paused:{channel}:{worker.as_of.isoformat()}"
                if digests.operations(connection, key, worker.today.date(), notice, worker.as_of, others):
                    told.add(connection, [Finding(f"blocked:{channel}", f"{name}: {why}")], worker.as_of)
        elif pause.until <= worker.as_of:
            circuit_breakers.prolong(connection, _made(channel, down, pause.since, worker.as_of, tries=pause.tries + 1))


def closed(worker: Worker, channel: str) -> None:
    """Record that a carrier works."""
    with worker.database.begin() as connection:
        circuit_breakers.end(connection, channel)


def to_operations(settings: Settings) -> list[Route]:
    """List the routes by which operations are written to."""
    return [route for route in settings.routes_of(MessageKind.OPERATIONS) if route.operations]


def _made(channel: str, down: Down, since: datetime, at: datetime, *, tries: int) -> Pause:
    wait = max(down.wait, min(LONGEST_SECONDS, wait_seconds(tries)))
    refusing = isinstance(down, Refusing)
    return Pause(channel, str(down), since, at, at + timedelta(seconds=wait), tries, refusing)
