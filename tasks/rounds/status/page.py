"""A status as people read it: in the Prefect UI, and on a terminal. Counts, codes and references only."""

from config.days.london import london_day
from tasks.platform import templates
from tasks.rounds.status.installation import Status
from tasks.rounds.status.matters import matters


def page(status: Status) -> str:
    """Render a status as Markdown."""
    return templates.note("status.md", _values(status))


def printed(status: Status) -> str:
    """Render a status for a terminal."""
    return templates.command_output("status", _values(status))


def _values(status: Status) -> dict[str, object]:
    seen = matters(status)
    rows = (status.whole, *status.forces)
    return {**status._asdict(), **seen._asdict(), "headline": seen.headline, "day": london_day(status.at), "rows": rows}
