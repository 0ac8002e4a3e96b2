"""One extract: whether its moment and its source may be, and the notes on each of its files."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from config.settings import Clock
from config.terms import Agency
from models.errors import Refuse
from models.queries.intake.extracts import Sender
from tasks.intake import extract
from tasks.intake.extract import SHOWN, Content, ExtractLoad, Options, _count
from tasks.intake.files import FILES
from tasks.intake.manifest import Manifest, Mode
from tasks.intake.results import FileCount
from tasks.intake.sentences import Quoting
from tasks.intake.staging import Findings
from tasks.intake.tables import SentTables
from tasks.platform import configuration
from tests.unit.days import row

NOW = datetime(2026, 3, 16, 6, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def load_of(tmp_path, taken=NOW, older=False):
    manifest = Manifest("E1", "niche-45", Agency.POLICE, Mode.SNAPSHOT, taken, ("45",), {})
    options = Options(NOW, tmp_path, (), None, older, False, False, lambda *_: None)
    return ExtractLoad(None, manifest, Content(SentTables(manifest, {}), "digest", "marks"), options)


@pytest.mark.parametrize(
    ("clock", "over", "refused"),
    [
        row("within the tolerance", Clock.REAL, timedelta(), False),
        row("beyond it", Clock.REAL, SECOND, True),
        row("on a virtual clock", Clock.VIRTUAL, timedelta(days=9), False),
    ],
)
def test_an_extract_of_a_moment_that_has_not_come_is_refused(tmp_path, monkeypatch, clock, over, refused):
    monkeypatch.setattr("tasks.intake.extract.clocks.of_database", lambda _: SimpleNamespace(at=NOW))
    monkeypatch.setattr(extract, "settings", lambda: SimpleNamespace(clock=clock))
    work = load_of(tmp_path, NOW + configuration.policy().clock.tolerance + over)
    if not refused:
        work._check_moment()
        return
    with pytest.raises(Refuse, match="which has not come"):
        work._check_moment()


BEFORE = Sender(1, Agency.POLICE, NOW, ("45",))


@pytest.mark.parametrize(
    ("before", "given", "refused"),
    [
        row("its first", None, {}, ""),
        row("of the same moment", BEFORE, {}, ""),
        row("a later one", BEFORE, {"taken": NOW + SECOND}, ""),
        row("an older one", BEFORE, {"taken": NOW - SECOND}, "before the last one"),
        row("an older one that is allowed", BEFORE, {"taken": NOW - SECOND, "older": True}, ""),
        row("of the other agency", BEFORE._replace(agency=Agency.CPS), {}, "sent as cps before, and now as police"),
    ],
)
def test_a_source_sends_as_one_agency_and_forward_in_time(tmp_path, monkeypatch, before, given, refused):
    monkeypatch.setattr("tasks.intake.extract.extracts.sender", lambda *_: before)
    work = load_of(tmp_path, **given)
    if not refused:
        assert work._check_source() == before
        return
    with pytest.raises(Refuse, match=refused):
        work._check_source()


def test_the_notes_of_a_file_tell_its_unknown_columns_each_once_in_one_order():
    judge = SimpleNamespace(unknown=["zeta", "", "alpha", "mid", "alpha", "beta", "gamma"])
    plain = _count("cases.csv", Findings(rows=3), [], SimpleNamespace(unknown=[]))
    assert (plain.rows, plain.rejected, plain.notes) == (3, 0, [])
    found = _count("cases.csv", Findings(rows=3, problems={2: ["x"]}), ["made from a.csv"], judge)
    assert (found.rejected, found.notes) == (
        1,
        [
            "made from a.csv",
            "unknown columns, ignored: (no name), alpha, beta, gamma, mid, zeta",
        ],
    )


def test_the_first_five_problems_and_warnings_are_shown_by_line_and_without_cells(tmp_path, monkeypatch):
    work = load_of(tmp_path)
    cases = FILES["cases.csv"]
    lines = (9, 3, 8, 4, 7, 5)
    problems = {line: [Quoting(f'risk "x{line}" is not', f"risk {line} is not"), "and more"] for line in lines}
    work.findings = {cases.name: Findings(problems=problems, warnings={2: ["late"]})}
    work.counts = {cases.name: FileCount(cases.name)}
    monkeypatch.setattr(extract, "warn_of_contacts", lambda *_: 4)
    monkeypatch.setattr("tasks.intake.extract.merging.waiting", lambda *_: 2)
    work._report(cases)
    count = work.counts[cases.name]
    assert (count.warned, count.waiting) == (4, 2)
    shown = [f"line {line}: risk {line} is not; and more" for line in sorted(lines)[:SHOWN]]
    assert count.examples == [*shown, "line 2: warning: late"]
    assert len(shown) == 5


@pytest.mark.parametrize("agency", Agency)
def test_a_file_of_one_agency_is_refused_from_the_other(tmp_path, agency):
    work = load_of(tmp_path)
    work.manifest = work.manifest._replace(agency=agency)
    if agency is Agency.CPS:
        with pytest.raises(Refuse, match=r"cases\.csv comes from police only, and this extract is cps's"):
            work._read(FILES["cases.csv"], None)
    else:
        with pytest.raises(KeyError):  # it goes on to the file, which is not there
            work._read(FILES["cases.csv"], None)
    with pytest.raises(KeyError):
        work._read(FILES["contacts.csv"], None)
