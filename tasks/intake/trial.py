"""Intake on trial: an extract is loaded and taken back in one transaction, so that nothing of it stays."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import Connection

from models.errors import Refuse
from models.queries.intake import extracts, source_columns
from models.rules.obligations.coverage import SourceSight
from models.rules.sight import SentColumn
from tasks.intake.content import Content, marks_of
from tasks.intake.extract import ExtractLoad
from tasks.intake.faults import refusal_of
from tasks.intake.files import FILES
from tasks.intake.folders import Haste, WaitingFolder, in_order
from tasks.intake.foretold import FilledColumn, TriedMorning, filled_columns, first_morning
from tasks.intake.load import after_its_last, already, judged, open_all, options_of, other_content, read_content
from tasks.intake.manifest import Manifest
from tasks.intake.options import Options
from tasks.intake.results import Fate, LoadResult, Progress
from tasks.intake.sentences import Quoting, printable, without_cells
from tasks.intake.staging import Findings
from tasks.intake.volume import Unlike
from tasks.platform.configuration import Configuration
from tasks.servers.database import transaction


class FoundProblem(NamedTuple):
    """A problem or a warning of some rows, without their cells, and where these rows are."""

    sentence: str
    is_warning: bool
    places: tuple[str, ...]


class TrialResult(NamedTuple):
    """The result of one folder: its changes, every problem by file, and what all sources would then send.

    One that would be refused or held has the same of all that could be read.
    """

    made: LoadResult
    problems: Mapping[str, list[FoundProblem]] = MappingProxyType({})
    sources: Sequence[SourceSight] = ()  # empty if nothing could be read
    filled: Mapping[str, tuple[FilledColumn, ...]] = MappingProxyType({})
    morning: TriedMorning | None = None
    waits: str = ""  # why an intake would leave an own export alone for now


def try_folders(
    configuration: Configuration,
    folders: Sequence[Path],
    as_of: datetime,
    *,
    profile: Path | None = None,
    rejected: Path | None = None,
    progress: Progress | None = None,
    again: bool = True,
) -> list[TrialResult]:
    """Load each extract on trial, each beside what is loaded now. `rejected` is a folder for the rows with problems.

    An own export does not wait until it is whole. What the options of an intake would allow (an older extract, a
    smaller one, fewer columns) is refused here. Without `again`, extracts that were loaded are not tried.
    """
    options = options_of(configuration, as_of, rejected, progress)
    found = in_order(configuration, folders, as_of, profile, Haste.TRIAL)
    return [_try(configuration, waiting, options, again=again)._replace(waits=waiting.waits) for waiting in found]


def _try(configuration: Configuration, waiting: WaitingFolder, options: Options, *, again: bool) -> TrialResult:
    folder, manifest = printable(waiting.folder.name, 100), waiting.manifest
    if manifest is None:
        return TrialResult(LoadResult(folder, waiting.fate, source=waiting.source, sentence=waiting.sentence))
    options = options._replace(refusals=[])
    try:
        with ExitStack() as stack:
            manifest = after_its_last(manifest)
            files = open_all(waiting, manifest, stack)
            marks = marks_of(waiting.content, files)
            before = None if again or waiting.export else judged(folder, manifest, marks, options)
            if before and before.fate is Fate.ALREADY:
                return TrialResult(before)
            content = read_content(configuration, waiting, manifest, files, marks)
            with transaction() as connection, connection.begin_nested() as trial:
                with options.going_on():
                    is_loaded = _take_turn(connection, manifest, content)
                result = _loaded(ExtractLoad(configuration, connection, manifest, content, options), folder)
                trial.rollback()
            return result._replace(made=already(folder, manifest, result.made.files)) if is_loaded else result
    except Exception as error:  # noqa: BLE001  one folder's fault stops no other
        made = LoadResult(folder, Fate.REFUSED, manifest.extract_id, manifest.source, refusal_of(error))
        return TrialResult(made)


def _take_turn(connection: Connection, manifest: Manifest, content: Content) -> bool:
    """Wait for other intakes, and return whether it is loaded. Raises Refuse if other content is under this id."""
    extracts.take_turn(connection, sum(map(content.tables.expected, manifest.files)))
    before = extracts.loaded_content(connection, manifest.extract_id)
    if before not in {None, content.digest}:
        raise other_content(manifest.extract_id)
    return before is not None


def _loaded(work: ExtractLoad, folder: str) -> TrialResult:
    manifest, connection = work.manifest, work.connection
    result = _judged(work.load(folder), work.options.refusals or ())
    if not work.findings:
        return TrialResult(result)
    filled = {
        name: filled_columns(connection, FILES[name], work.content.tables.rows(name).header) for name in work.findings
    }
    columns = {SentColumn(name, one.name): one for name, found in filled.items() for one in found}
    morning = first_morning(work.configuration, connection, manifest.covers, columns, manifest.day)
    return TrialResult(result, _problems(work), source_columns.sources(connection), filled, morning)


def _judged(made: LoadResult, refusals: Sequence[Refuse]) -> LoadResult:
    """Return the result of a trial: refused, or held, for every reason that was found."""
    if not refusals:
        return made
    fate = Fate.HELD if all(isinstance(refusal, Unlike) for refusal in refusals) else Fate.REFUSED
    sentences = [*dict.fromkeys(refusal.args[0] for refusal in refusals)]
    sentence = Quoting(" ".join(sentences), " ".join(map(without_cells, sentences)))
    return replace(made, fate=fate, sentence=sentence)


def _problems(work: ExtractLoad) -> dict[str, list[FoundProblem]]:
    return {name: _gathered(findings) for name, findings in work.findings.items()}


def _gathered(findings: Findings) -> list[FoundProblem]:
    """Return the problems of a file, each once: those of most rows first, and warnings last."""
    found: dict[tuple[bool, str], list[int]] = {}
    for is_warning, by_line in ((False, findings.problems), (True, findings.warnings)):
        for line in sorted(by_line):
            for sentence in dict.fromkeys(map(without_cells, by_line[line])):
                found.setdefault((is_warning, sentence), []).append(line)
    ordered = sorted(found.items(), key=lambda one: (one[0][0], -len(one[1])))
    return [
        FoundProblem(sentence, is_warning, tuple(map(findings.place, lines)))
        for (is_warning, sentence), lines in ordered
    ]
