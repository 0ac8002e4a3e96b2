"""The statements of taking an outcome back: which was touched last, which stands before it, and what changes."""

import pytest
from sqlalchemy import select

from models.cases import ActionRow
from models.queries.reviews import undone_outcomes
from models.sittings import OutcomeRow
from tests.worlds.rows import TUESDAY


@pytest.fixture
def convened(rows) -> list[int]:
    """Two convenings of two cases at one sitting."""
    sits = rows.sitting("sits", TUESDAY)
    return [rows.convening(case_id, sits, slot=case_id, ended_on=TUESDAY, end="held") for case_id in (1, 2)]


def test_the_outcome_that_was_touched_last_is_that_of_the_latest_act(rows, convened):
    one, other = convened
    assert undone_outcomes.last_touched(rows.connection, one) is None
    first = rows.outcome(one, stands=False, action_refs=[])
    second = rows.outcome(one, stands=False, action_refs=None)
    rows.outcome(one, by_ref=None)
    last = rows.outcome(other)
    assert undone_outcomes.last_touched(rows.connection, one).id == second  # without acts, the latest
    rows.act(1, outcome_id=second)
    rows.act(1, outcome_id=first)
    rows.act(2, outcome_id=last)
    rows.act(2, outcome_id=second, undoes=True)  # of another case
    found = undone_outcomes.last_touched(rows.connection, one)
    assert (found.id, found.taken_back, found.stands, found.action_refs) == (first, False, False, ())
    rows.act(1, outcome_id=second, undoes=True)
    rows.act(1, outcome_id=second)
    assert undone_outcomes.last_touched(rows.connection, one)[:6:5] == (second, True)


def test_the_outcome_before_one_is_the_latest_that_was_not_taken_back_and_kept_its_actions(rows, convened):
    one, other = convened
    early = rows.outcome(one, stands=False, action_refs=["A1"])
    kept = rows.outcome(one, stands=False, action_refs=["A2"])
    undone = rows.outcome(one, stands=False, action_refs=["A3"])
    rows.act(1, outcome_id=undone, undoes=True)
    rows.outcome(one, stands=False, action_refs=None)
    rows.outcome(other, stands=False, action_refs=["A4"])
    last = rows.outcome(one, action_refs=["A5"])
    found = [undone_outcomes.outcome_before(rows.connection, one, given) for given in (last, kept, early)]
    assert [before and (before.id, before.action_refs) for before in found] == [(kept, ("A2",)), (early, ("A1",)), None]


def test_the_outcome_before_stands_again_and_ends_the_convening_as_it_did(rows, convened):
    one, other = convened
    before, gone = rows.outcome(one, cps=False, stands=False, action_refs=[]), rows.outcome(one, action_refs=[])
    bystander = rows.outcome(other)
    back = undone_outcomes.outcome_before(rows.connection, one, gone)
    undone_outcomes.take_back(rows.connection, one, gone, back)
    assert rows.standing() == {before, bystander}
    assert rows.ends() == {one: ("not_held", TUESDAY), other: ("held", TUESDAY)}
    undone_outcomes.take_back(rows.connection, one, before, None)
    assert rows.standing() == {bystander}
    assert rows.ends() == {one: ("unrecorded", TUESDAY), other: ("held", TUESDAY)}
    undone_outcomes.keep_actions(rows.connection, before, ["A2", "A1"])
    kept = dict(rows.found(select(OutcomeRow.id, OutcomeRow.action_refs)))
    assert kept == {before: ["A1", "A2"], gone: [], bystander: None}


def test_actions_are_asked_for_again_and_no_others(rows):
    for ref in ("A1", "A2", "A3"):
        rows.action(ref, 1, withdrawn_on=TUESDAY)
    undone_outcomes.restore_actions(rows.connection, ["A2"])
    live = select(ActionRow.action_ref).where(ActionRow.withdrawn_on.is_(None))
    assert rows.connection.scalars(live).all() == ["A2"]
