"""The figures in the text format of Prometheus: labels are force codes, sources, channels, states and kinds alone."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from importlib.metadata import version
from math import inf

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from config.days.london import london_day
from models import migrations
from models.queries.rounds.rounds import BOOK
from tasks.rounds.health.figures import HealthFigures
from tasks.rounds.status.installation import Going

WHOLE = "whole"  # in place of a force code: the round as a whole
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_Values = Iterable[tuple[tuple[str, ...], float]]


class _Families(Collector):
    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        """Return the families."""
        return self._families


def text(parts: Mapping[str, str], figures: HealthFigures | None) -> bytes:
    """Return the exposition. `parts` of the installation have a reason where they are not ready.

    Without figures, as where the database is away, it has the parts alone.
    """
    registry = CollectorRegistry()
    registry.register(_Families([*_installation(parts), *(_all(figures) if figures else ())]))
    return generate_latest(registry)


def _installation(parts: Mapping[str, str]) -> Iterator[Metric]:
    about = ("version", "revision")
    yield _gauge("info", "The program.", about, [((version("casebeat"), migrations.HEAD), 1)])
    ready = (((part,), not why) for part, why in parts.items())
    yield _gauge("ready", "1 where a part of the installation is ready.", ("part",), ready)


def _all(figures: HealthFigures) -> Iterator[Metric]:
    yield from _rounds(figures)
    yield from _cases(figures)
    yield from _unseen(figures)
    yield from _feeds(figures)
    yield from _messages(figures)
    yield from _watch(figures)


def _rounds(figures: HealthFigures) -> Iterator[Metric]:
    at, whole_rounds = figures.status.at, figures.whole_rounds
    forces = (figures.status.whole, *figures.status.forces)
    ages = (((_force(force.force_code),), _age(at, whole_rounds.get(force.force_code))) for force in forces)
    yield _gauge("round_age_seconds", "Since the last round that ended well, of each expected force.", ("force",), ages)
    going = (
        ((_force(force.force_code), state.name.lower()), force.going is state) for force in forces for state in Going
    )
    yield _gauge("round", "1 for the state of today's round of each force.", ("force", "state"), going)
    steps = (((force.force_code,), force.steps) for force in figures.rounds)
    yield _gauge("steps_taken", "Steps that a force's last round took.", ("force",), steps)
    begins = (((code,), days) for code, days in figures.begins_in.items())
    yield _gauge("force_begins_in_days", "Days until the first letter of a force that waits.", ("force",), begins)


def _cases(figures: HealthFigures) -> Iterator[Metric]:
    cases = figures.cases
    yield _gauge("cases_open", "Open cases.", ("force",), (((each.force_code,), each.open_cases) for each in cases))
    failed = (((each.force_code,), each.failed) for each in cases)
    yield _gauge("cases_failed", "Open cases that could not be evaluated.", ("force",), failed)
    stalled = (((force.force_code,), force.stalled) for force in figures.rounds)
    yield _gauge("cases_stalled", "Stalled cases at the end of a force's last round.", ("force",), stalled)


def _unseen(figures: HealthFigures) -> Iterator[Metric]:
    at, unseen = figures.status.at, figures.unseen
    counts = {each.force_code: 0 for each in figures.cases} | {code: waiting.cases for code, waiting in unseen.items()}
    values = (((code,), number) for code, number in counts.items())
    yield _gauge("cases_unseen", "Cases that no round has looked at since they changed.", ("force",), values)
    late = {code: waiting.late_since(london_day(at)) for code, waiting in unseen.items()}
    ages = (((code,), _age(at, since)) for code, since in late.items() if since)
    about = "Since an extract came after today's round whose cases no round has looked at."
    yield _gauge("extract_unseen_seconds", about, ("force",), ages)


def _feeds(figures: HealthFigures) -> Iterator[Metric]:
    at = figures.status.at
    ages = (((feed.source,), _age(at, feed.extracted_at)) for feed in figures.feeds)
    yield _gauge("feed_age_seconds", "Since the newest loaded extract of a source was made.", ("source",), ages)
    found = {(trouble.source, trouble.kind, trouble.file) for feed in figures.status.feeds for trouble in feed.troubles}
    about = "1 where a source is late, was refused or is held, left a file out, or never came."
    yield _gauge("feed_trouble", about, ("source", "kind", "file"), ((labels, 1) for labels in sorted(found)))
    rows = (((feed.source,), feed.rows) for feed in figures.feeds)
    yield _gauge("intake_rows", "Rows of the newest loaded extract of a source.", ("source",), rows)
    rejected = (((feed.source,), feed.rejected) for feed in figures.feeds)
    yield _gauge("intake_rejected_rows", "Rows of it that could not be loaded.", ("source",), rejected)
    listed = [(rows.source, len(rows.lines)) for rows in figures.status.gaps.of_stalking]
    stalking = (((feed.source,), sum(n for source, n in listed if source == feed.source)) for feed in figures.feeds)
    about = "Those of them that are, or may be, of open stalking cases."
    yield _gauge("intake_rejected_stalking_rows", about, ("source",), stalking)


def _messages(figures: HealthFigures) -> Iterator[Metric]:
    at, outbox = figures.status.at, figures.status.outbox
    counts = {"queued": outbox.waiting, "due": outbox.due, "retry": outbox.retry, "unknown": outbox.unknown}
    states = (((state,), number) for state, number in {**counts, "dead": outbox.dead}.items())
    yield _gauge("messages", "Messages by state; a dead one until its person was reached.", ("state",), states)
    sent = (((channel,), number) for channel, number in figures.sent.items())
    yield _gauge("messages_sent_last_day", "Messages that left in the last 24 hours.", ("channel",), sent)
    oldest = [((), _age(at, figures.waiting_since))] if figures.waiting_since else [((), 0)]
    yield _gauge("messages_oldest_waiting_seconds", "Since the oldest message may leave that has not.", (), oldest)
    yield _gauge("outbox_held", "1 while the outbox is held.", (), [((), outbox.held_since is not None)])
    pauses = (((pause.channel,), _age(at, pause.since)) for pause in figures.status.pauses)
    yield _gauge("carrier_paused_seconds", "Since a carrier is down: its breaker is open.", ("channel",), pauses)


def _watch(figures: HealthFigures) -> Iterator[Metric]:
    at, audit = figures.status.at, figures.audit
    yield _gauge("audit_age_seconds", "Since the auditor looked.", (), [((), _age(at, audit.at if audit else None))])
    kinds = [key.partition(":")[0] for key in audit.keys] if audit else []
    findings = (((kind,), kinds.count(kind)) for kind in dict.fromkeys(kinds))
    yield _gauge("audit_findings", "What the auditor found, by kind.", ("kind",), findings)
    if audit and audit.heartbeat_at:
        beat = [((), _age(at, audit.heartbeat_at))]
        yield _gauge("heartbeat_age_seconds", "Since the last heartbeat was taken.", (), beat)
    since = figures.status.backup.made_at or figures.in_use_since
    if figures.backs_up and since:
        about = "Since the newest backup, or since the first round where there is none."
        yield _gauge("backup_age_seconds", about, (), [((), _age(at, since))])


def _gauge(name: str, about: str, labels: tuple[str, ...], values: _Values) -> Metric:
    family = GaugeMetricFamily(f"casebeat_{name}", about, labels=labels)
    for labelled, value in values:
        family.add_metric(labelled, float(value))
    return family


def _age(at: datetime, since: datetime | None) -> float:
    """Return seconds, without end where it never was."""
    return (at - since).total_seconds() if since else inf


def _force(code: str) -> str:
    return WHOLE if code == BOOK else code
