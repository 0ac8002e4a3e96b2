"""The statements of an export from the audit log: the rows of a case, of a person, of a period."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.queries.audit_log import export
from models.queries.audit_log.export import Asked
from models.replies import Reply
from models.rules.references import CaseReference
from tests.worlds.review_rows import SealRows
from tests.worlds.rows import AT_NINE, TUESDAY

CASE = CaseReference("45", "E1")


def reasons(rows, last: int = 10_000, **asked) -> list[str]:
    return [one.reason for one in export.rows(rows.connection, Asked(**asked), last)]


@pytest.fixture
def rows(connection) -> SealRows:
    return SealRows(connection)


def test_a_case_is_known_by_force_and_reference(rows):
    rows.case_of("E1")
    asked = (CASE, CaseReference("46", "E1"), CaseReference("45", "E2"))
    assert [export.is_known(rows.connection, case) for case in asked] == [True, False, False]


def test_a_case_has_the_rows_of_what_belongs_to_it_and_of_no_other(rows):
    case_id, other = rows.case_of("E1"), rows.case_of("E2")
    there = rows.case_of("E1", "46")
    owed, of_other, of_there = (rows.owes(one, TUESDAY) for one in (case_id, other, there))
    sits = rows.sitting("sits", TUESDAY)
    for slot, (one, ref) in enumerate(((case_id, "mine"), (other, "other"))):
        rows.convening(one, sits, slot=slot, ended_on=TUESDAY, end="held")
        rows.action(f"a-{ref}", one)
    rows.sitting("sits-too", TUESDAY, area="London")
    for obligation, key in ((owed, "letter:1:a"), (of_other, "letter:2:a")):
        rows.notification(obligation, rows.message("of1", key=key), "of1")
        rows.add(Reply, identity=key, day=TUESDAY, read_at=AT_NINE, contact_ref="of1", obligation_id=obligation)
    replies = dict(rows.found(select(Reply.obligation_id, Reply.id)))
    mine = [
        ("step", f"{owed}:3"), ("promise", f"{owed}:1"), ("promise", f"{owed}"), ("promise taken back", f"{owed}:1"),
        ("message", "letter:1:a"), ("reply", f"{replies[owed]}"), ("action", "a-mine:7"), ("action", "a-mine"),
        ("outcome", "sits/E1:1"), ("outcome", "sits/E1"), ("convening", "45/E1"), ("case", "45/E1"),
    ]  # fmt: skip
    others = [
        ("step", f"{of_other}:3"), ("step", f"{of_there}:3"), ("promise taken back", f"{of_other}:1"),
        ("message", "letter:2:a"), ("message", "letter:1:a:b"), ("message", f"{owed}"),
        ("reply", f"{replies[of_other]}"), ("reply", f"{replies[owed]}:1"), ("action", "a-other:7"),
        ("outcome", "sits/E2:1"), ("outcome", "sits-too/E1:1"),
        ("convening", "46/E1"), ("convening", "45/E2"), ("case", "45/E2"), ("case", "45/E1:1"), ("list", "45/E1"),
    ]  # fmt: skip
    for about, ref in (*others, *mine):
        rows.log(about, ref)
    assert reasons(rows, case=CASE) == [f"{about} {ref}" for about, ref in mine]
    assert reasons(rows, case=CaseReference("46", "E1")) == [f"step {of_there}:3", "convening 46/E1"]


def test_a_case_has_the_combinations_in_which_it_was_shown_beside_another(rows):
    for ref in ("E1", "E2"):
        rows.case_of(ref)
    for verb, about, detail in (
        ("combination", "case", {"cases": ["45/E3", "45/E1"]}), ("combination", "case", {"cases": ["45/E10"]}),
        ("combination", "projection", {"cases": ["45/E1"]}), ("alteration", "case", {"cases": ["45/E1"]}),
    ):  # fmt: skip
        rows.log(about, "45/E2", verb=verb, detail=detail, reason=f"{verb} {about} {detail['cases'][0]}")
    assert reasons(rows, case=CASE) == ["combination case 45/E3"]


def test_a_message_of_an_undone_round_is_found_by_its_name_of_then(rows):
    owed = rows.owes(rows.case_of("E1"), TUESDAY)
    rows.notification(owed, rows.message("of1", key="void:3:letter:1:a", state="void"), "of1")
    for ref in ("letter:1:a", "void:3:letter:1:a", "3:letter:1:a"):
        rows.log("message", ref)
    assert reasons(rows, case=CASE) == ["message letter:1:a", "message void:3:letter:1:a"]


def test_a_person_is_whoever_did_it_or_received_it(rows):
    for reason, given in (("by", {"by": "P1"}), ("to", {"to_ref": "P1"}), ("other", {"by": "P2", "to_ref": "P3"})):
        rows.log("list", "x", reason=reason, **given)
    assert reasons(rows, person="P1") == ["by", "to"]
    assert reasons(rows) == ["by", "to", "other"]


def test_a_period_has_its_first_moment_and_not_its_last(rows):
    for hours in range(4):
        rows.log("list", "x", reason=f"{hours}", at=AT_NINE + timedelta(hours=hours))
    first, last = AT_NINE + timedelta(hours=1), AT_NINE + timedelta(hours=3)
    assert reasons(rows, since=first, before=last) == ["1", "2"]
    assert reasons(rows, since=first) == ["1", "2", "3"]
    assert reasons(rows, before=last) == ["0", "1", "2"]


def test_the_rows_are_by_id_up_to_the_last_however_many_at_once_with_their_seals(rows, monkeypatch):
    assert export.last_id(rows.connection) == 0
    for id_ in (5, 1, 4, 2, 3, 6):
        rows.log("list", "x", reason=f"{id_}", id=id_)
    rows.seal(1, 1, 1, 3)
    rows.seal(2, 1, 4)
    assert export.last_id(rows.connection) == 6
    for most in (1, 2, 5, 9):
        monkeypatch.setattr(export, "_AT_ONCE", most)
        found = list(export.rows(rows.connection, Asked(), 5))
        assert [(one.id, one.seal) for one in found] == [(1, 1), (2, None), (3, 1), (4, 2), (5, None)]
