"""Records, audit entries and notes to operations about an extract: ids, counts and sentences, never a row's value."""

import getpass
import re
from datetime import datetime

from sqlalchemy import Connection

from config.days.london import london_day
from config.terms import Verb
from models.queries import audit
from models.queries.audit import AuditEntry
from models.queries.intake import extracts
from tasks.intake.manifest import Manifest
from tasks.intake.results import LoadResult
from tasks.platform import templates
from tasks.platform.configuration import Configuration


def loaded(
    configuration: Configuration,
    connection: Connection,
    manifest: Manifest,
    digest: str,
    result: LoadResult,
    as_of: datetime,
) -> None:
    """Record a loaded extract, audit it as a collection, and notify operations of cases that went missing."""
    counts = {file.name: file.as_dict() for file in result.files}
    extracts.record_extract(
        connection, extract_id=manifest.extract_id, content=digest, source_name=manifest.source, state="loaded",
        extracted_at=manifest.extracted_at, judged_at=as_of, counts=counts, refusal=None,
    )  # fmt: skip
    if result.cases_missing:
        extracts.tell_operations(
            connection,
            f"missing:{digest}",
            configuration.settings.main.channel,
            templates.note("missing.txt", _missing(manifest, result)),
            london_day(as_of),
            as_of,
        )
    rows = {file.name: file.rows - file.rejected for file in result.files}
    detail = {"source": manifest.source, "rows": rows}
    audit.record(
        connection, AuditEntry(Verb.COLLECTION, "extract", manifest.extract_id, "intake", by=_account(), detail=detail)
    )


def _missing(manifest: Manifest, result: LoadResult) -> dict[str, object]:
    named = {"extract_id": manifest.extract_id, "source": manifest.source, "cases": result.cases_missing}
    return named | result.orders_missing._asdict()


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
    )  # fmt: skip
    of_source = f" of source {name}" if name else ""
    extracts.tell_operations(
        connection,
        f"refused:{digest}",
        configuration.settings.main.channel,
        f"Extract {extract_id}{of_source} was refused, and nothing of it was loaded. {sentence}",
        london_day(as_of),
        as_of,
    )


def _account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "casebeat"
