"""Which action a person means, who owes it, and what a report of its end writes and takes back."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from models.cases import ActionRow, Case, Completion
from models.queries.obligations import completions
from models.queries.obligations.completions import NewCompletion
from models.rules.references import CaseReference
from tests.worlds.rows import AT_NINE, TUESDAY

DAY = timedelta(days=1)
CLOSED = {"finalised_on": TUESDAY, "finalised_reason": "nfa_police"}


def find(rows, case_ref: str, action_ref: str, force: str = "45"):
    return completions.find(rows.connection, CaseReference(force, case_ref), action_ref, ["47"])


def write(rows, action_ref: str, days: int = 0) -> int:
    new = NewCompletion(action_ref, "of1", TUESDAY - days * DAY, TUESDAY, AT_NINE)
    return completions.write(rows.connection, new)


def state(rows) -> dict[str, tuple]:
    found = select(ActionRow.action_ref, ActionRow.status, ActionRow.closed_on, ActionRow.as_sent)
    return {ref: rest for ref, *rest in rows.found(found)}


def test_an_action_is_found_on_the_case_that_is_named_or_under_its_urn(rows):
    urn, other = rows.urn("45ZZ0000126"), rows.urn("45ZZ0000226")
    case_id, second = rows.case_of("T1", urn_key_id=urn), rows.case_of("T2", urn_key_id=other)
    rows.case_of("T1", "46")
    for ref, key in (("A1", case_id), ("A2", urn), ("A3", second), ("A4", other)):
        rows.action(ref, key)
    for key, ref, given in (
        (case_id, "own", {}), (urn, "shared", {}), (second, "gone", {"withdrawn_on": TUESDAY}), (other, "theirs", {}),
    ):  # fmt: skip
        rows.prosecuted(key, ref, **given)
    found = {ref: find(rows, "T1", ref) for ref in ("A1", "A2", "A3", "A4")}
    assert {ref: one and one.case_ref for ref, one in found.items()} == {"A1": "T1", "A2": "T1", "A3": None, "A4": None}
    assert find(rows, "T1", "A1", "46") is None
    assert not found["A1"].standing.reported
    write(rows, "A1")
    assert find(rows, "T1", "A1").standing.reported
    assert [one.matter.prosecutor_ref for one in (found["A1"], find(rows, "T2", "A3"))] == ["own", "theirs"]


@pytest.mark.parametrize(
    ("linked", "principal"),
    [
        ([("A", 9, CLOSED), ("B", 8, {"classification": "other"}), ("C", 1, {})], "C"),
        ([("A", 9, CLOSED), ("B", 8, {"classification": "other"})], "B"),
        ([("A", 9, {"classification": "harassment"}), ("B", 1, {})], "B"),
        ([("A", 9, {"classification": "harassment", "force": "47"}), ("B", 1, {})], "A"),
        ([("C", 1, {}), ("B", 2, {}), ("A", 1, {})], "B"),
        ([("C", 1, {}), ("B", 1, {}), ("D", 1, {})], "B"),
    ],
)
def test_an_action_of_a_urn_is_owed_by_the_principal(rows, linked, principal):
    urn = rows.urn("45ZZ0000126")
    rows.action("A1", urn)
    for ref, days, given in linked:
        rows.case_of(ref, **{"urn_key_id": urn, "opened_on": TUESDAY - days * DAY} | given)
    rows.case_of("0", opened_on=TUESDAY - 99 * DAY)
    found = find(rows, linked[-1][0], "A1", linked[-1][2].get("force", "45"))
    assert found is not None
    assert found.case_ref == principal


def test_actions_that_are_still_to_be_done_are_listed_by_reference(rows):
    urn, other = rows.urn("45ZZ0000126"), rows.urn("45ZZ0000226")
    case_id, second = rows.case_of("T1", urn_key_id=urn), rows.case_of("T2", urn_key_id=other)
    rows.case_of("T1", "46")
    for ref, key, given in (
        ("b", case_id, {}), ("B", urn, {"status": "waiting_third_party"}), ("a", case_id, {}), ("c", second, {}),
        ("d", case_id, {"status": "done"}), ("e", case_id, {"withdrawn_on": TUESDAY}), ("f", other, {}),
    ):  # fmt: skip
        rows.action(ref, key, **given)
    assert completions.live_actions(rows.connection, "45", "T1") == ["B", "a", "b"]
    assert completions.live_actions(rows.connection, "46", "T1") == []


def test_a_report_closes_its_action_alone_and_is_taken_back_to_what_the_source_sent(rows):
    case_id = rows.case_of("T1")
    for ref in ("A1", "A2"):
        rows.action(ref, case_id, status="waiting_third_party")
    first, second = write(rows, "A1", 2), write(rows, "A1", 1)
    sent = {"status": "waiting_third_party", "closed_on": None}
    assert state(rows) == {"A1": ["done", TUESDAY - DAY, sent], "A2": ["waiting_third_party", None, None]}
    found = [completions.latest(rows.connection, ref) for ref in ("A1", "A2")]
    assert [one and one.id for one in found] == [second, None]
    assert first < second
    write(rows, "A2")
    completions.take_back(rows.connection, "A1")
    assert state(rows)["A1"] == ["waiting_third_party", None, None]
    assert state(rows)["A2"][0] == "done"
    completions.take_back(rows.connection, "A1")
    assert state(rows)["A1"] == ["waiting_third_party", None, None]


def test_a_change_marks_the_case_and_those_of_its_urn(rows):
    urn = rows.urn("45ZZ0000126")
    asked = (("T1", urn), ("T2", urn), ("T3", None), ("T4", None))
    ids = {ref: rows.case_of(ref, urn_key_id=key) for ref, key in asked}
    rows.connection.execute(update(Case).values(projection="evaluated"))

    def marked() -> set[int]:
        return set(rows.connection.scalars(select(Case.id).where(Case.projection == "changed")))

    completions.mark_changed(rows.connection, ids["T3"])
    assert marked() == {ids["T3"]}
    completions.mark_changed(rows.connection, ids["T1"])
    assert marked() == {ids["T1"], ids["T2"], ids["T3"]}


def test_the_latest_report_of_an_action_holds_while_the_source_has_not_changed_it(rows):
    case_id, other = rows.case_of("T1"), rows.case_of("T2")
    for ref, key in (("A1", case_id), ("A2", case_id), ("A3", other)):
        rows.action(ref, key)
    made = [write(rows, ref, days) for days, ref in enumerate(("A1", "A2", "A1", "A3"))]
    completions.take_back(rows.connection, "A2")
    rows.move_back(Completion, made[0])
    found = completions.of_case(rows.connection, [case_id])
    assert [(one.action_ref, one.done_on, one.stands) for one in found] == [
        ("A1", TUESDAY, False), ("A2", TUESDAY - DAY, False), ("A1", TUESDAY - 2 * DAY, True),
    ]  # fmt: skip
