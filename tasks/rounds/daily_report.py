"""The report of a round to operations: one a day, and a correction where an earlier one of the day was wrong."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection

from config.forces import force_name, pair_name
from models.queries.audit_log import seals
from models.queries.intake import guards, offence_codes
from models.queries.intake.guards import UnknownBarred
from models.queries.outbox import digests, outbox_list
from models.queries.rounds import rounds
from models.queries.rounds import summary as queries
from tasks.audit_log import sealing
from tasks.obligations import coverage
from tasks.obligations.coverage import NO_NEWS, CoverageNews
from tasks.platform import faults, told
from tasks.platform.configuration import Configuration
from tasks.replies.slack_clicks import health
from tasks.reviews.shortfall import without_panel
from tasks.rounds.verdict import RoundContent, verdict
from tasks.rounds.waiting_limits import waiting_limits
from tasks.servers.database import transaction

_SWITCH = "daily"  # stores the day of the last report, its number on that day, and a digest of its account


def send(configuration: Configuration, content: RoundContent, today: date, at: datetime) -> None:
    """Write the report to operations, with every open case accounted for, force by force.

    A second one of the day is sent only if its account differs from the one before, or if less or more can be seen; it
    is a correction. A round of one force has a report of its own, which corrects no other.
    """
    news = NO_NEWS if content.only else coverage.news(configuration)
    name = f"{_SWITCH}:{content.only}" if content.only else _SWITCH
    with transaction() as connection:
        found = offence_codes.unwatched(connection)
        limits = waiting_limits(configuration, connection, today)
        content = content._replace(
            unwatched=tuple(one for one in found if content.only in {None, *one.covers}),
            limits=tuple(one for one in limits if content.only in {None, one.force_code}),
        )
        account = _account(content)
        last = json.loads(rounds.switch(connection, name) or "{}")
        number = last["number"] + 1 if last.get("day") == today.isoformat() else 1
        if number > 1 and last["account"] == account and not news:
            return
        panelless = [] if content.only else _without_panel(configuration, connection, today)
        head = seals.head(connection)
        sealed = sealing.written(head) if head else ""
        unknown = [bar for bar in guards.unknown_barred(connection) if content.only in {None, bar.force_code}]
        text = sentence(configuration, content, today, panelless, news, unknown, corrects=number > 1, sealed=sealed)
        well, listening = health(configuration.settings, at)
        key = ":".join(["daily", str(today), *([content.only] if content.only else []), *_revision(number)])
        digests.operations(
            connection, key, today, text if well else f"{text}{listening}\n", at, [configuration.settings.main]
        )
        if not outbox_list.is_held(connection):  # a hold lets it out no more than any other report
            told.add(connection, verdict(content).faults, at)
        sent = {"day": today.isoformat(), "number": number, "account": account}
        rounds.set_switch(connection, name, json.dumps(sent), at)
    if news:
        coverage.keep_told(news, at)


def _revision(number: int) -> list[str]:
    return [f"r{number}"] if number > 1 else []


def _account(content: RoundContent) -> str:
    """Return a digest of what a reader would act on: not of the steps, which a second round does not take again."""
    forces = [
        (line.force_code, line.account and (line.account.to_project, line.account.open_cases)) for line in content.lines
    ]
    round_verdict = verdict(content._replace(asked="", intake=None, delivered=None))
    account = [forces, round_verdict, content.unwatched, content.limits]
    return sha256(json.dumps(account, default=str).encode()).hexdigest()[:12]


def _without_panel(configuration: Configuration, connection: Connection, today: date) -> list[str]:
    """Name the pairs without a panel for the week's first report; return nothing for the others."""
    monday = today - timedelta(days=today.weekday())
    first = not queries.daily_message_since(connection, monday, today)
    return [pair_name(*pair) for pair in without_panel(configuration, connection)] if first else []


def sentence(
    configuration: Configuration,
    content: RoundContent,
    today: date,
    panelless: Sequence[str] = (),
    news: CoverageNews = NO_NEWS,
    unknown: Sequence[UnknownBarred] = (),
    *,
    corrects: bool = False,
    sealed: str = "",
) -> str:
    """Render the report. `panelless` are the pairs of force and Area that it lists as without a panel.

    `unknown` are counted by force and source and not named, since several people may read the report. `sealed` is the
    head of the audit log: with it in a mail, an end that is cut off later shows.
    """
    accounts = [line.account for line in content.lines if line.account]
    judged = verdict(content)
    return faults.note(
        configuration.settings,
        "daily",
        {
            "day": today,
            "corrects": corrects,
            "content": content,
            "verdict": judged,
            "alarms": [faults.alarm(configuration.settings, fault) for fault in judged.faults],
            "looked_at": sum(account.looked_at for account in accounts),
            "to_project": sum(account.to_project for account in accounts),
            "open_cases": sum(account.open_cases for account in accounts),
            "failed": sum(account.failed for account in accounts),
            "steps": sum(line.chased + line.escalated for line in content.lines),
            "failed_forces": [line.force_code for line in content.lines if line.failure],
            "panelless": panelless,
            "starting": [
                (force_name(code), configuration.policy.starts[code])
                for code in sorted(configuration.waiting(today))
                if not content.only or code == content.only
            ],
            "barring_nobody": sorted(Counter((bar.force_code, bar.source) for bar in unknown).items()),
            "unwatched": content.unwatched,
            "limits": content.limits,
            "news": news,
            "sealed": sealed,
            "most": configuration.policy.letter.longest.listed,
        },
    )
