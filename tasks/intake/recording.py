"""Records, audit entries and notes to operations about an extract: ids, counts and sentences, never a row's value."""

import getpass
import re
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from config.days.london import london_day
from config.terms import Verb
from models.queries import audit
from models.queries.audit import AuditEntry
from models.queries.intake import extracts, missing_cases, sources, volume
from models.rules.rounds.telling import Finding
from models.rules.volume import grows_too_fast
from tasks.intake import deciding
from tasks.intake.files import CASES
from tasks.intake.manifest import Manifest
from tasks.intake.results import LoadResult
from tasks.intake.volume import Unlike
from tasks.platform import faults, told
from tasks.platform.configuration import Configuration

PAST = timedelta(days=28)  # of its source, with which an extract is compared


class Read(NamedTuple):
    """An extract that was read: the digest of its content, and the marks that recognise it without reading."""

    digest: str
    marks: str


def loaded(
    configuration: Configuration,
    connection: Connection,
    manifest: Manifest,
    read: Read,
    result: LoadResult,
    as_of: datetime,
) -> int:
    """Record a loaded extract, audit it as a collection, and notify operations of cases that went missing.

    Return its id.
    """
    _look_at_growth(configuration, connection, manifest, read, result, as_of)
    counts = {file.name: file.as_dict() for file in result.files}
    extract = extracts.record_extract(
        connection, extract_id=manifest.extract_id, content=read.digest, source_name=manifest.source, state="loaded",
        extracted_at=manifest.extracted_at, judged_at=as_of, counts=counts, refusal=None, marks=read.marks,
    )  # fmt: skip
    if result.cases_missing:
        extracts.tell_operations(
            connection,
            f"missing:{read.digest}",
            configuration.settings.main.channel,
            faults.note(configuration.settings, "missing_cases", _missing(configuration, connection, manifest, result)),
            london_day(as_of),
            as_of,
        )
    rows = {file.name: file.rows - file.rejected for file in result.files}
    detail = {"source": manifest.source, "rows": rows}
    audit.record(
        connection, AuditEntry(Verb.COLLECTION, "extract", manifest.extract_id, "intake", by=_account(), detail=detail)
    )
    return extract


def _look_at_growth(
    configuration: Configuration,
    connection: Connection,
    manifest: Manifest,
    read: Read,
    result: LoadResult,
    as_of: datetime,
) -> None:
    """Tell operations of an extract with far more new cases than its source's past: they are worked on all the same."""
    cases, limits = next((file for file in result.files if file.name == CASES.name), None), configuration.policy.intake
    if cases is None or cases.added <= limits.more_than_rows:
        return
    past = volume.usual(connection, manifest.source, manifest.extracted_at - PAST).get(CASES.name)
    source = extracts.sender(connection, manifest.source)
    before = volume.open_cases(connection, source.id, stalking=False) - cases.added if source else 0
    if past and grows_too_fast(cases.added, before, past.added_most, past.extracts, limits):
        named = {"extract_id": manifest.extract_id, "source": manifest.source, "new": cases.added}
        words = faults.note(configuration.settings, "growth", {**named, "most": past.added_most})
        channel, today = configuration.settings.main.channel, london_day(as_of)
        extracts.tell_operations(connection, f"growth:{read.digest}", channel, words, today, as_of)


def _missing(
    configuration: Configuration, connection: Connection, manifest: Manifest, result: LoadResult
) -> dict[str, object]:
    named = {"extract_id": manifest.extract_id, "source": manifest.source, "cases": result.cases_missing}
    most = configuration.policy.letter.longest.listed
    left_out = missing_cases.named(connection, manifest.source, manifest.day, most)
    return named | left_out._asdict() | result.orders_missing._asdict()


def refused(
    configuration: Configuration,
    connection: Connection,
    folder: str,
    manifest: Manifest | None,
    digest: str,
    sentence: str,
    as_of: datetime,
    *,
    source: str = "",
) -> None:
    """Record a refusal, and notify operations once per content. `source` is known of an own export without manifest."""
    extract_id = manifest.extract_id if manifest else re.sub(r"[^A-Za-z0-9._-]", "_", folder)[:100] or "_"
    name = manifest.source if manifest else source or None
    extracts.record_extract(
        connection, extract_id=extract_id, content=digest, source_name=name, state="refused",
        extracted_at=manifest.extracted_at if manifest else None, judged_at=as_of, counts={}, refusal=sentence,
        marks=None,
    )  # fmt: skip
    words = {"extract_id": extract_id, "source": name or "", "sentence": sentence}
    text, channel = faults.note(configuration.settings, "refused_extract", words), configuration.settings.main.channel
    extracts.tell_operations(connection, f"refused:{digest}", channel, text, london_day(as_of), as_of)
    _keep_told(connection, extract_id, as_of)


def held(
    configuration: Configuration,
    connection: Connection,
    manifest: Manifest,
    read: Read,
    unlike: Unlike,
    as_of: datetime,
) -> None:
    """Record an extract that is held, and tell operations and the leads of what it covers, once per content.

    Nobody is notified of one that waits for another, of which they are. Its files are read at every intake.
    """
    marks = read.marks if unlike.files else None
    counts = {file.name: file.as_dict() for file in unlike.files}
    extract = extracts.record_extract(
        connection, extract_id=manifest.extract_id, content=read.digest, source_name=manifest.source, state="held",
        extracted_at=manifest.extracted_at, judged_at=as_of, counts=counts, refusal=str(unlike), marks=marks,
    )  # fmt: skip
    if not unlike.files or not extract:
        return
    usual = volume.usual(connection, manifest.source, manifest.extracted_at - PAST)
    named = {"extract_id": manifest.extract_id, "source": manifest.source, "sentence": str(unlike)}
    words = faults.note(configuration.settings, "held_extract", {**named, "files": unlike.files, "usual": usual})
    channel, today = configuration.settings.main.channel, london_day(as_of)
    extracts.tell_operations(connection, f"held:{read.digest}", channel, words, today, as_of)
    _keep_told(connection, manifest.extract_id, as_of)
    for lead in deciding.leads(configuration, connection, manifest.agency, manifest.covers, today):
        extracts.tell(connection, extract, lead, channel, today, as_of)


def _keep_told(connection: Connection, extract_id: str, as_of: datetime) -> None:
    """Keep that operations know why a source's newest extract was not loaded, where this is the newest."""
    states = [state for state in sources.states(connection) if state.refused_id == extract_id]
    findings = [_finding(state.name, extract_id, "held" if state.held else "refused") for state in states]
    told.add(connection, findings, as_of)


def _finding(source: str, extract_id: str, fate: str) -> Finding:
    return Finding(f"feed:{source}:{fate}", f"extract {extract_id} of source {source} is {fate}")


def _account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "casebeat"
