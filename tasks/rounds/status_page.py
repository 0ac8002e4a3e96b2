"""A status as people read it: in the Prefect UI, and on a terminal."""

from config.london import london_day
from config.settings import settings
from tasks.platform import templates
from tasks.rounds.status import Status
from tasks.rounds.status_matters import Matters, matters


def judged(found: Status) -> Matters:
    """Judge a status by this installation's settings."""
    return matters(found, mailed=settings().mail.host is not None)


def page(found: Status) -> str:
    """Render a status as Markdown: counts, codes and references only."""
    return templates.note("status.md", _values(found))


def printed(found: Status) -> str:
    """Render a status for a terminal."""
    return templates.command_output("status", _values(found))


def _values(found: Status) -> dict[str, object]:
    seen = judged(found)
    return {
        **found._asdict(),
        "day": london_day(found.at),
        "headline": seen.headline,
        "wrong": seen.wrong,
        "waiting": seen.waiting,
        "heartbeat": settings().heartbeat.url is not None,
    }
