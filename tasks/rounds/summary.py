"""The account of a round: kept, shown to operations, and said to them every day, also when nothing was due."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from config.settings import settings
from models.queries.rounds import rounds
from models.queries.rounds import summary as queries
from tasks.obligations.projection import ProjectionAccount
from tasks.outbox.digests import tell_operations
from tasks.platform import configuration, templates
from tasks.platform.database import transaction
from tasks.replies.slack_clicks import health
from tasks.reviews.shortfall import named, without_panel


class ForceLine(NamedTuple):
    """What one force's round came to, as it is told."""

    force_code: str
    account: ProjectionAccount | None
    chased: int
    escalated: int
    said: int
    failure: str | None


class SummaryContent(NamedTuple):
    """What one day's word tells, frozen."""

    lines: tuple[ForceLine, ...]
    failures: tuple[tuple[str, str], ...] = ()  # of the units that belong to no force, opaque


def keep_account(round_id: int, account: ProjectionAccount, today: date, at: datetime) -> None:
    """Record that a force's round ended, with its account and how many of its cases are stalled."""
    with transaction() as connection:
        stalled = queries.stalled(connection, account.force_code, today)
        rounds.finish(connection, round_id, at, {**account._asdict(), "stalled": stalled})


def tell(told: SummaryContent, today: date, at: datetime, only: str | None = None) -> None:
    """Write the day's word to operations, once a day: every open case accounted for, force by force.

    A round of one force has a word of its own, so that it does not stand for the whole; and so has one that failed.
    """
    key, said = (
        f"daily:{today}" + (f":{only}" if only else ""),
        sentence(told, today, [] if only else _without_panel(today)),
    )
    if told.failures or any(line.failure or (line.account and line.account.failed) for line in told.lines):
        key += f":{sha256(said.encode()).hexdigest()[:12]}"
    well, listening = health(settings(), at)
    tell_operations(key, said if well else f"{said}{listening}\n", today, at)


def _without_panel(today: date) -> list[str]:
    """The pairs that nobody convenes, as people call them, in the week's first word; none in the others."""
    monday = today - timedelta(days=today.weekday())
    with transaction() as connection:
        first = not queries.told_since(connection, monday, today)
        return [named(pair) for pair in without_panel(connection)] if first else []


def sentence(told: SummaryContent, today: date, panelless: Sequence[str] = ()) -> str:
    """The word itself; `panelless` are the pairs of force and Area of which it says that they have none."""
    accounts = [line.account for line in told.lines if line.account]
    return templates.note(
        "daily.txt",
        {
            "day": today,
            "forces": told.lines,
            "evaluated": sum(one.evaluated + one.unchanged for one in accounts),
            "open_cases": sum(one.open_cases for one in accounts),
            "failed": sum(one.failed for one in accounts),
            "steps": sum(line.chased + line.escalated for line in told.lines),
            "failed_forces": [line.force_code for line in told.lines if line.failure],
            "failures": told.failures,
            "panelless": panelless,
            "most": configuration.policy().digest.longest,
        },
    )


def page(told: SummaryContent, today: date, trouble: Sequence[str], intake: str, delivery: str) -> str:
    """The round's page for operations, in Markdown: counts, force codes, sources and case references only.

    `trouble` is what someone should look at; `intake` and `delivery` say in a sentence what those did.
    """
    force_codes = [line.force_code for line in told.lines]
    with transaction() as connection:
        now = queries.counted_stalled(connection, force_codes, today)
        before = queries.counted_stalled(connection, force_codes, today - timedelta(days=1))
        stalled = queries.worst_stalled(connection, force_codes, today, configuration.policy().digest.longest)
        restricted = queries.restricted_stalled(connection, force_codes, today)
        outbox, sources = queries.outbox(connection, today), queries.feeds(connection)
    lines = [_row(line, now.get(line.force_code, 0), before.get(line.force_code)) for line in told.lines]
    return templates.note(
        "round.md",
        {
            "day": today,
            "lines": lines,
            "trouble": trouble,
            "intake": intake,
            "delivery": delivery,
            "stalled": stalled,
            "stalled_more": max(sum(now.values()) - len(stalled) - restricted, 0),
            "stalled_restricted": restricted,
            "outbox": outbox,
            "sources": sources,
            "nobody_mailed": settings().mail.host is None,
        },
    )


def _row(line: ForceLine, stalled: int, before: int | None) -> dict[str, Any]:
    account = line.account
    trend = "" if before is None or before == stalled else ("▲" if stalled > before else "▼")
    return {
        "force_code": line.force_code,
        "open_cases": account.open_cases if account else 0,
        "evaluated": account.evaluated if account else 0,
        "unchanged": account.unchanged if account else 0,
        "failed": account.failed if account else 0,
        "balances": account.balances if account else False,
        "steps": line.chased + line.escalated,
        "said": line.said,
        "stalled": stalled,
        "trend": trend,
        "failure": line.failure,
    }
