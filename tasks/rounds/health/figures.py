"""The installation's figures at a moment: what `casebeat status` knows, and the counts and moments beside it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from config.days.london import london_day
from models.queries.rounds import assurance, backups, unseen
from models.queries.rounds import figures as queries
from models.queries.rounds.figures import FeedFigures, OpenCases, RoundFigures
from models.queries.rounds.unseen import WaitingCases
from tasks.outbox import standstill
from tasks.platform.configuration import Configuration
from tasks.rounds.assurance import kept_audit
from tasks.rounds.assurance.kept_audit import KeptAudit
from tasks.rounds.status import installation
from tasks.rounds.status.installation import Status
from tasks.servers.database import transaction

LONGEST = 8  # seconds for one statement: whoever asks waits for ten
SENT_WITHIN = timedelta(days=1)
_WRITTEN_WITHIN = timedelta(days=7)  # before a message leaves


class HealthFigures(NamedTuple):
    """Counts and moments for monitoring: force codes, sources and channels, and no case and no person."""

    status: Status
    cases: tuple[OpenCases, ...]
    unseen: Mapping[str, WaitingCases]  # by force code
    rounds: tuple[RoundFigures, ...]
    whole_rounds: Mapping[str, datetime]  # when the last one ended well, by force code
    begins_in: Mapping[str, int]  # days until the first letter, of the forces that wait for it
    feeds: tuple[FeedFigures, ...]
    sent: Mapping[str, int]  # messages of the last day, by channel
    waiting_since: datetime | None  # of the oldest message that may leave now
    audit: KeptAudit | None
    backs_up: bool  # and not elsewhere, by other means
    in_use_since: datetime | None  # from then on there is something to lose


def look(configuration: Configuration, at: datetime) -> HealthFigures:
    """Return the figures at a moment. Raises as any reading of the database or of a wrong policy does."""
    today = london_day(at)
    with transaction() as connection:
        assurance.read_only(connection)
        queries.briefly(connection, LONGEST)
        return HealthFigures(
            installation.seen(configuration, connection, at),
            tuple(queries.open_cases(connection)),
            unseen.unseen(connection),
            tuple(queries.last_accounts(connection)),
            queries.whole_rounds(connection),
            {code: (day - today).days for code, day in configuration.policy.starts.items() if day > today},
            tuple(queries.feeds(connection)),
            queries.sent(connection, at - SENT_WITHIN, today - _WRITTEN_WITHIN),
            standstill.waiting(configuration, connection, at).since,
            kept_audit.read(connection),
            not configuration.settings.backup.elsewhere,
            backups.in_use_since(connection),
        )
