"""The account of a round: stored, shown on the round's page, and reported to operations every day."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from config.settings import settings
from models.queries.rounds import rounds
from models.queries.rounds import summary as queries
from tasks.obligations import coverage
from tasks.obligations.coverage import NO_NEWS, CoverageNews
from tasks.obligations.projection import ProjectionAccount
from tasks.outbox.digests import tell_operations
from tasks.platform import configuration, templates
from tasks.platform.database import transaction
from tasks.replies.slack_clicks import health
from tasks.reviews.shortfall import pair_name, without_panel


class ForceLine(NamedTuple):
    """The result of one force's round."""

    force_code: str
    account: ProjectionAccount | None
    chased: int
    escalated: int
    said: int
    failure: str | None


class SummaryContent(NamedTuple):
    """The content of one daily report, frozen."""

    lines: tuple[ForceLine, ...]
    failures: tuple[tuple[str, str], ...] = ()  # of units that belong to no force: unit and opaque reason


def keep_account(round_id: int, account: ProjectionAccount, today: date, at: datetime) -> None:
    """Record that a force's round ended, with its account and the number of its stalled cases."""
    with transaction() as connection:
        stalled = queries.stalled(connection, account.force_code, today)
        rounds.finish(connection, round_id, at, {**account._asdict(), "stalled": stalled})


def report(content: SummaryContent, today: date, at: datetime, only: str | None = None) -> None:
    """Write the daily report to operations, once a day, with every open case accounted for, force by force.

    A round of one force writes a separate report, so that it does not replace the whole round's; so does a failed one,
    and a later one of the day by which less or more can be seen.
    """
    if only:
        _tell(f"daily:{today}:{only}", content, sentence(content, today), today, at)
        return
    news = coverage.news()
    again = bool(news) and _is_told(today)
    text = sentence(content, today, _without_panel(today), news)
    _tell(f"daily:{today}", content, text, today, at, apart=again)
    if news:
        coverage.keep_told(news, at)


def _tell(key: str, content: SummaryContent, text: str, today: date, at: datetime, *, apart: bool = False) -> None:
    failed = any(line.failure or (line.account and line.account.failed) for line in content.lines)
    if apart or content.failures or failed:
        key += f":{sha256(text.encode()).hexdigest()[:12]}"
    well, listening = health(settings(), at)
    tell_operations(key, text if well else f"{text}{listening}\n", today, at)


def _is_told(today: date) -> bool:
    """Report whether the day's word on the whole book is written."""
    with transaction() as connection:
        return queries.daily_message_since(connection, today, today + timedelta(days=1))


def _without_panel(today: date) -> list[str]:
    """Name the pairs without a panel for the week's first report; return nothing for the others."""
    monday = today - timedelta(days=today.weekday())
    with transaction() as connection:
        first = not queries.daily_message_since(connection, monday, today)
        return [pair_name(pair) for pair in without_panel(connection)] if first else []


def sentence(content: SummaryContent, today: date, panelless: Sequence[str] = (), news: CoverageNews = NO_NEWS) -> str:
    """Render the daily report. `panelless` are the pairs of force and Area that it lists as without a panel."""
    accounts = [line.account for line in content.lines if line.account]
    return templates.note(
        "daily.txt",
        {
            "day": today,
            "forces": content.lines,
            "evaluated": sum(one.evaluated + one.unchanged for one in accounts),
            "to_project": sum(one.to_project for one in accounts),
            "open_cases": sum(one.open_cases for one in accounts),
            "failed": sum(one.failed for one in accounts),
            "steps": sum(line.chased + line.escalated for line in content.lines),
            "failed_forces": [line.force_code for line in content.lines if line.failure],
            "failures": content.failures,
            "panelless": panelless,
            "news": news,
            "most": configuration.policy().letter.longest.listed,
        },
    )


def page(content: SummaryContent, today: date, trouble: Sequence[str], intake: str, delivery: str) -> str:
    """Render the round's page for operations as Markdown: counts, force codes, sources and case references only.

    `trouble` lists what needs attention. `intake` and `delivery` are one sentence each about those steps.
    """
    force_codes = [line.force_code for line in content.lines]
    with transaction() as connection:
        now = queries.counted_stalled(connection, force_codes, today)
        before = queries.counted_stalled(connection, force_codes, today - timedelta(days=1))
        stalled = queries.worst_stalled(connection, force_codes, today, configuration.policy().letter.longest.listed)
        unlisted = queries.unlisted_stalled(connection, force_codes, today)
        outbox, sources = queries.outbox(connection, today), queries.feeds(connection)
        seen = coverage.by_source(coverage.read(connection))
    lines = [_row(line, now.get(line.force_code, 0), before.get(line.force_code)) for line in content.lines]
    return templates.note(
        "round.md",
        {
            "day": today,
            "lines": lines,
            "trouble": trouble,
            "intake": intake,
            "delivery": delivery,
            "stalled": stalled,
            "stalled_more": max(sum(now.values()) - len(stalled) - unlisted, 0),
            "stalled_unlisted": unlisted,
            "outbox": list(outbox.items()),
            "sources": sources,
            "coverage": seen,
            "nobody_mailed": settings().mail.host is None,
        },
    )


def _row(line: ForceLine, stalled: int, before: int | None) -> dict[str, Any]:
    account = line.account
    trend = "" if before is None or before == stalled else ("▲" if stalled > before else "▼")
    return {
        "force_code": line.force_code,
        "to_project": account.to_project if account else 0,
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
