"""A person's decision on an extract that is held, because it is unlike its source: take it, or refuse it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Connection

from config.doors import ActKind
from config.terms import Verb
from models.errors import Refuse
from models.queries import audit
from models.queries.audit import AuditEntry
from models.queries.intake import extracts
from models.queries.intake.extracts import JudgedExtract
from models.queries.people.acts import Done
from models.rules.arithmetic import format_day
from models.rules.people.act import Act
from models.rules.people.parties import Parties
from tasks.intake.deciding import parties_of
from tasks.intake.load import take_held
from tasks.intake.options import NOTHING_ALLOWED, Allowed, Taken
from tasks.intake.results import Fate, LoadResult
from tasks.obligations.acting import check_may, keep
from tasks.platform import faults
from tasks.platform.configuration import Configuration
from tasks.platform.directory import directory_on
from tasks.platform.text import number_of
from tasks.servers.database import transaction


def take(
    configuration: Configuration,
    extract_id: str,
    folders: Sequence[Path],
    act: Act,
    today: date,
    at: datetime,
    allowed: Allowed = NOTHING_ALLOWED,
) -> LoadResult:
    """Load an extract that is held, or that somebody refused; without folders, from the drop folder.

    `allowed` is what would be refused beside.

    Whose act it was is kept with the facts, or nothing is. Raises Refuse unless exactly what is held was loaded: for a
    person who may not decide, where it is not there, and where it has changed.
    """
    drop = configuration.settings.drop
    places = list(folders) or ([drop] if drop else [])
    with transaction() as connection:
        held = _decidable(configuration, connection, extract_id, act, today)

    def record(connection: Connection, loaded: int) -> None:
        _keep(configuration, connection, held._replace(id=loaded), act, today, at, taken=True)

    results = take_held(configuration, places, extract_id, at, Taken(held.content, record), allowed)
    if not results:
        where = " or ".join(map(str, places)) or "a drop folder, for none is set"
        raise Refuse(f"Extract {extract_id} is not in {where}: name its folder. Nothing was done.")
    for result in results:
        if result.fate is Fate.LOADED:
            return result
    raise Refuse(f"Extract {extract_id} was not loaded: {results[0].sentence.rstrip('.')}. Nothing was done.")


def take_dropped(configuration: Configuration, extract_id: str, act: Act, today: date, at: datetime) -> LoadResult:
    """Load an extract that is held from the drop folder. Raises Refuse as `take` does."""
    loaded = take(configuration, extract_id, (), act, today, at)
    cases = number_of(loaded.cases_changed, "case")
    return replace(loaded, sentence=f"Extract {extract_id} is loaded: {cases} changed. A round works on them.")


def refuse(configuration: Configuration, extract_id: str, act: Act, today: date, at: datetime) -> str:
    """Refuse an extract that is held, and return a sentence about it. Its content is not asked about again.

    Raises Refuse for a person who may not decide, and where it is not held.
    """
    with transaction() as connection:
        held = _decidable(configuration, connection, extract_id, act, today)
        if held.state == "refused":
            return f"Extract {extract_id} is refused already. Nothing was changed."
        why = f"{act.by} refused it on {format_day(today)}, since {held.sentence[:1].lower()}{held.sentence[1:]}"
        extracts.refuse_held(connection, held.id, why, at)
        _keep(configuration, connection, held, act, today, at, taken=False)
    return f"Extract {extract_id} is refused: nothing of it is loaded. Have {held.source} send a corrected one."


def _decidable(
    configuration: Configuration, connection: Connection, extract_id: str, act: Act, today: date
) -> JudgedExtract:
    """Return an extract on which this person may decide. Raises Refuse."""
    held = extracts.decidable(connection, extract_id)
    source = extracts.sender(connection, held.source) if held else None
    if held is None or source is None:
        waiting = ", ".join(extracts.all_held(connection)) or "none"
        raise Refuse(f"No extract {extract_id} is held; these are: {waiting}. Nothing was done.")
    concerned = parties_of(source.agency, source.covers)
    asked = [concerned, Parties(concerned.owed_by, (), oic_ref=act.by)]
    check_may(ActKind.EXTRACT, concerned, act.by, directory_on(configuration, connection, today, asked), today)
    if held.overtaken:
        later = f"a later extract of {held.source} was loaded since it was held"
        raise Refuse(f"Extract {extract_id} is of no account: {later}. Nothing was done.")
    return held


def _keep(
    configuration: Configuration,
    connection: Connection,
    held: JudgedExtract,
    act: Act,
    today: date,
    at: datetime,
    *,
    taken: bool,
) -> None:
    """Keep whose act it was, audit it, and tell operations."""
    keep(configuration, connection, act, Done(ActKind.EXTRACT, held.id, undoes=not taken), today, at)
    decision = "taken" if taken else "refused"
    detail = {"source": held.source, "decision": decision, **act.trail}
    audit.record(
        connection, AuditEntry(Verb.ALTERATION, "extract", held.extract_id, "held-extract", act.by, detail=detail)
    )
    words = faults.note(configuration.settings, "decided_extract", {**held._asdict(), "taken": taken, "by": act.by})
    extracts.tell_operations(
        connection, f"{decision}:{held.content}", configuration.settings.main.channel, words, today, at
    )
