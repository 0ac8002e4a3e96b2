"""The facts of the rule on feeds: sources, their files, and the sources that the policy expects and that never came."""

import json
from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import Connection

from models.queries.intake import source_files, sources
from models.queries.intake.source_files import FileOfSource
from models.queries.obligations import organisation_facts
from models.queries.rounds import rounds
from models.rules.organisation_facts import ExpectedFact, FeedFact, FileFact
from tasks.platform.configuration import Configuration

_MISSED = "missed-sources"  # stores since when each expected source is missed that never came


def facts(
    configuration: Configuration, connection: Connection, today: date, at: datetime
) -> Iterator[FeedFact | FileFact | ExpectedFact]:
    """Yield each source that was ever loaded, each file that is due of one, and each source that is missed."""
    feeds = configuration.policy.feeds
    yield from organisation_facts.feeds(connection, feeds.stale_after)
    yield from (file for file in organisation_facts.files(connection) if feeds.is_due(file.source, file.file))
    for source, since in _missed(configuration, connection, today, at).items():
        yield ExpectedFact(source, since)


def left_out(configuration: Configuration, connection: Connection) -> list[FileOfSource]:
    """Return the files that sources leave out, and that the policy has as due: those that it names, else all."""
    feeds = configuration.policy.feeds
    return [file for file in source_files.left_out(connection) if feeds.is_due(file.source, file.file)]


def _missed(configuration: Configuration, connection: Connection, today: date, at: datetime) -> dict[str, date]:
    """Return the expected sources that never came, each with the day of the first round that missed it."""
    kept = json.loads(rounds.switch(connection, _MISSED) or "{}")
    came = sources.last_extracted(connection)
    never = [source for source in configuration.policy.feeds.places if source not in came]
    missed = {source: kept.get(source, str(today)) for source in never}
    if missed != kept:
        rounds.set_switch(connection, _MISSED, json.dumps(missed), at)
    return {source: min(date.fromisoformat(day), today) for source, day in missed.items()}
