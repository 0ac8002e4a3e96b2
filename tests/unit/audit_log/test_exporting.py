"""The file of exported audit rows, cell by cell and line by line, and what the log keeps of the request."""

import csv
import json
from contextlib import nullcontext
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from models.errors import Refuse
from models.queries.audit_log.export import Asked, ExportedRow
from tasks.audit_log import exporting

AT = datetime(2026, 3, 17, 9, tzinfo=UTC)
ROW = ExportedRow(1, AT, "alteration", "=me", "case", "45/1", None, "typed", {"b": "é", "a": None}, None)


class Log:
    def __init__(self):
        self.rows, self.recorded, self.progress, self.known, self.last = [ROW], [], [], True, 99


@pytest.fixture
def log(monkeypatch):
    made = Log()
    put = monkeypatch.setattr
    put(exporting, "transaction", nullcontext)
    put("models.queries.audit_log.export.is_known", lambda *_: made.known)
    put("models.queries.audit_log.export.last_id", lambda _: made.last)
    put("models.queries.audit_log.export.rows", lambda _, __, last: iter(made.rows) if last == made.last else iter(()))
    put("models.queries.audit.record", lambda _, entry: made.recorded.append(entry))
    return made


def exported(log, file, asked=None):
    return exporting.export(file, asked or Asked(), "me", AT, lambda *given: log.progress.append(given))


def test_a_spreadsheet_has_the_names_of_its_columns_and_no_cell_that_runs(log, tmp_path):
    log.rows = [ROW, ROW._replace(id=2, to_ref="P1", detail=None, seal=3)]
    assert exported(log, tmp_path / "a.csv") == 2
    head, first, second = csv.reader((tmp_path / "a.csv").read_text("utf-8").splitlines())
    assert tuple(head) == ExportedRow._fields
    assert first == [
        "1", "2026-03-17T09:00:00+00:00", "alteration", "'=me", "case", "45/1", "", "typed",
        '{"a": null, "b": "é"}', "",
    ]  # fmt: skip
    assert second[6:] == ["P1", "typed", "", "3"]


def test_a_file_of_lines_has_an_object_for_each_row_and_no_heading(log, tmp_path):
    log.rows = [ROW, ROW._replace(id=2)]
    assert exported(log, tmp_path / "a.jsonl") == 2
    first, second = map(json.loads, (tmp_path / "a.jsonl").read_text("utf-8").splitlines())
    assert first == {**ROW._asdict(), "at": "2026-03-17T09:00:00+00:00"}
    assert second["id"] == 2


def test_an_empty_log_makes_a_file_with_a_heading_alone(log, tmp_path):
    log.rows = []
    assert exported(log, tmp_path / "a.csv") == 0
    assert len((tmp_path / "a.csv").read_text().splitlines()) == 1


def test_progress_is_told_every_thousand_rows(log, tmp_path):
    log.rows = [ROW._replace(id=number * 2) for number in range(1, 2002)]
    assert exported(log, tmp_path / "a.jsonl") == 2001
    assert log.progress == [(2000, 99), (4000, 99)]
    lines = (tmp_path / "a.jsonl").read_text().splitlines()
    assert all(json.loads(one)["id"] < json.loads(other)["id"] for one, other in pairwise(lines))


@pytest.mark.parametrize(
    ("asked", "about"),
    [(Asked(), "all"), (Asked(person="P1"), "P1"), (Asked(case="45/1"), "45/1"), (Asked("45/1", "P1"), "45/1")],
)
def test_the_request_is_in_the_log_with_what_it_asked_for(log, tmp_path, asked, about):
    exported(log, tmp_path / "a.csv", asked._replace(since=AT))
    (entry,) = log.recorded
    assert (entry.ref, entry.by, entry.reason) == (about, "me", "audit export")
    assert entry.detail == {
        "since": "2026-03-17T09:00:00+00:00", "before": None, "person": asked.person, "at": "2026-03-17T09:00:00+00:00",
    }  # fmt: skip


def test_an_unknown_case_or_another_kind_of_file_is_refused_and_leaves_nothing(log, tmp_path):
    log.known = False
    with pytest.raises(Refuse, match="There is no case 45/1 in the book"):
        exported(log, tmp_path / "a.csv", Asked(case="45/1"))
    exported(log, tmp_path / "person.csv", Asked(person="P1"))
    with pytest.raises(Refuse, match=r"ends in \.csv or \.jsonl"):
        exported(log, tmp_path / "a.txt")
    assert [path.name for path in tmp_path.iterdir()] == ["person.csv"]
