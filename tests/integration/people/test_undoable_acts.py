"""Which act a reply takes back, and in which forces replies of a moment did."""

from datetime import timedelta

from models.obligations import Obligation
from models.queries.people import acts
from tests.worlds.rows import AT_NINE, TUESDAY


def test_an_outcome_or_a_move_is_found_with_its_sitting_and_the_latest_review_that_is_owed(rows):
    case_id, other = rows.case_of("T1"), rows.case_of("T2")
    first, second = rows.sitting("S-1", TUESDAY), rows.sitting("S-2", TUESDAY + timedelta(days=7))
    held = rows.convening(case_id, first, ended_on=TUESDAY, end="held")
    outcome, move = rows.outcome(held), rows.convening(case_id, second)
    theirs = rows.convening(other, rows.sitting("S-3", TUESDAY + timedelta(days=8)), ended_on=TUESDAY, end="held")
    rows.outcome(theirs)
    over = {"ended_on": TUESDAY, "end_reason": "met"}
    latest = rows.owes(case_id, TUESDAY, version=2)
    promise = rows.promise(latest, until_on=TUESDAY, by_ref="of1")
    for of, given in (
        (case_id, over), (case_id, {"version": 3} | over | {"end_reason": "void"}),
        (case_id, {"rule": "a", "version": 4}),
        (other, {"version": 5}),
    ):  # fmt: skip
        rows.owes(of, TUESDAY, **given)
    rows.move_back(Obligation, latest)
    ids = [
        rows.act(case_id, **given)
        for given in (
            {"outcome_id": outcome}, {"convening_id": move}, {"outcome_id": outcome, "undoes": True},
            {"promise_id": promise},
        )
    ]  # fmt: skip
    found = [acts.undoable(rows.connection, id_) for id_ in ids]
    assert [one and (one.deed, one.row_id, one.case_ref, one.sitting, one.obligation_id) for one in found] == [
        ("outcome", outcome, "T1", "S-1", latest), ("move", move, "T1", "S-2", latest), None, None,
    ]  # fmt: skip


def undo_by_mail(rows, case_id: int, row, given) -> None:
    """Let a mail take back what one row did, unless it is given otherwise."""
    rows.act(case_id, **row | {"door": "mail", "undoes": True} | given)


def test_forces_are_those_of_outcomes_that_mails_of_the_moment_recorded_and_of_what_they_took_back(rows):
    sitting = rows.sitting("S-1", TUESDAY, "48")
    for number, (force, column, given) in enumerate((
        ("47", "convening_id", {}), ("45", "outcome_id", {}), ("45", "convening_id", {}),
        ("49", "convening_id", {"door": "slack"}), ("50", "convening_id", {"undoes": False}),
        ("51", "convening_id", {"made_at": AT_NINE + timedelta(minutes=1)}), ("52", "promise_id", {}),
        ("53", "outcome_id", {"undoes": False}),
    )):  # fmt: skip
        case_id = rows.case_of(f"T{number}", force)
        convened = rows.convening(case_id, sitting, slot=number)
        made: dict[str, int] = {
            "convening_id": convened, "outcome_id": rows.outcome(convened),
            "promise_id": rows.promise(rows.owes(case_id, TUESDAY), until_on=TUESDAY, by_ref="of1"),
        }  # fmt: skip
        undo_by_mail(rows, case_id, {column: made[column]}, given)
    assert acts.forces_of_meetings(rows.connection, AT_NINE) == ["45", "47", "53"]
