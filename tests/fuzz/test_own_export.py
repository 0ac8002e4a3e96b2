"""A source's own files: any content of a text or a spreadsheet is read row by row, or refused."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from flows.configured import configured
from models.errors import Refuse
from tasks.intake.files import FILES
from tasks.intake.folders import in_order
from tasks.intake.load import open_all, read_content
from tests.fuzz.effort import fuzz
from tests.fuzz.mutations import mutated
from tests.house.source import ROOT

OURS = ROOT / "docs" / "adopting"


@contextmanager
def sources(path: Path) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in ("CASEBEAT_SOURCES", "CASEBEAT_HOME")}
    os.environ |= {"CASEBEAT_SOURCES": str(OURS), "CASEBEAT_HOME": str(path / "home")}
    yield
    for name, value in before.items():
        if value is None:
            del os.environ[name]
        else:
            os.environ[name] = value


@pytest.mark.parametrize("source", ["crimes-45", "cms-se", "tracker-45"])
def test_any_content_of_an_own_file_is_read_or_refused(source: str, tmp_path: Path) -> None:
    folder = tmp_path / source
    folder.mkdir()
    files = {path.name: path.read_bytes() for path in (OURS / source).iterdir()}
    largest = max(files, key=lambda name: len(files[name]))
    for name, content in files.items():
        (folder / name).write_bytes(content)

    def run(content: bytes) -> str:
        (folder / largest).write_bytes(content)
        (waiting,) = in_order(configured(), [folder], None)
        assert waiting.manifest is not None
        with ExitStack() as held:
            handles = open_all(waiting, waiting.manifest, held)
            try:
                tables = read_content(configured(), waiting, waiting.manifest, handles, "").tables
                for name in filter(waiting.manifest.files.__contains__, FILES):
                    rows = tables.rows(name)
                    lines = [line for line, row in rows if isinstance(row, str) or len(row) == len(rows.header)]
                    assert len(lines) == len(set(lines))
                    assert sum(len(list(each)) for each in tables.originals(name)) >= 0
            except Refuse:
                return "refused"
        return "read"

    with sources(tmp_path):
        answers = fuzz(f"own exports, {source}", mutated([files[largest]]), run, share=1 / 3)
    assert answers["read"] + answers["refused"] > 0
