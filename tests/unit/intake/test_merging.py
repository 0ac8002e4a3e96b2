"""The guards of a merge: how many rows may be rejected or withdrawn, and what is counted of them."""

from datetime import date
from types import SimpleNamespace

import pytest

from config.policy import IntakePolicy
from config.terms import Agency
from models.errors import Refuse
from tasks.intake import merging
from tasks.intake.files import FILES
from tasks.intake.manifest import Mode
from tasks.intake.merging import MergeTerms, _withdraw, check_rejected, warn_of_contacts
from tasks.intake.results import FileCount
from tasks.intake.staging import Findings
from tests.unit.days import row

LIMITS = IntakePolicy(max_rejected_percent=10, max_withdrawn_percent=20, more_than_rows=5)
DAY = date(2026, 3, 16)


@pytest.mark.parametrize(
    ("rejected", "rows", "refused"),
    [
        row("as few as any file may have", 5, 5, False),
        row("one more, and the limit exactly", 6, 60, False),
        row("one more, and beyond it", 6, 59, True),
        row("all of them", 6, 6, True),
        row("none", 0, 0, False),
    ],
)
def test_a_file_of_which_too_much_was_rejected_is_refused(rejected, rows, refused):
    found = Findings(rows=rows, problems={line: ["x"] for line in range(rejected)})
    if not refused:
        check_rejected("cases.csv", found, LIMITS)
        return
    with pytest.raises(Refuse) as refusal:
        check_rejected("cases.csv", found, LIMITS)
    assert str(refusal.value).startswith(f"cases.csv: {rejected} of {rows} rows were rejected, more than 10 %; ")


CASES, OF_CASES, OTHER = (
    SimpleNamespace(names_a_case=names, of_cases=cases)
    for names, cases in ((True, True), (True, False), (False, False))
)


def withdrawn(monkeypatch, gone, rows=CASES, *, mode=Mode.SNAPSHOT, shrink=False, unreadable=0, unread=0, supplied=100):
    """How many rows are counted as withdrawn, and the notes; both as the database was asked to do it."""
    asked = []
    monkeypatch.setattr("tasks.intake.merging.comparing.supplied", lambda *_: supplied)
    monkeypatch.setattr("tasks.intake.merging.merging.withdraw", lambda _, rows, day: asked.append((rows, day)))
    manifest, count = SimpleNamespace(mode=mode, covers=("45",), day=DAY), FileCount("cases.csv")
    terms = MergeTerms(manifest, 1, LIMITS, shrink, None, None, unread)
    _withdraw(None, rows, gone, Findings(unreadable=unreadable), terms, count)
    assert asked == ([(rows, DAY)] if count.withdrawn else [])
    return count.withdrawn, count.notes


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        row("few", {"gone": 5, "supplied": 5}, False),
        row("at the limit", {"gone": 20}, False),
        row("beyond it", {"gone": 21}, True),
        row("of fewer", {"gone": 6, "supplied": 29}, True),
        row("in a delta", {"gone": 21, "mode": Mode.DELTA}, False),
        row("allowed", {"gone": 21, "shrink": True}, False),
    ],
)
def test_a_snapshot_that_lacks_too_many_rows_looks_truncated(monkeypatch, given, refused):
    if not refused:
        assert withdrawn(monkeypatch, **given) == (given["gone"], [])
        return
    with pytest.raises(Refuse, match=f"cases.csv looks truncated: it would withdraw {given['gone']} of the "):
        withdrawn(monkeypatch, **given)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        row("none unreadable", {}, 0),
        row("unreadable ones", {"unreadable": 2}, 2),
        row("unreadable ones of a delta", {"unreadable": 2, "mode": Mode.DELTA}, 0),
        row("unreadable cases, to which the rows belong", {"rows": OF_CASES, "unread": 3, "unreadable": 1}, 4),
        row("unreadable cases, which they are", {"rows": CASES, "unread": 3}, 0),
        row("unreadable cases, which they do not name", {"rows": OTHER, "unread": 3}, 0),
    ],
)
def test_nothing_is_withdrawn_where_a_row_that_cannot_be_read_may_be_it(monkeypatch, given, kept):
    note = f"4 rows were not withdrawn, since {kept} rows could not be read at all"
    assert withdrawn(monkeypatch, 4, **given) == ((0, [note]) if kept else (4, []))
    assert withdrawn(monkeypatch, 0, **given) == (0, [])


def warned(monkeypatch, name, unknown=(), cannot=(), **findings):
    """The count of warnings of a file, the agency of whose SPOCs it is, and the warnings by line."""
    agencies = []
    found = Findings(**findings)
    monkeypatch.setattr(
        "tasks.intake.merging.merging.unknown_contacts",
        lambda _, __, column, most: dict(unknown).get(column, []) if most == 10_000 else pytest.fail("all are kept"),
    )
    monkeypatch.setattr(
        "tasks.intake.merging.row_leaders.cannot_lead",
        lambda _, __, agency, ___, ____: agencies.append(agency) or list(cannot),
    )
    return warn_of_contacts(None, FILES[name], found, DAY), agencies, found.warnings


def line(number, ref, lines):
    return SimpleNamespace(line=number, ref=ref, lines=lines)


def test_all_warnings_of_contacts_are_counted_although_not_all_are_kept(monkeypatch):
    unknown = {"oic_ref": [line(2, "P1", 5), line(3, "P2", 5)], "spoc_ref": [line(2, "P3", 1)]}
    count, agencies, warnings = warned(
        monkeypatch, "cases.csv", unknown, [line(4, "P4", 3)], warnings={9: ["one", "two"]}, more_warnings=7
    )
    assert count == 2 + 7 + 5 + 1 + 3
    assert agencies == [Agency.POLICE]
    assert {at: [str(each) for each in found] for at, found in warnings.items()} == {
        9: ["one", "two"], 2: ['oic_ref "P1" is not a known contact', 'spoc_ref "P3" is not a known contact'],
        3: ['oic_ref "P2" is not a known contact'], 4: [f'spoc_ref "P4" {merging.CANNOT_LEAD}'],
    }  # fmt: skip


@pytest.mark.parametrize(("name", "agencies"), [("cps_cases.csv", [Agency.CPS]), ("actions.csv", [])])
def test_only_where_a_row_may_name_who_leads_it_is_asked_who_cannot(monkeypatch, name, agencies):
    assert warned(monkeypatch, name) == (0, agencies, {})
