"""What an outcome writes of its own: its actions by number, the row that counts it, and the case's reason."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, select

from config.doors import Door
from config.sittings import Pattern, ReviewDecision
from models.cases import ActionRow, Case, ReviewRow
from models.errors import Refuse
from models.queries.intake import sources
from models.queries.reviews import recorded_outcomes
from models.queries.reviews.recorded_outcomes import ReviewableCase
from models.rules.people.act import Act
from models.rules.references import CaseReference, SittingCaseReference
from models.rules.reviews.record_review import NewAction, ReviewOutcome
from models.sittings import OutcomeRow
from tasks.reviews.record_review import _act, _write, follow
from tasks.reviews.undo_review import take_back
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import AT_NINE, TUESDAY

NAMED = SittingCaseReference("sits", CaseReference("45", "O1"))
REVIEW = "JR-sits-O1"
HELD = ReviewOutcome(held=True, police_attended=True, cps_attended=True)
DUE = TUESDAY + timedelta(days=7)
FIRST, SECOND, THIRD = (NewAction(kind, "of1", DUE) for kind in ("CCTV", "PHONE", "STATEMENT"))


@pytest.fixture
def rows(connection: Connection) -> ReviewRows:
    """A case at the sitting of Tuesday."""
    made = ReviewRows(connection)
    made.contact("of1")
    made.contact("sp1", roles=("spoc",))
    made.convening(made.case_of("O1"), made.sitting("sits", TUESDAY))
    return made


def found(rows: ReviewRows) -> ReviewableCase:
    one = recorded_outcomes.find(rows.connection, "sits", "45", "O1")
    assert one is not None
    return one


def asks(rows: ReviewRows, *actions: NewAction) -> list[str]:
    """The numbers of the actions of an outcome that asks for these."""
    came = HELD._replace(actions=frozenset(actions))
    refs = _act(rows.connection, found(rows), came, REVIEW, sources.own(rows.connection, AT_NINE), TUESDAY)
    assert all(ref.startswith(f"{REVIEW}-") for ref in refs)
    return [ref.removeprefix(f"{REVIEW}-") for ref in refs]


def live(rows: ReviewRows) -> list[str]:
    statement = select(ActionRow.action_ref).where(ActionRow.withdrawn_on.is_(None)).order_by(ActionRow.action_ref)
    return [ref.removeprefix(f"{REVIEW}-") for (ref,) in rows.found(statement)]


def test_another_outcome_keeps_the_actions_that_it_asks_for_too_and_numbers_go_on(rows: ReviewRows) -> None:
    assert asks(rows, FIRST, SECOND) == ["1", "2"]
    assert (asks(rows, SECOND, THIRD), live(rows)) == (["2", "3"], ["2", "3"])
    assert (asks(rows, FIRST), live(rows)) == (["4"], ["4"]), "what was withdrawn is asked for anew"
    assert (asks(rows), live(rows)) == ([], [])


def follows(rows: ReviewRows, came: ReviewOutcome | None, *, here: bool) -> list[tuple[bool, bool]]:
    """Whether the review's own row has both sides, and is withdrawn."""
    follow(rows.connection, found(rows), came, REVIEW, sources.own(rows.connection, AT_NINE), TUESDAY, here=here)
    return rows.found(select(ReviewRow.quorate, ReviewRow.withdrawn_on.is_not(None)))


def test_a_review_has_a_row_of_ours_while_it_is_held_and_no_source_has_one(rows: ReviewRows) -> None:
    assert follows(rows, HELD, here=True) == [(True, False)]
    assert follows(rows, HELD, here=False) == [(True, True)]
    assert follows(rows, HELD._replace(cps_attended=False), here=True) == [(False, False)]
    assert follows(rows, None, here=True) == [(False, True)]


def reason(rows: ReviewRows) -> date | None:
    ((day,),) = rows.found(select(Case.why_not_stalking_on))
    return day


def test_only_a_rationale_for_harassment_is_the_cases_reason(rows: ReviewRows) -> None:
    stalking, harassment = (HELD._replace(pattern=one) for one in (Pattern.STALKING, Pattern.HARASSMENT_WITH_RATIONALE))
    for came, day in ((stalking, None), (harassment, TUESDAY), (None, None)):
        follows(rows, came, here=True)
        assert reason(rows) == day


def writes(rows: ReviewRows, came: ReviewOutcome, by: str = "sp1") -> bool:
    return _write(
        rows.connection, NAMED, found(rows), came, Act(by, Door.COMMAND, "root"), TUESDAY, AT_NINE
    )  # fmt: skip


def takes_back(rows: ReviewRows, only: int | None = None) -> tuple[int, bool]:
    """The outcome that is taken back, counted from the first, and whether it was not before."""
    act = Act("sp1", Door.COMMAND, "root")
    made = take_back(rows.connection, NAMED, act, TUESDAY, AT_NINE, only=None if only is None else ids(rows)[only])
    return ids(rows).index(made.gone.id), made.new


def ids(rows: ReviewRows) -> list[int]:
    return [id_ for (id_,) in rows.found(select(OutcomeRow.id).order_by(OutcomeRow.id))]


def test_only_the_last_outcome_is_taken_back_and_whoever_asks_for_another_learns_why(rows: ReviewRows) -> None:
    writes(rows, HELD)
    writes(rows, ReviewOutcome(held=False))
    with pytest.raises(Refuse, match="Another outcome was recorded since, and counts"):
        takes_back(rows, 0)
    assert (takes_back(rows, 1), takes_back(rows, 1), takes_back(rows)) == ((1, True), (1, False), (1, False))
    writes(rows, HELD._replace(cps_attended=False))
    with pytest.raises(Refuse, match="since after it was taken back, and counts"):
        takes_back(rows, 1)
    assert takes_back(rows) == (2, True)


def test_an_outcome_that_is_taken_back_leaves_the_actions_and_the_row_of_the_one_before(rows: ReviewRows) -> None:
    writes(rows, HELD._replace(actions=frozenset({FIRST, SECOND})))
    writes(rows, HELD._replace(actions=frozenset({SECOND, THIRD})))
    writes(rows, ReviewOutcome(held=False))
    assert (live(rows), rows.found(select(ReviewRow.withdrawn_on.is_(None)))) == ([], [(False,)])
    assert takes_back(rows) == (2, True)
    assert (live(rows), rows.found(select(ReviewRow.withdrawn_on.is_(None)))) == (["2", "3"], [(True,)])
    assert rows.standing() == {ids(rows)[1]}


def counting(rows: ReviewRows) -> list[str | None]:
    return [ref for (ref,) in rows.found(select(OutcomeRow.review_ref).order_by(OutcomeRow.id))]


def test_an_outcome_is_counted_by_our_row_by_a_sources_or_where_it_was_not_held_by_none(rows: ReviewRows) -> None:
    assert writes(rows, HELD)
    assert not writes(rows, ReviewOutcome(held=False, decisions=frozenset({ReviewDecision.NOT_REACHED})))
    rows.review("R1", found(rows).case_id, TUESDAY)
    assert writes(rows, HELD)
    assert counting(rows) == [REVIEW, None, "R1"]
