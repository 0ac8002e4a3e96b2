"""One extract loaded: its files in the order of the table, what it counts, and what it hands on to each step."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from config.terms import Agency
from models.errors import Refuse
from models.queries.intake.extracts import Sender
from models.queries.intake.missing_cases import NO_ORDERS
from tasks.intake import extract, tables
from tasks.intake.extract import Content, ExtractLoad, Options
from tasks.intake.files import FILES
from tasks.intake.manifest import Manifest, Mode
from tasks.intake.reading import FirstLook
from tasks.intake.results import FileCount
from tasks.intake.staging import Findings
from tasks.intake.tables import SentTables

AT = datetime(2026, 3, 16, 23, 30, tzinfo=UTC)
BEFORE = Sender(1, Agency.POLICE, datetime(2026, 3, 14, 23, 30, tzinfo=UTC), ("45", "46"))
NAME = "tasks.intake.extract"


class Sent:
    """The columns of an extract: what was covered before, and whether a lost one is looked for."""

    def __init__(self) -> None:
        self.covered: Any = None
        self.checked = False

    def record(self, _: object, __: int, covered: Any) -> None:
        self.covered = covered

    def check_none_is_lost(self) -> None:
        self.checked = True


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch) -> Any:
    """What is known before, what each file comes to, and what each step is given."""
    made = SimpleNamespace(
        before=BEFORE, counts={}, unreadable=0, terms={}, reported=[], asked=[], left=[], sent=Sent()
    )
    monkeypatch.setattr(ExtractLoad, "_check_moment", lambda _: None)
    monkeypatch.setattr(ExtractLoad, "_check_source", lambda _: made.before)
    monkeypatch.setattr(ExtractLoad, "_source", lambda _: 3)
    monkeypatch.setattr(ExtractLoad, "_sent_columns", lambda *_: made.sent)

    def read(work: Any, file: Any, _: object) -> None:
        work.findings[file.name] = Findings(unreadable=made.unreadable)
        work.counts[file.name] = FileCount(file.name, **made.counts.get(file.name, {}))

    def merge(_: object, file: Any, __: object, terms: Any, ___: object) -> None:
        made.terms[file.name] = terms

    monkeypatch.setattr(ExtractLoad, "_read", read)
    monkeypatch.setattr(ExtractLoad, "_report", lambda _, file: made.reported.append(file.name))
    monkeypatch.setattr(extract, "leave_out_erased", lambda *_: None)
    monkeypatch.setattr(extract, "merge", merge)
    monkeypatch.setattr(
        extract, "leave_out_erased", lambda _, files, __: made.left.append([file.name for file in files])
    )
    monkeypatch.setattr(extract, "CreateTable", lambda _: None)
    monkeypatch.setattr(extract, "unexpired_orders", lambda *_: made.asked.append("orders") or "orders")
    monkeypatch.setattr(f"{NAME}.merging.mark_cases", lambda _: 5)
    monkeypatch.setattr(f"{NAME}.extract_outcomes.take_over", lambda *_: made.asked.append("outcomes"))
    monkeypatch.setattr(f"{NAME}.recording.loaded", lambda *_: made.asked.append("recorded"))
    monkeypatch.setattr(f"{NAME}.extracts.store_marks", lambda *given: made.asked.append(given[-1]))
    return made


def work_of(tmp_path: Any, *files: str, fewer: bool = False) -> ExtractLoad:
    manifest = Manifest("E1", "niche", Agency.POLICE, Mode.SNAPSHOT, AT, ("45",), dict.fromkeys(files, 1))
    options: Any = Options(AT, tmp_path, (), None, False, False, fewer, lambda *_: None)
    connection: Any = SimpleNamespace(execute=lambda _: None)
    return ExtractLoad(connection, manifest, Content(SentTables(manifest, {}), "digest", "marks"), options)


def test_the_files_of_an_extract_are_merged_and_reported_in_the_order_of_the_table(book, tmp_path):
    files = [*list(FILES)[:3], "cases.csv"]
    found = work_of(tmp_path, *reversed(files), "other.txt").load("f")
    ordered = [name for name in FILES if name in files]
    assert (list(book.terms), book.reported, book.left) == (ordered, ordered, [ordered])
    assert found.notes == ("other.txt is not a file that Casebeat reads",)
    assert book.asked == ["outcomes", "recorded", "marks"]


@pytest.mark.parametrize(("before", "day", "covered"), [(BEFORE, date(2026, 3, 14), ("45", "46")), (None, None, ())])
def test_a_file_is_merged_by_what_its_source_sent_before(book, tmp_path, before, day, covered):
    book.before = before
    work_of(tmp_path, "cases.csv").load("f")
    assert (book.terms["cases.csv"].sent_before_on, book.sent.covered) == (day, covered)


@pytest.mark.parametrize(("files", "unread"), [(("cases.csv", "actions.csv"), 4), (("actions.csv",), 0)])
def test_rows_of_cases_that_cannot_be_read_are_known_to_every_file(book, tmp_path, files, unread):
    book.unreadable = 4
    work_of(tmp_path, *files).load("f")
    assert book.terms["actions.csv"].unread_cases == unread


@pytest.mark.parametrize(
    ("counts", "changed", "missing", "orders"),
    [
        ({"cases.csv": {"added": 2, "withdrawn": 3}}, 7, 3, "orders"),
        ({"cases.csv": {"added": 2}}, 7, 0, NO_ORDERS),
        ({}, 5, 0, NO_ORDERS),
    ],
)
def test_cases_that_changed_and_that_are_missing_are_counted(book, tmp_path, counts, changed, missing, orders):
    book.counts = counts
    found = work_of(tmp_path, *(counts or ("actions.csv",))).load("f")
    assert (found.cases_changed, found.cases_missing, found.orders_missing) == (changed, missing, orders)


@pytest.mark.parametrize("fewer", [False, True])
def test_lost_columns_are_refused_unless_they_are_allowed(monkeypatch, tmp_path, fewer):
    sent = Sent()
    monkeypatch.setattr(f"{NAME}.SentColumns.read", lambda *_: sent)
    work_of(tmp_path, fewer=fewer)._sent_columns([], 3)
    assert sent.checked is not fewer


@pytest.mark.parametrize(
    ("rows", "changed", "why"), [(1, False, ""), (2, False, "has 2 rows where the manifest says 1"),
                                 (1, True, "was changed while it was being read")],
)  # fmt: skip
def test_a_file_that_is_not_as_it_was_announced_is_refused(monkeypatch, tmp_path, rows, changed, why):
    work, seen = work_of(tmp_path, "actions.csv"), FirstLook("d", "utf-8", (1,))
    work.content = Content(SentTables(work.manifest, {"actions.csv": (0, seen)}), "digest", "marks")
    judge = SimpleNamespace(unknown=[])
    for name, gives in (
        ("RowJudge", judge), ("stage", Findings(rows=rows)), ("reject_by_ref", None), ("check_rejected", None),
    ):  # fmt: skip
        monkeypatch.setattr(extract, name, lambda *_, gives=gives: gives)
    monkeypatch.setattr(tables, "Rows", lambda *_: SimpleNamespace(header=[]))
    monkeypatch.setattr(tables, "marks", lambda _: (2,) if changed else (1,))
    monkeypatch.setattr(f"{NAME}.rejects.write_rejected", lambda *_: None)
    terms: Any = None
    if why:
        with pytest.raises(Refuse, match=why):
            work._read(FILES["actions.csv"], terms)
    else:
        work._read(FILES["actions.csv"], terms)
        assert work.counts["actions.csv"].rows == 1


def test_the_same_content_has_one_digest_whatever_its_marks_and_each_file_counts(monkeypatch):
    monkeypatch.setattr(extract, "look", lambda handle, _: FirstLook(f"d{handle}", "utf-8", ()))
    monkeypatch.setattr(extract, "marks", lambda handle: handle)
    manifest = Manifest("E1", "niche", Agency.POLICE, Mode.SNAPSHOT, AT, ("45",), {"b": 4})
    first = extract.content_of(b"m", manifest, {"a": 1, "b": 2}, "marks")
    assert (first.marks, first.tables.expected("b")) == ("marks", 4)
    others = [
        extract.content_of(b"m", manifest, {"a": 1, "b": 3}, ""),
        extract.content_of(b"x", manifest, {"a": 1, "b": 2}, ""),
        extract.content_of(b"m", manifest, {"a": 1, "c": 2}, ""),
    ]  # fmt: skip
    assert len({first.digest, *(one.digest for one in others)}) == 4
    assert extract.content_of(b"m", manifest, {"a": 1, "b": 2}, "other").digest == first.digest
    assert len({extract.marks_of(b"m", {"a": number}) for number in (1, 2)}) == 2
