"""The statements of recording an outcome: the case at its sitting, the review that a source sent, and the actions."""

from datetime import date, timedelta

from sqlalchemy import select

from models.cases import ActionRow, Case, ReviewRow
from models.intake import OWN
from models.queries.reviews import recorded_outcomes
from models.rules.reviews.record_review import ReviewOutcome
from tests.worlds.rows import TUESDAY

SAT = TUESDAY
MOVED = {"ended_on": TUESDAY, "end": "moved"}


def find(rows, sitting: str = "sits", force: str = "45", case_ref: str = "O1"):
    return recorded_outcomes.find(rows.connection, sitting, force, case_ref)


def test_a_case_is_found_at_a_sitting_by_its_latest_convening_there_unless_it_moved_away(rows):
    case_id, moved = rows.case_of("O1"), rows.case_of("O2")
    there = rows.case_of("O1", "46")
    sits, other = rows.sitting("sits", SAT), rows.sitting("other", SAT, area="London")
    for end in ("cancelled", "held", "unrecorded"):
        latest = rows.convening(case_id, sits, ended_on=TUESDAY, end=end)
    rows.convening(case_id, sits, **MOVED)
    rows.convening(moved, sits, **MOVED)
    rows.convening(moved, other)
    elsewhere = rows.convening(there, other, slot=1)
    assert find(rows).convening_id == latest
    assert find(rows, case_ref="O2") is None
    assert find(rows, "other") is None
    assert find(rows, "other", "46").convening_id == elsewhere
    live = rows.convening(case_id, sits, slot=2)
    assert find(rows).convening_id == live


def test_it_has_the_outcome_that_stands_and_the_best_review_that_a_source_sent_of_its_day(rows):
    shared = rows.urn("45ZZ0000126")
    case_id, linked = (rows.case_of(ref, urn_key_id=shared) for ref in ("O1", "O2"))
    convening = rows.convening(case_id, rows.sitting("sits", SAT))
    bare = find(rows)
    assert (bare.standing.outcome, bare.standing.sourced) == (None, None)
    rows.outcome(convening, cps=False, stands=False)
    rows.outcome(convening, police=False)
    rows.outcome(convening, stands=False)
    own = rows.source(OWN, None)
    rows.review("A0", case_id, SAT, source_id=own)
    rows.review("A1", case_id, SAT - timedelta(days=1))
    rows.review("A2", case_id, SAT, withdrawn_on=TUESDAY)
    rows.review("A3", case_id, SAT, kind="supervisor")
    assert find(rows).standing.sourced is None
    rows.review("B1", case_id, SAT, cps=False)
    assert find(rows).standing.sourced.review_ref == "B1"
    rows.review("C2", linked, SAT)
    rows.review("C1", shared, SAT)
    rows.review("A4", rows.case_of("O3", urn_key_id=rows.urn("45ZZ0000226")), SAT)
    found = find(rows).standing
    assert (found.outcome.police_attended, found.outcome.cps_attended) == (False, True)
    assert found.sourced.review_ref == "C1"
    for ref in ("B2", "B3"):
        rows.review(ref, linked, SAT)
        assert find(rows).standing.sourced.review_ref == "B2"


def test_the_actions_of_a_review_are_its_own_by_their_number(rows):
    begins = "O-sits-O1"
    own = rows.source(OWN, None)
    theirs = {"source_id": rows.source_id}
    for number, given in (("10", {}), ("2", {"withdrawn_on": TUESDAY}), ("1", {}), ("x", {}), ("3", theirs)):
        rows.action(f"{begins}-{number}", 1, owner_ref="of1", due_on=TUESDAY, **{"source_id": own} | given)
    rows.action("O-sits-O11-4", 1, source_id=own, due_on=TUESDAY)
    found = recorded_outcomes.actions(rows.connection, begins)
    assert [(one.ref, one.withdrawn) for one in found] == [
        (f"{begins}-1", False), (f"{begins}-2", True), (f"{begins}-10", False),
    ]  # fmt: skip
    rows.contact("pr1", agency="cps")
    rows.contact("of1")
    new = [recorded_outcomes.AddedAction(ref, "CCTV", owner, TUESDAY) for ref, owner in (("N1", "pr1"), ("N2", None))]
    recorded_outcomes.add_actions(rows.connection, new, own, 1, TUESDAY)
    agencies = select(ActionRow.action_ref, ActionRow.owner_agency).where(ActionRow.kind == "CCTV")
    assert dict(rows.found(agencies)) == {"N1": "cps", "N2": "police"}
    recorded_outcomes.withdraw_actions(rows.connection, [f"{begins}-1"], TUESDAY)
    gone = select(ActionRow.action_ref).where(ActionRow.withdrawn_on.is_not(None)).order_by(ActionRow.action_ref)
    assert rows.connection.scalars(gone).all() == [f"{begins}-1", f"{begins}-2"]


def test_the_latest_three_sittings_of_a_case_are_those_at_which_it_sat(rows):
    case_id, other = rows.case_of("O1"), rows.case_of("O1", "46")
    for ref, days in (("b", 2), ("f", 6), ("d", 4), ("a", 1), ("e", 5), ("c", 3)):
        rows.convening(case_id, rows.sitting(ref, TUESDAY + timedelta(days=days)), ended_on=TUESDAY, end="held")
    rows.convening(case_id, rows.sitting("left", TUESDAY + timedelta(days=9)), **MOVED)
    rows.convening(other, rows.sitting("there", TUESDAY + timedelta(days=8), "46"))
    assert recorded_outcomes.sittings_of(rows.connection, "45", "O1") == ["f", "e", "d"]
    assert recorded_outcomes.sittings_of(rows.connection, "46", "O1") == ["there"]


def test_an_outcome_takes_the_place_of_that_of_its_own_convening(rows):
    sits = rows.sitting("sits", SAT)
    one, other = (rows.convening(case_id, sits, slot=case_id) for case_id in (1, 2))
    kept = rows.outcome(other)
    rows.outcome(one)
    came = ReviewOutcome(True, True, False, frozenset())
    new = recorded_outcomes.NewOutcome(one, came, "sp1", None, TUESDAY, rows.at)
    made = recorded_outcomes.write(rows.connection, new)
    assert not made.quorate
    assert rows.standing() == {made.id, kept}
    assert rows.ends() == {one: ("not_held", TUESDAY), other: (None, None)}


def test_a_review_is_written_and_withdrawn_by_its_own_source_alone(rows):
    own, case_id = rows.source(OWN, None), rows.case_of("O1")
    for ref, source in (("R1", own), ("R2", own), ("R3", rows.source_id)):
        rows.review(ref, case_id, SAT, source_id=source)
    came = ReviewOutcome(True, False, True, frozenset())
    for ref in ("R1", "R3"):
        recorded_outcomes.write_review(rows.connection, ref, own, case_id, SAT, came)
    written = select(ReviewRow.review_ref, ReviewRow.police_attended).order_by(ReviewRow.review_ref)
    assert rows.found(written) == [("R1", False), ("R2", True), ("R3", True)]
    for ref, day in (("R1", TUESDAY), ("R3", TUESDAY), ("R1", TUESDAY + timedelta(days=1))):
        recorded_outcomes.withdraw_review(rows.connection, ref, own, day)
    gone = select(ReviewRow.review_ref, ReviewRow.withdrawn_on).order_by(ReviewRow.review_ref)
    assert rows.found(gone) == [("R1", TUESDAY), ("R2", None), ("R3", None)]


def reasons(rows) -> dict[str, tuple]:
    found = rows.connection.execute(select(Case.case_ref, Case.why_not_stalking_on, Case.as_sent))
    return {ref: (day, sent) for ref, day, sent in found}


def test_the_reason_why_a_case_is_not_stalking_has_the_latest_day_and_keeps_what_its_source_sent(rows):
    day, sent = TUESDAY, {"why_not_stalking_on": "2026-03-01"}
    for ref, given in (
        ("none", None), ("earlier", date(2026, 3, 1)), ("same", day), ("later", date(2026, 3, 18)),
    ):  # fmt: skip
        recorded_outcomes.assess(rows.connection, rows.case_of(ref, why_not_stalking_on=given), day, harassment=True)
    rows.case_of("bystander")
    recorded_outcomes.assess(rows.connection, rows.case_of("last"), day, harassment=True)
    assert reasons(rows) == {
        "none": (day, {"why_not_stalking_on": None}), "earlier": (day, sent), "same": (day, None),
        "later": (date(2026, 3, 18), None), "bystander": (None, None), "last": (day, {"why_not_stalking_on": None}),
    }  # fmt: skip


def test_without_it_an_earlier_reviews_day_counts_again_or_else_the_sources(rows):
    marked = {"why_not_stalking_on": TUESDAY, "as_sent": {"why_not_stalking_on": "2026-03-01"}}
    own = {"why_not_stalking_on": date(2026, 3, 18), "as_sent": marked["as_sent"]}
    given = {"again": marked, "sources": marked, "later": own, "unmarked": {**marked, "as_sent": {"risk": "high"}}}
    cases = {ref: rows.case_of(ref, **columns) for ref, columns in given.items()}
    rows.case_of("bystander", **marked)
    for number, (day, pattern, stands) in enumerate((
        (3, "harassment_with_rationale", True), (5, "harassment_with_rationale", True), (9, "stalking", True),
        (10, "harassment_with_rationale", False),
    )):  # fmt: skip
        sitting = rows.sitting(f"sat-{number}", date(2026, 3, day))
        rows.outcome(rows.convening(cases["again"], sitting, **MOVED), pattern=pattern, stands=stands)
    for case_id in cases.values():
        recorded_outcomes.assess(rows.connection, case_id, TUESDAY, harassment=False)
    assert reasons(rows) == {
        "again": (date(2026, 3, 5), marked["as_sent"]), "sources": (date(2026, 3, 1), None),
        "later": (date(2026, 3, 18), marked["as_sent"]), "unmarked": (TUESDAY, {"risk": "high"}),
        "bystander": (TUESDAY, marked["as_sent"]),
    }  # fmt: skip
