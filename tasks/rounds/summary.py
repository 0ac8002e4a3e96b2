"""The account of a round: stored, and shown on the round's page."""

from datetime import date, datetime, timedelta
from typing import Any

from config.days.london import at_london
from models.queries.rounds import rounds
from models.queries.rounds import summary as queries
from models.queries.rounds.rounds import RoundAfter
from tasks.obligations import coverage
from tasks.obligations.projection import ProjectionAccount
from tasks.platform import templates
from tasks.platform.configuration import Configuration
from tasks.rounds.expected import feed_states
from tasks.rounds.verdict import ForceLine, RoundContent, verdict
from tasks.servers.database import transaction

_STEPS = ("chased", "escalated", "said", "passed_over")  # of a force's line, beside its account


def keep_force(round_id: int | None, line: ForceLine, today: date, at: datetime) -> None:
    """Record that a force's round ended, with its account, its steps and the number of its stalled cases.

    Or why it failed; do nothing for one that did not begin.
    """
    if round_id is None:
        return
    kept = {**(line.account._asdict() if line.account else {}), **{name: getattr(line, name) for name in _STEPS}}
    with transaction() as connection:
        if not line.failure:
            kept["stalled"] = queries.stalled(connection, line.force_code, today)
        rounds.finish(connection, round_id, at, kept, line.failure)


def force_line(row: RoundAfter) -> ForceLine:
    """Return the result that `keep_force` recorded, in this process or in another."""
    kept, counts = row.account, ProjectionAccount._fields
    account = ProjectionAccount(*(kept[name] for name in counts)) if "to_project" in kept else None
    steps = {name: kept[name] for name in _STEPS if name in kept}
    return ForceLine(row.force_code, account, **steps, failure=row.failure)


def keep_whole(round_id: int, content: RoundContent, at: datetime) -> None:
    """Record that a round as a whole ended, with its state, and the units of it that failed."""
    round_verdict = verdict(content)
    failure = "; ".join(f"{unit} failed ({reason})" for unit, reason in content.failures) or None
    with transaction() as connection:
        rounds.finish(
            connection, round_id, at, {"state": round_verdict.state, "trouble": round_verdict.trouble}, failure
        )


def page(configuration: Configuration, content: RoundContent, today: date) -> str:
    """Render the round's page for operations as Markdown: counts, force codes, sources and case references only."""
    force_codes = [line.force_code for line in content.lines]
    with transaction() as connection:
        now = queries.counted_stalled(connection, force_codes, today)
        before = queries.counted_stalled(connection, force_codes, today - timedelta(days=1))
        stalled = queries.worst_stalled(connection, force_codes, today, configuration.policy.letter.longest.listed)
        unlisted = queries.unlisted_stalled(connection, force_codes, today)
        outbox, feeds = queries.outbox(connection, today), feed_states(configuration, connection, at_london(today))
        seen = coverage.by_source(coverage.read(configuration, connection))
    lines = [_row(line, now.get(line.force_code, 0), before.get(line.force_code)) for line in content.lines]
    return templates.note(
        "round.md",
        {
            "day": today,
            "lines": lines,
            "content": content,
            "verdict": verdict(content),
            "stalled": stalled,
            "stalled_more": max(sum(now.values()) - len(stalled) - unlisted, 0),
            "stalled_unlisted": unlisted,
            "outbox": list(outbox.items()),
            "feeds": feeds,
            "coverage": seen,
            "nobody_mailed": configuration.settings.mail.host is None,
        },
    )


def _row(line: ForceLine, stalled: int, before: int | None) -> dict[str, Any]:
    account = line.account
    trend = "" if before is None or before == stalled else ("▲" if stalled > before else "▼")
    counts = {**account._asdict(), "balances": account.balances} if account else {}
    shown = {"counted": account is not None, "steps": line.chased + line.escalated, "stalled": stalled, "trend": trend}
    return {**line._asdict(), **counts, **shown}
