"""The statements of outcomes from extracts: what a source sent, what it withdrew, and what it takes over."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.cases import Case, ReviewRow
from models.intake import OWN
from models.queries.intake.staged import TOUCHED
from models.queries.obligations import worklist
from models.queries.reviews import extract_outcomes
from models.queries.reviews.extract_outcomes import ExtractReview
from models.sittings import Convening, OutcomeRow
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import AT_NINE, TUESDAY

MONDAY, WEDNESDAY = date(2026, 3, 16), date(2026, 3, 18)
FIRST = TUESDAY - timedelta(days=182)  # the first day of which sittings are read
PERSON = {"by_ref": "sp1"}
SOURCE = {"by_ref": None}


class SatRows(ReviewRows):
    """Cases that were convened to a sitting of Monday, unless another is given."""

    def __init__(self, connection) -> None:
        super().__init__(connection)
        self.past = self.sitting("past", MONDAY)
        self.slot = 0

    def sat(self, ref: str, sitting: int = 0, urn: int | None = None, **given) -> int:
        self.slot += 1
        case_id = self.case_of(ref, urn_key_id=urn)
        return self.convening(case_id, sitting or self.past, slot=self.slot, **given)

    def case_id(self, ref: str) -> int:
        ((found,),) = self.found(select(Case.id).where(Case.case_ref == ref))
        return found

    def sent(self, ref: str, held_on: date = MONDAY, of: str = "", **given) -> None:
        self.review(ref, self.case_id(of or ref), held_on, **given)

    def shuffle(self) -> None:
        """Write rows again, so that no table has them in the order of their ids, or in the opposite one."""
        for table in (Convening, Case, OutcomeRow):
            ids = [id_ for (id_,) in self.found(select(table.id).order_by(table.id))]
            for id_ in ids[1::2]:
                self.move_back(table, id_)

    def unrecorded(self, force: str = "45", today: date = TUESDAY) -> dict[str, str]:
        found = extract_outcomes.unrecorded(self.connection, force, today)
        return {one.case_ref: one.review_ref for one in found}


@pytest.fixture
def rows(connection) -> SatRows:
    return SatRows(connection)


def test_a_joint_review_that_a_source_sent_since_the_sitting_is_the_cases_outcome(rows):
    own = rows.source(OWN, None)
    shared, linked = rows.urn("45ZZ0000126"), rows.urn("45ZZ0000226")
    for ref, given in (
        ("on-the-day", {}), ("before", {"held_on": MONDAY - timedelta(days=1)}), ("after", {"held_on": TUESDAY}),
        ("own", {"source_id": own}), ("supervisors", {"kind": "supervisor"}), ("withdrawn", {"withdrawn_on": TUESDAY}),
    ):  # fmt: skip
        rows.sat(ref)
        rows.sent(ref, **given)
    rows.sat("by-urn", urn=shared)
    rows.review("by-urn", shared, MONDAY)
    rows.sat("linked", urn=linked)
    rows.case_of("its-link", urn_key_id=linked)
    rows.sent("linked", of="its-link")
    rows.sat("not-linked", urn=rows.urn("45ZZ0000326"))
    assert set(rows.unrecorded()) == {"on-the-day", "after", "by-urn", "linked"}


def test_the_outcome_is_the_earliest_row_a_quorate_one_first_and_then_by_reference(rows):
    for ref, reviews in (
        ("earliest", (("e2", TUESDAY, True), ("e1", MONDAY, False))),
        ("quorate", (("q1", MONDAY, False), ("q2", MONDAY, True))),
        ("by-reference", (("r2", MONDAY, True), ("r1", MONDAY, True), ("r3", MONDAY, True))),
    ):  # fmt: skip
        rows.sat(ref)
        for review, on, cps in reviews:
            rows.sent(review, on, of=ref, cps=cps)
    assert rows.unrecorded() == {"earliest": "e1", "quorate": "q2", "by-reference": "r1"}


def test_a_case_has_an_outcome_where_it_was_neither_moved_nor_removed_from_a_sitting_of_the_last_half_year(rows):
    sittings = {
        ref: rows.sitting(ref, day, force, f"Area {ref}", **given)
        for ref, day, force, given in (
            ("first", FIRST, "45", {}), ("too-old", FIRST - timedelta(days=1), "45", {}), ("today", TUESDAY, "45", {}),
            ("ahead", WEDNESDAY, "45", {}), ("gone", MONDAY, "45", {"cancelled_on": TUESDAY}),
            ("there", MONDAY, "46", {}),
        )
    }  # fmt: skip
    for ref, sitting in sittings.items():
        rows.sat(ref, sitting)
        rows.sent(ref, WEDNESDAY)
    for end in ("held", "not_held", "unrecorded", "moved", "cancelled", "void"):
        rows.sat(end, ended_on=TUESDAY, end=end)
        rows.sent(end)
    assert set(rows.unrecorded()) == {"first", "today", "held", "not_held", "unrecorded"}
    assert set(rows.unrecorded("46")) == {"there"}


def test_an_outcome_that_is_recorded_as_its_row_has_it_is_not_read_again(rows):
    for ref, outcome, reviews in (
        ("persons-same", PERSON, {"a": {}}), ("persons-not-held", PERSON | {"held": False}, {"b": {}}),
        ("persons-other", PERSON | {"cps": False}, {"c": {}}),
        ("persons-police", PERSON | {"police": False}, {"m": {}}),
        ("persons-of-another-day", PERSON | {"held": False}, {"d": {"held_on": TUESDAY}}),
        ("as-sent", SOURCE | {"review_ref": "e"}, {"e": {}}),
        ("as-sent-though-another-came", SOURCE | {"review_ref": "g"}, {"f": {}, "g": {}}),
        ("changed", SOURCE | {"review_ref": "h"}, {"h": {"cps": False}}),
        ("replaced", SOURCE | {"review_ref": "i"}, {"i": {"withdrawn_on": TUESDAY}, "j": {}}),
        ("struck", SOURCE | {"review_ref": "k", "stands": False}, {"k": {}}),
        ("persons-counted-by-a-withdrawn-row", PERSON | {"review_ref": "l"}, {"l": {"withdrawn_on": TUESDAY}, "n": {}}),
    ):  # fmt: skip
        convening = rows.sat(ref)
        rows.outcome(convening, **outcome)
        for review, given in reviews.items():
            rows.sent(review, **{"of": ref} | given)
    rows.shuffle()
    assert list(rows.unrecorded().items()) == [
        ("persons-not-held", "b"), ("persons-other", "c"), ("persons-police", "m"), ("changed", "h"), ("replaced", "j"),
        ("struck", "k"),
    ]  # fmt: skip


def test_the_place_of_an_outcome_to_record_is_locked_and_no_other(database):
    with database.begin() as connection:
        rows = SatRows(connection)
        locked, free = rows.sat("locked"), rows.sat("free")
        rows.sent("locked")
    with database.connect() as first, database.connect() as second:
        assert len(extract_outcomes.unrecorded(first, "45", TUESDAY)) == 1
        unlocked = second.scalars(select(Convening.id).with_for_update(skip_locked=True)).all()
    assert (locked in unlocked, free in unlocked) == (False, True)


def test_what_a_source_sent_ends_the_place_and_keeps_what_a_person_decided(rows):
    told = []
    for ref, cps, given in (("quorate", True, {}), ("alone", False, {}), ("known", True, {"ended_on": MONDAY})):
        convening = rows.sat(ref, **given)
        told.append(ExtractReview(convening, rows.case_id(ref), "past", ref, ref, True, cps))
    kept = {"decisions": ["raise_risk"], "pattern": "escalating", "action_refs": ["A1", "A2"], "enquiries": "open"}
    first = rows.outcome(told[0].convening_id, held=False, **kept)
    rows.outcome(told[1].convening_id, held=False, stands=False, **kept)
    other = rows.outcome(rows.sat("other"), **kept)
    extract_outcomes.write(rows.connection, told, TUESDAY, AT_NINE)
    assert [rows.ends()[one.convening_id] for one in told] == [
        ("held", TUESDAY), ("not_held", TUESDAY), ("held", MONDAY),
    ]  # fmt: skip
    columns = (OutcomeRow.review_ref, OutcomeRow.held, OutcomeRow.cps_attended, OutcomeRow.by_ref)
    decided = (OutcomeRow.decisions, OutcomeRow.pattern, OutcomeRow.enquiries, OutcomeRow.action_refs)
    found = rows.found(select(*columns, *decided).where(OutcomeRow.stands, OutcomeRow.id != other))
    assert sorted(found, key=str) == [
        ("alone", True, False, None, [], None, None, []), ("known", True, True, None, [], None, None, []),
        ("quorate", True, True, None, *(kept[name] for name in ("decisions", "pattern", "enquiries", "action_refs"))),
    ]  # fmt: skip
    assert first not in rows.standing()
    assert other in rows.standing()


def test_an_outcome_whose_review_was_withdrawn_is_withdrawn_and_its_sitting_unrecorded(rows):
    def counted(ref: str, sitting: int = 0, *, held: bool = True, stands: bool = True, ended=TUESDAY, **review) -> int:
        convening = rows.sat(ref, sitting, ended_on=ended, end=ended and "held")
        rows.outcome(convening, held=held, stands=stands, review_ref=ref)
        if review.pop("sent", True):
            rows.sent(ref, **review)
        return convening

    days = {"first": FIRST, "today": TUESDAY, "too-old": FIRST - timedelta(days=1), "ahead": WEDNESDAY}
    sittings = {ref: rows.sitting(ref, day, area=f"Area {ref}") for ref, day in days.items()}
    gone = [
        counted("withdrawn", withdrawn_on=TUESDAY), counted("missing", sent=False), counted("kind", kind="supervisor"),
        counted("before", held_on=MONDAY - timedelta(days=1)), counted("live", sent=False, ended=None),
        counted("first", sittings["first"], sent=False), counted("today", sittings["today"], sent=False),
    ]  # fmt: skip
    early = counted("ended-before", sent=False, ended=MONDAY)
    stay = [
        counted("sent"), counted("later", held_on=WEDNESDAY), counted("not-held", held=False, sent=False),
        counted("struck", stands=False, sent=False), counted("ahead", sittings["ahead"], sent=False),
        counted("too-old", sittings["too-old"], sent=False),
        counted("there", rows.sitting("there", MONDAY, "46"), sent=False),
    ]  # fmt: skip
    rows.shuffle()
    before, standing = rows.ends(), rows.standing()
    found = extract_outcomes.withdraw(rows.connection, "45", TUESDAY)
    assert [one.convening_id for one in found] == [*gone, early]
    after = rows.ends()
    assert {after[one] for one in gone} == {("unrecorded", TUESDAY)}
    assert after[early] == ("unrecorded", MONDAY)
    assert [after[one] for one in stay] == [before[one] for one in stay]
    assert len(standing - rows.standing()) == len(found)
    assert (found[0].case_ref, found[0].sitting_ref) == ("withdrawn", "past")


def test_a_case_is_projected_again_with_those_that_share_its_urn(rows):
    shared, other = rows.urn("45ZZ0000126"), rows.urn("45ZZ0000226")
    done = {"projection": "failed", "failure": "x1"}
    for ref, urn in (("a", shared), ("b", shared), ("c", other), ("d", None), ("e", None)):
        rows.case_of(ref, urn_key_id=urn, **done)
    worklist.mark_changed(rows.connection, [rows.case_id("a"), rows.case_id("d")])
    changed = rows.found(select(Case.case_ref).where(Case.projection == "changed", Case.failure.is_(None)))
    assert {ref for (ref,) in changed} == {"a", "b", "d"}


def test_a_sources_review_of_the_same_case_and_day_takes_over_what_a_person_recorded(rows):
    own, shared = rows.source(OWN, None), rows.urn("45ZZ0000126")

    def recorded(ref: str, urn: int | None = None, on: date = MONDAY, stands: bool = True, **review) -> None:
        rows.outcome(rows.sat(ref, urn=urn), review_ref=f"ours-{ref}", recorded_on=on, stands=stands)
        rows.sent(f"ours-{ref}", of=ref, **{"source_id": own} | review)

    recorded("taken", on=FIRST)
    again = rows.convening(rows.case_id("taken"), rows.past, slot=99, ended_on=TUESDAY, end="held")
    rows.outcome(again, review_ref="ours-again", recorded_on=MONDAY)
    rows.sent("ours-again", of="taken", source_id=own)
    recorded("linked", shared)
    rows.case_of("its-link", urn_key_id=shared)
    rows.sent("theirs-linked", of="its-link")
    recorded("first-quorate")
    rows.sent("b-quorate", of="first-quorate")
    rows.sent("a-alone", of="first-quorate", cps=False)
    rows.sent("c-quorate", of="first-quorate")
    for ref, given in (
        ("old", {"on": FIRST - timedelta(days=1)}), ("struck", {"stands": False}),
        ("sources", {"source_id": rows.source_id}), ("gone", {"withdrawn_on": MONDAY}),
    ):  # fmt: skip
        recorded(ref, **given)
    recorded("another-day")
    recorded("only-ours")
    for ref in ("taken", "old", "struck", "sources", "gone", "another-day"):
        rows.sent(f"theirs-{ref}", TUESDAY if ref == "another-day" else MONDAY, of=ref)
    rows.sent("ours-too", of="only-ours", source_id=own)
    TOUCHED.create(rows.connection)
    extract_outcomes.take_over(rows.connection, TUESDAY)
    withdrawn = select(ReviewRow.review_ref).where(ReviewRow.withdrawn_on == TUESDAY)
    assert {ref for (ref,) in rows.found(withdrawn)} == {
        "ours-taken",
        "ours-again",
        "ours-linked",
        "ours-first-quorate",
    }
    counted = {ref for (ref,) in rows.found(select(OutcomeRow.review_ref))}
    assert {ref for ref in counted if not ref.startswith("ours")} == {"theirs-taken", "theirs-linked", "b-quorate"}
    assert len(counted) == 9
    touched = rows.found(select(TOUCHED.c.key_id, TOUCHED.c.rows).order_by(TOUCHED.c.key_id))
    assert touched == [(rows.case_id(ref), 1) for ref in ("taken", "linked", "first-quorate")]
