"""How one file is merged: rows set aside, withdrawn, changed and added, each only where there are any."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from config.policy import IntakePolicy
from config.terms import Agency
from models.queries.intake.kept_days import ExtractDays
from models.queries.intake.staged import RowEffect
from tasks.intake import merging
from tasks.intake.files import FILES
from tasks.intake.manifest import Manifest, Mode
from tasks.intake.merging import MergeTerms, merge, reject_by_ref
from tasks.intake.results import FileCount
from tasks.intake.staging import MOST, Findings

DAY, BEFORE = date(2026, 3, 16), date(2026, 3, 15)
LIMITS = IntakePolicy(max_rejected_percent=10, max_withdrawn_percent=20, more_than_rows=5)
NAME = "tasks.intake.merging"


@pytest.fixture
def asked(monkeypatch):
    """What is asked of the statements; `effects` is what a comparison finds, None before the source's first rows."""
    made = SimpleNamespace(calls=[], effects=None, days=[], snapshot=[], extra=[], twice=[], others=[], limits=[])
    execute = SimpleNamespace(execute=lambda *_: None)
    made.connection = execute

    def call(name, gives=0):
        def take(*_, **__):
            made.calls.append(name)
            return gives

        return take

    def add(_, __, ___, extra, days):
        made.calls.append("add")
        made.extra.append(extra)
        made.days.append(days)
        return 7

    def compare(_, __, ___, snapshot_of, ____):
        made.snapshot.append(snapshot_of)
        return made.effects

    def change(_, __, days):
        made.calls.append("change")
        made.days.append(days)

    def found(which):
        def find(*given):
            made.limits.append(given[-1])
            return getattr(made, which)

        return find

    monkeypatch.setattr(f"{NAME}.merging.add_keys", call("keys"))
    monkeypatch.setattr(f"{NAME}.merging.add", add)
    monkeypatch.setattr(f"{NAME}.merging.change", change)
    monkeypatch.setattr(f"{NAME}.merging.new_rows", call("new"))
    monkeypatch.setattr(f"{NAME}.merging.withdraw", call("withdraw"))
    monkeypatch.setattr(f"{NAME}.merging.set_aside", lambda _, __, lines: made.calls.append(lines))
    monkeypatch.setattr(f"{NAME}.merging.duplicates", found("twice"))
    monkeypatch.setattr(f"{NAME}.merging.foreign_lines", found("others"))
    monkeypatch.setattr(f"{NAME}.comparing.has_sent", lambda *_: made.effects is not None)
    monkeypatch.setattr(f"{NAME}.comparing.compare", compare)
    monkeypatch.setattr(merging, "wanted", lambda _: None)
    monkeypatch.setattr(merging, "CreateTable", lambda _: None)
    return made


def terms(mode=Mode.SNAPSHOT, *, had=True):
    manifest = Manifest("E1", "niche", Agency.POLICE, mode, datetime(2026, 3, 16, 5, tzinfo=UTC), ("45",), {})
    sent = SimpleNamespace(had_before=lambda *_: had, unsaid=lambda _: frozenset())
    return MergeTerms(manifest, 3, LIMITS, False, BEFORE, sent)


def merged(asked, name="cases.csv", given=None):
    count = FileCount(name)
    merge(asked.connection, FILES[name], Findings(), given or terms(), count)
    return count


@pytest.mark.parametrize(("name", "keys"), [("cases.csv", ["keys"]), ("actions.csv", ["keys"]), ("contacts.csv", [])])
def test_the_first_rows_of_a_source_are_added_with_the_keys_of_their_cases(asked, name, keys):
    count = merged(asked, name)
    assert (asked.calls, count.added) == ([*keys, "add"], 7)
    assert asked.days == [ExtractDays(DAY, None)]
    first_seen = {"first_seen_on": DAY} if name == "contacts.csv" else {}
    assert asked.extra == [{"source_id": 3} | first_seen]


@pytest.mark.parametrize(
    ("effects", "calls", "counts"),
    [
        ({}, [], (0, 0, 0)),
        ({RowEffect.GONE: 2}, ["withdraw"], (2, 0, 0)),
        ({RowEffect.CHANGED: 4}, ["change"], (0, 4, 0)),
        ({RowEffect.ADDED: 5}, ["new", "add"], (0, 0, 7)),
        ({RowEffect.KEPT: 3, RowEffect.CHANGED: 1}, ["change"], (0, 1, 0)),
    ],
)
def test_only_what_differs_is_written(asked, effects, calls, counts):
    asked.effects = effects
    count = merged(asked)
    assert (asked.calls, (count.withdrawn, count.changed, count.added)) == (["keys", *calls], counts)


@pytest.mark.parametrize(
    ("kept", "note"),
    [
        (1, "1 row is left out and kept, because its case"),
        (2_000, "2,000 rows are left out and kept, because their case"),
    ],
)
def test_rows_of_a_case_that_is_missing_are_noted(asked, kept, note):
    asked.effects = {RowEffect.KEPT: kept}
    assert [each.startswith(note) for each in merged(asked).notes] == [True]


@pytest.mark.parametrize(("mode", "snapshot_of"), [(Mode.SNAPSHOT, ("45",)), (Mode.DELTA, None)])
@pytest.mark.parametrize(("had", "before"), [(True, BEFORE), (False, None)])
def test_only_a_snapshot_says_what_is_gone_and_only_a_known_status_has_a_day_before(
    asked, mode, snapshot_of, had, before
):
    asked.effects = {RowEffect.CHANGED: 1}
    merged(asked, given=terms(mode, had=had))
    assert (asked.snapshot, asked.days) == ([snapshot_of], [ExtractDays(DAY, before)])


@pytest.mark.parametrize(
    ("name", "ref"),
    [
        ("actions.csv", "action_ref"),
        ("absences.csv", "contact_ref + from_on + to_on"),
        ("cps_cases.csv", "case"),
    ],
)
def test_a_ref_that_occurs_twice_or_is_another_sources_is_set_aside_by_its_name(asked, name, ref):
    asked.twice = [SimpleNamespace(line=9, first=4)]
    asked.others = [SimpleNamespace(line=3, source="cms")]
    found = Findings(warnings={3: ["late"], 5: ["late"]})
    reject_by_ref(asked.connection, FILES[name], found, terms())
    names = {3: f'{ref} belongs to source "cms", which sent it first', 9: f"{ref} is the same as on line 4"}
    assert found.problems == {line: [sentence] for line, sentence in names.items()}
    assert (asked.calls, found.warnings) == ([[3, 9]], {5: ["late"]})
    assert asked.limits == [MOST + 1] * 2, "so that too many are known as too many"


def test_where_no_row_is_rejected_none_is_set_aside(asked):
    found = Findings(warnings={5: ["late"]})
    reject_by_ref(asked.connection, FILES["actions.csv"], found, terms())
    assert (asked.calls, found.problems, found.warnings) == ([], {}, {5: ["late"]})
